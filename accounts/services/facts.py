"""Confirming what we know about a client: one line per fact, person and day (R15, R46–R48)."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import may
from accounts.enums import DecisionRole, Fact, FactResult
from accounts.models import Company, Contact, FactCheck, Interaction
from accounts.services.act_by import refresh_act_by
from upsell_crm.core import audit, clock
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.reactions import announce
from upsell_crm.core.roles import Action

UNDO_WITHIN = timedelta(minutes=15)


def confirm_fact(
    company: Company, fact: str, *, by: User, result: str = FactResult.CONFIRMED,
    contact: Contact | None = None, interaction: Interaction | None = None, note: str = "",
) -> list[FactCheck]:  # fmt: skip
    """Say that a fact is right today, was changed, or is not known; decision-makers are confirmed one by one.

    Without `contact` all working decision-makers of the company are confirmed. Only people confirm, never in
    the future (§2.8.15). Raises NotAllowed, DomainError.
    """
    may_requisites = fact == Fact.REQUISITES and may(by, Action.EDIT_REQUISITES, company)
    if not may_requisites and not may(by, Action.CONFIRM_FACTS, company):
        raise NotAllowed("not_allowed", _("You may not confirm the data of this company."))
    if fact not in Fact.values or result not in FactResult.values:
        raise DomainError("unknown_fact", _("There is no such fact or answer."))
    if contact is not None and (fact != Fact.DM or contact.company_id != company.pk):
        raise DomainError("wrong_contact", _("This person does not belong to the fact."))
    people = [contact] if contact or fact != Fact.DM else _decision_makers(company)
    with transaction.atomic():
        checks = [
            note_fact(company, fact, by=by, result=result, contact=person, interaction=interaction, note=note)
            for person in people
        ]
        if fact == Fact.PROCUREMENT:  # own terms count only while they are fresh (§4.10.1)
            refresh_act_by(company_ids=[company.pk])
        if result == FactResult.CHANGED:
            told = note.strip() or _("The answer was «changed».")
            announce_change(company, fact, by=by, what=told, contact=contact)
        announce("facts_changed", company_id=company.pk)
    return checks


def take_back_checks(company: Company, checks: Collection[int], *, by: User) -> None:
    """«Отменить» after a confirmation: own answers of the last minutes go, the click and its undoing stay in history.

    An answer that came with a change of the data stays. Raises DomainError `too_late`.
    """
    since = clock.now() - UNDO_WITHIN
    answers = FactCheck.objects.filter(pk__in=checks, company=company, checked_by=by, checked_at__gte=since)
    found = list(answers.exclude(result=FactResult.CHANGED).order_by("pk"))
    if not found or len(found) != len(set(checks)):
        raise DomainError("too_late", _("This confirmation cannot be taken back any more."))
    with transaction.atomic():
        for check in found:
            changes: dict[str, list[Any]] = {check.fact: [check.result, None]}
            audit.record("take_back_fact", check, by=by, company_id=company.pk, changes=changes)
        FactCheck.objects.filter(pk__in=[check.pk for check in found]).delete()
        if any(check.fact == Fact.PROCUREMENT for check in found):
            refresh_act_by(company_ids=[company.pk])
        announce("facts_changed", company_id=company.pk)


def announce_change(
    company: Company, fact: str, *, by: User, what: str, contact: Contact | None = None, old: Any = "", new: Any = ""
) -> None:  # fmt: skip
    """A fact is another one now: plans that were built on the old one are looked at again (R47, R48)."""
    announce(
        "fact_changed", company=company, fact=fact, contact=contact, what=what, old=_words(old), new=_words(new), by=by
    )  # fmt: skip


def _words(value: Any) -> str:
    return "" if value is None else str(value)[:300]


def _decision_makers(company: Company) -> list[Contact]:
    people = list(
        Contact.objects.working()
        .filter(company=company, roles__role=DecisionRole.DM, roles__valid_to=None)
        .distinct()
        .order_by("pk")
    )
    if not people:
        raise DomainError("no_decision_maker", _("There is no decision-maker yet: add one in «Contacts»."))
    return people


def note_fact(
    company: Company, fact: str, *, by: User, result: str, contact: Contact | None = None,
    interaction: Interaction | None = None, note: str = "",
) -> FactCheck:  # fmt: skip
    """The line itself, for services that have asked for the right already; call inside a transaction."""
    check = FactCheck.objects.create(
        company=company, fact=fact, result=result, contact=contact, interaction=interaction,
        note=note[:300], checked_at=clock.now(), checked_by=by,
    )  # fmt: skip
    audit.record(
        "confirm_fact", check, by=by, company_id=company.pk, changes={fact: [None, result]}, reason=note
    )
    return check
