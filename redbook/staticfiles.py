from functools import cache
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class ManifestStorage(CompressedManifestStaticFilesStorage):
    """Names every file by its content, inside JavaScript imports too.

    The list of names lies beside STATIC_ROOT, which everyone can read.
    """

    support_js_module_import_aggregation = True

    def __init__(self, *args: Any, **options: Any) -> None:
        beside = FileSystemStorage(location=settings.STATIC_ROOT.parent)
        super().__init__(*args, manifest_storage=beside, **options)

    @cache  # noqa: B019  there is one storage a process, and it has read which files there are
    def url(self, name: str, force: bool = False) -> str:
        return super().url(name, force)
