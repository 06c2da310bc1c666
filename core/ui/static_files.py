"""What is served to browsers, and under which names."""

from django.contrib.staticfiles.apps import StaticFilesConfig
from whitenoise.storage import CompressedManifestStaticFilesStorage


class WebFiles(StaticFilesConfig):
    """Leaves out what no browser asks for: style sheets of PDFs, and the next htmx with its extensions."""

    ignore_patterns = (*StaticFilesConfig.ignore_patterns, "pdf", "htm*x-4*", "ext")


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise ships no types
    """Rewrites imports between modules to hashed names, so that a new release is never mixed with an old one."""

    support_js_module_import_aggregation = True
