"""Reads over several tables of this room; each takes the day as an argument and never writes."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from accounts.models import Company, Contact, LicenceLine
from accounts.models.company import MAX_DEPTH


def seats_on(company_ids: Iterable[int], day: date) -> dict[int, dict[int, int]]:
    """Paid seats that each company uses on the day: company id → product id → seats (R39, §4.10.14).

    A licence counts once, at its end user and not at its payer, so the sum over all companies is the sum
    over all licences (§2.8.12). Companies without seats are absent. One statement.
    """
    ids = list(company_ids)
    counted = LicenceLine.objects.counted_on(day).order_by()
    own = counted.used_expressly_by(ids)
    paid = counted.filter(end_user_company=None, contract__company__in=ids)
    # Two halves, since a condition over both tables joined by OR would read every licence there is.
    rows = own.values_list("end_user_company_id", "product_id", "seats").union(
        paid.values_list("contract__company_id", "product_id", "seats"), all=True
    )
    seats: dict[int, dict[int, int]] = {}
    for company_id, product_id, number in rows:
        products = seats.setdefault(company_id, {})
        products[product_id] = products.get(product_id, 0) + number
    return seats


def companies_above(company_id: int) -> list[int]:
    """The organisations over a company, nearest first; a statement per level, of which a holding has five at most."""
    found: list[int] = []
    for _level in range(MAX_DEPTH):
        here = found[-1] if found else company_id
        parent_id = Company.objects.filter(pk=here).values_list("parent_id", flat=True).first()
        if parent_id is None:
            break
        found.append(parent_id)
    return found


def similar_contacts(company_id: int, *, last_name: str, phone: str = "", email: str = "") -> list[Contact]:
    """People of the company who may be the one being typed: same last name, phone or e-mail. One statement."""
    alike = Q(pk__in=[])
    if last_name.strip():
        alike |= Q(last_name__iexact=last_name.strip())
    if email.strip():
        alike |= Q(email__iexact=email.strip())
    digits = "".join(letter for letter in phone if letter.isdigit())[-10:]
    if len(digits) == 10:
        alike |= Q(phone__endswith=digits)
    return list(Contact.objects.filter(alike, company_id=company_id, anonymised_at=None).order_by("pk")[:5])
