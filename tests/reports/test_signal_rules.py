"""Each rule of the reasons to call fires, keeps silent, and closes itself (issue 4, product.md §1.12, §1.17, domain.md §2.11)."""

from datetime import date, timedelta

import pytest

from accounts.models import Contact, ContactRole, Interaction, LicenceLine
from reports.models import Signal, SignalRule
from reports.services.signal_refresh import refresh_signals
from tests.factories import T, make_company, make_contract, make_product, moment
from tests.reports.signal_makers import (
    budget,
    evidence_of,
    load,
    maker,
    open_signals,
    talk,
    train,
    use,
    wait,
)
from trainings.models import Trainee
from upsell_crm.core.models import Parameter
from upsell_crm.core.parameters import DEFAULTS

Q = SignalRule


@pytest.fixture
def company(cast):
    """Lisina's client."""
    make_product()
    return make_company("Меридиан", kam=cast.lisina)


@pytest.mark.parametrize(("active", "fires"), [(9, False), (10, True), (12, True)])
def test_all_licences_are_used(company, active, fires):
    """R20: from 100 % on."""
    make_contract(company, ("casebook", 10))
    use(company, active)
    found = evidence_of(company, Q.LICENCES_FULL)
    assert found == (
        {"product": "casebook", "active": active, "seats": 10, "as_of": "2026-11-21"} if fires else None
    )


def test_licences_are_full_by_product_and_at_the_end_user(company, cast):
    """product.md §1.12: per product; a licence counts where it is used."""
    branch = make_company(kam=cast.lisina)
    contract = make_contract(company, ("casebook", 10), ("caselook", 2))
    LicenceLine.objects.filter(product__code="caselook").update(end_user_company=branch)
    use(company, 3), use(branch, 5, product="caselook")
    assert contract and open_signals(company) == []
    assert [signal.subject for signal in open_signals(branch)] == ["caselook"]


def test_an_old_snapshot_or_a_gone_licence_says_nothing_about_licences(company):
    make_contract(company, ("casebook", 10))
    use(company, 20, days_ago=60)
    assert evidence_of(company, Q.LICENCES_FULL) is None
    use(company, 20, product="caselook")  # no seats at all: nothing to compare with
    assert evidence_of(company, Q.LICENCES_FULL) is None


def test_buying_seats_closes_full_licences_and_too_many_trained(company, cast):
    """product.md §1.12: «signal closes itself when licences bought»."""
    make_contract(company, ("casebook", 10))
    use(company, 12)
    train(company, cast.gai, 14, days_ago=5)
    assert [signal.rule for signal in open_signals(company)] == [Q.LICENCES_FULL, Q.TRAINED_OVER]
    make_contract(company, ("casebook", 10))
    assert open_signals(company) == []
    assert set(Signal.objects.values_list("closed_on", flat=True).order_by("pk")) == {T}


def test_more_people_are_trained_than_there_are_licences(company, cast):
    """R35, product.md §1.12: «обучено 34, лицензий 20»; each person once."""
    make_contract(company, ("casebook", 20))
    train(company, cast.gai, 34, days_ago=10)
    train(company, cast.gai, 34, days_ago=5)  # the same names again
    assert evidence_of(company, Q.TRAINED_OVER) == {"product": "casebook", "trained": 34, "seats": 20}


def test_who_did_not_come_has_left_or_learnt_long_ago_needs_no_licence(company, cast):
    make_contract(company, ("casebook", 1))
    training = train(company, cast.gai, 2, days_ago=20)
    Trainee.objects.filter(training=training, name="Ученик 1").update(attended=False)
    gone = Contact.objects.create(company=company, last_name="Ушедший", state="left")
    Trainee.objects.create(training=training, contact=gone, attended=True)
    train(company, cast.gai, 9, days_ago=400)
    assert evidence_of(company, Q.TRAINED_OVER) is None


def test_a_product_that_was_never_bought_has_no_seats_for_the_trained(company, cast):
    """But a client without any licence is a matter of renewal."""
    train(company, cast.gai, 3, days_ago=5)
    assert evidence_of(company, Q.TRAINED_OVER) is None
    make_contract(company, ("caselook", 5))
    assert evidence_of(company, Q.TRAINED_OVER) == {"product": "casebook", "trained": 3, "seats": 0}


