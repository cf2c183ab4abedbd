"""The demo story holds what domain.md §8.1 promises, row by row, and is the same for the same seed."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings

from accounts.act_by import slack
from accounts.calendar import load_calendar
from accounts.models import (
    Agreement,
    Company,
    Contact,
    ContactRole,
    Contract,
    FactCheck,
    Interaction,
    LicenceLine,
    Objection,
    PotentialEstimate,
    ProcurementProfile,
    Task,
)
from deals.enums import Approval, DealStage, ValueState
from deals.models import Deal, DealLine, DealMember, Document, DocumentRequest, Handover, HoldingProgram
from reports.models import RankRow, RankRun, Signal, SignalRule
from reports.services.ranking import run_ranking
from reports.services.signal_refresh import refresh_signals
from tests.factories import T
from trainings.client_names import clients_named_in
from trainings.enums import TrainingState
from trainings.models import (
    ExchangeSession,
    KnowledgeNote,
    MarketingActivity,
    NoteUse,
    Thanks,
    Trainee,
    Training,
)
from upsell_crm.core.models import AuditEvent, Team, User
from upsell_crm.core.roles import Action
from upsell_crm.demo.clients_table import BY_NUMBER, CLIENTS
from upsell_crm.demo.story import API_TOKEN, counts, tell_story

WITH_RULES = (
    Company, Contact, ContactRole, Contract, LicenceLine, ProcurementProfile, PotentialEstimate, Deal, DealLine,
    DealMember, Document, DocumentRequest, Handover, HoldingProgram, Training, Trainee,
)  # fmt: skip
UNRANKED = {6: "no_contract", 24: "former", 34: "pilots", 40: "former"}


@pytest.fixture(scope="module")
def story(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The story of 24 November 2026, told once for all tests of this file."""
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(IS_DEMO=True, CRM_TODAY=T):
        tell_story(as_of=T, seed=42)
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def rows(story: None) -> dict[int, RankRow]:
    """The ranking of the story, by №."""
    run = run_ranking(as_of=T, by=None, kind=RankRun.Kind.NIGHTLY)
    by_inn = {client.inn: client.no for client in CLIENTS}
    return {by_inn[row.company.inn]: row for row in run.rows.select_related("company").order_by("pk")}


@pytest.mark.django_db
def test_twenty_six_logins_in_six_teams(story: None) -> None:
    """R101, §8.1: one of them has left and cannot sign in; everybody else who may see companies sees some."""
    assert (User.objects.count(), Team.objects.count()) == (26, 6)
    assert list(User.objects.filter(is_active=False).values_list("username", flat=True)) == ["sedov"]
    for user in User.objects.filter(is_active=True).order_by("pk"):
        assert user.check_password("demo-upsell-2026")
        assert user.scopes(Action.SEE_COMPANY), user.username
        assert Company.objects.visible_to(user).exists(), user.username


@pytest.mark.django_db
def test_every_contract_has_the_act_by_of_the_table(story: None) -> None:
    """§8.1, columns «Начать до» and «Запас» of all rows that have them, in Russian working days."""
    calendar = load_calendar()
    for client in (client for client in CLIENTS if client.act_by):
        contract = Contract.objects.get(company__inn=client.inn, end_date=date.fromordinal(T.toordinal() + client.end),
                                        status__in=["active", "expired"])  # fmt: skip
        found = (contract.act_by.isoformat(), slack(contract.act_by, T, calendar))
        assert found == (client.act_by, client.slack), client.name


@pytest.mark.django_db
def test_the_ranking_of_the_story_has_the_slack_of_the_table(rows: dict[int, RankRow]) -> None:
    """The ranking and the stored act-by agree for every ranked company."""
    assert {no for no, row in rows.items() if row.listed} == UNRANKED.keys()
    assert {no: rows[no].listed for no in UNRANKED} == UNRANKED
    for no in rows.keys() - UNRANKED.keys():
        client = BY_NUMBER[no]
        assert (rows[no].act_by.isoformat(), rows[no].slack) == (client.act_by, client.slack), client.name


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("no", "score", "confidence"),
    [
        (13, "88.3", 100),
        (14, "37.9", 100),
        (15, "18.8", 100),
        (16, "69.2", 78),
        (22, "51.7", 70),
        (23, "68.8", 100),
    ],
)
def test_golden_companies_reach_their_scores(
    rows: dict[int, RankRow], no: int, score: str, confidence: int
) -> None:
    """§8.1: G1–G6, with the trainings of №№ 13, 15, 16, 23 and none for №№ 14 and 22 (R19)."""
    assert (rows[no].score, rows[no].confidence) == (Decimal(score), confidence)


