"""The steps of one handover, each a service with its words: buttons, and forms over the page."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.services.promises import check_may_log
from accounts.views.forms import FormPage, draft_initial
from deals.enums import HandoverState
from deals.forms.handover import CompleteForm, EndForm, HandoverForm, IntroForm, ItemForm, ModeForm
from deals.handover_machine import MACHINE
from deals.models import Handover, HandoverItem
from deals.services.handover_intro import (
    check_may_plan,
    complete_handover,
    plan_introduction,
    tasks_that_move,
)
from deals.services.handover_items import accept_item, check_may_fill, fill_item
from deals.services.handovers import (
    accept_handover,
    cancel_handover,
    change_mode,
    check_may_change_mode,
    deals_that_move,
    decline_handover,
    propose_handover,
)
from deals.views.handovers import the_handover
from upsell_crm.core.htmx import done
from upsell_crm.core.http import PageRequest, number_sent

CHANGED = "handover:changed"


@require_POST
def propose(request: PageRequest, public_id: Any) -> HttpResponse:
    """The old KAM or the lead: to the new KAM, please."""
    handover = the_handover(request, public_id)
    propose_handover(handover, by=request.user, version=number_sent(request.POST, "version"))
    return _answer(request, handover, _("Proposed. The new KAM sees it in «My day»."))


@require_POST
def accept(request: PageRequest, public_id: Any) -> HttpResponse:
    """The new KAM: I take it."""
    handover = the_handover(request, public_id)
    accept_handover(handover, by=request.user, version=number_sent(request.POST, "version"))
    return _answer(request, handover, _("Accepted. You work with the client together until it is completed."))


@require_http_methods(["GET", "POST"])
def decline(request: PageRequest, public_id: Any) -> HttpResponse:
    """The new KAM: no, because."""
    handover = the_handover(request, public_id)
    MACHINE.move_to(handover, HandoverState.DECLINED, by=request.user)
    return _end(request, handover, decline_handover, _("Decline the handover"), _("Declined."))


@require_http_methods(["GET", "POST"])
def cancel(request: PageRequest, public_id: Any) -> HttpResponse:
    """The lead, or the old KAM while it is a draft: it does not happen."""
    handover = the_handover(request, public_id)
    MACHINE.move_to(handover, HandoverState.CANCELLED, by=request.user)
    return _end(request, handover, cancel_handover, _("Cancel the handover"), _("Cancelled."))


@require_http_methods(["GET", "POST"])
def intro_mode(request: PageRequest, public_id: Any) -> HttpResponse:
    """Another way of introduction."""
    handover = the_handover(request, public_id)
    check_may_change_mode(request.user, handover)
    return _page(
        request, handover, ModeForm, _("Way of introduction"), _("Changed."),
        lambda f: change_mode(
            handover, by=request.user, mode=f.cleaned_data["mode"], mode_reason=f.cleaned_data["mode_reason"],
            version=f.cleaned_data["version"],
        ),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def introduction(request: PageRequest, public_id: Any) -> HttpResponse:
    """The meeting (or letter) by which the client meets the new KAM."""
    handover = the_handover(request, public_id)
    check_may_plan(request.user, handover)
    check_may_log(request.user, handover.company)
    return _page(
        request, handover, IntroForm, _("Plan the introduction"), _("It stands in the calendar of both KAMs."),
        lambda f: plan_introduction(
            handover, by=request.user, starts_at=f.cleaned_data["starts_at"], kind=f.cleaned_data["kind"],
            contacts=list(f.cleaned_data["contacts"]), version=f.cleaned_data["version"],
        ),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def complete(request: PageRequest, public_id: Any) -> HttpResponse:
    """The last look at what moves; then everything moves at once."""
    handover = the_handover(request, public_id)
    MACHINE.move_to(handover, HandoverState.COMPLETED, by=request.user)
    deals, tasks = len(deals_that_move(handover)), tasks_that_move(handover).count()
    what = [
        ngettext("%(n)d open deal", "%(n)d open deals", deals) % {"n": deals},
        ngettext("%(n)d open task", "%(n)d open tasks", tasks) % {"n": tasks},
    ]
    hint = _("To %(who)s go: %(what)s. The history keeps both names.") % {
        "who": handover.to_user, "what": ", ".join(what),
    }  # fmt: skip
    return _page(
        request, handover, CompleteForm, _("Complete the handover"), _("Completed. Everything is with the new KAM."),
        lambda f: complete_handover(
            handover, by=request.user, version=f.cleaned_data["version"],
            keep=list(f.cleaned_data.get("keep", [])), introduced_how=f.cleaned_data.get("introduced_how", ""),
        ),
        hint=hint,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def item_fill(request: PageRequest, public_id: Any, code: str) -> HttpResponse:
    """One line of the checklist, by the old KAM or his lead; the draft is kept."""
    handover = the_handover(request, public_id)
    item = _item(handover, code)
    check_may_fill(request.user, handover)
    key = f"handover-item-{item.pk}"
    form = ItemForm(request.POST or None, item=item, initial=draft_initial(request, key))
    return FormPage(
        title=item.text, form=form, done=_("Saved."), back=handover.get_absolute_url(), company=handover.company,
        draft=key, event=CHANGED,
        save=lambda f: fill_item(
            item, text=f.cleaned_data["filled"], by=request.user, revision=f.cleaned_data["revision"]
        ),
    ).answer(request)  # fmt: skip


@require_POST
def item_accept(request: PageRequest, public_id: Any, code: str) -> HttpResponse:
    """The new KAM has understood this line."""
    handover = the_handover(request, public_id)
    accept_item(_item(handover, code), by=request.user, revision=number_sent(request.POST, "revision"))
    return _answer(request, handover, _("Accepted."))


def _item(handover: Handover, code: str) -> HandoverItem:
    return get_object_or_404(handover.items.select_related("handover__company"), code=code)


def _end(
    request: PageRequest, handover: Handover, service: Callable[..., Handover], title: str, words: str
) -> HttpResponse:
    return _page(
        request, handover, EndForm, title, words,
        lambda f: service(
            handover, by=request.user, reason=f.cleaned_data["reason"], version=f.cleaned_data["version"]
        ),
        danger=True,
    )  # fmt: skip


def _page(
    request: PageRequest, handover: Handover, kind: type[HandoverForm], title: str, words: str,
    save: Callable[[Any], Any], **options: Any,
) -> HttpResponse:  # fmt: skip
    """A form over the page, with a draft of its own."""
    key = f"handover-{kind.__name__.lower()}-{handover.public_id}"
    form = kind(request.POST or None, handover=handover, initial=draft_initial(request, key))
    return FormPage(
        title=title, form=form, done=words, back=handover.get_absolute_url(), company=handover.company, draft=key,
        event=CHANGED, submit=title, save=save, **options,
    ).answer(request)  # fmt: skip


def _answer(request: PageRequest, handover: Handover, words: str) -> HttpResponse:
    return done(request, words, back=handover.get_absolute_url(), event=CHANGED)
