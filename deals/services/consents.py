"""The client's approval to gather needs in its ДЗО: drafted, given with evidence, revoked (R68, §2.8.7)."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import InteractionState
from accounts.models import Company, Contact, Interaction
from deals.models import DzoConsent, HoldingProgram
from deals.program_facts import ProgramFacts
from deals.program_machine import ProgramMove, value_is_confirmed
from deals.services.programs import check_may_keep, lock
from upsell_crm.core import audit, clock
from upsell_crm.core.commands import change, create
from upsell_crm.core.errors import DomainError, check_reason
from upsell_crm.core.models import User

WORDS = frozenset({"approved_by", "evidence", "interaction"})


def draft_consent(
    *, by: User, program: HoldingProgram, companies: Collection[Company], approved_by: Contact | None = None,
    evidence: str = "", interaction: Interaction | None = None,
) -> DzoConsent:  # fmt: skip
    """What will be asked for, and in which ДЗО; it opens nothing yet. Raises NotAllowed, DomainError."""
    check_may_keep(by, program)
    _check_companies(program, companies)
    _check_words(program, approved_by, interaction)
    consent = DzoConsent(
        program=program, approved_by=approved_by, evidence=evidence.strip(), interaction=interaction
    )
    with transaction.atomic():
        create(consent, by=by, event="draft_consent")
        _cover(consent, companies, by=by)
    return consent


def update_consent(
    *, by: User, consent: DzoConsent, companies: Collection[Company], version: int | None = None, **words: Any
) -> DzoConsent:
    """Change a draft; a consent that the client has given is revoked, not rewritten."""
    if unknown := set(words) - WORDS:
        raise ValueError(f"update_consent does not change {sorted(unknown)}")
    check_may_keep(by, consent.program)
    _check_draft(consent)
    _check_companies(consent.program, companies)
    _check_words(consent.program, words.get("approved_by"), words.get("interaction"))
    with transaction.atomic():
        change(consent, words, by=by, event="update_consent", version=version)
        _cover(consent, companies, by=by)
    return consent


def give_consent(*, by: User, consent: DzoConsent, given_on: date, version: int | None = None) -> DzoConsent:
    """The client has approved: the ДЗО of the draft open from that day.

    Needs gate 1 (or its override), who approved it, the evidence, and a day that is not ahead.
    Raises NotAllowed, Stale, DomainError.
    """
    check_may_keep(by, consent.program)
    _check_draft(consent)
    _check_words(consent.program, consent.approved_by, consent.interaction)
    if not consent.companies.exists():
        raise _nothing_named()
    if given_on > clock.today():
        text = _("The consent cannot be given in the future.")
        raise DomainError("future", text, {"given_on": [text]})
    with transaction.atomic():
        lock(consent.program)
        known = ProgramFacts(HoldingProgram.objects.get(pk=consent.program_id), clock.today())
        value_is_confirmed(consent.program, ProgramMove(known))
        change(consent, {"given_on": given_on}, by=by, event="give_consent", version=version)
    return consent


def revoke_consent(*, by: User, consent: DzoConsent, reason: str, version: int | None = None) -> DzoConsent:
    """From today its ДЗО are closed again; what has been held there stays. A draft is simply dropped."""
    check_may_keep(by, consent.program)
    if consent.revoked_on is not None:
        raise DomainError("revoked", _("This consent is revoked already."))
    check_reason(reason)
    with transaction.atomic():
        lock(consent.program)
        values = {"revoked_on": clock.today()}
        change(consent, values, by=by, event="revoke_consent", reason=reason.strip(), version=version)
    return consent


def _check_draft(consent: DzoConsent) -> None:
    if not consent.is_draft:
        raise DomainError("given", _("The consent is given or revoked: make another one."))


def _check_companies(program: HoldingProgram, companies: Collection[Company]) -> None:
    if not companies:
        raise _nothing_named()
    wanted = {company.pk for company in companies}
    known = Company.objects.below(program.deal.company).filter(pk__in=wanted)
    if known.count() != len(wanted):
        text = _("A consent covers subsidiaries of this holding only.")
        raise DomainError("not_in_holding", text, {"companies": [text]})


def _nothing_named() -> DomainError:
    text = _("Choose the subsidiaries.")
    return DomainError("no_companies", text, {"companies": [text]})


def _check_words(program: HoldingProgram, person: Contact | None, meeting: Interaction | None) -> None:
    head_id = program.deal.company_id
    if person is not None and person.company_id != head_id:
        text = _("The head organisation gives the consent: choose one of its people.")
        raise DomainError("other_company", text, {"approved_by": [text]})
    if meeting is not None and not _is_held_at(meeting, head_id):
        text = _("Choose a held meeting with the head organisation.")
        raise DomainError("other_meeting", text, {"interaction": [text]})


def _is_held_at(meeting: Interaction, head_id: int) -> bool:
    is_held = meeting.state == InteractionState.HELD and meeting.retracted_at is None
    return is_held and meeting.company_id == head_id


def _cover(consent: DzoConsent, companies: Collection[Company], *, by: User) -> None:
    """The list of ДЗО, with its own line of history: a list is no column."""
    before = sorted(str(company) for company in consent.companies.all())
    consent.companies.set(companies)
    after = sorted(str(company) for company in companies)
    if before != after:
        changes = {"companies": [", ".join(before), ", ".join(after)]}
        audit.record("cover_companies", consent, by=by, changes=changes)
