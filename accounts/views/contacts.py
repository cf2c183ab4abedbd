"""The tab «Контакты»: the people of a client, who decides, who knows them, who influences whom (R34)."""

from typing import Any

from django import forms
from django.db.models import Exists, Max, OuterRef, Prefetch
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts.enums import ContactState, DecisionRole
from accounts.models import Contact, ContactRole, ContactStrength
from accounts.models.contact import ContactQuerySet
from accounts.views.company_card import card_context, visible_company
from upsell_crm.core import audit, clock
from upsell_crm.core.http import PageRequest
from upsell_crm.core.models import User
from upsell_crm.core.paging import paginate

STATES = [("", _("work here")), ("left", _("have left")), ("all", _("everybody"))]


class ContactFilter(forms.Form):
    """By words, role and state."""

    q = forms.CharField(label=_("Name or position"), required=False, max_length=100)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("all")), *DecisionRole.choices])
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)

    def narrow(self, contacts: ContactQuerySet, *, may_see_reach: bool) -> ContactQuerySet:
        """Phones and e-mails are searched only by who may see them."""
        self.is_valid()
        chosen = self.cleaned_data
        contacts = {"left": contacts.filter(state=ContactState.LEFT), "all": contacts}.get(
            chosen.get("state") or "", contacts.working()
        )
        if words := chosen.get("q"):
            contacts = contacts.matching(words) if may_see_reach else contacts.matching_name(words)
        if role := chosen.get("role"):
            roles = ContactRole.objects.filter(contact=OuterRef("pk"), role=role, valid_to=None)
            contacts = contacts.filter(Exists(roles))
        return contacts


def company_contacts(request: PageRequest, public_id: Any) -> HttpResponse:
    """The list; a view of phones is logged like an export (§3)."""
    company = visible_company(request, public_id)
    context = card_context(request, company, "accounts:company_contacts")
    may_see_reach = context["rights"]["see_contacts"]
    chosen = ContactFilter(request.GET)
    contacts = chosen.narrow(
        _with_relations(Contact.objects.filter(company=company)), may_see_reach=may_see_reach
    )
    page = paginate(contacts, request.GET, order=("last_name", "first_name", "pk"))
    shown = _open_reach(request.user, page.rows)
    if shown:
        parameters = {"company": str(company.public_id)}
        audit.log_export(by=request.user, kind="contact_list", rows=shown, parameters=parameters)
    context |= {"page": page, "filter": chosen, "today": clock.today(), "shows_reach": bool(shown)}
    return render(request, "accounts/company_contacts.html", context)


def _open_reach(user: User, people: list[Any]) -> int:
    """Marks each person whose phone and e-mail this visitor may see (all, or key ЛПР of his deal); how many."""
    seen = Contact.objects.visible_to(user).filter(pk__in=[person.pk for person in people]).order_by()
    is_open = set(seen.values_list("pk", flat=True))
    for person in people:
        person.shows_reach = person.pk in is_open
    return len(is_open)


def _with_relations(contacts: ContactQuerySet) -> ContactQuerySet:
    roles = ContactRole.objects.filter(valid_to=None).select_related("product")
    strengths = ContactStrength.objects.select_related("user").order_by("-level", "-last_two_way_on", "pk")
    return (
        contacts.select_related("department", "moved_to")
        .prefetch_related(
            Prefetch("roles", roles, to_attr="present_roles"),
            Prefetch("strengths", strengths, to_attr="known_by"),
        )
        .annotate(last_talk=Max("strengths__last_two_way_on"))
    )
