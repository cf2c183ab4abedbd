"""Every URL of the product and who may walk through it: `tests/test_doors.py` knocks at all of them.

How to add a row. A URL named `accounts:company_edit` gets a line in `tests/doors/accounts.py`:

    DOORS = {
        "accounts:company_edit": Door("company", see=SEE_COMPANY, do=EDIT_COMPANY),
        "accounts:task_done": Door("task", see=SEE_COMPANY, do=SEE_COMPANY, method="post"),
        "accounts:import_list": Door(do=IMPORT_CLIENTS),        # names no object: only the role counts
        "core:login": Door(public=True),                        # anonymous may come in
        "accounts:company_log": [Door(…), Door(…, method="post")],  # two methods of one URL
    }

* `of` names a maker in `tests/doors/subjects.py`: the record of one company that the URL points at.
* `see` and `do` are matrices of `tests/doors/matrices.py` (domain.md §3 said again, by hand, on purpose: they do
  not read core/roles.py). Who is outside `see` gets 404, the same page as for an id that never existed.
  Who is inside `see` and outside `do` gets 403. Who is inside both gets one of `answers`.
* `do` absent = everybody who sees may do; both absent = everybody who has signed in.
* A request carries no payload (or `data=`), so a form that finds it incomplete answers 200 or 422: both are
  in `answers` by default for POST. What it did is rolled back.
* `arg` is the name of the URL argument and of the attribute it takes ("public_id"); `extra` gives the others.
* `either(SEE_A, SEE_B)` joins two matrices when any of the two rights opens the door.

Doors of the API stand in `tests/doors/api.py` as `ApiDoor(scope, of)`: no token and a wrong token → 401, a token
without the scope → 403, an unknown id → 404, the right token → 200.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.doors.matrices import Matrix

PAGE = frozenset({200})
FORM = frozenset({200, 204, 302, 422})


@dataclass(frozen=True)
class Door:
    """One URL by one method; see the module."""

    of: str = ""
    see: Matrix | None = None
    do: Matrix | None = None
    method: str = "get"
    answers: frozenset[int] = frozenset()
    arg: str = "public_id"
    extra: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    htmx: bool = False
    public: bool = False

    @property
    def expected(self) -> frozenset[int]:
        """What an allowed visitor may be answered."""
        return self.answers or (PAGE if self.method == "get" else FORM)


@dataclass(frozen=True)
class ApiDoor:
    """One address of the API; `scope` names what the token needs, by spaces; "" = no token is needed.

    `answer` = what the right token is answered without a body: a change asks for If-Match first.
    """

    scope: str = ""
    of: str = ""
    method: str = "get"
    answer: int = 200
