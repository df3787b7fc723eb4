from whitenoise.storage import CompressedManifestStaticFilesStorage


class ManifestStorage(CompressedManifestStaticFilesStorage):
    """Names every file by its content, inside JavaScript imports too."""

    support_js_module_import_aggregation = True
