"""Reading the built report: its run, its rows and their order (§5)."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from reports.models import ClientRow, ReportRun
from upsell_crm.core.errors import DomainError
from upsell_crm.core.paging import Keyset

KIND = ReportRun.Kind.EXISTING_CLIENTS
# The word in the URL → the order; with a minus it is turned round. The last field is unique.
ORDERS = {
    "name": ("sort_name", "pk"),
    "seats": ("-seats_total", "pk"),
    "end": ("end_date", "pk"),
    "act_by": ("act_by", "pk"),
    "slack": ("slack", "pk"),
    "amount": ("-annual_amount", "pk"),
    "potential": ("-potential", "pk"),
    "score": ("-score", "pk"),
}


class NotBuilt(DomainError):
    """There is no report yet."""

    status = 404

    def __init__(self) -> None:
        super().__init__("not_built", _("The report has not been built yet."))


def current_run() -> ReportRun | None:
    """The run that pages show."""
    return ReportRun.objects.filter(kind=KIND, is_current=True).first()


def runs_to_show() -> tuple[ReportRun | None, ReportRun | None]:
    """(the run that pages show, the build that failed after it): one statement (§5.4)."""
    of_kind = ReportRun.objects.filter(kind=KIND)
    failed = of_kind.filter(state=ReportRun.State.FAILED).order_by("-pk").values("pk")[:1]
    found = {
        run.is_current: run for run in of_kind.filter(Q(is_current=True) | Q(pk__in=failed)).order_by("pk")
    }
    shown, broken = found.get(True), found.get(False)
    is_news = broken is not None and (shown is None or broken.pk > shown.pk)
    return shown, broken if is_news else None


def order_of(asked: str) -> tuple[str, ...]:
    """The fields of an order asked for in the URL; an unknown word is the order by name."""
    fields = ORDERS.get(asked.lstrip("-"), ORDERS["name"])
    if not asked.startswith("-"):
        return fields
    return tuple(name[1:] if name.startswith("-") else f"-{name}" for name in fields)


def ordered(rows: QuerySet[ClientRow], asked: str) -> QuerySet[ClientRow]:
    """Rows in the very order of the page."""
    return rows.order_by(*Keyset.of(rows, order_of(asked)).ordering())


def with_relations(rows: QuerySet[ClientRow]) -> QuerySet[ClientRow]:
    """What the columns read beside the row; three statements for any number of rows."""
    return rows.select_related("company__owner_kam", "company__team", "head").prefetch_related("seats")
