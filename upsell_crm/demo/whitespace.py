"""What «Белые пятна» and the relationship maps have to show: refusals, competitors, a blocker, a department nobody knows."""

from dataclasses import dataclass

from accounts.enums import ContactState, DecisionRole, DepartmentKind, LinkKind
from accounts.models import (
    Company,
    Contact,
    ContactLink,
    ContactRole,
    Department,
    DepartmentInterest,
    Interaction,
    ProductFeedback,
)
from upsell_crm.demo.world import World

VOLGA, BANK, GENERATION, NETS, ENGINEERING = 21, 12, 2, 4, 6
REFUSED = ((NETS, "casebook"), (GENERATION, "caselook"))  # № and product: every department has refused
COMPETITORS = (  # №, product of the talk, who sells it there, what was said
    (ENGINEERING, "caselook", "Право.Поиск", "Ищут практику в «Право.Поиске», подписка до конца года."),
    (BANK, "caseone", "ЮрПоток", "Дела ведут в «ЮрПотоке», он написан под банк."),
)
WANTS = ((ENGINEERING, "casebook", 3), (VOLGA, "caselook", 3))  # the last word of a new department


@dataclass(frozen=True)
class Newcomer:
    """A person of № 21 whom the map needs: role, influence 1–5, attitude −2…+2, to whom he reports: 0 and 1 are the ЛПР."""

    name: str
    position: str
    role: str
    influence: int
    attitude: int
    under: int | None
    state: str = ContactState.ACTIVE


NEWCOMERS = (
    Newcomer("Стрелецкая Нина Аркадьевна", "Руководитель проектов цифровизации", DecisionRole.BLOCKER, 4, -2, None),
    Newcomer("Горчаков Илья Викторович", "Начальник судебного отдела", DecisionRole.CHAMPION, 3, 2, 0),
    Newcomer("Белозёров Захар Петрович", "Юрист по спорам", DecisionRole.USER, 2, 1, 0),
    Newcomer(
        "Кулик Марина Олеговна", "Специалист по закупкам", DecisionRole.PROCUREMENT, 2, 0, 2, ContactState.UNVERIFIED
    ),
)  # fmt: skip


def make_whitespace(world: World) -> None:
    """Adds to what is told already; told last, so the rest of the story stays as it was."""
    _refusals(world)
    _competitors(world)
    _wishes(world)
    _map_of_volga(world)


def _refusals(world: World) -> None:
    for no, code in REFUSED:
        DepartmentInterest.objects.bulk_create(
            DepartmentInterest(
                department=department, product=world.products[code], level=0, as_of=world.day(-20)
            )
            for department in world.companies[no].departments.order_by("pk")
        )


def _competitors(world: World) -> None:
    """At the last talk that was held; the company is where its reaction to the product is negative."""
    for no, code, name, words in COMPETITORS:
        talk = (
            Interaction.objects.held()
            .filter(company=world.companies[no])
            .order_by("-starts_at", "-pk")
            .first()
        )
        if talk is None:
            continue
        Interaction.objects.filter(pk=talk.pk).update(competitor=name)
        ProductFeedback.objects.update_or_create(
            interaction=talk, product=world.products[code], defaults={"reaction": -1, "text": words}
        )


def _wishes(world: World) -> None:
    """A department that wants, and of which nobody is known."""
    for no, code, level in WANTS:
        department, _is_new = Department.objects.get_or_create(
            company=world.companies[no], name="Служба комплаенс", defaults={"kind": DepartmentKind.COMPLIANCE}
        )
        DepartmentInterest.objects.create(
            department=department, product=world.products[code], level=level, as_of=world.day(-8)
        )


def _map_of_volga(world: World) -> None:
    company: Company = world.companies[VOLGA]
    deciders = world.contacts[VOLGA][:2]
    people = [_contact(company, each) for each in NEWCOMERS]
    world.save(Contact, people)
    world.save(
        ContactRole,
        (
            ContactRole(
                contact=person, company=company, role=each.role, influence=each.influence, attitude=each.attitude,
                valid_from=world.day(-200),
            )
            for person, each in zip(people, NEWCOMERS, strict=True)
        ),
    )  # fmt: skip
    superiors = [*deciders, *people]
    ContactLink.objects.bulk_create(
        ContactLink(from_contact=person, to_contact=superiors[each.under], kind=LinkKind.REPORTS_TO)
        for person, each in zip(people, NEWCOMERS, strict=True)
        if each.under is not None
    )
    blocker, champion = people[:2]
    ContactLink.objects.create(from_contact=blocker, to_contact=champion, kind=LinkKind.CONFLICT)
    ContactLink.objects.create(from_contact=champion, to_contact=deciders[0], kind=LinkKind.INFLUENCES)


def _contact(company: Company, each: Newcomer) -> Contact:
    last_name, first_name, patronymic = each.name.split()
    person = Contact(
        company=company, last_name=last_name, first_name=first_name, patronymic=patronymic, position=each.position,
        state=each.state,
    )  # fmt: skip
    person.set_search_columns()
    return person
