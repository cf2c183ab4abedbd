"""Forms over a client company: create, edit, one field in place, KAM, key mark, archive, size of the client."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import may
from accounts.forms.base import shown
from accounts.forms.company import (
    AssignKamForm,
    CompanyForm,
    CourtLoadForm,
    DepartmentForm,
    EstimateForm,
    ReasonForm,
    RevenueForm,
)
from accounts.models import Company, CompanyYear, CourtLoad, Department
from accounts.services.companies import (
    BASE_FIELDS,
    REQUISITES,
    archive_company,
    assign_kam,
    create_company,
    mark_key,
    restore_company,
    update_company,
)
from accounts.services.profile import save_court_load, save_department, save_estimate, save_revenue
from accounts.views.forms import FormPage
from upsell_crm.core.access import require
from upsell_crm.core.errors import DomainError, NotAllowed, Stale
from upsell_crm.core.htmx import done
from upsell_crm.core.http import PageRequest
from upsell_crm.core.roles import Action

INLINE = frozenset({"regime", "industry", "region", "city", "headcount", "short_name"})


def the_company(request: PageRequest, public_id: Any, action: Action | None = None) -> Company:
    """A company that this person may see (else 404) and on which he may do `action` (else NotAllowed)."""
    companies = Company.objects.visible_to(request.user).select_related("owner_kam", "team", "parent")
    company = get_object_or_404(companies, public_id=public_id)
    if action and not may(request.user, action, company):
        raise NotAllowed(
            "not_allowed", _("Your role does not include this: %(what)s.") % {"what": action.label}
        )
    return company


def create_new(request: PageRequest) -> HttpResponse:
    """A new client."""
    require(request.user, Action.EDIT_COMPANY)
    form = CompanyForm(request.POST or None, instance=Company(), user=request.user)
    created: list[Company] = []
    page = FormPage(
        title=_("New company"), form=form, done=_("The company is added."), back=reverse("accounts:company_list"),
        save=lambda f: created.append(create_company(by=request.user, **f.values())),
    )  # fmt: skip
    answer = page.answer(request)
    if created:
        return _to_card(request, created[0])
    return answer


def _to_card(request: PageRequest, company: Company) -> HttpResponse:
    """The new card opens, by htmx or by a redirect."""
    response = done(request, _("The company is added."), back=company.get_absolute_url())
    if request.htmx:
        response["HX-Redirect"] = company.get_absolute_url()
    return response


def edit_company(request: PageRequest, public_id: Any) -> HttpResponse:
    """Base data and requisites; BackOffice corrects requisites only (§3)."""
    company = the_company(request, public_id)
    user = request.user
    only = BASE_FIELDS | REQUISITES if may(user, Action.EDIT_COMPANY, company) else REQUISITES
    if not may(user, Action.EDIT_REQUISITES, company):
        raise NotAllowed("not_allowed", _("You may not change the data of this company."))
    form = CompanyForm(request.POST or None, instance=company, user=user, only=only)
    return FormPage(
        title=_("Edit the company"), form=form, company=company, done=_("Saved."), back=company.get_absolute_url(),
        save=lambda f: update_company(company, f.values(), by=user, version=f.seen_version),
        record=company,
    ).answer(request)  # fmt: skip


def company_field(request: PageRequest, public_id: Any, name: str) -> HttpResponse:
    """One simple field in its place: GET the form, POST saves, `?show=1` takes the typing back."""
    if name not in INLINE:
        raise Http404
    company = the_company(request, public_id, Action.EDIT_COMPANY)
    form = CompanyForm(request.POST or None, instance=company, user=request.user, only=frozenset({name}))
    conflict = None
    if request.method == "POST" and form.is_valid():
        try:
            update_company(company, form.values(), by=request.user, version=form.seen_version)
            return _shown_field(request, company, name)
        except Stale:
            stored = Company.objects.get(pk=company.pk)
            conflict = next(iter(form.conflicts(stored)), None)
            form.data = {**form.data.dict(), "version": stored.version}  # type: ignore[attr-defined]
        except DomainError as problem:
            form.add_error(name if name in problem.errors else None, str(problem.message))
    elif "show" in request.GET:
        return _shown_field(request, company, name)
    form.fields[name].widget.attrs |= {"class": "input", "autofocus": True, "id": f"inline-{name}"}
    context = {"company": company, "name": name, "form": form, "bound": form[name], "conflict": conflict}
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/_inline_form.html", context, status=status)


def _shown_field(request: PageRequest, company: Company, name: str) -> HttpResponse:
    value = shown(company, name)
    context = {"company": company, "name": name, "value": value, "rights": {"edit_company": True}}
    return render(request, "accounts/_inline.html", context)


@require_POST
def key_mark(request: PageRequest, public_id: Any) -> HttpResponse:
    """The lead's star."""
    company = the_company(request, public_id)
    is_key = request.POST.get("is_key") == "1"
    mark_key(company, is_key, by=request.user)
    text = _("Now a key client.") if is_key else _("An ordinary client again.")
    return done(request, text, back=company.get_absolute_url(), event="company:changed")


