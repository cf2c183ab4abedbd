"""Clients who wait for a feature: asked, shown, answered or told that it will not come (R23–R25)."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import may
from accounts.enums import FeatureStatus
from accounts.models import Company, Contact, FeatureRequest, FeatureWait, Interaction, Product
from accounts.services.features import FAN_OUT, create_feature, find_feature, main_product
from accounts.services.promises import check_may_log
from accounts.services.release_tasks import settle_task_of
from upsell_crm.core import audit, clock
from upsell_crm.core.commands import change, create
from upsell_crm.core.errors import DomainError, NotAllowed, check_reason
from upsell_crm.core.models import User
from upsell_crm.core.outbox import owe
from upsell_crm.core.reactions import announce
from upsell_crm.core.roles import Action

ASKED = "add_wait"  # history events that a record taken back undoes
REPEATED = "repeat_wait"
SHOWN = "answer_wait"


def save_wait(
    company: Company, feature: FeatureRequest, *, by: User, contact: Contact | None = None, quote: str = "",
    asked_on: date | None = None, importance: int = 2, promised: bool = False, interaction: Interaction | None = None,
) -> FeatureWait:  # fmt: skip
    """The client waits for the feature; one who waits already says it once more, and his new words are added.

    Whoever waits for what is out or refused is owed a task like the others. Raises NotAllowed, DomainError.
    """
    check_may_wait(by, company)
    check_person(company, contact)
    reason = str(interaction.public_id) if interaction else ""
    with transaction.atomic():
        wait = FeatureWait.objects.filter(company=company, feature=feature).first()
        if wait is None:
            wait = FeatureWait(
                feature=feature, company=company, contact=contact, quote=quote.strip(), importance=importance,
                promised=promised, asked_on=asked_on or clock.today(), interaction=interaction,
            )  # fmt: skip
            create(wait, by=by, event=ASKED, reason=reason)
        else:
            values: dict[str, Any] = {
                "quote": _with_words(wait.quote, quote), "contact": wait.contact or contact,
                "promised": wait.promised or promised,
            }  # fmt: skip
            change(wait, values, by=by, event=REPEATED, reason=reason)
        if feature.is_released or feature.status == FeatureStatus.DECLINED:
            owe(FAN_OUT, str(feature.pk), feature_id=feature.pk)
        announce("facts_changed", company_id=company.pk)
    return wait


def wait_for_title(
    company: Company, title: str, *, by: User, product: Product | None = None, **said: Any
) -> FeatureWait:
    """The same by a title: the catalogue's feature, or a new one of the product named, else of the client's main one."""
    check_may_wait(by, company)
    if not title.strip():
        text = _("Write which feature the client waits for.")
        raise DomainError("no_title", text, {"title": [text]})
    interaction: Interaction | None = said.get("interaction")
    with transaction.atomic():
        feature = find_feature(title, product) or create_feature(
            by=by, title=title, product=product or main_product(company),
            reason=str(interaction.public_id) if interaction else "",
        )  # fmt: skip
        return save_wait(company, feature, by=by, **said)


def edit_wait(wait: FeatureWait, *, by: User, version: int, **values: Any) -> FeatureWait:
    """Correct who asked, in which words, how much it matters; raises NotAllowed, Stale, DomainError."""
    check_may_wait(by, wait.company)
    check_person(wait.company, values.get("contact"))
    with transaction.atomic():
        change(wait, values, by=by, event="edit_wait", version=version)
        announce("facts_changed", company_id=wait.company_id)
    return wait


def answer_wait(
    wait: FeatureWait, *, by: User, response: str = "", presented_on: date | None = None,
    interaction: Interaction | None = None, version: int | None = None,
) -> FeatureWait:  # fmt: skip
    """The feature was shown, and the client answered now or will later; its task is done by this (R25).

    Shown = on the first day it was; an answer is dated by the communication it was given in.
    Raises NotAllowed, Stale, DomainError.
    """
    check_may_log(by, wait.company)
    if not wait.feature.is_released:
        raise DomainError("not_released", _("«%s» is not released yet.") % wait.feature)
    on = (clock.local_date(interaction.starts_at) if interaction else presented_on) or clock.today()
    if on > clock.today():
        text = _("This day has not come yet.")
        raise DomainError("not_yet", text, {"presented_on": [text]})
    values = {
        "presented_on": wait.presented_on or on, "presentation": wait.presentation or interaction,
        "response": response or wait.response, "answered_on": on if response else wait.answered_on,
    }  # fmt: skip
    reason = str(interaction.public_id) if interaction else ""
    with transaction.atomic():
        change(wait, values, by=by, event=SHOWN, version=version, reason=reason)
        settle_task_of(wait, by=by, reason=reason)
        announce("facts_changed", company_id=wait.company_id)
    return wait


def tell_wait(wait: FeatureWait, *, by: User, version: int | None = None) -> FeatureWait:
    """The client was told that the feature will not come; the task about it is done by this."""
    check_may_log(by, wait.company)
    if wait.feature.status != FeatureStatus.DECLINED:
        raise DomainError("not_declined", _("«%s» is not declined.") % wait.feature)
    with transaction.atomic():
        change(wait, {"told_on": clock.today()}, by=by, event="tell_wait", version=version)
        settle_task_of(wait, by=by)
    return wait


def drop_wait(wait: FeatureWait, *, by: User, reason: str) -> None:
    """The client does not wait any more, or never did; the words stay in history, with the reason.

    What was shown or answered is not thrown away. Raises NotAllowed, DomainError.
    """
    check_may_wait(by, wait.company)
    if wait.presented_on:
        raise DomainError("presented", _("The feature was shown to the client: this stays in the history."))
    check_reason(reason)
    with transaction.atomic():
        audit.record("drop_wait", wait, by=by, changes={"quote": [wait.quote, None]}, reason=reason.strip())
        settle_task_of(wait, by=by, cancelled=True)
        wait.delete()
        announce("facts_changed", company_id=wait.company_id)


def check_may_wait(by: User, company: Company) -> None:
    """Raises NotAllowed for who does not enter awaited features of this client."""
    if not may(by, Action.CREATE_FEATURE, company):
        raise NotAllowed("create_feature", _("You may not enter awaited features of this client."))


def check_person(company: Company, contact: Contact | None) -> None:
    """Who waits is a person of this client, by work or by a role in its decisions."""
    if contact is None or contact.company_id == company.pk:
        return
    if not contact.roles.filter(company=company).exists():
        text = _("This person does not belong to the client.")
        raise DomainError("wrong_person", text, {"contact": [text]})


def _with_words(known: str, said: str) -> str:
    """What was said before stays; the same words are not said twice."""
    words = said.strip()
    return known if not words or words in known else f"{known}\n{words}".strip()
