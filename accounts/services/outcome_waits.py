"""The features of the outcome form: who waits, what was shown; written with the record and taken back with it."""

from datetime import date
from typing import Any, cast

from django.db.models import Field
from django.utils.translation import gettext as _

from accounts.access import may
from accounts.enums import InteractionState
from accounts.models import Company, FeatureRequest, FeatureWait, Interaction
from accounts.services.feature_waits import ASKED, REPEATED, SHOWN, answer_wait, wait_for_title
from accounts.services.outcome import Outcome
from accounts.services.release_tasks import reopen_task_of
from upsell_crm.core import audit, clock
from upsell_crm.core.commands import change
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import AuditEvent, User
from upsell_crm.core.roles import Action

BACK = "take_back_wait"


def check_waits(company: Company, outcome: Outcome, *, by: User) -> None:
    """Each text at the rows of the form; raises DomainError."""
    errors = []
    if outcome.waits and not may(by, Action.CREATE_FEATURE, company):
        errors.append(_("You may not enter awaited features of this client."))
    if any(not said.title.strip() for said in outcome.waits):
        errors.append(_("Write which feature the client waits for."))
    if any(said.wait.company_id != company.pk for said in outcome.shown):
        errors.append(_("One of the features is awaited by another client."))
    if errors:
        raise DomainError("invalid", _("Please correct the marked fields."), {"waits": errors})


def write_waits(interaction: Interaction, outcome: Outcome, *, by: User) -> None:
    """What was asked and what was shown; a plan has heard and shown nothing yet."""
    if interaction.state != InteractionState.HELD:
        return
    for asked in outcome.waits:
        wait_for_title(
            interaction.company, asked.title, by=by, product=asked.product, contact=asked.contact, quote=asked.words,
            asked_on=_day(interaction), interaction=interaction,
        )  # fmt: skip
    for shown in outcome.shown:
        answer_wait(shown.wait, by=by, response=shown.response, interaction=interaction)


def take_back_waits(interaction: Interaction, *, by: User) -> None:
    """What this record has added goes, what it has changed becomes as it was unless somebody changed it since."""
    reason = str(interaction.public_id)
    lines = AuditEvent.objects.filter(
        object_type="accounts.featurewait", reason=reason, event__in=[ASKED, REPEATED, SHOWN]
    ).order_by("-id")
    waits = FeatureWait.objects.select_related("feature").in_bulk(
        list(lines.values_list("object_id", flat=True))
    )
    for line in lines:
        if wait := waits.get(line.object_id):
            _take_back(wait, line, interaction, by)
    _take_back_features(reason, by)


def _take_back(wait: FeatureWait, line: AuditEvent, interaction: Interaction, by: User) -> None:
    reason = str(interaction.public_id)
    if line.event == ASKED:
        audit.record(BACK, wait, by=by, reason=reason)
        wait.delete()
        return
    values = _before(wait, line)
    if wait.presentation_id == interaction.pk:
        values["presentation"] = None
    change(wait, values, by=by, event=BACK, check=False)
    reopen_task_of(wait, by=by, reason=reason)


def _before(wait: FeatureWait, line: AuditEvent) -> dict[str, Any]:
    values = {}
    for name, (old, new) in line.changes.items():
        if audit.readable(getattr(wait, name)) == new:
            field = cast("Field[Any, Any]", wait._meta.get_field(name))
            values[name] = field.to_python(old)
    return values


def _take_back_features(reason: str, by: User) -> None:
    """A title that this record had brought into the catalogue, when nobody else waits for it."""
    made = AuditEvent.objects.filter(
        object_type="accounts.featurerequest", reason=reason, event="create_feature"
    )
    for feature in FeatureRequest.objects.filter(pk__in=made.values("object_id"), version=1, waits=None):
        audit.record("take_back_feature", feature, by=by)
        feature.delete()


def _day(interaction: Interaction) -> date:
    return clock.local_date(interaction.starts_at) or clock.today()
