"""Who does what in each ДЗО: one Closer, members with rights, tasks that follow the person (R69–R73)."""

import pytest

from accounts.models import Company, Contact, Task
from accounts.services.tasks import cancel_task
from deals.enums import DZO_FUNCTIONS, Function
from deals.models import DealMember, DealTask, Mechanics
from deals.program_facts import ProgramFacts
from deals.services.mechanics import (
    add_task,
    assign_function,
    change_person,
    end_function,
    open_tasks,
)
from deals.services.members import add_member
from tests.deals.holding import Holding, draft, make_holding, share_out
from tests.factories import Cast, T, make_company, make_contact
from upsell_crm.core.errors import DomainError, NotAllowed, Stale
from upsell_crm.core.models import AuditEvent, User
from upsell_crm.core.roles import Role


@pytest.fixture
def holding(cast: Cast) -> Holding:
    """The holding of the story."""
    return make_holding(cast)


def give(holding: Holding, company: Company, function: str, user: User, **words: str) -> Mechanics:
    """Алиев gives a function."""
    return assign_function(
        by=holding.cast.aliev, program=holding.program, company=company, function=function, user=user, **words
    )


def test_the_table_is_complete_when_each_function_of_each_subsidiary_has_an_owner(holding: Holding) -> None:
    """R69: over the ДЗО that consents name; without any, over all of them."""
    share_out(holding, holding.second)
    facts = ProgramFacts(holding.program, T)
    assert (facts.completeness, len(facts.gaps)) == (25, 3 * len(DZO_FUNCTIONS))
    draft(holding, holding.second)
    facts = ProgramFacts(holding.program, T)
    assert (facts.completeness, facts.gaps) == (100, [])


def test_a_second_closer_is_refused(cast: Cast, holding: Holding) -> None:
    """R72: documents of a ДЗО go through one person, hence one team; other functions may be shared."""
    give(holding, holding.second, Function.APPROVE_DOCS, cast.kim)
    with pytest.raises(DomainError) as refusal:
        give(holding, holding.second, Function.APPROVE_DOCS, cast.aliev)
    assert "клоузер" in refusal.value.errors[""][0]
    give(holding, holding.third, Function.APPROVE_DOCS, cast.aliev)
    for user in (cast.aliev, cast.naumov):
        give(holding, holding.second, Function.HOLD_MEETINGS, user)
    with pytest.raises(DomainError) as refusal:
        give(holding, holding.second, Function.HOLD_MEETINGS, cast.naumov)
    assert refusal.value.code == "invalid"


def test_any_colleague_may_perform_and_gets_the_rights(cast: Cast, holding: Holding) -> None:
    """R71: Panov, a lawyer, holds meetings in № 2: member of the deal as Performer, there only."""
    person, other = make_contact(holding.second), make_contact(holding.third)
    line = give(holding, holding.second, Function.HOLD_MEETINGS, cast.naumov)
    member = DealMember.objects.get(user=cast.naumov)
    assert (member.role, member.scope_company, line.team) == (Role.PERFORMER, holding.second, cast.k2)
    assert Company.objects.visible_to(cast.naumov).filter(pk=holding.second.pk).exists()
    seen = Contact.objects.visible_to(cast.naumov)
    assert person in seen and other not in seen
    give(holding, holding.third, Function.HOLD_MEETINGS, cast.panov)
    assert DealMember.objects.get(user=cast.panov).role == Role.PERFORMER


def test_rights_go_with_the_function(cast: Cast, holding: Holding) -> None:
    """faults D7: whoever passes it on sees the people of the ДЗО no more; the responsible KAM stays."""
    person = make_contact(holding.second)
    line = give(holding, holding.second, Function.HOLD_MEETINGS, cast.naumov)
    change_person(by=cast.aliev, line=line, user=cast.aliev)
    assert person not in Contact.objects.visible_to(cast.naumov)
    assert not DealMember.objects.active_on(T).filter(user=cast.naumov).exists()
    end_function(by=cast.aliev, line=line)
    assert DealMember.objects.active_on(T).get().user == cast.aliev
    assert AuditEvent.objects.filter(event="end_function").exists()


def test_who_sets_meetings_is_asked_to_set_one(cast: Cast, holding: Holding) -> None:
    """R70, R73: the person on the function is the assignee and has the task in «Мои задачи»."""
    line = give(holding, holding.second, Function.SET_MEETINGS, cast.naumov)
    task = Task.objects.get(assignee=cast.naumov)
    assert (task.company, task.receiver, str(task.due_on)) == (holding.second, cast.aliev, "2026-12-01")
    assert DealTask.objects.get(task=task).mechanics == line
    assert add_task(line, title="Перезвонить", due_on=T).assignee == cast.naumov


