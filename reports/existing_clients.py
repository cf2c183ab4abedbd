"""The columns of the existing-clients report, declared once for the page, the files and the print (§5.2)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.enums import InteractionKind
from accounts.models import ProcurementType, Product
from accounts.offer_texts import answer_text, reason_texts
from deals.enums import DealStage
from reports.explanations import LEVELS
from reports.models import Band, ClientRow, OfferAnswer, ReportRun
from upsell_crm.core.exports import Heading, Kind
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action, Scope

SEATS = "product_"  # prefix of the product columns


@dataclass(frozen=True, slots=True)
class Column:
    """One column: how it is called, what it holds, and where its value comes from.

    `is_short` stands in the short view, `is_money` is left out for people without amounts (§3),
    `sort` is the word in the URL that orders by it.
    """

    code: str
    label: str | Promise
    kind: Kind
    value: Callable[[ClientRow], Any]
    is_short: bool = False
    is_money: bool = False
    sort: str = ""

    @property
    def heading(self) -> Heading:
        """The same column of a file."""
        return Heading(str(self.label), self.kind)


@dataclass(frozen=True, slots=True)
class References:
    """What turns codes of the rows into words: products of the columns and names of procedures."""

    products: Sequence[Product]
    procedures: Mapping[str, str]

    @property
    def product_names(self) -> dict[str, str]:
        return {product.code: product.name for product in self.products}


def load_references(run: ReportRun | None, *, is_short: bool = False) -> References:
    """Licensable products that are sold, and those that somebody still has; the short view names no procedure."""
    owned = Q(pk__in=run.rows.filter(seats__isnull=False).values("seats__product")) if run else Q(pk__in=[])
    products = Product.objects.filter(Q(active=True) | owned, is_licensable=True).order_by("position", "pk")
    procedures = {} if is_short else {one.code: one.name for one in ProcurementType.objects.order_by("pk")}
    return References(list(products), procedures)


def sees_money(user: User) -> bool:
    """Whether every row of this person's report may show amounts; else none does (§3: marketing)."""
    money, report = user.scopes(Action.SEE_MONEY), user.scopes(Action.SEE_REPORT)
    return Scope.ALL in money or (Scope.TEAM in money and Scope.ALL not in report)


def report_columns(references: References, *, is_short: bool, with_money: bool) -> list[Column]:
    """The columns of one view, in the order of §5.2."""
    columns = [*_WHO, *_product_columns(references), *_use_and_offer(references, with_money), *_REST]
    return [one for one in columns if (one.is_short or not is_short) and (with_money or not one.is_money)]


def seats_of(row: ClientRow) -> dict[int, int]:
    """Seats by product; the rows come with their seats prefetched."""
    return {one.product_id: one.seats for one in row.seats.all()}


def answer_of(row: ClientRow, *, with_money: bool = True) -> str:
    """The invoice-offer answer in words; without amounts the limit is not named."""
    if not with_money:
        return str(OfferAnswer(row.offer).label)
    return answer_text(row.offer, row.offer_limit, is_stale=row.data["offer_is_stale"])


def reasons_of(row: ClientRow, references: References) -> list[str]:
    """Every reason in words, the leading one first."""
    return [reason.text for reason in reason_texts(row.data["reasons"], references.product_names)]


def _seats_reader(product_id: int) -> Callable[[ClientRow], int]:
    """A known zero where a client has no seats of the product."""
    return lambda row: seats_of(row).get(product_id, 0)


def _product_columns(references: References) -> list[Column]:
    return [
        Column(
            f"{SEATS}{product.code}", _("%(product)s, seats") % {"product": product.name}, Kind.INTEGER,
            _seats_reader(product.pk), is_short=True,
        )
        for product in references.products
    ]  # fmt: skip


def _use_and_offer(references: References, with_money: bool) -> list[Column]:
    names = references.procedures
    return [
        Column("seats_total", gettext_lazy("Seats in all"), Kind.INTEGER, lambda row: row.seats_total, True, sort="seats"),
        Column("active_users", gettext_lazy("Active users, 30 days"), Kind.INTEGER, lambda row: row.active_users),
        Column("utilisation", gettext_lazy("Utilisation, %"), Kind.PERCENT, _utilisation),
        Column("offer", gettext_lazy("Pays by invoice-offer"), Kind.TEXT, lambda row: answer_of(row, with_money=with_money), True),
        Column("reason", gettext_lazy("Reason"), Kind.TEXT, lambda row: "; ".join(reasons_of(row, references)), True, True),
        Column("offer_amount", gettext_lazy("Checked for the amount, ₽"), Kind.MONEY, lambda row: row.offer_amount, is_money=True),
        Column("offer_limit", gettext_lazy("Invoice-offer limit, ₽"), Kind.MONEY, lambda row: row.offer_limit, is_money=True),
        Column("procedure", gettext_lazy("Usual procedure"), Kind.TEXT, lambda row: names.get(row.data["procedure"], "")),
    ]  # fmt: skip


