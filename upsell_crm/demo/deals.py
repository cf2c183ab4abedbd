"""Deals of the story with their lines, working groups, tasks and talks, in the state of the day T."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from accounts.enums import ContractStatus, InteractionKind, InteractionState, TaskOrigin
from accounts.models import Company, Contract, Interaction, InteractionContact, InteractionUser, Task
from accounts.services.interactions import refresh_company
from deals.enums import CLOSER_STAGES, ROAD, CloseReason, DealKind, DealStage, Forecast
from deals.models import (
    ChecklistItem,
    Deal,
    DealContract,
    DealInteraction,
    DealLine,
    DealMember,
    DealRenewal,
    DealTask,
    StageCheck,
)
from deals.services.account_members import refresh_account_members
from upsell_crm.core.models import User
from upsell_crm.core.roles import Role
from upsell_crm.demo.clients_table import BY_NUMBER
from upsell_crm.demo.deals_table import LOST, OPEN, WON_REASONS_OF_STORY, Lost, Told
from upsell_crm.demo.world import World

RESEARCHERS = {"K1": "rogov", "K2": "yudina", "K3": "ershov"}
CLOSERS = {"K1": "kim", "K2": "orlov", "K3": "kotova"}
CARE = {"K1": "moroz", "K2": "fomin", "K3": "moroz"}
EXTRA_MEMBERS: tuple[tuple[int, str, Role, int | None], ...] = (  # №, login, role, № of the ДЗО or none
    (1, "aliev", Role.KAM, 3), (1, "aliev", Role.KAM, 4), (1, "aliev", Role.KAM, 7), (1, "lisina", Role.KAM, 5),
    (1, "naumov", Role.PERFORMER, 2), (1, "kim", Role.CLOSER, 5), (1, "orlov", Role.CLOSER, None),
    (1, "levin", Role.TUTOR, None), (12, "panov", Role.LAWYER, None), (12, "gai", Role.TUTOR, None),
    (20, "orlov", Role.CLOSER, None), (20, "fomin", Role.CSM, None), (20, "levin", Role.TUTOR, None),
    (21, "lisina", Role.KAM, None), (28, "panov", Role.LAWYER, None), (29, "vetrov", Role.KAM, None),
    (31, "panov", Role.LAWYER, None), (31, "naumov", Role.PERFORMER, None), (31, "titova", Role.BACKOFFICE, None),
)  # fmt: skip
TITLES = {
    DealKind.RENEWAL: "Пролонгация", DealKind.RENEWAL_UPSELL: "Пролонгация и допродажа", DealKind.UPSELL: "Допродажа",
    DealKind.CROSS_SELL: "Новый продукт", DealKind.HOLDING: "Проект по холдингу",
}  # fmt: skip


def make_deals(world: World) -> None:
    """Open, won and lost deals; `world.deals` holds the open ones by №."""
    told = world.save(Deal, (_open_deal(world, row) for row in OPEN))
    world.deals = {row.no: deal for row, deal in zip(OPEN, told, strict=True)}
    closed = world.save(Deal, [*_won(world), *(_lost(world, row) for row in LOST)])
    _make_lines(world, [*told, *closed])
    _make_contract_links(world)
    world.save(DealMember, [*_members(world), *_old_members(world, closed)])
    _make_tasks(world)
    _make_talks(world)
    StageCheck.objects.bulk_create(_checks(world))
    refresh_account_members(told)


def _open_deal(world: World, row: Told) -> Deal:
    company, present = world.companies[row.no], world.contracts.get(row.no)
    kam = company.owner_kam or world.users["admin"]
    is_held = row.stage == DealStage.HOLD
    opened_on = world.working_day(-row.opened)
    return Deal(
        company=company, kind=row.kind, title=f"{TITLES[DealKind(row.kind)]}: {company}", stage=row.stage,
        return_stage=DealStage.NEEDS if is_held else "", opened_on=opened_on,
        stage_since=world.moment(world.working_day(-row.opened // 3), 11), responsible_kam=kam,
        needs_kam=row.no == 29, team=kam.team, next_step=row.step,
        next_step_on=None if is_held else world.workday(row.step_in),
        hold_until=None if row.hold_in is None else world.working_day(row.hold_in),
        target_date=present.end_date if present else world.working_day(60), forecast=row.forecast,
        act_by_at_opening=present.act_by if present else None,
        procurement_type=world.procedures.get(BY_NUMBER[row.no].procedure) if row.no != 22 else None,
        loss_proposed_by=kam if row.is_loss_proposed else None,
        main_reason=CloseReason.LOW_USAGE if row.is_loss_proposed else "",
        close_comment="Активны 9 из 45, руководитель не видит пользы." if row.is_loss_proposed else "",
        quality_pct=0 if row.stage == DealStage.RESEARCH else 88, created_by=kam, updated_by=kam,
    )  # fmt: skip


def _won(world: World) -> Iterator[Deal]:
    """Each present contract that renewed another one came by a won deal."""
    for no, contract in world.contracts.items():
        if contract.renews is None or no == 37:
            continue
        company, kam = (
            world.companies[no],
            world.users["sedov"] if no == 29 else world.companies[no].owner_kam,
        )
        closed_on = contract.signed_on or contract.paid_on or contract.start_date
        yield _closed(
            world, company, kam or world.users["admin"], closed_on, DealStage.WON,
            reason=WON_REASONS_OF_STORY[no % len(WON_REASONS_OF_STORY)], title=f"Пролонгация: {company}",
        )  # fmt: skip


def _lost(world: World, row: Lost) -> Deal:
    company = world.companies[row.no]
    deal = _closed(
        world, company, company.owner_kam or world.users["admin"], world.working_day(-row.closed), DealStage.LOST,
        reason=row.reason, title=f"{TITLES[DealKind.RENEWAL]}: {company}" if row.no in (24, 40) else f"Допродажа: {company}",
    )  # fmt: skip
    deal.other_reasons, deal.close_comment = list(row.others), row.comment
    deal.kind = DealKind.RENEWAL if row.no in (24, 40) else DealKind.CROSS_SELL
    return deal


def _closed(
    world: World, company: Company, kam: User, closed_on: date, stage: str, *, reason: str, title: str
) -> Deal:
    moment = world.moment(closed_on, 16)
    return Deal(
        company=company, kind=DealKind.RENEWAL_UPSELL, title=title, stage=stage, closed_at=moment, stage_since=moment,
        return_stage=DealStage.SIGNING if stage == DealStage.WON else DealStage.NEEDS, responsible_kam=kam,
        team=kam.team, lead_at_close=kam.team.lead if kam.team else None, main_reason=reason,
        opened_on=world.calendar.roll(closed_on - timedelta(days=75)), target_date=closed_on, quality_pct=92,
        act_by_at_opening=world.calendar.roll(closed_on - timedelta(days=60)),
        forecast=Forecast.COMMIT, created_by=kam, updated_by=kam,
    )  # fmt: skip


def _make_lines(world: World, deals: list[Deal]) -> None:
    lines = []
    for deal in deals:
        for line in _lines(world, deal):
            line.amount = line.computed_amount()
            deal.amount += line.amount
            deal.current_amount += line.current_amount
            lines.append(line)
    world.save(DealLine, lines)
    Deal.objects.bulk_update(deals, ["amount", "current_amount"], batch_size=200)


def _lines(world: World, deal: Deal) -> Iterator[DealLine]:
    no = next(number for number, company in world.companies.items() if company == deal.company)
    now = {"casebook": BY_NUMBER[no].casebook, "caselook": BY_NUMBER[no].caselook}
    discount = 0
    if deal.is_open:
        row = next(row for row in OPEN if row.no == no)
        new, discount = row.seats, row.discount
    elif deal.stage == DealStage.LOST:
        new = next(row.seats for row in LOST if row.no == no)
    else:
        new, now = now, {code: seats * 4 // 5 for code, seats in now.items()}
    is_renewal = deal.kind not in (DealKind.CROSS_SELL,)
    for code in dict.fromkeys([*new, *(now if is_renewal and deal.stage != DealStage.LOST else ())]):
        product, before = world.products[code], now.get(code, 0) if is_renewal else 0
        if not (new.get(code, 0) or before):
            continue
        yield DealLine(
            deal=deal, product=product, seats_current=before, seats_new=new.get(code, 0), price=product.list_price_year,
            discount_pct=discount, current_amount=product.list_price_year * before,
        )  # fmt: skip


def _make_contract_links(world: World) -> None:
    """An open deal renews the present contract and brings the one that is being prepared."""
    renewing = [
        (deal, world.contracts[no])
        for no, deal in world.deals.items()
        if no in world.contracts
        and deal.kind in (DealKind.RENEWAL, DealKind.RENEWAL_UPSELL, DealKind.HOLDING)
    ]
    DealRenewal.objects.bulk_create(DealRenewal(deal=deal, contract=contract) for deal, contract in renewing)
    coming = Contract.objects.filter(
        status__in=[ContractStatus.DRAFT, ContractStatus.APPROVAL, ContractStatus.SIGNING]
    ).order_by("pk")
    by_company = {deal.company_id: deal for deal in world.deals.values()}
    DealContract.objects.bulk_create(
        DealContract(deal=by_company[contract.company_id], contract=contract)
        for contract in coming
        if contract.company_id in by_company
    )


def _members(world: World) -> Iterator[DealMember]:
    for no, deal in world.deals.items():
        team = deal.team.code
        kam_role = Role.LEAD if deal.needs_kam else Role.KAM
        yield _member(world, deal, deal.responsible_kam.username, kam_role)
        yield _member(world, deal, RESEARCHERS[team], Role.RESEARCHER)
        if deal.stage in CLOSER_STAGES or no == 12:
            yield _member(world, deal, CLOSERS[team], Role.CLOSER)
        if no in (1, 12, 21, 31, 36):
            yield _member(world, deal, CARE[team], Role.CSM)
    for no, login, role, scope in EXTRA_MEMBERS:
        yield _member(world, world.deals[no], login, role, world.companies[scope] if scope else None)


def _old_members(world: World, closed: Iterable[Deal]) -> Iterator[DealMember]:
    for deal in closed:
        member = _member(world, deal, deal.responsible_kam.username, Role.KAM)
        if not deal.responsible_kam.is_active:
            member.ended_on = world.day(-15)
        yield member


def _member(world: World, deal: Deal, login: str, role: Role, scope: Company | None = None) -> DealMember:
    return DealMember(
        deal=deal, user=world.users[login], role=role, scope_company=scope, since_on=deal.opened_on,
        created_by=deal.responsible_kam, updated_by=deal.responsible_kam,
    )  # fmt: skip


def _make_tasks(world: World) -> None:
    rows = [(world.deals[row.no], title, days) for row in OPEN for title, days in row.tasks]
    tasks = world.save(Task, (_task(world, *row) for row in rows))
    DealTask.objects.bulk_create(
        DealTask(deal=deal, task=task) for (deal, _title, _days), task in zip(rows, tasks, strict=True)
    )


def _task(world: World, deal: Deal, title: str, days: int) -> Task:
    kam = deal.responsible_kam
    return Task(
        company=deal.company, title=title, assignee=kam, receiver=kam, due_on=world.workday(days),
        origin=TaskOrigin.PLAN, created_by=kam, updated_by=kam,
    )  # fmt: skip


def _make_talks(world: World) -> None:
    """The talks of the client since the deal was opened belong to it; one of them is the last that counts."""
    links = []
    for row in OPEN:
        deal, until = world.deals[row.no], world.at(-row.talked + 1, 0)
        own = Interaction.objects.filter(
            company=deal.company, state=InteractionState.HELD, starts_at__lt=until,
            starts_at__gte=world.moment(deal.opened_on, 0),
        ).order_by("starts_at", "pk")  # fmt: skip
        talks = [*own, _last_talk(world, deal, row)]
        links += [DealInteraction(deal=deal, interaction=talk) for talk in talks]
        deal.last_contact_at = max(talk.starts_at for talk in talks)
    DealInteraction.objects.bulk_create(links)
    Deal.objects.bulk_update(world.deals.values(), ["last_contact_at"])
    for deal in world.deals.values():
        refresh_company(deal.company)


def _last_talk(world: World, deal: Deal, row: Told) -> Interaction:
    kam = deal.responsible_kam
    [talk] = world.save(
        Interaction,
        [
            Interaction(
                company=deal.company, kind=InteractionKind.CALL, state=InteractionState.HELD, duration_min=20,
                starts_at=world.moment(world.working_day(-row.talked), 17), author=kam,
                summary=f"Созвонились по сделке. Договорились о следующем шаге: {row.step.lower() or 'вернёмся после паузы'}.",
                next_step=row.step or "Вернуться к разговору", next_step_on=deal.next_step_on or deal.hold_until,
                created_by=kam, updated_by=kam,
            )
        ],
    )  # fmt: skip
    InteractionContact.objects.create(interaction=talk, contact=world.contacts[row.no][0])
    InteractionUser.objects.create(interaction=talk, user=kam)
    return talk


def _checks(world: World) -> Iterator[StageCheck]:
    """Stages that were left have their checklist, mostly ticked."""
    items: dict[str, list[ChecklistItem]] = {}
    for item in ChecklistItem.objects.order_by("pk"):
        items.setdefault(item.place, []).append(item)
    for deal in world.deals.values():
        stage = deal.return_stage or deal.stage
        for left in ROAD[: ROAD.index(DealStage(stage))]:
            for number, item in enumerate(items.get(left, ())):
                is_done = number != 3
                yield StageCheck(
                    deal=deal, stage=left, code=item.code, text_ru=item.text_ru, text_en=item.text_en, is_done=is_done,
                    by=deal.responsible_kam if is_done else None, at=deal.stage_since if is_done else None,
                )  # fmt: skip
