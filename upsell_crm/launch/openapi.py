"""docs/api/openapi.yaml is what the server describes; without `--check` the file is made anew."""

import sys
import tempfile
from pathlib import Path

from upsell_crm.launch.place import HOME, run

PAGE = HOME / "docs" / "api" / "openapi.yaml"
SPECTACULAR = ["manage.py", "spectacular", "--lang", "en", "--validate", "--fail-on-warn", "--file"]


def main(arguments: list[str]) -> int:
    """Exit code 0: the file is fresh, or has been made."""
    if "--check" not in arguments:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        return run(*SPECTACULAR, str(PAGE))
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "openapi.yaml"
        if run(*SPECTACULAR, str(fresh)):
            return 1
        if not PAGE.exists() or PAGE.read_text() != fresh.read_text():
            print("docs/api/openapi.yaml is old: run python -m upsell_crm.launch.openapi")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
