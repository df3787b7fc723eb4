from django.apps import AppConfig


class DevConfig(AppConfig):
    """Tools for development: the demo community, synthetic data, benches."""

    name = "dev"
