"""Static files under names with a hash, so that a browser may keep them for ever and an old page keeps its own."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage that also rewrites `import "./x.js"` of our ES modules."""

    support_js_module_import_aggregation = True
