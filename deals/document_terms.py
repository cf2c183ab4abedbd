"""How long a document has stood in its state against the norm; overdue is a flag and never moves it (§2.9)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.act_by import ContractTerms, DealTerms, LeadFacts, lead_times
from accounts.calendar import load_calendar
from accounts.services.act_by import Timing, lead_facts
from accounts.working_days import WorkCalendar
from deals.enums import Approval
from deals.models import Document
from upsell_crm.core.clock import local_date
from upsell_crm.core.parameters import parameter

_FIXED = (Approval.INTERNAL, Approval.SIGNING)
NEAR_BD = 1  # working days before the norm from which on the words are a warning


@dataclass(frozen=True, slots=True)
class Stay:
    """Working days in the present state; `norm` is None where nothing is expected."""

    approval: str
    days: int
    norm: int | None = None

    @property
    def is_overdue(self) -> bool:
        return self.norm is not None and self.days > self.norm

    @property
    def tone(self) -> str:
        """The colour beside the words."""
        if self.norm is None:
            return ""
        return "bad" if self.is_overdue else "warn" if self.days >= self.norm - NEAR_BD else "good"

    @property
    def words(self) -> str:
        """«12 рабочих дней при норме 8»: working days, as everywhere."""
        days = ngettext("%(n)s working day", "%(n)s working days", self.days) % {"n": self.days}
        if self.norm is None:
            return days
        return _("%(days)s, norm %(norm)s") % {"days": days, "norm": self.norm}


def stays(documents: Sequence[Document], today: date) -> dict[int, Stay]:
    """Document id → its stay; the documents carry `deal.company`. Statements do not grow with their number."""
    reviewed = [document for document in documents if document.approval == Approval.CLIENT_REVIEW]
    timing = Timing.on(today) if reviewed else None
    calendar = timing.calendar if timing else load_calendar()
    norms = _expected(reviewed, timing) if timing else {}
    norms.update(_fixed(documents))
    return {
        document.pk: Stay(document.approval, _days(document, calendar, today), norms.get(document.pk))
        for document in documents
    }


def overdue(documents: Iterable[Document], today: date) -> list[Document]:
    """Those that stand longer than the norm, longest first."""
    known = list(documents)
    found = stays(known, today)
    late = [document for document in known if found[document.pk].is_overdue]
    return sorted(late, key=lambda document: -found[document.pk].days)


def _days(document: Document, calendar: WorkCalendar, today: date) -> int:
    since = local_date(document.approval_since) or today
    return max(0, calendar.between(since, today))


def _fixed(documents: Sequence[Document]) -> dict[int, int]:
    """The administrator's norms of the lawyers' check and of signing; read only when something is there."""
    standing = [document for document in documents if document.approval in _FIXED]
    norms: dict[str, int] = parameter("document_norms") if standing else {}
    return {document.pk: norms[document.approval] for document in standing}


def _expected(reviewed: list[Document], timing: Timing) -> dict[int, int]:
    """Working days until the day that the client has promised, else those of its approval by the levels of §4.2."""
    facts = lead_facts(sorted({document.deal.company_id for document in reviewed}), timing)
    return {
        document.pk: _promised_bd(document, timing)
        or _approval_bd(document, facts[document.deal.company_id], timing)
        for document in reviewed
    }


def _promised_bd(document: Document, timing: Timing) -> int | None:
    since = local_date(document.approval_since)
    if document.promised_on is None or since is None or document.promised_on <= since:
        return None
    return timing.calendar.between(since, document.promised_on)


def _approval_bd(document: Document, facts: LeadFacts, timing: Timing) -> int:
    deal = document.deal
    type_ = deal.procurement_type.code if deal.procurement_type else ""
    terms = ContractTerms(timing.today, timing.today, amount=deal.amount)
    return lead_times(facts, terms, DealTerms(type_, deal.amount), timing.rules, timing.today).approval_bd
