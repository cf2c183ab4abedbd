"""The presentation of the story: № 12 has seen the first version, the second one waits for one fact (product.md §1.15)."""

from accounts.enums import Fact, FactResult
from accounts.models import DepartmentInterest, FactCheck, Interaction
from deals.models import Deal
from roadmaps.deck.snapshot import look
from roadmaps.enums import PlanState, PresentationState
from roadmaps.models import Plan, Presentation
from roadmaps.services.presentations import all_blocks, first_blocks
from upsell_crm.core.clock import local_date
from upsell_crm.demo.world import World

NO = 12
FIRST_ON = -14  # days from T: the first version was shown at the last talk before
CONFIRMED = {
    Fact.DEPARTMENTS: -6,
    Fact.USERS: -6,
    Fact.LICENCES: -5,
    Fact.COURT_LOAD: -190,
}  # the last one is stale


def make_presentations(world: World) -> None:
    """Facts are confirmed, interests get the meeting at which they were named, then the two versions are written."""
    with world.own_dice("presentations"):
        deal = world.deals[NO]
        _confirm(world, deal)
        met = _meeting(world, deal)
        needs = DepartmentInterest.objects.filter(department__company=deal.company, interaction=None)
        needs.filter(as_of__gte=world.day(-120)).update(interaction=met)
        plan = Plan.objects.select_related(
            "deal__company", "deal__responsible_kam", "deal__procurement_type"
        ).get(deal=deal, state=PlanState.PRESENTATION)
        first = _draft(world, plan, 1)
        shown_on = local_date(met.starts_at) or world.as_of
        first.blocks = first_blocks(look(first, shown_on))
        first.snapshot = look(first, shown_on).snapshot()
        first.state, first.shown_at, first.interaction = PresentationState.SHOWN, met.starts_at, met
        first.frozen_at, first.frozen_by = world.moment(shown_on, 8), plan.deal.responsible_kam
        second = _draft(world, plan, 2)
        second.blocks = first.blocks
        world.save(Presentation, [first, second])


def _confirm(world: World, deal: Deal) -> None:
    FactCheck.objects.bulk_create(
        FactCheck(
            company=deal.company, fact=fact, result=FactResult.CONFIRMED, checked_at=world.at(days, 11),
            checked_by=deal.responsible_kam,
        )
        for fact, days in CONFIRMED.items()
    )  # fmt: skip


def _meeting(world: World, deal: Deal) -> Interaction:
    """The last talk at which somebody of the client was present."""
    held = Interaction.objects.two_way().filter(company=deal.company, client_people__attended=True)
    found = held.filter(starts_at__lte=world.at(FIRST_ON)).order_by("-starts_at", "-pk").first()
    return found or held.order_by("starts_at", "pk")[0]


def _draft(world: World, plan: Plan, number: int) -> Presentation:
    kam = plan.deal.responsible_kam
    title = f"{plan.deal.company}: результаты и предложение"
    return Presentation(
        plan=plan, number=number, title=title, blocks=all_blocks("ru"), created_by=kam, updated_by=kam
    )