@pytest.mark.django_db
def test_twenty_six_trainings_of_220_people(story: None, rows: dict[int, RankRow]) -> None:
    """§8.1: the golden indices, a training without results at № 16, and planned ones for the calendar (R35)."""
    assert (Training.objects.count(), Trainee.objects.count()) == (26, 220)
    assert set(Training.objects.values_list("state", flat=True)) == {state.value for state in TrainingState}
    assert {no: rows[no].evidence["training"].get("index") for no in (13, 15, 16, 23)} == {
        13: 78,
        15: 35,
        16: None,
        23: 50,
    }
    held = Training.objects.get(company__inn=BY_NUMBER[16].inn)
    assert (held.state, held.tutor.username, held.trainees.filter(attended=True).count()) == (
        "held",
        "gai",
        8,
    )
    assert Training.objects.filter(state="planned", starts_at__date__gt=T).count() == 5
    assert Trainee.objects.candidates().exists() and Trainee.objects.quotable().exists()


@pytest.mark.django_db
def test_a_tutor_opens_the_clients_whom_he_teaches(story: None) -> None:
    """§3: Гай has the card of № 16 by its training, and of its people the phones of the trainees alone (R101)."""
    gai = User.objects.get(username="gai")
    taught = Training.objects.filter(tutor=gai).values("company")
    assert set(Company.objects.visible_to(gai).values_list("pk", flat=True)) == set(
        taught.values_list("company", flat=True)
    )
    seen = Contact.objects.visible_to(gai).filter(company__inn=BY_NUMBER[16].inn)
    trainees = Trainee.objects.filter(training__company__inn=BY_NUMBER[16].inn, contact__isnull=False)
    assert set(seen.values_list("pk", flat=True)) == set(trainees.values_list("contact", flat=True))
    maker = ContactRole.objects.get(company__inn=BY_NUMBER[16].inn, role="dm").contact
    assert maker not in seen


@pytest.mark.django_db
def test_contributions_sum_to_the_score(rows: dict[int, RankRow]) -> None:
    """§2.8.11 on the story."""
    for row in (row for row in rows.values() if not row.listed):
        assert sum(Decimal(points) for points in row.contributions.values()) == row.score


@pytest.mark.django_db
def test_the_story_shows_what_the_table_says(story: None, rows: dict[int, RankRow]) -> None:
    """§8.1, column «Что показывает», as far as these apps can hold it."""

    def company(no: int) -> Company:
        return Company.objects.get(inn=BY_NUMBER[no].inn)

    assert set(Company.objects.filter(is_key=True).values_list("inn", flat=True)) == {
        BY_NUMBER[n].inn for n in (12, 20, 21)
    }
    assert company(1).children.count() == 6
    assert company(5).team.code == "K1"
    assert "over_licence" in rows[10].flags
    assert "churn_risk" in rows[36].flags
    assert "stale_lead_times" in rows[19].flags
    assert "overdue_debt" in rows[38].flags
    assert "calendar_provisional" in rows[33].flags
    assert rows[26].band == "A"
    assert rows[39].evidence["merge"]
    assert company(35).contracts.get(status="active").auto_renew_notice_days == 30
    assert company(29).owner_kam.username == "belova"
    assert not ContactRole.objects.filter(company=company(22), role="dm").exists()
    assert company(1).contact_roles.filter(role="dm", is_key=True).count() == 4
    assert (
        FactCheck.objects.filter(company=company(1), contact__roles__role="dm")
        .values("contact")
        .distinct()
        .count()
        == 3
    )
    assert company(31).contracts.get(form="addendum").status == "approval"
    assert set(Contract.objects.values_list("status", flat=True)) == {
        "draft", "approval", "signing", "issued", "active", "renewed", "expired", "terminated", "void",
    }  # fmt: skip


@pytest.mark.django_db
def test_two_years_of_work_are_told(story: None) -> None:
    """About 1,500 communications with what came of them; today's calendar has Лисина's meeting with № 13 (story 1)."""
    assert 1400 <= Interaction.objects.count() <= 1700
    assert min(map(len, (Objection.objects.all(), Agreement.objects.all(), Task.objects.open()))) > 15
    assert Task.objects.open().filter(due_on__lt=T).exists()
    meeting = Interaction.objects.get(company__inn=BY_NUMBER[13].inn, state="planned")
    assert (meeting.author.username, meeting.kind, meeting.starts_at.astimezone().hour) == (
        "lisina",
        "meeting",
        11,
    )
    assert AuditEvent.objects.filter(event="assign_kam").count() == 1
    assert not Interaction.objects.filter(state="held", starts_at__date__gt=T).exists()


@pytest.mark.django_db
@pytest.mark.slow
def test_every_record_obeys_its_own_rules(story: None) -> None:
    """Bulk writers skip validation, so the whole story is validated here (§2.8)."""
    for model in WITH_RULES:
        for record in model._base_manager.order_by("pk"):
            record.full_clean()


@pytest.mark.django_db
def test_last_contact_is_what_the_timeline_says(story: None) -> None:
    """Stored columns equal what `refresh_company` would compute."""
    for company in Company.objects.order_by("pk"):
        last = Interaction.objects.filter(company=company).two_way().order_by("-starts_at").first()
        assert company.last_contact_at == (last.starts_at if last else None)


