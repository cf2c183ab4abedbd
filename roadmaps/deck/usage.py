"""Block «How the services are used»: active users against licences, by product, with their course (R57)."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Fact
from accounts.models import LicenceLine, Product, UsageSnapshot
from roadmaps.deck.parts import Facts, Subject
from upsell_crm.core.templatetags.crm import day

COURSE = 12  # snapshots on the chart
KEPT = timedelta(days=400)


def build(subject: Subject) -> Facts:
    """Products of which a snapshot is known. Two statements."""
    found = _snapshots(subject)
    if not found:
        return Facts(why_empty=gettext_lazy("It is not known how many people use the services."))
    seats = seats_of(subject)
    rows = [_row(product, snapshots, seats.get(product.pk)) for product, snapshots in found.items()]
    as_of = min(date.fromisoformat(row["series"][-1]["on"]) for row in rows)
    problems = [
        problem
        for product, snapshots in found.items()
        for problem in subject.old(product.name, Fact.USERS, snapshots[-1].as_of)
    ]
    used = (Fact.USERS, Fact.LICENCES)
    return Facts(
        {"products": rows, "as_of": as_of.isoformat()},
        [_("Users in 30 days as of %s") % day(as_of), *subject.checked(*used)], [*subject.stale(*used), *problems],
    )  # fmt: skip


def seats_of(subject: Subject) -> dict[int, int]:
    """Product → seats that count today. One statement."""
    company = subject.company.pk
    used = Q(end_user_company=company) | Q(end_user_company=None, contract__company=company)
    lines = LicenceLine.objects.counted_on(subject.today).filter(used)
    return dict(lines.order_by().values_list("product").annotate(seats=Sum("seats")))


def _snapshots(subject: Subject) -> dict[Product, list[UsageSnapshot]]:
    rows = UsageSnapshot.objects.filter(
        company=subject.company, as_of__lte=subject.today, as_of__gte=subject.today - KEPT
    )
    found: dict[Product, list[UsageSnapshot]] = defaultdict(list)
    for row in rows.select_related("product").order_by("product__position", "product_id", "as_of"):
        found[row.product].append(row)
    return {product: snapshots[-COURSE:] for product, snapshots in found.items()}


def _row(product: Product, snapshots: list[UsageSnapshot], seats: int | None) -> dict[str, Any]:
    return {
        "product": product.name, "unit": product.get_unit_display(), "seats": seats or 0,
        "active": snapshots[-1].active_users_30d,
        "series": [{"on": one.as_of.isoformat(), "active": one.active_users_30d} for one in snapshots],
    }  # fmt: skip