@pytest.mark.parametrize(
    ("days_ago", "begun", "fires"),
    [(40, False, True), (40, None, False), (40, True, False), (20, False, False)],
)
def test_trained_people_do_not_use_the_product(company, cast, days_ago, begun, fires):
    """R35: asked 30 days after the training; what nobody knows is not held against them."""
    make_contract(company, ("casebook", 50))
    train(company, cast.gai, 3, days_ago=days_ago, begun=begun)
    assert bool(evidence_of(company, Q.TRAINED_IDLE)) == fires


def test_fewer_users_than_trained_people_leave_somebody_idle_until_they_begin(company, cast):
    """R20, R35: the number of active users is evidence too, and closes the signal."""
    make_contract(company, ("casebook", 50))
    train(company, cast.gai, 10)
    use(company, 6, days_ago=5)
    found = evidence_of(company, Q.TRAINED_IDLE)
    assert found and (found["idle"], found["trained"], found["active"]) == (4, 10, 6)
    use(company, 8, days_ago=1)  # two idle ones are below the threshold
    assert evidence_of(company, Q.TRAINED_IDLE) is None


@pytest.mark.parametrize(
    ("before", "now", "fires"), [(100, 119, False), (100, 120, True), (0, 40, True), (50, 40, False)]
)
def test_the_court_load_is_up_against_the_quarter_before(company, before, now, fires):
    """R8, product.md §1.17: from 20 % on; a known zero is a zero."""
    load(company, date(2026, 8, 5), before)
    load(company, date(2026, 11, 4), now)
    assert bool(evidence_of(company, Q.CASES_UP)) == fires


def test_a_missing_quarter_is_no_zero(company):
    """product.md §1.17: nothing is compared over a gap, and nothing with a single count."""
    load(company, date(2026, 11, 4), 500)
    assert evidence_of(company, Q.CASES_UP) is None
    load(company, date(2026, 5, 20), 10)
    assert evidence_of(company, Q.CASES_UP) is None


def test_a_new_count_closes_the_growth_of_the_court_load(company):
    load(company, date(2026, 8, 5), 100)
    load(company, date(2026, 11, 4), 150)
    assert evidence_of(company, Q.CASES_UP) == {
        "now": 150, "before": 100, "as_of": "2026-11-04", "before_on": "2026-08-05",
    }  # fmt: skip
    load(company, date(2026, 11, 20), 105)
    assert evidence_of(company, Q.CASES_UP) is None


def test_a_released_feature_is_news_until_it_is_presented(company):
    """R24, R25: what is only planned is no news; shown once, it is over."""
    wait(company, title="План", status="planned")
    waiting = wait(company, promised=True)
    found = evidence_of(company, Q.FEATURE_SHIPPED)
    assert found and (found["feature"], found["promised"]) == ("Выгрузка", True)
    waiting.presented_on = T
    waiting.save()
    assert evidence_of(company, Q.FEATURE_SHIPPED) is None


def test_a_new_decision_maker_is_news_until_somebody_speaks_with_him(company, cast):
    """R34: only where there was one before."""
    maker(company)
    novice = maker(company, "Новиков Пётр", since=10)
    found = evidence_of(company, Q.DM_CHANGED)
    assert found == {"change": "new", "contact": novice.pk, "on": "2026-11-14"}
    talk(company, cast.lisina, novice, days_ago=2)
    assert evidence_of(company, Q.DM_CHANGED) is None


def test_the_first_decision_makers_are_no_change(company):
    """Entered together on one day, or alone."""
    maker(company, since=5), maker(company, "Новиков Пётр", since=5)
    assert evidence_of(company, Q.DM_CHANGED) is None


def test_a_decision_maker_who_has_gone_is_missed_until_another_comes(company, cast):
    """R47: left the client or only the role; long ago is no news."""
    person = maker(company, valid_to=T - timedelta(20))
    found = evidence_of(company, Q.DM_CHANGED)
    assert found and (found["change"], found["on"]) == ("left", "2026-11-04")
    novice = maker(company, "Новиков Пётр", since=8)
    assert [signal.subject for signal in open_signals(company, Q.DM_CHANGED)] == [str(novice.pk)]
    ContactRole.objects.filter(contact=novice).delete()
    ContactRole.objects.filter(contact=person).update(valid_to=T - timedelta(61))
    assert evidence_of(company, Q.DM_CHANGED) is None


