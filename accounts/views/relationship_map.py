"""The relationship map of a client: picture, the same as a table, gaps with actions (R34, domain.md §2.11, product.md §4.3)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import rights_on
from accounts.enums import LinkKind
from accounts.forms.contact import SuperiorForm
from accounts.map_gaps import gaps_of
from accounts.map_people import drawing_of, read_map, superiors
from accounts.models import ContactLink
from accounts.relationship_map import BOX_HEIGHT
from accounts.services.contact_roles import set_superior
from accounts.views.company_card import card_context, visible_company
from accounts.views.company_edit import the_company
from accounts.views.contact_edit import the_contact
from upsell_crm.core import clock
from upsell_crm.core.errors import DomainError
from upsell_crm.core.htmx import done
from upsell_crm.core.http import PageRequest

FEW = 30  # of so many people each may be chosen as a superior in the table


@require_GET
def company_map(request: PageRequest, public_id: Any) -> HttpResponse:
    """The map as a page of the card, also for paper; it comes by its slot."""
    company = visible_company(request, public_id)
    return render(
        request, "accounts/company_map.html", card_context(request, company, "accounts:company_contacts")
    )


@require_GET
def contact_map(request: PageRequest, public_id: Any) -> HttpResponse:
    """The slot: gaps, picture, table."""
    company = the_company(request, public_id)
    rights = rights_on(request.user, company)
    facts = read_map(company, clock.today())
    drawing, placed = drawing_of(facts)
    above = superiors(facts)
    context = {
        "company": company, "rights": rights, "facts": facts, "drawing": drawing, "placed": placed,
        "box_height": BOX_HEIGHT, "gaps": gaps_of(company, facts), "kinds": LinkKind,
        "may_link": rights["edit_contacts"] and len(facts.people) <= FEW,
        "rows": [(person, above.get(person.contact.pk), _lines_of(person, facts.links)) for person in facts.people],
    }  # fmt: skip
    return render(request, "accounts/_contact_map.html", context)


@require_POST
def superior(request: PageRequest, public_id: Any) -> HttpResponse:
    """«Подчиняется …» by one choice; `?superior=` takes it back to what it was."""
    contact = the_contact(request, public_id)
    asked = request.POST if "superior" in request.POST else request.GET
    form = SuperiorForm(asked, contact=contact)
    if not form.is_valid():
        raise DomainError("no_such_colleague", _("Choose a person who works at this client."))
    before = ContactLink.objects.filter(from_contact=contact, kind=LinkKind.REPORTS_TO).first()
    set_superior(contact, form.cleaned_data["superior"], by=request.user)
    undo = f"{request.path}?superior={before.to_contact_id if before else ''}"
    back = f"{contact.company.get_absolute_url()}contacts/map/page/"
    return done(request, _("The relation is on the map."), back=back, event="company:changed", undo=undo)


def _lines_of(person: Any, links: list[ContactLink]) -> list[ContactLink]:
    """Relations of a person but for his superior."""
    return [
        one for one in links if one.from_contact_id == person.contact.pk and one.kind != LinkKind.REPORTS_TO
    ]
