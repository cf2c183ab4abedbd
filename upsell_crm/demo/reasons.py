"""What makes the remaining rules of the reasons to call speak, and the signals of the day the story is told."""

from django.db.models import F

from accounts.enums import ContactState, DecisionRole
from accounts.models import Contact, ContactRole, ContactStrength, CourtLoad, InteractionContact
from reports.models import Signal
from reports.services.signal_refresh import refresh_signals
from upsell_crm.demo.world import World

GROWTH = {8: 135, 29: 124, 39: 160}  # № → cases now, % of what they were: new suits since the last quarter
COMERS = (
    (32, "Шубина", "Алла", "Родионовна", -9),
    (9, "Каретников", "Гордей", "Львович", -31),
)  # № → the new ЛПР
LEAVERS = ((38, -16),)  # № → when the ЛПР left
ALONE = (26, 190)  # № and for how many days everybody of us has spoken with its ЛПР alone
NIGHTS = (30, 22, 15, 8, 3, 1, 0)  # days back
SNOOZED = (36, "trained_idle", 8, "Повторное обучение уже назначено.")


def make_reasons(world: World) -> None:
    """More cases in court, ЛПР who came and went; none of it at a company with a golden score."""
    for no, percent in GROWTH.items():
        _, *_, before, last = CourtLoad.objects.filter(company=world.companies[no]).order_by("as_of")
        last.cases_12m = before.cases_12m * percent // 100
        last.as_other = last.cases_12m - last.as_plaintiff - last.as_defendant
        last.save()
    for no, *name, since in COMERS:
        _come(world, no, name, since)
    for no, on in LEAVERS:
        person, day = world.contacts[no][0], world.day(on)
        Contact.objects.filter(pk=person.pk).update(state=ContactState.LEFT, left_on=day)
        ContactRole.objects.filter(contact=person, valid_to=None).update(valid_to=day)
    _leave_alone(world, *ALONE)


def find_reasons(world: World) -> None:
    """The signals of the day, as the nights of a month have found them; one is put aside."""
    for back in NIGHTS:
        refresh_signals(as_of=world.day(-back))
    no, rule, days, reason = SNOOZED
    company = world.companies[no]
    Signal.objects.filter(company=company, rule=rule).update(
        snoozed_until=world.day(days), snooze_reason=reason, snoozed_by=company.owner_kam,
        snoozed_severity=F("severity"),
    )  # fmt: skip


def _come(world: World, no: int, name: list[str], since: int) -> None:
    last_name, first_name, patronymic = name
    person = Contact(
        last_name=last_name, first_name=first_name, patronymic=patronymic, company=world.companies[no],
        position="Директор по правовым вопросам", state=ContactState.UNVERIFIED,
    )  # fmt: skip
    person.set_search_columns()
    world.save(Contact, [person])
    role = ContactRole(
        contact=person, company=world.companies[no], role=DecisionRole.DM, is_key=True, influence=4,
        valid_from=world.day(since),
    )  # fmt: skip
    world.save(ContactRole, [role])


def _leave_alone(world: World, no: int, days: int) -> None:
    """Move the talks of these days to the ЛПР; who took part beside him did not come."""
    person, *others = world.contacts[no]
    places = InteractionContact.objects.filter(
        interaction__company=world.companies[no], interaction__starts_at__gte=world.at(-days)
    ).exclude(contact=person)
    with_him = person.interactions.values_list("interaction_id", flat=True)
    places.filter(interaction__in=list(with_him)).update(attended=False)
    places.exclude(interaction__in=list(with_him)).update(contact=person)
    ContactStrength.objects.filter(contact__in=others, last_two_way_on__gt=world.day(-days)).update(
        last_two_way_on=world.working_day(-days - 10)
    )