def _utilisation(row: ClientRow) -> Decimal | None:
    value = row.utilisation
    return None if value is None else value.quantize(Decimal(1))


def _lead(row: ClientRow, name: str) -> str:
    """«20 (оценка КАМ)»: a term with where it came from."""
    days, level = row.data[name], row.data[f"{name}_level"]
    return "" if days is None else f"{days} ({LEVELS[level]})"


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _talk(row: ClientRow) -> str:
    kind = row.data["talk_kind"]
    return str(InteractionKind(kind).label) if kind else ""


def _deal(row: ClientRow) -> str:
    return str(DealStage(row.deal_stage).label) if row.deal_stage else ""


def _holding(row: ClientRow) -> str:
    return str(row.head) if row.head_id != row.company_id else ""


def _band(row: ClientRow) -> str:
    return f"{row.band} — {Band(row.band).label}" if row.band else ""


_WHO = (
    Column("company", gettext_lazy("Company"), Kind.TEXT, lambda row: str(row.company), True, sort="name"),
    Column("inn", gettext_lazy("INN"), Kind.TEXT, lambda row: row.company.inn),
    Column("kpp", gettext_lazy("KPP"), Kind.TEXT, lambda row: row.company.kpp),
    Column("holding", gettext_lazy("Head organisation"), Kind.TEXT, _holding),
    Column("segment", gettext_lazy("Segment"), Kind.TEXT, lambda row: row.company.get_segment_display()),
    Column("industry", gettext_lazy("Industry"), Kind.TEXT, lambda row: row.company.get_industry_display()),
    Column("regime", gettext_lazy("Regime"), Kind.TEXT, lambda row: row.company.get_regime_display(), True),
    Column("kam", gettext_lazy("KAM"), Kind.TEXT, lambda row: str(row.company.owner_kam or ""), True),
    Column("team", gettext_lazy("Team"), Kind.TEXT, lambda row: str(row.company.team or "")),
    Column("key", gettext_lazy("Key client"), Kind.YES_NO, lambda row: row.company.is_key),
)
_REST = (
    Column("approval", gettext_lazy("Approval, working days"), Kind.TEXT, lambda row: _lead(row, "approval")),
    Column("procurement", gettext_lazy("Procurement, working days"), Kind.TEXT, lambda row: _lead(row, "procurement")),
    Column("contract", gettext_lazy("Nearest contract №"), Kind.TEXT, lambda row: row.data["contract"]),
    Column("end_date", gettext_lazy("In force until"), Kind.DAY, lambda row: row.end_date, True, sort="end"),
    Column("act_by", gettext_lazy("Act by"), Kind.DAY, lambda row: row.act_by, True, sort="act_by"),
    Column("slack", gettext_lazy("Slack, working days"), Kind.INTEGER, lambda row: row.slack, True, sort="slack"),
    Column("annual_amount", gettext_lazy("Contracts in force, ₽ a year"), Kind.MONEY, lambda row: row.annual_amount, is_money=True, sort="amount"),
    Column("potential", gettext_lazy("Upsell potential, ₽"), Kind.MONEY, lambda row: row.potential, is_money=True, sort="potential"),
    Column("training_index", gettext_lazy("Training index"), Kind.INTEGER, lambda row: row.data["training_index"]),
    Column("training_on", gettext_lazy("Last training"), Kind.DAY, lambda row: _day(row.data["training_on"])),
    Column("waits", gettext_lazy("Awaited features"), Kind.INTEGER, lambda row: row.data["waits"]),
    Column("talk_on", gettext_lazy("Last interaction"), Kind.DAY, lambda row: _day(row.data["talk_on"])),
    Column("talk_kind", gettext_lazy("Kind of interaction"), Kind.TEXT, _talk),
    Column("next_step", gettext_lazy("Next step"), Kind.TEXT, lambda row: row.data["next_step"]),
    Column("next_step_on", gettext_lazy("Next step on"), Kind.DAY, lambda row: _day(row.data["next_step_on"])),
    Column("deal", gettext_lazy("Open deal (stage)"), Kind.TEXT, _deal),
    Column("score", pgettext_lazy("ranking", "Score"), Kind.DECIMAL, lambda row: row.score, True, sort="score"),
    Column("band", gettext_lazy("Band"), Kind.TEXT, _band),
    Column("confidence", gettext_lazy("Data confidence, %"), Kind.PERCENT, lambda row: row.confidence),
    Column("checked_on", gettext_lazy("Data checked on"), Kind.DAY, lambda row: _day(row.data["checked_on"])),
)  # fmt: skip
