"""What this room puts on the timeline of a client: communications, contracts signed and contracts over (R11)."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.enums import SIGNED_STATUSES, ContractStatus, TimelineGroup
from accounts.models import Contract, Interaction
from accounts.timeline import Entry, TimelineSource, Told
from upsell_crm.core.models import User

OVER = (ContractStatus.EXPIRED, ContractStatus.RENEWED)


def _talks(_user: User, companies: Sequence[int]) -> QuerySet[Any]:
    return Interaction.objects.standing().filter(company__in=companies)


def _signed(user: User, companies: Sequence[int]) -> QuerySet[Any]:
    return _contracts(user, companies).filter(status__in=SIGNED_STATUSES, signed_on__isnull=False)


def _over(user: User, companies: Sequence[int]) -> QuerySet[Any]:
    return _contracts(user, companies).filter(status__in=OVER)


def _terminated(user: User, companies: Sequence[int]) -> QuerySet[Any]:
    return _contracts(user, companies).filter(terminated_on__isnull=False)


def _contracts(user: User, companies: Sequence[int]) -> QuerySet[Any]:
    return Contract.objects.visible_to(user).filter(company__in=companies)


def _tell_signed(entry: Entry) -> Told:
    return Told(_("Contract signed"), entry.name, _page(entry), "document", "good")


def _tell_over(entry: Entry) -> Told:
    is_renewed = entry.state == ContractStatus.RENEWED
    title = _("Contract ended and was renewed") if is_renewed else _("Contract expired")
    return Told(title, entry.name, _page(entry), "document", "" if is_renewed else "bad")


def _tell_terminated(entry: Entry) -> Told:
    return Told(
        _("Contract terminated"), f"{entry.name} {entry.detail}".strip(), _page(entry), "document", "bad"
    )


def _page(entry: Entry) -> str:
    return reverse("accounts:company_contracts", args=[entry.link])


DOCUMENTS = TimelineGroup.DOCUMENTS
OF_CONTRACT: dict[str, Any] = {
    "group": DOCUMENTS,
    "is_day": True,
    "link": "company__public_id",
    "name": "number",
}
SOURCES = (
    TimelineSource("talk", TimelineGroup.TALKS, "starts_at", _talks),
    TimelineSource("contract_signed", at="signed_on", rows=_signed, tell=_tell_signed, **OF_CONTRACT),
    TimelineSource("contract_over", at="end_date", rows=_over, tell=_tell_over, state="status", **OF_CONTRACT),
    TimelineSource(
        "contract_terminated", at="terminated_on", rows=_terminated, tell=_tell_terminated, detail="termination_reason",
        **OF_CONTRACT,
    ),
)  # fmt: skip
