"""Asks the web server of this container for the login page, as the proxy would; the compose file's health check."""

import os
import sys
import urllib.error
import urllib.request

HOST = os.environ.get("ALLOWED_HOSTS", "127.0.0.1").split(",")[0]
PROTOCOL = "https" if os.environ.get("BEHIND_TLS") == "1" else "http"


def is_healthy(port: str) -> bool:
    """Whether the page is answered with 200."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/login/", headers={"Host": HOST, "X-Forwarded-Proto": PROTOCOL}
    )
    try:
        with urllib.request.urlopen(request, timeout=4) as page:
            return page.status == 200
    except (urllib.error.HTTPError, OSError):
        return False


if __name__ == "__main__":
    sys.exit(0 if is_healthy(os.environ.get("PORT", "8000")) else 1)
