"""Doors of the client screens; how to add a row: tests/doors/__init__.py."""

from tests.doors import Door
from tests.doors.matrices import (
    ASSIGN_KAM,
    CONFIRM_FACTS,
    DRAFT_CONTRACT,
    EDIT_COMPANY,
    EDIT_CONTACTS,
    EDIT_PROCUREMENT,
    EDIT_REQUISITES,
    SEE_COMPANY,
    SET_KEY,
    Matrix,
    matrix,
)

TERMINATE = matrix("backoffice A, lead T, head A")  # §2.9: who ends an active contract


def form(subject: str, right: Matrix, **options: object) -> list[Door]:
    """A form that is opened and sent, by the same people."""
    see = SEE_COMPANY
    return [
        Door(subject, see=see, do=right, **options),
        Door(subject, see=see, do=right, method="post", **options),
        Door(subject, see=see, do=right, htmx=True, **options),
    ]


DOORS: dict[str, Door | list[Door]] = {
    "accounts:company_list": Door(do=SEE_COMPANY),
    "accounts:company_totals": Door(do=SEE_COMPANY),
    "accounts:company_options": Door(),
    "accounts:create_company": [Door(do=EDIT_COMPANY), Door(do=EDIT_COMPANY, method="post")],
    **{
        f"accounts:{name}": Door("company", see=SEE_COMPANY)
        for name in (
            "company_card", "company_people", "company_offer", "company_timeline", "company_contacts",
            "contact_map", "company_map", "company_interactions", "company_contracts", "company_procurement", "procurement_act_by",
            "company_waits", "company_matrix", "product_uses", "company_history", "facts",
        )
    },
    "accounts:company_product": Door("company_with_product", see=SEE_COMPANY, extra={"code": "casebook"}),
    "accounts:similar_contacts": Door("company", see=SEE_COMPANY, do=EDIT_CONTACTS),
    "accounts:add_contact": form("company", EDIT_CONTACTS),
    "accounts:create_contract": form("company", DRAFT_CONTRACT, data={"lines-TOTAL_FORMS": 0, "lines-INITIAL_FORMS": 0}),
    "accounts:edit_procurement": form("company", EDIT_PROCUREMENT),
    "accounts:confirm_fact": Door(
        "company", see=SEE_COMPANY, do=CONFIRM_FACTS, method="post", data={"fact": "revenue"}
    ),
    "accounts:edit_company": form("company", EDIT_REQUISITES),
    "accounts:company_field": form("company", EDIT_COMPANY, extra={"name": "city"}),
    "accounts:mark_key": Door("company", see=SEE_COMPANY, do=SET_KEY, method="post"),
    "accounts:assign_kam": form("company", ASSIGN_KAM),
    "accounts:archive_company": form("company", ASSIGN_KAM),
    "accounts:restore_company": Door("company", see=SEE_COMPANY, do=ASSIGN_KAM, method="post"),
    "accounts:save_revenue": form("company", EDIT_COMPANY),
    "accounts:save_court_load": form("company", EDIT_COMPANY),
    "accounts:save_department": form("company", EDIT_COMPANY),
    "accounts:save_estimate": form("company", EDIT_COMPANY),
    "accounts:edit_contact": form("contact", EDIT_CONTACTS),
    "accounts:contact_role": form("contact", EDIT_CONTACTS),
    "accounts:contact_strength": form("contact", EDIT_CONTACTS),
    "accounts:contact_link": form("contact", EDIT_CONTACTS),
    "accounts:set_superior": Door("contact", see=SEE_COMPANY, do=EDIT_CONTACTS, method="post"),
    "accounts:mark_contact_left": form("contact", EDIT_CONTACTS),
    "accounts:anonymise_contact": form("contact", EDIT_CONTACTS),
    "accounts:end_contact_role": Door("contact_role", see=SEE_COMPANY, do=EDIT_CONTACTS, method="post"),
    "accounts:remove_link": Door("contact_link", see=SEE_COMPANY, do=EDIT_CONTACTS, method="post", arg="pk"),
    "accounts:move_contract": form("contract", TERMINATE, extra={"to": "terminated"}),
}  # fmt: skip
