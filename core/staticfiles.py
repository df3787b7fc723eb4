from functools import cache
from typing import Any

import brotli
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class FastBrotli(Compressor):
    """Brotli at a level that takes a tenth of WhiteNoise's time for 10% more bytes; still 8% less than gzip."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        return brotli.compress(data, quality=7)


class ManifestStorage(CompressedManifestStaticFilesStorage):
    """Static files named by their content hash, in JavaScript imports too.

    The list of names lies beside STATIC_ROOT, which everyone can read.
    """

    support_js_module_import_aggregation = True
    max_post_process_passes = 12  # at worst one for each level of imports between scripts

    def __init__(self, *args: Any, **options: Any) -> None:
        beside = FileSystemStorage(location=settings.STATIC_ROOT.parent)
        super().__init__(*args, manifest_storage=beside, **options)

    def create_compressor(self, **options: Any) -> Compressor:
        return FastBrotli(**options)

    @cache  # noqa: B019  there is one storage a process, and it has read which files there are
    def url(self, name: str, force: bool = False) -> str:
        return super().url(name, force)
