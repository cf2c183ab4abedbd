"""What a token may be allowed (domain.md §7). Reading of the whole base: BackOffice sees all clients (§3)."""

from enum import StrEnum


class ApiScope(StrEnum):
    """One permission of one machine; scopes whose resources are not built yet may be given beforehand."""

    CONTRACTS_READ = "contracts:read"
    CONTRACTS_WRITE_STATUS = "contracts:write_status"
    DOCUMENTS_READ = "documents:read"
    DOCUMENTS_WRITE = "documents:write"
    LICENCES_READ = "licences:read"
    COMPANIES_READ = "companies:read"
    CONTACTS_READ = "contacts:read"
    DEALS_READ = "deals:read"
    PAYMENTS_WRITE = "payments:write"
    TASKS_WRITE = "tasks:write"
    WEBHOOKS_MANAGE = "webhooks:manage"