def change_kam(request: PageRequest, public_id: Any) -> HttpResponse:
    """Another responsible KAM, with the reason."""
    company = the_company(request, public_id, Action.ASSIGN_KAM)
    form = AssignKamForm(
        request.POST or None, initial={"version": company.version, "kam": company.owner_kam_id}
    )
    return FormPage(
        title=_("Change the responsible KAM"), form=form, company=company, done=_("The KAM is changed."),
        back=company.get_absolute_url(), hint=_("The client joins the team of the new KAM. The reason stays in history."),
        save=lambda f: assign_kam(
            company, f.cleaned_data["kam"], reason=f.cleaned_data["reason"], by=request.user,
            version=f.cleaned_data["version"],
        ),
    ).answer(request)  # fmt: skip


def archive(request: PageRequest, public_id: Any) -> HttpResponse:
    """Out of the lists, with the reason."""
    company = the_company(request, public_id, Action.ASSIGN_KAM)
    form = ReasonForm(request.POST or None, initial={"version": company.version})
    return FormPage(
        title=_("Archive the company"), form=form, company=company, submit=_("Archive"), danger=True,
        done=_("The company is archived."), back=company.get_absolute_url(),
        hint=_("It leaves lists and the ranking; nothing is deleted, and it can be restored."),
        save=lambda f: archive_company(
            company, reason=f.cleaned_data["reason"], by=request.user, version=f.cleaned_data["version"]
        ),
    ).answer(request)  # fmt: skip


@require_POST
def restore(request: PageRequest, public_id: Any) -> HttpResponse:
    """Back from the archive."""
    company = the_company(request, public_id)
    restore_company(company, by=request.user)
    return done(
        request,
        _("The company is back in the lists."),
        back=company.get_absolute_url(),
        event="company:changed",
    )


def revenue(request: PageRequest, public_id: Any) -> HttpResponse:
    """Revenue of one year (R7)."""
    company = the_company(request, public_id, Action.EDIT_COMPANY)
    form = RevenueForm(request.POST or None, instance=CompanyYear(company=company))
    known = ", ".join(str(row.year) for row in company.years.all()[:5])
    hint = (
        _("Years that are known: %(years)s. The same year again replaces its value.") % {"years": known}
        if known
        else ""
    )
    return FormPage(
        title=_("Revenue of a year"), form=_one_by_one(form), company=company, hint=hint, done=_("Saved."),
        back=company.get_absolute_url(),
        save=lambda f: save_revenue(company, by=request.user, **f.cleaned_data),
    ).answer(request)  # fmt: skip


def court_load(request: PageRequest, public_id: Any) -> HttpResponse:
    """Court load as of a day (R8)."""
    company = the_company(request, public_id, Action.EDIT_COMPANY)
    form = CourtLoadForm(request.POST or None, instance=CourtLoad(company=company))
    return FormPage(
        title=_("Court load"), form=_one_by_one(form), company=company, done=_("Saved."), back=company.get_absolute_url(),
        hint=_("A case has one role: the three parts add up to the total at most."),
        save=lambda f: save_court_load(company, by=request.user, **f.cleaned_data),
    ).answer(request)  # fmt: skip


def department(request: PageRequest, public_id: Any) -> HttpResponse:
    """A new department, or one of the company's by `?department=` (R12)."""
    company = the_company(request, public_id, Action.EDIT_COMPANY)
    asked = request.GET.get("department", "")
    known = get_object_or_404(Department, company=company, pk=asked) if asked.isdigit() else None
    form = DepartmentForm(request.POST or None, instance=known or Department(company=company))
    return FormPage(
        title=_("Department"), form=_one_by_one(form), company=company, done=_("Saved."), back=company.get_absolute_url(),
        save=lambda f: save_department(company, by=request.user, department=known, **f.cleaned_data),
    ).answer(request)  # fmt: skip


def estimate(request: PageRequest, public_id: Any) -> HttpResponse:
    """How many seats the client could use."""
    company = the_company(request, public_id, Action.EDIT_COMPANY)
    form = EstimateForm(request.POST or None, initial={"product": request.GET.get("product")})
    return FormPage(
        title=_("Potential of a product"), form=form, company=company, done=_("Saved."), back=company.get_absolute_url(),
        hint=_("All seats that the client could use, those already bought included. It replaces the calculated number."),
        save=lambda f: save_estimate(company, by=request.user, **f.cleaned_data),
    ).answer(request)  # fmt: skip


def _one_by_one(form: Any) -> Any:
    """Uniqueness is the service's business: the same year or day replaces its row."""
    form.validate_unique = lambda: None
    form._post_clean = lambda: None
    return form
