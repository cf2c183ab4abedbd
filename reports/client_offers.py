"""The invoice-offer answer of one client for a sum that a person types (§5.3)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from accounts.invoice_offer import Decision, decide
from accounts.offer_facts import read_offer_facts, vendor_terms
from reports.models import ClientRow


def decide_for(row: ClientRow, amount: Decimal, as_of: date) -> Decision:
    """The rule on today's facts for the amount X, ₽; the products in question are those of the report's row."""
    facts = read_offer_facts([row.company_id], as_of)[row.company_id]
    return decide(replace(facts, individual_products=_products(row)), amount, as_of, vendor_terms())


def _products(row: ClientRow) -> tuple[str, ...]:
    reasons = (one for one in row.data["reasons"] if one["code"] == "product_needs_contract")
    return tuple(next(reasons, {"params": {"products": []}})["params"]["products"])
