"""Translations: .mo files are made from .po when those are newer, without gettext installed."""

import logging
from pathlib import Path

import polib
from django.conf import settings

log = logging.getLogger(__name__)


def catalogue_files() -> list[Path]:
    """Every catalogue of the project, one per room."""
    return sorted(settings.BASE_DIR.glob("*/locale/*/LC_MESSAGES/django.po"))


def compile_stale_catalogues() -> None:
    """Make each .mo that is absent or older than its .po; a read-only installation brings them along."""
    for source in catalogue_files():
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        try:
            fresh = target.with_suffix(".mo.new")
            polib.pofile(str(source)).save_as_mofile(str(fresh))
            fresh.replace(target)
        except OSError as problem:
            log.warning("catalogue %s not compiled: %s", source, problem)