@pytest.mark.parametrize(("days_ago", "fires"), [(89, False), (90, True), (200, True)])
def test_a_key_decision_maker_is_silent_for_ninety_days(company, cast, days_ago, fires):
    """§2.11: «ЛПР without contact > 90 days»; his first talk closes it."""
    person = maker(company)
    talk(company, cast.lisina, person, days_ago=days_ago)
    assert bool(evidence_of(company, Q.DM_SILENT)) == fires
    talk(company, cast.lisina, person, days_ago=1)
    assert evidence_of(company, Q.DM_SILENT) is None


def test_letters_without_an_answer_and_missed_meetings_are_no_contact(company, cast):
    """§2.6: two-way contact."""
    person = maker(company)
    talk(company, cast.lisina, person, days_ago=5, kind="email")
    talk(company, cast.lisina, person, days_ago=4, state="no_show")
    talk(company, cast.lisina, person, days_ago=3, retracted_at=moment())
    talk(company, cast.lisina, person, days_ago=2).client_people.update(attended=False)
    assert evidence_of(company, Q.DM_SILENT) == {"contact": person.pk, "last_on": None}
    Interaction.objects.filter(kind="email").update(replied=True)
    assert evidence_of(company, Q.DM_SILENT) is None


def test_who_is_not_key_has_gone_or_is_new_is_not_missed(company):
    """A new one has his own signal."""
    maker(company, "Первый Иван", is_key=False), maker(company, "Второй Иван", valid_to=T - timedelta(300))
    maker(company, "Третий Иван", since=30)
    gone = maker(company, "Четвёртый Иван")
    Contact.objects.filter(pk=gone.pk).update(state="left")
    assert evidence_of(company, Q.DM_SILENT) is None


def test_everything_hangs_on_one_person_until_a_second_one_is_spoken_to(company, cast):
    """§2.11: one contact alone had two-way communication in 180 days."""
    first, second = maker(company), maker(company, "Новиков Пётр")
    talk(company, cast.lisina, first, days_ago=10), talk(company, cast.lisina, first, days_ago=20)
    talk(company, cast.lisina, second, days_ago=181)
    assert evidence_of(company, Q.SINGLE_THREAD) == {
        "contact": first.pk, "talks": 2, "last_on": "2026-11-14", "days": 180,
    }  # fmt: skip
    talk(company, cast.lisina, second, days_ago=1)
    assert evidence_of(company, Q.SINGLE_THREAD) is None


def test_a_client_with_whom_nobody_speaks_hangs_on_nobody(company):
    assert evidence_of(company, Q.SINGLE_THREAD) is None


@pytest.mark.parametrize(("month", "fires"), [(10, False), (11, True), (12, True), (1, True), (2, False)])
def test_the_month_of_the_budget_is_near_or_has_begun(company, month, fires):
    """45 days before its first day, through its last one."""
    budget(company, month)
    assert bool(evidence_of(company, Q.BUDGET_MONTH)) == fires


def test_the_month_of_the_budget_passes(company, settings):
    budget(company, 12)
    assert evidence_of(company, Q.BUDGET_MONTH) == {"month": 12, "begins": "2026-12-01"}
    settings.CRM_TODAY = date(2027, 1, 1)
    assert evidence_of(company, Q.BUDGET_MONTH) is None


@pytest.mark.parametrize("rule", SignalRule.values)
def test_zero_switches_a_rule_off(company, cast, rule):
    """The threshold is a setting; the signals that stand are closed."""
    speak(company, cast)
    assert rule in {signal.rule for signal in open_signals(company)}
    Parameter.objects.create(code="signal_thresholds", value={**DEFAULTS["signal_thresholds"], rule: 0})
    assert {signal.rule for signal in open_signals(company)} == set(SignalRule.values) - {rule}


def test_an_archived_or_ceased_client_gives_no_reason_to_call(company, cast):
    speak(company, cast)
    refresh_signals()
    company.archived_at = moment()
    company.save()
    assert open_signals(company) == []
    company.archived_at, company.legal_state = None, "ceased"
    company.save()
    assert open_signals(company) == []


def speak(company, cast):
    """Facts that make every rule speak."""
    make_contract(company, ("casebook", 2))
    use(company, 5)
    train(company, cast.gai, 9, begun=False)
    load(company, date(2026, 8, 5), 10), load(company, date(2026, 11, 4), 20)
    wait(company)
    maker(company)
    novice = maker(company, "Новиков Пётр", since=9)
    talk(company, cast.lisina, novice, days_ago=12)
    budget(company, 12)
