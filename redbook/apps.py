from django.apps import AppConfig


class RedbookConfig(AppConfig):
    """The commands of the site as a whole."""

    name = "redbook"
    label = "site"
