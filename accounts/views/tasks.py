"""«Мои задачи»: what I owe, one click to close, and the lead's question to a KAM."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.enums import TaskState
from accounts.forms.base import VersionedForm
from accounts.models import Company, Task
from accounts.models.task import TaskQuerySet
from accounts.services import tasks as services
from accounts.task_notes import notes_for
from accounts.views.forms import FormPage
from upsell_crm.core import clock
from upsell_crm.core.htmx import done, is_fetched
from upsell_crm.core.http import PageRequest
from upsell_crm.core.models import User
from upsell_crm.core.paging import paginate
from upsell_crm.core.roles import Action, Scope

TABS = {
    "open": gettext_lazy("To do"), "overdue": gettext_lazy("Overdue"), "accept": pgettext_lazy("tasks", "To accept"),
    "done": gettext_lazy("Done"),
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One move of a task: its service, its words, and the text that it needs ("" = none)."""

    service: Callable[..., Task]
    title: Promise
    done: Promise
    needs: str = ""
    label: Promise | str = ""
    is_optional: bool = False


STEPS: dict[str, Step] = {
    "start": Step(services.start_task, gettext_lazy("Start the task"), gettext_lazy("In progress.")),
    "done": Step(
        services.finish_task, gettext_lazy("Close the task"), gettext_lazy("Done."), "result",
        gettext_lazy("What was achieved"),
    ),
    "block": Step(
        services.block_task, gettext_lazy("The task cannot go on"), gettext_lazy("Marked as blocked."), "reason",
        gettext_lazy("What is in the way"),
    ),
    "return": Step(
        services.return_task, gettext_lazy("Return the task"), gettext_lazy("Returned to work."), "reason",
        gettext_lazy("What is missing"), is_optional=True,
    ),
    "accept": Step(services.accept_task, gettext_lazy("Accept the result"), gettext_lazy("Accepted.")),
    "cancel": Step(
        services.cancel_task, gettext_lazy("Cancel the task"), gettext_lazy("Cancelled."), "reason",
        gettext_lazy("Why it is not needed"),
    ),
}  # fmt: skip


class ReasonForm(VersionedForm):
    """One line of text that a move needs."""

    text = forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}))

    def __init__(self, *args: Any, step: Step, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["text"].label = step.label  # type: ignore[assignment]
        self.fields["text"].required = bool(step.needs) and not step.is_optional


class QuestionForm(forms.Form):
    """The lead's question to the responsible KAM."""

    text = forms.CharField(
        label=gettext_lazy("Question"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "autofocus": True}),
    )


@require_GET
def task_list(request: PageRequest) -> HttpResponse:
    """Own tasks; a lead may look at a person of the team, nobody else sees another's overdue list (R94)."""
    people = _people(request.user)
    person = _person(request, people)
    asked = request.GET.get("show", "open")
    tab = asked if asked in TABS else "open"
    owed = (
        Task.objects.awaiting(person)
        if tab == "accept"
        else _of_tab(Task.objects.filter(assignee=person), tab)
    )
    tasks = owed.select_related("company", "created_by", "assignee")
    order = {"done": ["-done_at", "-id"], "accept": ["done_at", "id"]}.get(tab, ["due_on", "id"])
    page = paginate(tasks, request.GET, order=order, filled={"done_at"} if tab == "accept" else ())
    notes = notes_for(request.user, page.rows, clock.today())
    for task in page.rows:
        task.note = notes.get(task.pk)
    context = {
        "page": page, "to_accept": Task.objects.awaiting(person).count(),
        "tab": tab, "tabs": TABS, "person": person, "people": people, "is_own": person == request.user,
    }  # fmt: skip
    return render(request, "accounts/task_list.html", context)


@require_http_methods(["GET", "POST"])
def task_move(request: PageRequest, public_id: str, move: str) -> HttpResponse:
    """One step of one task; moves that need words ask for them, and show what is missing."""
    task = get_object_or_404(Task.objects.visible_to(request.user), public_id=public_id)
    step = STEPS.get(move)
    if step is None:
        raise Http404
    undo = reverse("accounts:task_move", args=[public_id, "return"]) if move == "done" else ""
    if request.method == "POST" and (not step.needs or _is_undo(request, move)):
        step.service(by=request.user, task=task)
        if is_fetched(request):
            return HttpResponse(status=204)
        return done(request, str(step.done), back=reverse("accounts:task_list"), event="tasks:changed")
    form = ReasonForm(request.POST or None, step=step, initial={"version": task.version})
    return FormPage(
        title=str(step.title), form=form, done=str(step.done), back=reverse("accounts:task_list"), hint=task.title,
        company=task.company, event="tasks:changed", submit=str(step.title), undo=undo,
        save=lambda valid: _apply(step, request.user, task, valid.cleaned_data),
    ).answer(request)  # fmt: skip


@require_http_methods(["GET", "POST"])
def ask_kam(request: PageRequest, public_id: str) -> HttpResponse:
    """«Спросить КАМ»: the text becomes a task of the responsible KAM."""
    company = get_object_or_404(Company.objects.visible_to(request.user), public_id=public_id)
    services.check_may_ask(request.user, company)
    return FormPage(
        title=_("Ask the KAM"), form=QuestionForm(request.POST or None), company=company,
        hint=_("%(kam)s gets a task due in two working days.") % {"kam": company.owner_kam or _("The KAM")},
        save=lambda valid: services.ask_kam(by=request.user, company=company, text=valid.cleaned_data["text"]),
        done=_("The question is sent as a task."), back=company.get_absolute_url(), submit=_("Ask"),
        event="tasks:changed",
    ).answer(request)  # fmt: skip


def _apply(step: Step, user: User, task: Task, data: dict[str, Any]) -> Task:
    words = {step.needs: data["text"]} if step.needs else {}
    return step.service(by=user, task=task, version=data["version"], **words)


def _is_undo(request: PageRequest, move: str) -> bool:
    """The toast takes «done» back without a word; the service allows it to the assignee for ten minutes."""
    return move == "return" and is_fetched(request)


def _of_tab(tasks: TaskQuerySet, tab: str) -> QuerySet[Task]:
    if tab == "done":
        return tasks.filter(state__in=[TaskState.DONE, TaskState.ACCEPTED])
    return tasks.overdue_on(clock.today()) if tab == "overdue" else tasks.open()


def _people(user: User) -> QuerySet[User]:
    """Whose tasks this person may look at besides his own: the team of a lead, everybody for the head."""
    scopes = user.scopes(Action.ASK_KAM)
    mine = Q(pk=user.pk)
    if Scope.TEAM in scopes and user.team_id:
        mine |= Q(team_id=user.team_id)
    everybody = User.objects.filter(is_active=True)
    return everybody if Scope.ALL in scopes else everybody.filter(mine)


def _person(request: PageRequest, people: QuerySet[User]) -> User:
    named = request.GET.get("person")
    if not named or named == str(request.user.public_id):
        return request.user
    try:
        return get_object_or_404(people, public_id=named)
    except ValidationError as problem:  # not a UUID at all
        raise Http404 from problem
