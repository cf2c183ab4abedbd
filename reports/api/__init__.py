"""The REST API that BackOffice pulls (domain.md §7)."""
