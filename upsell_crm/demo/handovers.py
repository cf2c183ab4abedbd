"""№ 29 waits to be handed over: its KAM has left, the lead keeps it for the time being (§8.1, story 7)."""

from django.utils.translation import override

from deals.enums import HandoverReason, HandoverState
from deals.handover_dossier import build_dossier
from deals.handover_mode import suggest_mode
from deals.models import Handover
from deals.services.handover_items import make_items
from upsell_crm.demo.world import World


def make_handovers(world: World) -> None:
    """A draft from Седов to Ветров; the rule asks for a three-way meeting, which a colleague who left cannot hold."""
    lead, giver, company = world.users["belova"], world.users["sedov"], world.companies[29]
    suggestion = suggest_mode(company, None, giver, world.as_of)
    [handover] = world.save(
        Handover,
        [
            Handover(
                company=company, from_user=giver, to_user=world.users["vetrov"], reason=HandoverReason.LEAVE,
                mode=suggestion.mode, suggested_mode=suggestion.mode, suggested_facts=suggestion.facts,
                dossier=build_dossier(company, None, giver, world.as_of), state=HandoverState.DRAFT,
                comment="Седов уволился, клиента надо познакомить с новым КАМ до тендера.",
                created_by=lead, updated_by=lead,
            )
        ],
    )  # fmt: skip
    with override("ru"):  # the lines are filled in the language of their author
        make_items(handover)
