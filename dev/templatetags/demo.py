from typing import Any

from django import template
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from dev.demo import load
from dev.demo.people import PASSWORD

register = template.Library()

PURPOSES = {"student": _("Student"), "creator": _("Creator"), "moderator": _("Moderator")}


@register.inclusion_tag("components/demo_signins.html")
def demo_signins() -> dict[str, Any]:
    """Return the accounts to sign in with on the demo; empty elsewhere."""
    found = load.signins() if settings.DEMO else {}
    return {
        "signins": [(PURPOSES[purpose], address) for purpose, address in found.items()],
        "password": PASSWORD,
    }


@register.inclusion_tag("components/demo_credits.html")
def demo_credits() -> dict[str, Any]:
    """Return where the demo's pictures come from; nothing anywhere else."""
    return {"shown": settings.DEMO}
