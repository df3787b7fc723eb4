from django import template
from django.conf import settings

from people.devices import device_name
from profiles.addresses import shown_address

register = template.Library()


@register.simple_tag
def mail_folder() -> str:
    """Return the folder of mails in development; "" where mails are really sent."""
    return settings.MAIL_DIR


@register.filter
def readable(address: str) -> str:
    """Return an e-mail address with an international domain in its own script."""
    return shown_address(address)


register.filter(device_name)
