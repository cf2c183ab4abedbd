"""Facts of the profile in words; the card of a client and the checklist of a strategy say the same."""

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from accounts.models import Company


def requisites_words(company: Company) -> str:
    """«ИНН …, КПП …», as far as they are known."""
    numbers = [
        f"{name} {value}" for name, value in ((_("INN"), company.inn), (_("KPP"), company.kpp)) if value
    ]
    return ", ".join(numbers) or _("no data")


def revenue_words(company: Any, *, may_see_money: bool) -> str:
    """«64 млрд ₽ за 2025, XL»; without the right to amounts only the segment.

    The company comes from `company_card.with_card_facts`.
    """
    if company.revenue is None:
        return _("no data")
    if not may_see_money:
        return str(company.get_segment_display())
    billions = company.revenue >= 10**9
    amount = number_format(round(company.revenue / (10**9 if billions else 10**6), 1).normalize())
    unit = _("%(n)s bn ₽") if billions else _("%(n)s m ₽")
    return _("%(sum)s in %(year)d, %(segment)s") % {
        "sum": unit % {"n": amount}, "year": company.revenue_year, "segment": company.get_segment_display(),
    }  # fmt: skip
