"""Communications belong to deals: the link, the last contact and the next step of the deal follow (§2.2, R77)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.enums import InteractionKind, InteractionState
from accounts.models import Interaction
from accounts.queries import companies_above
from deals.enums import DealKind
from deals.models import Deal, DealInteraction
from deals.services.ranked import announce_facts
from upsell_crm.core.commands import change
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import AuditEvent, User

FIELD = "deal"  # the name under which the slot of the outcome form says the chosen deal; "" = none of them
EVENT = "follow_interaction"


def follow_interaction(*, interaction: Interaction, by: User, context: Mapping[str, str]) -> None:
    """Reaction to `interaction_logged`: link the communication to its deal and bring the deal up to date.

    The person names the deal in the outcome form; unsaid, it is the company's only open deal, if there is one.
    A record that was taken back gives the deal its former next step again.
    """
    linked = Deal.objects.filter(interaction_links__interaction=interaction).first()
    chosen = _chosen(interaction, by, context) if FIELD in context else linked or _only_deal(interaction)
    if linked and linked != chosen:
        DealInteraction.objects.filter(interaction=interaction).delete()
        refresh_last_contact(linked)
    if chosen is None:
        return
    if linked != chosen:
        DealInteraction.objects.create(deal=chosen, interaction=interaction)
    if interaction.retracted_at or interaction.state == InteractionState.PLANNED:
        _take_step_back(chosen, interaction, by)
    elif chosen.is_open:
        _copy_step(chosen, interaction, by)
    refresh_last_contact(chosen)


def refresh_last_contact(deal: Deal) -> None:
    """The moment of the last held communication of the deal; stored for lists, and told to the ranking.

    A sync of colleagues is no contact with the client.
    """
    held = Interaction.objects.held().filter(deal_links__deal=deal).order_by("-starts_at")
    held = held.exclude(kind=InteractionKind.SYNC)
    deal.last_contact_at = held.values_list("starts_at", flat=True).first()
    Deal.objects.filter(pk=deal.pk).update(last_contact_at=deal.last_contact_at)
    announce_facts(deal)


def deals_to_choose(company_id: int) -> Any:
    """Open deals of the company and holding projects over it, the newest first."""
    of_holding = Q(kind=DealKind.HOLDING, company__in=companies_above(company_id))
    return Deal.objects.open().filter(Q(company=company_id) | of_holding).order_by("-pk")


def _chosen(interaction: Interaction, by: User, context: Mapping[str, str]) -> Deal | None:
    if not context[FIELD]:
        return None
    try:
        public_id = UUID(context[FIELD])
    except ValueError:
        public_id = None
    above = [interaction.company_id, *companies_above(interaction.company_id)]
    deal = Deal.objects.visible_to(by).filter(company__in=above, public_id=public_id).first()
    if deal is not None and deal.company_id != interaction.company_id and not deal.is_holding:
        deal = None
    if deal is None:
        raise DomainError("no_such_deal", _("The chosen deal is not of this client."))
    return deal


def _only_deal(interaction: Interaction) -> Deal | None:
    found = list(Deal.objects.open().filter(company=interaction.company_id).order_by("-pk")[:2])
    return found[0] if len(found) == 1 else None


def _copy_step(deal: Deal, interaction: Interaction, by: User) -> None:
    """The newest communication of the deal says what comes next; one entered later for an earlier day does not."""
    newer = Interaction.objects.held().filter(deal_links__deal=deal, starts_at__gt=interaction.starts_at)
    if not interaction.next_step or interaction.next_step_on is None or newer.exists():
        return
    values = {"next_step": interaction.next_step, "next_step_on": interaction.next_step_on}
    change(deal, values, by=by, event=EVENT, reason=str(interaction.public_id))


def _take_step_back(deal: Deal, interaction: Interaction, by: User) -> None:
    """What the deal said before this record, unless somebody has changed it since."""
    copied = AuditEvent.objects.filter(
        object_type="deals.deal", object_id=deal.pk, event=EVENT, reason=str(interaction.public_id)
    )
    before: dict[str, Any] = {}
    for line in copied.order_by("id"):
        for name, (old, new) in line.changes.items():
            before[name] = (before.get(name, (old, new))[0], new)
    now = {"next_step": deal.next_step, "next_step_on": str(deal.next_step_on)}
    if before and deal.is_open and all(now[name] == new for name, (_old, new) in before.items()):
        field = Deal._meta.get_field("next_step_on")
        values = {
            name: field.to_python(old) if name == "next_step_on" else old
            for name, (old, _n) in before.items()
        }
        change(deal, values, by=by, event=EVENT, reason=str(interaction.public_id))