def test_ticked_tasks_follow_the_function(cast: Cast, holding: Holding) -> None:
    """R73: changing the person reassigns open tasks after confirmation; the rest and the closed ones stay."""
    line = give(holding, holding.second, Function.SET_MEETINGS, cast.naumov)
    first = Task.objects.get(assignee=cast.naumov)
    kept = add_task(line, title="Отчёт", due_on=T)
    closed = add_task(line, title="Лишняя", due_on=T)
    cancel_task(by=cast.gromov, task=closed, reason="не нужна")
    assert open_tasks(line) == [kept, first]
    change_person(by=cast.aliev, line=line, user=cast.rogov, tasks=[first])
    assert set(Task.objects.filter(assignee=cast.rogov)) == {first}
    assert set(Task.objects.filter(assignee=cast.naumov)) == {kept, closed}
    assert AuditEvent.objects.filter(event="reassign_task", object_id=first.pk).count() == 1
    with pytest.raises(DomainError):
        change_person(by=cast.aliev, line=line, user=cast.naumov, tasks=[closed])


def test_other_functions_are_data(cast: Cast, holding: Holding) -> None:
    """R73 «и т.д.»: named in words; the functions of the head stand at the head."""
    line = give(holding, holding.second, Function.OTHER, cast.gai, function_text="Переводит материалы")
    assert line.function_text == "Переводит материалы"
    with pytest.raises(DomainError):
        give(holding, holding.second, Function.OTHER, cast.gai)
    give(holding, holding.head, Function.KEEP_HEAD_DM, cast.aliev)
    with pytest.raises(DomainError):
        give(holding, holding.second, Function.PREPARE_OFFER, cast.aliev)
    with pytest.raises(DomainError):
        give(holding, make_company(), Function.HOLD_MEETINGS, cast.aliev)


def test_who_may_not_keep_the_programme_gives_nothing(cast: Cast, holding: Holding) -> None:
    """§3, §2.8.2: not a stranger; nobody gives a function to who has left; an old version is refused."""
    with pytest.raises(NotAllowed):
        assign_function(
            by=cast.demin, program=holding.program, company=holding.second, function="hold_meetings",
            user=cast.demin,
        )  # fmt: skip
    line = give(holding, holding.second, Function.HOLD_MEETINGS, cast.naumov)
    with pytest.raises(Stale):
        end_function(by=cast.aliev, line=line, version=9)
    cast.gai.is_active = False
    with pytest.raises(DomainError, match="не работает"):
        change_person(by=cast.aliev, line=line, user=cast.gai)


def test_a_second_closer_of_a_subsidiary_is_refused_wherever_he_is_named(
    cast: Cast, holding: Holding
) -> None:
    """R72: by the working group as by the mechanics, also when the first answers for the whole project."""
    add_member(by=cast.aliev, deal=holding.deal, user=cast.kim, role=Role.CLOSER)
    assign_function(
        by=cast.aliev, program=holding.program, company=holding.second, function="approve_docs", user=cast.kim
    )
    with pytest.raises(DomainError, match="Closer|клоузер"):
        add_member(
            by=cast.aliev, deal=holding.deal, user=cast.naumov, role=Role.CLOSER, scope_company=holding.second
        )
    add_member(
        by=cast.aliev, deal=holding.deal, user=cast.naumov, role=Role.CLOSER, scope_company=holding.third
    )
    with pytest.raises(DomainError, match="Closer|клоузер"):
        assign_function(
            by=cast.aliev,
            program=holding.program,
            company=holding.third,
            function="approve_docs",
            user=cast.kim,
        )
    assert not Mechanics.objects.filter(company=holding.third).exists()


def test_documents_pass_from_one_closer_to_another(cast: Cast, holding: Holding) -> None:
    """R72, R73: a change of the person is no second Closer."""
    line = assign_function(
        by=cast.aliev, program=holding.program, company=holding.second, function="approve_docs", user=cast.kim
    )
    change_person(by=cast.aliev, line=line, user=cast.naumov)
    closers = DealMember.objects.active_on(T).filter(scope_company=holding.second, role=Role.CLOSER)
    assert [member.user for member in closers] == [cast.naumov]
