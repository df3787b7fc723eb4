from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class CoreConfig(AppConfig):
    name = "core"
    label = "redbook"  # the label that its tables were made under

    def ready(self) -> None:
        from core import checks  # noqa: F401  registers them


class StaticFiles(StaticFilesConfig):
    """Django's, which leaves out what packages say to developers."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "README*", "*.md"]
