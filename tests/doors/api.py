"""Doors of the REST API; how to add a row: tests/doors/__init__.py."""

from tests.doors import ApiDoor

API_DOORS: dict[str, ApiDoor] = {
    "api:contract_list": ApiDoor("contracts:read"),
    "api:contract_card": ApiDoor("contracts:read", "contract"),
    "api:contract_status": ApiDoor("contracts:read", "contract"),
    "api:contract_history": ApiDoor("contracts:read", "contract"),
    "api:renewal_list": ApiDoor("contracts:read"),
    "api:company_list": ApiDoor("companies:read"),
    "api:company_card": ApiDoor("companies:read", "company"),
    "api:deal_card": ApiDoor("deals:read", "deal"),
    "api:deal_plan": ApiDoor("deals:read", "deal_with_plan"),
    "api:plan_task_status": ApiDoor("tasks:write", "plan_task", method="post", answer=428),
    "api:document_list": ApiDoor("documents:read"),
    "api:document_card": ApiDoor("documents:read", "document"),
    "api:existing_client_list": ApiDoor("companies:read contracts:read"),
    "api:health": ApiDoor(),
    "api:schema": ApiDoor(),
    "api:schema_page": ApiDoor(),
}
