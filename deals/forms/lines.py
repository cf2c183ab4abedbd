"""All lines of a deal in one panel: they are replaced together, against the version that was seen."""

from collections.abc import Iterable
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from accounts.enums import Vat
from accounts.forms.base import Conflict
from deals.forms.deal import LineFormSet, lines_of_deal, lines_said
from deals.forms.moves import StepForm
from deals.models import Deal, DealLine
from deals.services.deals import LineSaid
from upsell_crm.core.templatetags.crm import money


class LinesForm(StepForm):
    """The version and the formset; `draft` is what the person typed before and did not save."""

    def __init__(self, data: Any = None, *, deal: Deal, draft: Any = None) -> None:
        super().__init__(data, initial={"version": deal.version})
        self.lines = LineFormSet(
            draft if data is None else data, prefix="lines", initial=lines_of_deal(_stored(deal)),
            form_kwargs={"company": deal.company},
        )  # fmt: skip

    def is_valid(self) -> bool:
        """Both are checked, so that every error shows at once."""
        return all([super().is_valid(), self.lines.is_valid()])

    @property
    def said(self) -> list[LineSaid]:
        """What goes to the service."""
        return lines_said(self.lines)

    def conflicts(self, stored: Deal) -> list[Conflict]:
        """Product by product: the lines that stand now and the typed ones, where they differ."""
        now, typed = _by_product(_stored(stored)), _by_product(self.said)
        return [
            Conflict(name, now.get(name, "—"), typed.get(name, "—"))
            for name in {**now, **typed}
            if now.get(name) != typed.get(name)
        ]


def _stored(deal: Deal) -> Iterable[DealLine]:
    return deal.lines.select_related("product", "end_user_company")


def _by_product(lines: Iterable[DealLine | LineSaid]) -> dict[str, str]:
    """Product (and end user) → its seats, price, discount and VAT in words."""
    words: dict[str, list[str]] = {}
    for line in lines:
        name = f"{line.product} · {line.end_user_company}" if line.end_user_company else str(line.product)
        said = {
            "now": line.seats_current, "new": line.seats_new, "price": money(line.price), "vat": Vat(line.vat).label,
            "off": number_format(line.discount_pct.normalize()),
        }  # fmt: skip
        text = _("seats %(now)s → %(new)s, price %(price)s, discount %(off)s%%, VAT: %(vat)s") % said
        words.setdefault(name, []).append(text)
    return {name: "; ".join(texts) for name, texts in words.items()}
