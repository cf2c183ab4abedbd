"""The catalogues of a fresh clone are made by its first process, which has often asked for a word already."""

from pathlib import Path

import pytest

from upsell_crm.core import catalogues


def test_words_that_were_asked_for_too_early_are_read_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Django keeps a catalogue for good once it has read it, an absent one too."""
    source = tmp_path / "django.po"
    source.write_text('msgid "Yes"\nmsgstr "Да"\n')
    told: list[Path] = []
    monkeypatch.setattr(catalogues, "catalogue_files", lambda: [source])
    monkeypatch.setattr(catalogues, "translation_file_changed", lambda _sender, path: told.append(path))
    catalogues.compile_stale_catalogues()
    catalogues.compile_stale_catalogues()
    assert told == [tmp_path / "django.mo"]
