"""Words of Django's admin that its Chinese catalogue lacks or gets wrong, collected here for ours, which goes first."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

WORDS = (
    _("- Select an option -"),
    _("Filter by %(field_name)s"),
    _(" By %(filter_title)s "),
    ngettext_lazy("…and %(count)d more object.", "…and %(count)d more objects.", "count"),
)
