"""Steps of a holding programme: moves, overrides of gates, what key ЛПР think, consents."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.views.forms import FormPage, draft_initial
from deals.access import may
from deals.enums import ProgramState, ValueState
from deals.forms.program import (
    ConsentForm,
    GiveConsentForm,
    MoveForm,
    QuickValueForm,
    ReasonForm,
    ValueForm,
)
from deals.models import DzoConsent, HoldingProgram, KeyDmValue
from deals.program_machine import MACHINE
from deals.services.consents import draft_consent, give_consent, revoke_consent, update_consent
from deals.services.programs import OVERRIDES, check_may_keep, move_program, override_gate, set_value
from deals.views.programs import the_program
from upsell_crm.core import clock
from upsell_crm.core.errors import DomainError, IllegalTransition, NotAllowed
from upsell_crm.core.htmx import done
from upsell_crm.core.http import PageRequest
from upsell_crm.core.roles import Action

CHANGED = "program:changed"


def page_of(program: HoldingProgram) -> str:
    """The address of the programme."""
    return reverse("deals:program_detail", args=[program.deal.public_id])


@require_http_methods(["GET", "POST"])
def move(request: PageRequest, public_id: Any, to: str) -> HttpResponse:
    """One step of the road; the panel says what is in the way."""
    program = the_program(request, public_id)
    check_may_keep(request.user, program)
    if to not in ProgramState.values:
        raise Http404
    known = [str(step.target) for step in MACHINE.moves_from(program)]
    if to not in known:
        text = _("The programme cannot move there from its present state.")
        raise IllegalTransition("illegal_transition", text, current=program.state, allowed=known)
    key = f"move_program:{program.deal.public_id}:{to}"
    form = MoveForm(request.POST or None, initial={"version": program.version, **draft_initial(request, key)})
    label = ProgramState(to).label
    return FormPage(
        title=_("Next step: %s") % label, form=form, company=program.deal.company, submit=_("Go on"), event=CHANGED,
        done=_("The programme stands at «%s».") % label, back=page_of(program), draft=key,
        record=program,
        save=lambda f: move_program(program, to=to, by=request.user, **f.cleaned_data),
    ).answer(request)  # fmt: skip


@require_http_methods(["GET", "POST"])
def override(request: PageRequest, public_id: Any, opens: str) -> HttpResponse:
    """The lead opens a gate with a reason."""
    program = the_program(request, public_id)
    if not may(request.user, Action.OVERRIDE_GATE, program.deal):
        raise NotAllowed("not_allowed", _("Only the lead overrides a gate."))
    if opens not in OVERRIDES:
        raise Http404
    key = f"override_gate:{program.deal.public_id}:{opens}"
    form = ReasonForm(
        request.POST or None, initial={"version": program.version, **draft_initial(request, key)}
    )
    return FormPage(
        title=_("Open the gate without its condition"), form=form, company=program.deal.company, event=CHANGED,
        submit=_("Open the gate"), done=_("The gate is open; the reason is in history."), back=page_of(program),
        hint=_("Everybody in the project sees the reason."), draft=key, record=program,
        save=lambda f: override_gate(by=request.user, program=program, opens=opens, **f.cleaned_data),
    ).answer(request)  # fmt: skip


@require_POST
def quick_value(request: PageRequest, public_id: Any) -> HttpResponse:
    """One click: what a key ЛПР thinks, with the last meeting as evidence."""
    program = the_program(request, public_id)
    check_may_keep(request.user, program)
    form = QuickValueForm(request.POST, program=program)
    if not form.is_valid():
        raise DomainError("invalid", _("This person is not a key decision-maker of the head organisation."))
    role, state = form.cleaned_data["role"], form.cleaned_data["state"]
    set_value(by=request.user, program=program, role=role, state=state, version=form.cleaned_data["version"])
    text = _("%(who)s: %(what)s.") % {"who": role.contact.short_name, "what": ValueState(state).label}
    return done(request, text, back=page_of(program), event=CHANGED)


@require_http_methods(["GET", "POST"])
def value(request: PageRequest, public_id: Any) -> HttpResponse:
    """The same with a chosen meeting and his own words."""
    row = get_object_or_404(
        KeyDmValue.objects.visible_to(request.user).select_related(
            "program__deal__company", "contact_role__contact", "interaction"
        ),
        public_id=public_id,
    )
    program, role = row.program, row.contact_role
    check_may_keep(request.user, program)
    initial = {
        "state": row.state, "comment": row.comment, "version": row.version,
        "interaction": row.interaction and row.interaction.public_id,
    }  # fmt: skip
    key = f"edit_value:{row.public_id}"
    initial |= draft_initial(request, key)
    form = ValueForm(request.POST or None, contact=role.contact, initial=initial)
    return FormPage(
        title=str(role.contact), form=form, company=program.deal.company, done=_("Saved."), back=page_of(program),
        event=CHANGED, draft=key, record=row,
        save=lambda f: set_value(by=request.user, program=program, role=role, **f.cleaned_data),
    ).answer(request)  # fmt: skip


@require_http_methods(["GET", "POST"])
def new_consent(request: PageRequest, public_id: Any) -> HttpResponse:
    """A draft of what the client will be asked for."""
    program = the_program(request, public_id)
    check_may_keep(request.user, program)
    key = f"draft_consent:{program.deal.public_id}"
    form = ConsentForm(request.POST or None, program=program, initial=draft_initial(request, key))
    return FormPage(
        title=_("Draft of a consent"), form=form, company=program.deal.company, done=_("The draft is saved."),
        back=page_of(program), event=CHANGED, draft=key, save=lambda f: draft_consent(by=request.user, program=program, **_words(f)),
    ).answer(request)  # fmt: skip


@require_http_methods(["GET", "POST"])
def edit_consent(request: PageRequest, public_id: Any) -> HttpResponse:
    """Change a draft."""
    consent = the_consent(request, public_id)
    key = f"edit_consent:{consent.public_id}"
    form = ConsentForm(
        request.POST or None, program=consent.program, consent=consent, initial=draft_initial(request, key)
    )
    return FormPage(
        title=_("Draft of a consent"), form=form, company=consent.program.deal.company, done=_("The draft is saved."),
        back=page_of(consent.program), event=CHANGED, draft=key, record=consent,
        save=lambda f: update_consent(
            by=request.user, consent=consent, version=f.cleaned_data["version"], **_words(f)
        ),
    ).answer(request)  # fmt: skip


@require_http_methods(["GET", "POST"])
def consent_given(request: PageRequest, public_id: Any) -> HttpResponse:
    """The client has approved: the ДЗО open."""
    consent = the_consent(request, public_id)
    initial = {"given_on": clock.today(), "version": consent.version}
    form = GiveConsentForm(request.POST or None, initial=initial)
    return FormPage(
        title=_("The client has given the consent"), form=form, company=consent.program.deal.company, event=CHANGED,
        done=_("The consent is in force: its subsidiaries are open."), back=page_of(consent.program),
        submit=_("The consent is given"), record=consent,
        save=lambda f: give_consent(by=request.user, consent=consent, **f.cleaned_data),
    ).answer(request)  # fmt: skip


@require_http_methods(["GET", "POST"])
def consent_revoked(request: PageRequest, public_id: Any) -> HttpResponse:
    """The client has taken it back, or the draft is dropped."""
    consent = the_consent(request, public_id)
    key = f"revoke_consent:{consent.public_id}"
    form = ReasonForm(
        request.POST or None, initial={"version": consent.version, **draft_initial(request, key)}
    )
    return FormPage(
        title=_("Revoke the consent"), form=form, company=consent.program.deal.company, danger=True, event=CHANGED,
        submit=_("Revoke"), done=_("The consent is revoked: its subsidiaries are closed."), back=page_of(consent.program),
        draft=key,
        record=consent,
        save=lambda f: revoke_consent(by=request.user, consent=consent, **f.cleaned_data),
    ).answer(request)  # fmt: skip


def the_consent(request: PageRequest, public_id: Any) -> DzoConsent:
    """A consent of a programme that this person may open (else 404) and keep (else NotAllowed)."""
    consents = DzoConsent.objects.visible_to(request.user).select_related(
        "program__deal__company", "approved_by", "interaction"
    )
    consent = get_object_or_404(consents, public_id=public_id)
    check_may_keep(request.user, consent.program)
    return consent


def _words(form: ConsentForm) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name != "version"}
