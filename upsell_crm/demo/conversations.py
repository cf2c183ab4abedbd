"""About fifteen hundred communications over two years, with what came of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from accounts.enums import (
    AgreementSide,
    InteractionKind,
    InteractionState,
    ObjectionState,
    TaskState,
)
from accounts.models import (
    Agreement,
    Company,
    Contact,
    ContactStrength,
    Department,
    Interaction,
    InteractionContact,
    InteractionDepartment,
    InteractionUser,
    Objection,
    Product,
    ProductFeedback,
    Task,
)
from upsell_crm.core.models import User
from upsell_crm.demo import phrases
from upsell_crm.demo.world import World

K, ST = InteractionKind, InteractionState
KINDS, KIND_WEIGHTS = (K.MEETING, K.CALL, K.VIDEO, K.EMAIL, K.EVENT), (28, 36, 16, 17, 3)
RECENT = 25  # days within which promises may still be open


@dataclass(slots=True)
class Talks:
    """Rows of all tables of the communications, gathered for bulk inserts."""

    interactions: list[Interaction] = field(default_factory=list)
    people: list[InteractionContact] = field(default_factory=list)
    colleagues: list[InteractionUser] = field(default_factory=list)
    departments: list[InteractionDepartment] = field(default_factory=list)
    feedback: list[ProductFeedback] = field(default_factory=list)
    objections: list[Objection] = field(default_factory=list)
    agreements: list[Agreement] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    said: dict[int, list[str]] = field(
        default_factory=dict
    )  # company → its records so far, so that none repeats soon


def make_conversations(world: World) -> None:
    """Write the talks of two years, their promises and tasks, and the columns that companies keep of them."""
    talks, numbers = Talks(), {company.pk: no for no, company in world.companies.items()}
    legal = {d.company_id: d for d in Department.objects.filter(kind="legal").order_by("pk")}
    pairs = ContactStrength.objects.select_related("contact__company", "user").order_by("pk")
    newest = _newest(list(pairs))
    told = [(pair.contact.company_id, day, pair) for pair in pairs for day in _days(world, pair)]
    for company_id, day, pair in sorted(told, key=lambda row: (row[0], row[1], row[2].pk)):
        is_last_word = day == pair.last_two_way_on and newest[company_id] == pair.pk
        _talk(world, talks, pair, day, numbers[company_id], is_last_word, legal)
    _write(world, talks)
    _remember(world, talks.interactions)


def _newest(pairs: list[ContactStrength]) -> dict[int, int]:
    """Company → the pair that spoke last; its talk is the last word on the company."""
    newest: dict[int, ContactStrength] = {}
    for pair in pairs:
        best = newest.get(pair.contact.company_id)
        if best is None or (pair.last_two_way_on or date.min) > (best.last_two_way_on or date.min):
            newest[pair.contact.company_id] = pair
    return {company_id: pair.pk for company_id, pair in newest.items()}


def _days(world: World, pair: ContactStrength) -> Iterator[date]:
    """The day of the last talk and days before it, two to seven weeks apart, over two years at most."""
    day = pair.last_two_way_on
    for _number in range(1 + pair.level * 2 + world.dice.randint(1, 3)):
        if day is None or day < world.day(-760):
            return
        yield day
        day = world.calendar.roll(day - timedelta(days=world.dice.randint(13, 48)))


def _talk(
    world: World,
    talks: Talks,
    pair: ContactStrength,
    day: date,
    no: int,
    is_last: bool,
    legal: dict[int, Department],
) -> None:
    dice, contact, company = world.dice, pair.contact, pair.contact.company
    is_newest = day == pair.last_two_way_on
    kind = (
        world.pick((K.MEETING, K.CALL, K.VIDEO), (4, 4, 2)) if is_newest else world.pick(KINDS, KIND_WEIGHTS)
    )
    is_off = not is_newest and dice.random() < 0.04
    purpose = world.pick(phrases.PURPOSES, phrases.PURPOSE_WEIGHTS)
    product = world.products[world.pick(("casebook", "caselook", "caseone"), (6, 3, 1))]
    interaction = Interaction(
        company=company, kind=kind, state=world.pick((ST.CANCELLED, ST.NO_SHOW)) if is_off else ST.HELD,
        starts_at=_moment(world, day), duration_min=world.pick((15, 30, 45, 60, 90)), purpose=purpose,
        author=pair.user, created_by=pair.user, updated_by=pair.user,
        replied=kind == K.EMAIL and dice.random() < 0.7,
    )  # fmt: skip
    if not is_off:
        _outcome(world, talks, interaction, day, product.name_ru, is_last, no)
        _parts(world, talks, interaction, contact, day, product, no, legal.get(company.pk))
    talks.interactions.append(interaction)
    talks.people.append(InteractionContact(interaction=interaction, contact=contact, attended=not is_off))
    talks.colleagues.append(_colleague(interaction, pair.user))


def _outcome(
    world: World, talks: Talks, interaction: Interaction, day: date, product: str, is_last: bool, no: int
) -> None:
    dice = world.dice
    interaction.purpose, words = _words(world, talks, no)
    interaction.summary = words.format(product=product, n=dice.randint(2, 9))
    interaction.result = world.pick(phrases.RESULTS, (5, 4, 1))
    interaction.next_step = world.pick(phrases.NEXT_STEPS)
    if is_last and no in phrases.LAST_WORDS:
        interaction.purpose, interaction.summary, interaction.next_step = phrases.LAST_WORDS[no]
    if dice.random() < 0.1 and not (is_last and no in phrases.LAST_WORDS):
        interaction.next_step, interaction.no_next_step_because = "", world.pick(phrases.NO_STEP)
    else:
        ahead = world.day(dice.randint(-4, 12)) if is_last else day + timedelta(days=dice.randint(3, 15))
        interaction.next_step_on = max(day, world.calendar.roll(ahead))
    if dice.random() < 0.06:
        interaction.competitor = world.pick(phrases.COMPETITORS)
    if dice.random() < 0.05:
        interaction.budget = Decimal(dice.randint(3, 40) * 100_000)
    interaction.tags = dice.sample(phrases.TAGS, dice.randint(0, 2))


def _words(world: World, talks: Talks, no: int) -> tuple[str, str]:
    """A purpose and a record of it that this client has not had in its last eight."""
    said = talks.said.setdefault(no, [])
    while True:
        purpose = world.pick(phrases.PURPOSES, phrases.PURPOSE_WEIGHTS)
        words = world.pick(phrases.SUMMARIES[purpose])
        if words not in said[-8:]:
            said.append(words)
            return purpose, words


def _parts(
    world: World,
    talks: Talks,
    interaction: Interaction,
    contact: Contact,
    day: date,
    product: Product,
    no: int,
    legal: Department | None,
) -> None:
    dice = world.dice
    if interaction.kind != K.EMAIL and dice.random() < 0.38:
        reaction = -1 if no == 36 else world.pick((2, 1, 0, -1, -2), (4, 7, 4, 2, 1))
        text = world.pick(phrases.FEEDBACK[reaction]).format(product=product.name_ru)
        talks.feedback.append(
            ProductFeedback(
                interaction=interaction,
                product=product,
                reaction=reaction,
                text=text,
                quote_ok=dice.random() < 0.2,
            )
        )
    is_dear = no == 30 and day > world.day(-30)
    if is_dear or dice.random() < 0.09:
        talks.objections.append(_objection(world, interaction, day, is_dear))
    if legal is not None and dice.random() < 0.2:
        talks.departments.append(
            InteractionDepartment(interaction=interaction, department=legal, level=dice.randint(1, 3))
        )
    if dice.random() < (0.8 if day >= world.day(-RECENT) else 0.22):
        _agree(world, talks, interaction, contact, day)


def _objection(world: World, interaction: Interaction, day: date, is_dear: bool) -> Objection:
    category, words, answer = phrases.OBJECTIONS[0] if is_dear else world.pick(phrases.OBJECTIONS)
    is_open = is_dear or day > world.day(-40) or world.dice.random() < 0.1
    return Objection(
        interaction=interaction, company=interaction.company, category=category, text=words,
        state=ObjectionState.OPEN if is_open else ObjectionState.HANDLED, handled_how="" if is_open else answer,
    )  # fmt: skip


def _agree(world: World, talks: Talks, interaction: Interaction, contact: Contact, day: date) -> None:
    """A promise: ours with a date is a task too; old ones are kept, recent ones may be open or late."""
    dice = world.dice
    due_on = world.calendar.add(day, dice.randint(2, 9))
    is_open = day >= world.day(-RECENT) and (due_on >= world.as_of or dice.random() < 0.35)
    agreement = Agreement(interaction=interaction, company=interaction.company, due_on=due_on)
    agreement.done_at = None if is_open else world.moment(min(due_on, world.as_of), 17)
    if dice.random() < 0.25:
        agreement.side, agreement.text = AgreementSide.CLIENT, world.pick(phrases.CLIENT_AGREEMENTS)
        agreement.owner_contact = contact
    else:
        agreement.text, agreement.owner_user = world.pick(phrases.AGREEMENTS), interaction.author
        agreement.task = Task(
            company=interaction.company, title=agreement.text, assignee=interaction.author, due_on=due_on,
            state=TaskState.TODO if is_open else TaskState.DONE, done_at=agreement.done_at,
            actual_result="" if is_open else world.pick(phrases.DONE), created_by=interaction.author,
        )  # fmt: skip
        talks.tasks.append(agreement.task)
    talks.agreements.append(agreement)


def _colleague(interaction: Interaction, user: User) -> InteractionUser:
    return InteractionUser(interaction=interaction, user=user)


def _moment(world: World, day: date) -> datetime:
    return world.moment(day, world.dice.randint(9, 17), world.pick((0, 15, 30, 45)))


def _write(world: World, talks: Talks) -> None:
    world.save(Interaction, talks.interactions)
    world.save(Task, talks.tasks)
    InteractionContact.objects.bulk_create(talks.people, batch_size=500)
    InteractionUser.objects.bulk_create(talks.colleagues, batch_size=500)
    InteractionDepartment.objects.bulk_create(talks.departments)
    ProductFeedback.objects.bulk_create(talks.feedback, batch_size=500)
    world.save(Objection, talks.objections)
    Agreement.objects.bulk_create(talks.agreements, batch_size=500)


def _remember(world: World, interactions: list[Interaction]) -> None:
    """Last contact and next step of each company, as the services would have stored them."""
    companies = {company.pk: company for company in world.companies.values()}
    for interaction in sorted(interactions, key=lambda one: one.starts_at):
        company = companies[interaction.company_id]
        if interaction.state != ST.HELD:
            continue
        if interaction.kind != K.EMAIL or interaction.replied:
            company.last_contact_at = interaction.starts_at
        if interaction.next_step or interaction.no_next_step_because:
            company.next_step, company.next_step_on = interaction.next_step, interaction.next_step_on
    Company.objects.bulk_update(world.companies.values(), ["last_contact_at", "next_step", "next_step_on"])
