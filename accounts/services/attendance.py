"""A lead joins the planned meetings of key clients (R78)."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import may
from accounts.enums import InteractionState
from accounts.models import Interaction, InteractionUser
from upsell_crm.core import audit, clock
from upsell_crm.core.errors import DomainError, NotAllowed
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action, Role


def join_meeting(*, by: User, interaction: Interaction) -> None:
    """The lead of the client's team comes along; joining twice is joining once. Raises NotAllowed, DomainError."""
    _check(by, interaction)
    with transaction.atomic():
        _row, is_new = InteractionUser.objects.get_or_create(
            interaction=interaction, user=by, defaults={"role": Role.LEAD, "attended": False}
        )
        if is_new:
            _record("join_meeting", interaction, [None, str(by)], by=by)


def leave_meeting(*, by: User, interaction: Interaction) -> None:
    """He does not come after all. Raises NotAllowed, DomainError."""
    _check(by, interaction)
    with transaction.atomic():
        gone, _rows = InteractionUser.objects.filter(interaction=interaction, user=by).delete()
        if gone:
            _record("leave_meeting", interaction, [str(by), None], by=by)


def _check(by: User, interaction: Interaction) -> None:
    if not may(by, Action.ASK_KAM, interaction.company):
        raise NotAllowed("not_the_lead", _("Only the lead of the team joins by one click."))
    if interaction.state != InteractionState.PLANNED or interaction.starts_at < clock.now():
        raise DomainError("not_ahead", _("This meeting is not ahead any more."))


def _record(event: str, interaction: Interaction, people: list[str | None], *, by: User) -> None:
    audit.record(event, interaction, by=by, company_id=interaction.company_id, changes={"our_people": people})
