from functools import cache

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ManifestStorage(CompressedManifestStaticFilesStorage):
    """Names every file by its content, inside JavaScript imports too."""

    support_js_module_import_aggregation = True

    @cache  # noqa: B019  there is one storage a process, and it has read which files there are
    def url(self, name: str, force: bool = False) -> str:
        return super().url(name, force)
