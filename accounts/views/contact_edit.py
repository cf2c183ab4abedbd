"""Forms over a person of the client: add, edit, roles, strength, links, leaving, anonymising."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import may
from accounts.forms.company import ReasonForm
from accounts.forms.contact import ContactForm, ContactRoleForm, LeftForm, LinkForm, StrengthForm
from accounts.models import Company, Contact, ContactLink, ContactRole
from accounts.queries import similar_contacts
from accounts.services.anonymisation import anonymise_contact
from accounts.services.contact_roles import (
    end_contact_role,
    link_contacts,
    save_contact_role,
    set_strength,
    unlink_contacts,
)
from accounts.services.contacts import add_contact, mark_contact_left, update_contact
from accounts.views.company_edit import the_company
from accounts.views.forms import FormPage, draft_initial
from upsell_crm.core.errors import NotAllowed
from upsell_crm.core.htmx import done
from upsell_crm.core.http import PageRequest
from upsell_crm.core.roles import Action


def the_contact(request: PageRequest, public_id: Any) -> Contact:
    """A person of a company that is open to the visitor (else 404), whom he may edit (else NotAllowed)."""
    companies = Company.objects.visible_to(request.user)
    people = Contact.objects.select_related("company", "department").filter(company__in=companies)
    contact = get_object_or_404(people, public_id=public_id)
    if not may(request.user, Action.EDIT_CONTACTS, contact.company):
        raise NotAllowed("not_allowed", _("You may not change the contacts of this company."))
    return contact


def _back(company: Company) -> str:
    return f"{company.get_absolute_url()}contacts/"


def new_contact(request: PageRequest, public_id: Any) -> HttpResponse:
    """A new person with a role in one save; `?role=dm` chooses it beforehand."""
    company = the_company(request, public_id, Action.EDIT_CONTACTS)
    key = f"contact:new:{company.public_id}"
    form = ContactForm(
        request.POST or None, instance=Contact(company=company), company=company, may_see_reach=True,
        initial={"role": request.GET.get("role", ""), **draft_initial(request, key)},
    )  # fmt: skip
    return FormPage(
        title=_("New contact"), form=form, company=company, draft=key, done=_("The contact is added."),
        back=_back(company), template="accounts/_contact_form.html", save=lambda f: _add(request, company, f),
    ).answer(request)  # fmt: skip


def _add(request: PageRequest, company: Company, form: ContactForm) -> None:
    contact = add_contact(company, by=request.user, **form.values())
    if role := form.cleaned_data.get("role"):
        save_contact_role(contact, role, by=request.user)


def edit_contact(request: PageRequest, public_id: Any) -> HttpResponse:
    """What is known of the person."""
    contact = the_contact(request, public_id)
    key = f"contact:{contact.public_id}"
    form = ContactForm(
        request.POST or None, instance=contact, company=contact.company, initial=draft_initial(request, key),
        may_see_reach=may(request.user, Action.SEE_CONTACTS, contact.company),
    )  # fmt: skip
    return FormPage(
        title=str(contact), form=form, company=contact.company, draft=key, done=_("Saved."), back=_back(contact.company),
        save=lambda f: update_contact(
            contact, {n: v for n, v in f.values().items() if n in f.fields}, by=request.user, version=f.seen_version
        ),
        record=contact,
    ).answer(request)  # fmt: skip


def similar(request: PageRequest, public_id: Any) -> HttpResponse:
    """A hint while a new person is typed: somebody like that is known already."""
    company = the_company(request, public_id, Action.EDIT_CONTACTS)
    found = similar_contacts(
        company.pk, last_name=request.GET.get("last_name", ""), phone=request.GET.get("phone", ""),
        email=request.GET.get("email", ""),
    )  # fmt: skip
    return render(request, "accounts/_similar_contacts.html", {"found": found})


def contact_role(request: PageRequest, public_id: Any) -> HttpResponse:
    """A role in the decision with influence and attitude; the same role again changes it."""
    contact = the_contact(request, public_id)
    asked = request.GET.get("role", "")
    known = contact.roles.filter(role=asked, valid_to=None).first() if asked else None
    form = ContactRoleForm(
        request.POST or None, instance=known or ContactRole(contact=contact, company=contact.company)
    )
    # the same role again is a change, not a repetition
    form._post_clean = lambda: None  # type: ignore[attr-defined]
    return FormPage(
        title=_("Role of %(name)s") % {"name": contact.short_name}, form=form, company=contact.company,
        done=_("The role is saved."), back=_back(contact.company),
        save=lambda f: save_contact_role(contact, by=request.user, **f.cleaned_data),
    ).answer(request)  # fmt: skip


@require_POST
def end_role(request: PageRequest, public_id: Any) -> HttpResponse:
    """The person does not play this role any more."""
    companies = Company.objects.visible_to(request.user)
    role = get_object_or_404(
        ContactRole.objects.select_related("company", "contact"), company__in=companies, public_id=public_id
    )
    end_contact_role(role, by=request.user)
    return done(request, _("The role is ended."), back=_back(role.company), event="company:changed")


def contact_strength(request: PageRequest, public_id: Any) -> HttpResponse:
    """How well a colleague knows the person, by hand."""
    contact = the_contact(request, public_id)
    own = contact.strengths.filter(user=request.user).first()
    form = StrengthForm(
        request.POST or None, initial={"user": request.user.pk, "level": own.level if own else 3}
    )
    return FormPage(
        title=_("Who knows %(name)s") % {"name": contact.short_name}, form=form, company=contact.company,
        done=_("Saved."), back=_back(contact.company),
        hint=_("By hand; the calculation from communications will not overwrite it."),
        save=lambda f: set_strength(contact, by=request.user, **f.cleaned_data),
    ).answer(request)  # fmt: skip


def contact_link(request: PageRequest, public_id: Any) -> HttpResponse:
    """A line of the map."""
    contact = the_contact(request, public_id)
    form = LinkForm(request.POST or None, contact=contact)
    return FormPage(
        title=_("Relation of %(name)s") % {"name": contact.short_name}, form=form, company=contact.company,
        done=_("The relation is on the map."), back=_back(contact.company),
        save=lambda f: link_contacts(contact, f.cleaned_data["to_contact"], f.cleaned_data["kind"], by=request.user),
        hint=str(contact),
    ).answer(request)  # fmt: skip


@require_POST
def remove_link(request: PageRequest, pk: int) -> HttpResponse:
    """Take a line off the map."""
    companies = Company.objects.visible_to(request.user)
    links = ContactLink.objects.select_related("from_contact__company")
    link = get_object_or_404(links, from_contact__company__in=companies, pk=pk)
    unlink_contacts(link, by=request.user)
    return done(
        request, _("The relation is removed."), back=_back(link.from_contact.company), event="company:changed"
    )


def left(request: PageRequest, public_id: Any) -> HttpResponse:
    """The person has left the client."""
    contact = the_contact(request, public_id)
    form = LeftForm(request.POST or None, user=request.user, initial={"version": contact.version})
    return FormPage(
        title=_("%(name)s has left") % {"name": contact.short_name}, form=form, company=contact.company,
        done=_("Marked as left. Find out who decides now."), back=_back(contact.company), submit=_("Has left"),
        hint=_("Roles end on that day; communications stay in the history of the client."),
        save=lambda f: mark_contact_left(
            contact, left_on=f.cleaned_data["left_on"], moved_to=f.cleaned_data["moved_to"], by=request.user,
            version=f.cleaned_data["version"],
        ),
    ).answer(request)  # fmt: skip


def anonymise(request: PageRequest, public_id: Any) -> HttpResponse:
    """At the person's request, for good (R102)."""
    contact = the_contact(request, public_id)
    form = ReasonForm(request.POST or None, initial={"version": contact.version})
    return FormPage(
        title=_("Anonymise %(name)s") % {"name": contact.short_name}, form=form, company=contact.company, danger=True,
        submit=_("Anonymise for good"), done=_("The person is anonymised."), back=_back(contact.company),
        hint=_("The name, phone and e-mail disappear from everywhere, the history included. This cannot be undone."),
        save=lambda f: anonymise_contact(
            contact, reason=f.cleaned_data["reason"], by=request.user, version=f.cleaned_data["version"]
        ),
    ).answer(request)  # fmt: skip
