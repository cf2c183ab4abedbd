"""Uploaded files of these stories live in a folder that goes away."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def files_go_away(settings: object, tmp_path: Path) -> None:
    """Not in the data folder of the developer."""
    settings.MEDIA_ROOT = tmp_path
