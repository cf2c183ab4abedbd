"""Forms over one client who waits for a feature: asked, corrected, answered, told, not waiting any more (R23, R25)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.feature_queries import catalogue
from accounts.forms.company import ReasonForm
from accounts.forms.feature import AnswerForm, WaitEditForm, WaitForm
from accounts.models import FeatureWait
from accounts.services.feature_waits import (
    answer_wait,
    check_may_wait,
    drop_wait,
    edit_wait,
    tell_wait,
    wait_for_title,
)
from accounts.services.promises import check_may_log
from accounts.views.company_edit import the_company
from accounts.views.features import CHANGED
from accounts.views.forms import FormPage, draft_initial
from upsell_crm.core.htmx import done
from upsell_crm.core.http import PageRequest


@require_http_methods(["GET", "POST"])
def wait_new(request: PageRequest, public_id: Any) -> HttpResponse:
    """The client waits for a feature."""
    company = the_company(request, public_id)
    check_may_wait(request.user, company)
    key = f"wait:new:{company.public_id}"
    form = WaitForm(request.POST or None, company=company, initial=draft_initial(request, key))
    form.catalogue = catalogue()  # type: ignore[attr-defined]
    return FormPage(
        title=_("Waits for a feature"), form=form, company=company, draft=key, done=_("Written down."), event=CHANGED,
        back=f"{company.get_absolute_url()}waits/", template="accounts/_wait_form.html",
        save=lambda f: _add(request, company, f),
    ).answer(request)  # fmt: skip


def _add(request: PageRequest, company: Any, form: WaitForm) -> None:
    said = dict(form.cleaned_data)
    wait_for_title(company, said.pop("feature"), by=request.user, **said)


@require_http_methods(["GET", "POST"])
def wait_edit(request: PageRequest, public_id: Any) -> HttpResponse:
    """Correct the words, the person, the importance."""
    wait = the_wait(request, public_id)
    check_may_wait(request.user, wait.company)
    key = f"wait:{wait.public_id}"
    form = WaitEditForm(request.POST or None, instance=wait, initial=draft_initial(request, key))
    return FormPage(
        title=str(wait.feature), form=form, company=wait.company, draft=key, done=_("Saved."), event=CHANGED,
        back=_back(wait), record=wait,
        save=lambda f: edit_wait(wait, by=request.user, version=f.seen_version, **f.values()),
    ).answer(request)  # fmt: skip


@require_http_methods(["GET", "POST"])
def wait_answer(request: PageRequest, public_id: Any) -> HttpResponse:
    """The feature was shown, and what the client said."""
    wait = the_wait(request, public_id)
    check_may_log(request.user, wait.company)
    return FormPage(
        title=_("Response: %s") % wait.feature, form=AnswerForm(request.POST or None, wait=wait), company=wait.company,
        done=_("The response is written down."), event=CHANGED, back=_back(wait),
        record=wait,
        save=lambda f: answer_wait(wait, by=request.user, **f.cleaned_data),
    ).answer(request)  # fmt: skip


@require_POST
def wait_tell(request: PageRequest, public_id: Any) -> HttpResponse:
    """The client knows that it will not come."""
    wait = the_wait(request, public_id)
    tell_wait(wait, by=request.user)
    return done(request, _("Written down: the client knows."), back=_back(wait), event=CHANGED)


@require_http_methods(["GET", "POST"])
def wait_drop(request: PageRequest, public_id: Any) -> HttpResponse:
    """The client does not wait any more: a reason instead of an undo, since the row is gone."""
    wait = the_wait(request, public_id)
    check_may_wait(request.user, wait.company)
    return FormPage(
        title=_("Does not wait any more: %s") % wait.feature, form=ReasonForm(request.POST or None), company=wait.company,
        done=_("The client does not wait for it any more."), back=_back(wait), event=CHANGED, danger=True,
        submit=_("Does not wait any more"), save=lambda f: drop_wait(wait, by=request.user, reason=f.cleaned_data["reason"]),
    ).answer(request)  # fmt: skip


def the_wait(request: PageRequest, public_id: Any) -> FeatureWait:
    """A wait of a client whom this person may see, else 404."""
    seen = FeatureWait.objects.visible_to(request.user)
    return get_object_or_404(
        seen.select_related("feature__product", "company__team", "contact"), public_id=public_id
    )


def _back(wait: FeatureWait) -> str:
    return f"{wait.company.get_absolute_url()}waits/"
