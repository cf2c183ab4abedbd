"""Steps of a strategy: one address per step, its head, its type, the lead's switch (§2.9, R43–R53, R79, R81)."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.views.forms import FormPage, draft_initial
from roadmaps.access import may
from roadmaps.enums import PlanState
from roadmaps.forms.moves import HeadForm, MoveForm, UpgradeForm
from roadmaps.models import Plan
from roadmaps.plan_gates import hindrances
from roadmaps.plan_machine import MACHINE
from roadmaps.plan_numbers import criterion_words, reached
from roadmaps.plan_page import CHANGED, the_plan
from roadmaps.reviews import open_comments_hint
from roadmaps.services.plan_moves import move_plan
from roadmaps.services.plans import check_may_edit, check_not_ended, require_review, update_plan, upgrade_plan
from upsell_crm.core import clock
from upsell_crm.core.htmx import done
from upsell_crm.core.http import PageRequest, number_sent
from upsell_crm.core.roles import Action

S = PlanState
# What each step is called on its button, and what is said when it has been made.
STEPS: dict[str, tuple[Promise, Promise]] = {
    S.DRAFT: (gettext_lazy("Back to the draft"), gettext_lazy("The plan is being rewritten.")),
    S.INFO: (gettext_lazy("Check the facts"), gettext_lazy("Stage 1 has begun: confirm the facts.")),
    S.PLANNING: (gettext_lazy("Open planning"), gettext_lazy("Now the tasks of each member.")),
    S.REVIEW: (gettext_lazy("Hand in for review"), gettext_lazy("The plan is with the lead.")),
    S.ACTIVE: (gettext_lazy("Start the plan"), gettext_lazy("The plan is in work.")),
    S.PRESENTATION: (gettext_lazy("On to the presentation"), gettext_lazy("The needs are gathered: prepare the presentation.")),
    S.COMPLETED: (gettext_lazy("Complete the plan"), gettext_lazy("The plan is completed.")),
    S.CANCELLED: (gettext_lazy("Cancel the plan"), gettext_lazy("The plan is cancelled, its open tasks too.")),
}  # fmt: skip
BACK = pgettext_lazy("plan", "Return to planning")


@require_http_methods(["GET", "POST"])
def plan_move(request: PageRequest, public_id: Any, to: str) -> HttpResponse:
    """A step in its panel, with what hinders it; approving and returning have pages of their own (R79)."""
    if to not in STEPS:
        raise Http404
    plan = the_plan(request, public_id)
    if plan.state == S.REVIEW and to == S.ACTIVE:
        raise Http404
    MACHINE.move_to(plan, to, by=request.user)
    today = clock.today()
    shut = hindrances(plan, today, to)
    asks = _asks(request, plan, to, shut)
    key = f"move_plan:{plan.public_id}:{to}"
    initial: dict[str, Any] = {"version": plan.version, **draft_initial(request, key)}
    if "success_fact" in asks:
        initial.setdefault("success_fact", reached(plan, today))
    label = str(BACK if plan.is_working and to in (S.PLANNING, S.DRAFT) else STEPS[to][0])
    page = FormPage(
        title=label, form=MoveForm(request.POST or None, asks=asks, plan=plan, initial=initial), submit=label,
        company=plan.deal.company, back=plan.get_absolute_url(), event=CHANGED, done=str(STEPS[to][1]), draft=key,
        danger=to == S.CANCELLED, record=plan, template="roadmaps/_move_form.html",
        save=lambda f: move_plan(plan, to=to, by=request.user, **f.said),
        hint=open_comments_hint(plan) if to == S.REVIEW else "",
    )  # fmt: skip
    page.form.shut = shut  # type: ignore[attr-defined]
    page.form.criterion = criterion_words(plan)  # type: ignore[attr-defined]
    return page.answer(request)


def _asks(request: PageRequest, plan: Plan, to: str, shut: list[str]) -> frozenset[str]:
    """What the step needs to hear: reasons of steps back and of the end, what was reached, the lead's word."""
    asks = set()
    if to == S.CANCELLED or (plan.is_working and to in (S.PLANNING, S.DRAFT)):
        asks.add("reason")
    if to == S.COMPLETED:
        asks.add("success_fact")
    if shut and may(request.user, Action.OVERRIDE_GATE, plan):
        asks |= {"overrides", "reason"}
    return frozenset(asks)


@require_http_methods(["GET", "POST"])
def plan_edit(request: PageRequest, public_id: Any) -> HttpResponse:
    """The head: goal, criterion, deadline, day of the presentation (R45)."""
    plan = the_plan(request, public_id)
    check_may_edit(request.user, plan)
    check_not_ended(plan)
    key = f"edit_plan:{plan.public_id}"
    form = HeadForm(request.POST or None, instance=plan, initial=draft_initial(request, key))
    return FormPage(
        title=_("Goal and dates"), form=form, company=plan.deal.company, back=plan.get_absolute_url(),
        done=_("Saved."), event=CHANGED, draft=key, record=plan,
        save=lambda f: update_plan(
            plan, f.values(), by=request.user, version=f.seen_version, reason=f.cleaned_data.get("reason", "")
        ),
    ).answer(request)  # fmt: skip


@require_http_methods(["GET", "POST"])
def plan_upgrade(request: PageRequest, public_id: Any) -> HttpResponse:
    """An action plan becomes a roadmap; its tasks and its head stay (R43)."""
    plan = the_plan(request, public_id)
    check_may_edit(request.user, plan)
    key = f"upgrade_plan:{plan.public_id}"
    form = UpgradeForm(request.POST or None, initial={"version": plan.version, **draft_initial(request, key)})
    return FormPage(
        title=_("Make it a roadmap"), form=form, company=plan.deal.company, back=plan.get_absolute_url(), event=CHANGED,
        done=_("This is a roadmap now: first the facts."), submit=_("Make it a roadmap"), draft=key,
        hint=_("Goal, criterion, deadline and tasks stay. Work on the tasks rests until the facts are checked and the roadmap is started."),
        record=plan,
        save=lambda f: upgrade_plan(
            plan, by=request.user, version=f.cleaned_data["version"], reason=f.cleaned_data["reason"]
        ),
    ).answer(request)  # fmt: skip


@require_POST
def plan_check(request: PageRequest, public_id: Any) -> HttpResponse:
    """«Проверять этот план»: the lead wants to see it before it starts, or lets it go (R79)."""
    plan = the_plan(request, public_id)
    needed = request.POST.get("needed") == "1"
    require_review(plan, by=request.user, needed=needed, version=number_sent(request.POST, "version"))
    text = (
        _("The plan starts after your approval.") if needed else _("The plan starts without your approval.")
    )
    return done(request, text, back=plan.get_absolute_url(), event=CHANGED)
