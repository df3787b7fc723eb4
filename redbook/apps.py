from django.apps import AppConfig


class RedbookConfig(AppConfig):
    name = "redbook"

    def ready(self) -> None:
        from redbook import checks  # noqa: F401  registers them
