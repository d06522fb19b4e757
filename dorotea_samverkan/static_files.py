"""How static files are stored in production: compressed, with a checksum in each name."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleStorage(CompressedManifestStaticFilesStorage):
    """Puts the checksum also in the names that a script's `import` gives.

    Without it a page would run yesterday's module beside today's.
    """

    support_js_module_import_aggregation = True
