"""What the stories of deals share."""

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def files_go_to_a_folder_of_the_test(settings: Any, tmp_path: Any) -> None:
    """Uploads leave nothing behind."""
    settings.MEDIA_ROOT = tmp_path
