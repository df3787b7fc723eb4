from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def mail_folder() -> str:
    """Where mails lie as files in development; "" where they are really sent."""
    return settings.MAIL_DIR
