"""№ 29 waits to be handed over: its KAM has left, the lead keeps it for the time being (§8.1, story 7)."""

from deals.enums import HandoverReason, HandoverState, IntroMode
from deals.models import ChecklistItem, Handover, HandoverItem
from upsell_crm.demo.world import World


def make_handovers(world: World) -> None:
    """A draft from Седов to Ветров; the rule asks for a three-way meeting, which a colleague who left cannot hold."""
    lead = world.users["belova"]
    [handover] = world.save(
        Handover,
        [
            Handover(
                company=world.companies[29], from_user=world.users["sedov"], to_user=world.users["vetrov"],
                reason=HandoverReason.LEAVE, mode=IntroMode.THREE_WAY, suggested_mode=IntroMode.THREE_WAY,
                suggested_facts={"days": 685, "is_close": True, "people": [], "is_gone": True},
                state=HandoverState.DRAFT, comment="Седов уволился, клиента надо познакомить с новым КАМ до тендера.",
                created_by=lead, updated_by=lead,
            )
        ],
    )  # fmt: skip
    HandoverItem.objects.bulk_create(
        HandoverItem(handover=handover, code=item.code, text_ru=item.text_ru, text_en=item.text_en)
        for item in ChecklistItem.objects.filter(place=ChecklistItem.HANDOVER, active=True).order_by(
            "position", "pk"
        )
    )
