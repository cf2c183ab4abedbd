"""The companies themselves: requisites, holding tree, size, court load, departments, our people on them."""

from collections.abc import Iterator
from decimal import Decimal

from accounts.enums import DepartmentKind, Industry, InterestLevel, Regime, RevenueSource
from accounts.models import (
    AccountMember,
    Company,
    CompanyYear,
    CourtLoad,
    Department,
    DepartmentInterest,
)
from accounts.services.holdings import refresh_heads
from accounts.services.profile import segment_of
from upsell_crm.core.roles import Role
from upsell_crm.demo.clients_table import BY_NUMBER, CLIENTS, GOLDEN, Client
from upsell_crm.demo.world import World

REGIMES = {"44": Regime.FZ44, "223": Regime.FZ223, "": Regime.COMMERCIAL}
FORMS = ("АО ", "ООО ", "ПАО ", "ГБУ ", "ФГБУ ", "МУП ", "ГУП ")
CASES_PER_BILLION = {Industry.BANK: 22, Industry.CONSTRUCTION: 60, Industry.TELECOM: 18, Industry.LAW: 300}
TEAM_CARE = {"K1": "moroz", "K2": "fomin", "K3": "moroz"}
TEAM_CLOSER = {"K1": "kim", "K2": "orlov", "K3": "kotova"}
MEMBERS = (  # (№, login, role, since, until): who works with a client beside its KAM
    *((no, "naumov", Role.PERFORMER, -200, None) for no in (1, 16, 17, 20, 31, 37)),
    (21, "lisina", Role.KAM, -320, None),
    (28, "panov", Role.LAWYER, -30, None),
    (31, "panov", Role.LAWYER, -20, None),
    (29, "vetrov", Role.KAM, -12, None),
    (29, "sedov", Role.KAM, -700, -15),
)  # fmt: skip


def make_clients(world: World) -> None:
    """All forty, then everything that hangs on a company alone."""
    companies = world.save(Company, (_company(world, client) for client in CLIENTS))
    world.companies = {client.no: company for client, company in zip(CLIENTS, companies, strict=True)}
    for client in CLIENTS:
        if client.head:
            world.companies[client.no].parent = world.companies[client.head]
    Company.objects.bulk_update(companies, ["parent"])
    refresh_heads()
    CompanyYear.objects.bulk_create(_years(world))
    CourtLoad.objects.bulk_create(_court_loads(world))
    _make_departments(world)
    AccountMember.objects.bulk_create(_members(world))


def _company(world: World, client: Client) -> Company:
    kam = world.users[client.kam]
    company = Company(
        name=client.name, short_name=_short(client.name), inn=client.inn, kpp="007701001", ogrn=_ogrn(client.no),
        regime=REGIMES[client.regime], industry=client.industry, region="Лучинская область", city=client.city,
        headcount=client.headcount, is_key=client.is_key, owner_kam=kam, team=kam.team,
        owner_since_on=world.day(-15 if client.no == 29 else -400), source="crm-old",
        external_id=f"OLD-{1000 + client.no}",
        segment=segment_of(None if client.revenue is None else _billions(client.revenue)),
    )  # fmt: skip
    company.set_search_columns()
    return company


def _short(name: str) -> str:
    """«Озёрный Щебень» of «АО «Озёрный Щебень»»."""
    for form in FORMS:
        if name.startswith(f"{form}«") and name.endswith("»"):
            return name[len(form) + 1 : -1].replace("“", "«").replace("”", "»")
    return name


def _ogrn(number: int) -> str:
    body = f"12300770{number:04d}"
    return f"{body}{int(body) % 11 % 10}"


def _billions(revenue: float) -> Decimal:
    return (Decimal(str(revenue)) * 1_000_000_000).quantize(Decimal(1))


def _years(world: World) -> Iterator[CompanyYear]:
    last = world.as_of.year - 1
    for no, company in world.companies.items():
        revenue = BY_NUMBER[no].revenue
        for back in range(3 if revenue else 0):
            yield CompanyYear(
                company=company, year=last - back, source=RevenueSource.FNS, as_of=world.day(-200 - 365 * back),
                revenue=(_billions(revenue or 0) * (100 - 7 * back) / 100).quantize(Decimal(1)),
            )  # fmt: skip


def _court_loads(world: World) -> Iterator[CourtLoad]:
    for no, company in world.companies.items():
        client = BY_NUMBER[no]
        if no in GOLDEN or client.revenue is None or no in (25, 27):
            continue
        base = int(client.revenue * CASES_PER_BILLION.get(Industry(client.industry), 25))
        for quarter in range(4):
            cases = max(4, base * (92 + 3 * quarter + world.dice.randint(-4, 4)) // 100)
            plaintiff = cases * world.dice.randint(25, 60) // 100
            defendant = (cases - plaintiff) * world.dice.randint(60, 95) // 100
            yield CourtLoad(
                company=company, as_of=world.day(-20 - 91 * (3 - quarter)), cases_12m=cases,
                as_plaintiff=plaintiff, as_defendant=defendant, as_other=cases - plaintiff - defendant,
                claims_amount=cases * world.dice.randint(180, 900) * 1000,
            )  # fmt: skip


def _make_departments(world: World) -> None:
    departments = []
    for no, company in world.companies.items():
        size = BY_NUMBER[no].headcount or 60
        lawyers = None if no in GOLDEN or no in (11, 25, 27) else max(2, min(60, size // 110))
        rows = [("Юридический департамент", DepartmentKind.LEGAL, lawyers)]
        if size > 300:
            rows.append(("Служба безопасности", DepartmentKind.SECURITY, max(2, size // 200)))
            rows.append(("Отдел закупок", DepartmentKind.PROCUREMENT, max(2, size // 250)))
        if BY_NUMBER[no].industry in (Industry.BANK, Industry.INSURANCE):
            rows.append(("Кредитный департамент", DepartmentKind.CREDIT, max(3, size // 80)))
        rows.append(("Руководство", DepartmentKind.TOP, None))
        departments += [
            Department(company=company, name=name, kind=kind, headcount=n) for name, kind, n in rows
        ]
    Department.objects.bulk_create(departments)
    DepartmentInterest.objects.bulk_create(_interests(world, departments))


def _interests(world: World, departments: list[Department]) -> Iterator[DepartmentInterest]:
    liking = {
        DepartmentKind.LEGAL: ("casebook", "caselook"),
        DepartmentKind.SECURITY: ("casebook",),
        DepartmentKind.CREDIT: ("casebook",),
        DepartmentKind.TOP: ("caseone",),
    }
    for department in departments:
        for code in liking.get(DepartmentKind(department.kind), ()):
            for back in (210, 35):
                level = world.pick(InterestLevel.values, (1, 3, 5, 3))
                yield DepartmentInterest(
                    department=department, product=world.products[code], level=level,
                    as_of=world.day(-back - world.dice.randint(0, 25)),
                )  # fmt: skip


def _members(world: World) -> Iterator[AccountMember]:
    def member(no: int, login: str, role: Role, since: int, until: int | None = None) -> AccountMember:
        return AccountMember(
            company=world.companies[no], user=world.users[login], role=role, since_on=world.day(since),
            until_on=None if until is None else world.day(until),
        )  # fmt: skip

    for row in MEMBERS:
        yield member(*row)
    for no, company in world.companies.items():
        if BY_NUMBER[no].end is not None and company.team:
            yield member(no, TEAM_CARE[company.team.code], Role.CSM, -300)
            yield member(no, TEAM_CLOSER[company.team.code], Role.CLOSER, -120)
