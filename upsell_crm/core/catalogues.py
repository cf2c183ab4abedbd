"""Translations: .mo files are made from .po when those are newer, without gettext installed."""

import logging
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation.reloader import translation_file_changed

log = logging.getLogger(__name__)


def catalogue_files() -> list[Path]:
    """Every catalogue of the project, one per room."""
    return sorted(settings.BASE_DIR.glob("*/locale/*/LC_MESSAGES/django.po"))


def compile_stale_catalogues() -> None:
    """Make each .mo that is absent or older than its .po; a read-only installation brings them along."""
    is_new, target = False, Path()
    for source in catalogue_files():
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        try:
            fresh = target.with_suffix(".mo.new")
            polib.pofile(str(source)).save_as_mofile(str(fresh))
            fresh.replace(target)
            is_new = True
        except OSError as problem:
            log.warning("catalogue %s not compiled: %s", source, problem)
    if is_new:  # whoever asked for a word before the catalogues were there asks again
        translation_file_changed(None, target)