@pytest.mark.django_db
def test_telling_again_changes_nothing(story: None) -> None:
    """Idempotent: the second seeding is refused politely."""
    before = counts()
    assert tell_story(as_of=T, seed=7) is False
    assert counts() == before


def test_the_demo_client_of_the_api_pulls_every_contract_and_no_person(story: None) -> None:
    """§8.1: API client erp-demo; §8.2.11 begins with its pull."""
    browser, headers = Client(), {"Authorization": f"Bearer {API_TOKEN}"}
    page = browser.get("/api/v1/contracts/?page_size=500&updated_since=2020-01-01T00:00:00Z", headers=headers)
    assert len(page.json()["results"]) == Contract.objects.count()
    assert browser.get("/api/v1/companies/?expand=contacts", headers=headers).status_code == 403


@pytest.mark.django_db
def test_deals_stand_in_every_stage_and_papers_in_every_state(story: None) -> None:
    """§8.1: 34 documents in all states at least; each deal's sums are those of its lines."""
    assert set(Deal.objects.values_list("stage", flat=True)) == {stage.value for stage in DealStage}
    assert set(Document.objects.values_list("approval", flat=True)) == {state.value for state in Approval}
    assert Document.objects.count() >= 34
    for deal in Deal.objects.prefetch_related("lines").order_by("pk"):
        assert deal.amount == sum(line.amount for line in deal.lines.all()), deal
        assert deal.responsible_kam_id in set(deal.members.values_list("user_id", flat=True)), deal


@pytest.mark.django_db
def test_the_holding_project_waits_for_its_fourth_key_person(story: None) -> None:
    """§8.1: 3 of 4 key ЛПР confirmed; the draft of the consent covers №№ 2, 3, 5, 7 and not № 4."""
    program = HoldingProgram.objects.get()
    assert program.key_values.filter(state=ValueState.CONFIRMED).count() == 3
    assert program.key_values.count() == 4
    consent = program.consents.get()
    covered = {BY_NUMBER[no].inn for no in (2, 3, 5, 7)}
    assert (consent.given_on, set(consent.companies.values_list("inn", flat=True))) == (None, covered)


@pytest.mark.django_db
def test_two_kams_share_a_deal_and_a_client_waits_for_its_new_kam(story: None) -> None:
    """§8.1: № 21 has two KAM members and one responsible; № 29 is kept by the lead until it is handed over."""
    shared = Deal.objects.open().get(company__inn=BY_NUMBER[21].inn)
    kams = shared.members.filter(role="kam", ended_on=None).values_list("user__username", flat=True)
    assert (set(kams), shared.responsible_kam.username) == ({"vetrov", "lisina"}, "vetrov")
    handover = Handover.objects.get()
    assert (handover.from_user.username, handover.to_user.username) == ("sedov", "vetrov")
    assert "Лицензионный договор" in handover.items.get(code="contracts").filled
    assert Deal.objects.open().get(company__inn=BY_NUMBER[29].inn).needs_kam


@pytest.mark.django_db
def test_marketing_has_three_events_and_wrote_to_nobody_against_his_will(story: None) -> None:
    """§8.1, R89: a webinar and a mailing that took place, a breakfast ahead; each has an audience and its excluded."""
    activities = MarketingActivity.objects.order_by("starts_at")
    assert [activity.kind for activity in activities] == ["webinar", "mailing", "event"]
    for activity in activities:
        touches = activity.touches.all()
        assert len(touches) >= 5 and activity.excluded, activity
    ahead = MarketingActivity.objects.get(state="planned").touches
    assert not ahead.exclude(contact__consent_mailing="yes").exists()


@pytest.mark.django_db
def test_every_rule_of_the_reasons_to_call_has_an_example(story: None) -> None:
    """Issue 4: and one of them is put aside."""
    assert set(Signal.objects.open().order_by("pk").values_list("rule", flat=True)) == set(SignalRule.values)
    aside = Signal.objects.put_aside(T).get()
    assert (aside.company.inn, aside.rule) == (BY_NUMBER[36].inn, SignalRule.TRAINED_IDLE)
    assert refresh_signals(as_of=T).opened == refresh_signals(as_of=T).closed == 0


@pytest.mark.django_db
def test_twelve_notes_and_the_answer_to_dear(story: None) -> None:
    """§8.1: 12 knowledge notes; «дорого» of № 30 has its note; an exchange was held and the next one stands; R94: thanks."""
    assert KnowledgeNote.objects.count() == 12
    dear = NoteUse.objects.filter(objection__company__inn=BY_NUMBER[30].inn, objection__category="price")
    assert dear.filter(note__title__startswith="«Дорого»").exists()
    assert sorted(ExchangeSession.objects.values_list("state", flat=True)) == ["held", "planned"]
    assert Thanks.objects.count() == 5
    for note in KnowledgeNote.objects.order_by("pk"):
        assert not clients_named_in(f"{note.title} {note.body}", User.objects.get(username="andreeva")), note
