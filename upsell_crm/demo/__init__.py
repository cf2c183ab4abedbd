"""The demo story and the load generator."""

PASSWORD = (
    "demo-upsell-2026"  # of every demo login; only `./crm demo` on loopback ever makes them (domain.md §8.1)
)
