"""Doors of documents; how to add a row: tests/doors/__init__.py."""

from tests.doors import Door
from tests.doors.matrices import (
    DRAFT_CONTRACT,
    EDIT_DEAL,
    LOG_INTERACTION,
    MOVE_DOCUMENT,
    REQUEST_DOCUMENT,
    SEE_COMPANY,
    SEE_DEAL,
    SEE_DOCUMENT,
    SET_EDO,
    Matrix,
    either,
    matrix,
)

# What stands in the lawyers' queue is theirs whatever the team; only they answer it.
SEE_REQUEST: Matrix = {**SEE_DOCUMENT, "lawyer": "A"}
ANSWER = matrix("lawyer A")
PREPARE = either(REQUEST_DOCUMENT, MOVE_DOCUMENT)
PASS_TO_CHECK = matrix(
    "kam O, closer OH, lead T, head A"
)  # draft → internal; L and H by their right to request


def _form(of: str, see: Matrix, do: Matrix, **values: object) -> list[Door]:
    return [
        Door(of, see=see, do=do, **values),  # type: ignore[arg-type]
        Door(of, see=see, do=do, method="post", **values),  # type: ignore[arg-type]
    ]


DOORS: dict[str, Door | list[Door]] = {
    "deals:document_list": Door(do=SEE_DOCUMENT),
    "deals:document_board": Door(do=SEE_DOCUMENT),
    "deals:document_calendar": Door(do=SEE_DOCUMENT),
    "deals:document_troubles": Door(do=SEE_DOCUMENT),
    "deals:document_detail": Door("document", see=SEE_DOCUMENT),
    "deals:move_document": _form("document", SEE_DOCUMENT, PASS_TO_CHECK, extra={"to": "internal"}),
    "deals:edit_document": _form("document", SEE_DOCUMENT, MOVE_DOCUMENT),
    "deals:set_edo": _form("document", SEE_DOCUMENT, SET_EDO),
    "deals:add_document_file": _form("document", SEE_DOCUMENT, MOVE_DOCUMENT),
    "deals:document_file": Door("document_file", see=SEE_DOCUMENT),
    "deals:document_request": Door("document_request", see=SEE_REQUEST),
    "deals:take_request": Door("document_request", see=SEE_REQUEST, do=ANSWER, method="post"),
    "deals:return_request": Door("document_request", see=SEE_REQUEST, do=ANSWER, method="post"),
    "deals:answer_request": Door("document_request", see=SEE_REQUEST, do=ANSWER, method="post"),
    "deals:deal_documents": Door("deal", see=SEE_DEAL, do=SEE_DOCUMENT),
    "deals:create_document": _form("deal", SEE_DEAL, PREPARE),
    "deals:request_document": _form("deal", SEE_DEAL, REQUEST_DOCUMENT),
    "deals:create_package": Door("deal", see=SEE_DEAL, do=PREPARE, method="post"),
    "deals:link_contract": _form("deal", SEE_DEAL, EDIT_DEAL),
    "deals:draft_contract": _form("deal", SEE_DEAL, DRAFT_CONTRACT),
    "deals:company_documents": Door("company", see=SEE_COMPANY),
    "deals:outcome_documents": Door("company", see=SEE_COMPANY, do=LOG_INTERACTION),
}
