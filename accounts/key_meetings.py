"""Planned meetings of key clients, for the lead who joins them (R78)."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from accounts.access import within_reach
from accounts.enums import InteractionState
from accounts.models import Interaction, InteractionUser
from accounts.models.interaction import InteractionQuerySet
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action

SHOWN = 6


def key_meetings(user: User, now: datetime) -> InteractionQuerySet:
    """Those ahead, of key clients of whom `user` leads the team; `is_joined` = he comes. The nearest first."""
    mine = InteractionUser.objects.filter(interaction=OuterRef("pk"), user=user)
    return (
        Interaction.objects.standing()
        .filter(
            within_reach(user, Action.ASK_KAM, "company__"), company__is_key=True, company__archived_at=None,
            state=InteractionState.PLANNED, starts_at__gte=now,
        )
        .annotate(is_joined=Exists(mine))
        .select_related("company", "author")
        .order_by("starts_at", "pk")[:SHOWN]
    )  # fmt: skip
