from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class RedbookConfig(AppConfig):
    name = "redbook"

    def ready(self) -> None:
        from redbook import checks  # noqa: F401  registers them


class StaticFiles(StaticFilesConfig):
    """Django's static files, without the packages' notes to developers."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "README*", "*.md"]
