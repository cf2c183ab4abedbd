"""The catalogue as the formula sees it."""

from accounts.models import Product
from reports.facts import ProductRef

DRIVERS = {"casebook": "court_load", "caselook": "legal_headcount"}  # default targets of §4.10.6


def product_references() -> list[ProductRef]:
    """Products in order of the catalogue, with price and what drives the default target."""
    rows = Product.objects.filter(active=True).values_list("code", "list_price_year", "is_licensable")
    return [ProductRef(code, price, licensable, DRIVERS.get(code, "")) for code, price, licensable in rows]
