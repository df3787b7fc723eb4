from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Pages about people; their models are in profiles/."""

    name = "people"
