"""What a process does that completes a handover and dies by SIGKILL at one of its writes (test_handover_races.py)."""

import os
import signal
from typing import Any

from django.db import connection

from deals.models import Handover
from deals.services.handover_intro import complete_handover
from upsell_crm.core.models import User

SCRIPT = "import django; django.setup(); from tests.deals.killed_completion import main; main({}, {!r}, {})"


def main(handover_id: int, login: str, number: int) -> None:
    """Completes as this colleague; before the write with the number (from 1; 0 = never) the machine loses power."""
    left = number

    def die(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal left
        if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(die):
        complete_handover(Handover.objects.get(pk=handover_id), by=User.objects.get(username=login))
