"""Forms of the tasks of a plan: a new one, another text or day, out of the plan (R44, R49, R50, R52)."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.views.forms import FormPage, draft_initial
from deals.access import may as may_on_deal
from deals.services.members import add_member
from roadmaps.forms.tasks import RemoveForm, TaskForm, new_task, said_of
from roadmaps.models import Plan, PlanTask
from roadmaps.plan_page import CHANGED, the_link, the_plan
from roadmaps.services.plan_tasks import TaskSaid, add_task, change_task, remove_task, seen_version
from roadmaps.services.plans import check_may_edit
from upsell_crm.core import clock
from upsell_crm.core.errors import DomainError
from upsell_crm.core.http import PageRequest
from upsell_crm.core.models import User
from upsell_crm.core.roles import Action, Role

TASK = "roadmaps/_task_form.html"


class TaskPage(FormPage):
    """A form of one task: it goes on from the task as it stands, whatever else of the plan has changed (faults B2)."""

    def stored(self) -> models.Model | None:
        """The task with the version that its form checks."""
        link = PlanTask.objects.select_related("task").get(pk=self.record.pk) if self.record else None
        if link is not None:
            link.version = seen_version(link)
        return link


@require_http_methods(["GET", "POST"])
def plan_task_new(request: PageRequest, public_id: Any) -> HttpResponse:
    """A new task; `?person=` gives it to a member, `?like=` begins from one that was taken out."""
    plan = the_plan(request, public_id)
    check_may_edit(request.user, plan)
    key = f"plan_task_new:{plan.public_id}"
    initial = {
        "version": plan.version, **new_task(plan, request.GET, clock.today()), **_like(request, plan),
        **draft_initial(request, key),
    }  # fmt: skip
    form = _form(request, plan, initial)

    def save(valid: TaskForm) -> None:
        with transaction.atomic():
            _join(request.user, plan, valid)
            link = add_task(
                plan, _said(valid), by=request.user, reason=valid.cleaned_data.get("reason", ""), once=True
            )
        page.done = _told(_("The task is in the plan."), valid.cleaned_data["due_on"], link.task.due_on)

    page = FormPage(
        title=_("New task"), form=form, company=plan.deal.company, back=plan.get_absolute_url(), event=CHANGED,
        done="", submit=_("Add"), draft=key, template=TASK, save=save,
    )  # fmt: skip
    return page.answer(request)


@require_http_methods(["GET", "POST"])
def plan_task_edit(request: PageRequest, public_id: Any) -> HttpResponse:
    """Other words, people, days or predecessors of a task that is still open."""
    link = the_link(request, public_id)
    plan = link.plan
    check_may_edit(request.user, plan)
    _check_open(link)
    key = f"plan_task:{link.public_id}"
    before = [str(one) for one in link.depends_on.values_list("public_id", flat=True)]
    initial = {
        **said_of(link), "version": seen_version(link), "depends_on": before, **draft_initial(request, key),
    }  # fmt: skip
    form = _form(request, plan, initial, link=link)

    def save(valid: TaskForm) -> None:
        said = valid.cleaned_data
        after = list(said["depends_on"]) if "depends_on" in said else None
        with transaction.atomic():
            _join(request.user, plan, valid)
            change_task(
                link, _values(valid), by=request.user, reason=said.get("reason", ""), seen=said["version"],
                depends_on=after,
            )  # fmt: skip
        page.done = _told(_("Saved."), said["due_on"], link.task.due_on)

    page = TaskPage(
        title=_("Change the task"), form=form, company=plan.deal.company, back=plan.get_absolute_url(), event=CHANGED,
        done="", draft=key, template=TASK, record=link, save=save,
    )  # fmt: skip
    return page.answer(request)


@require_http_methods(["GET", "POST"])
def plan_task_remove(request: PageRequest, public_id: Any) -> HttpResponse:
    """The task is not needed: cancelled with a reason; its followers no longer wait for it."""
    link = the_link(request, public_id)
    check_may_edit(request.user, link.plan)
    _check_open(link)
    key = f"plan_task_remove:{link.public_id}"
    form = RemoveForm(
        request.POST or None, initial={"version": seen_version(link), **draft_initial(request, key)}
    )
    text = _("It stays below the list with the reason and can be put back.")
    if n := link.followers.filter(task__state__in=["todo", "doing", "blocked"]).count():
        text = _("Tasks that no longer wait for it: %(n)s.") % {"n": n} + " " + text
    return TaskPage(
        title=_("Take the task out of the plan"), form=form, company=link.plan.deal.company, hint=f"«{link}». {text}",
        back=link.plan.get_absolute_url(), done=_("Taken out of the plan: «%s».") % link, submit=_("Take out"),
        danger=True, event=CHANGED, record=link, draft=key,
        save=lambda f: remove_task(
            link, by=request.user, reason=f.cleaned_data["reason"], seen=f.cleaned_data["version"]
        ),
    ).answer(request)  # fmt: skip


def _form(
    request: PageRequest, plan: Plan, initial: dict[str, Any], link: PlanTask | None = None
) -> TaskForm:
    may_assign = may_on_deal(request.user, Action.ASSIGN_MEMBERS, plan.deal)
    return TaskForm(
        request.POST or None,
        plan=plan,
        today=clock.today(),
        link=link,
        initial=initial,
        may_assign=may_assign,
    )


def _like(request: PageRequest, plan: Plan) -> dict[str, Any]:
    """A task of this plan that was taken out, as a beginning."""
    if not (named := request.GET.get("like")):
        return {}
    try:
        link = get_object_or_404(
            plan.tasks.select_related("task__assignee", "task__receiver", "task__company"), public_id=named
        )
    except ValidationError as problem:  # not a UUID at all
        raise Http404 from problem
    return said_of(link)


def _values(form: TaskForm) -> dict[str, Any]:
    """What goes to the service of an existing task."""
    said = form.cleaned_data
    values: dict[str, Any] = {
        name: said[name]
        for name in ("title", "expected_result", "receiver", "company", "starts_on", "due_on", "phase", "built_on")
        if name in said
    }  # fmt: skip
    return {**values, "assignee": form.person, "role": form.role_said}


def _said(form: TaskForm) -> TaskSaid:
    """A new task as it was typed."""
    values = _values(form)
    after = list(form.cleaned_data.get("depends_on", ()))
    return replace(TaskSaid("", form.person, values["due_on"], ""), **values, depends_on=after)


def _join(by: User, plan: Plan, form: TaskForm) -> None:
    """A colleague from outside enters the working group with the task."""
    if form.joins:
        add_member(by=by, deal=plan.deal, user=form.person, role=form.role_said or Role.PERFORMER)


def _told(text: str, typed: date, kept: date) -> str:
    """With the day that stands in place of a day off."""
    if typed == kept:
        return text
    return f"{text} " + _("%(typed)s is a day off, due on %(kept)s.") % {
        "typed": date_format(typed, "SHORT_DATE_FORMAT"), "kept": date_format(kept, "SHORT_DATE_FORMAT"),
    }  # fmt: skip


def _check_open(link: PlanTask) -> None:
    if not link.task.is_open:
        raise DomainError("task_ended", _("The task is finished: it is not changed any more."))
