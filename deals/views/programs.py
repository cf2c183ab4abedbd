"""Pages of a holding programme: the whole, its summary on the deal, «кто что делает», the matrix of a holding."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.views.company_edit import the_company
from deals.models import HoldingProgram
from deals.program_facts import ProgramFacts
from deals.program_machine import obstacle
from deals.program_page import COLUMNS, duties_of, head_lines, matrix_context, page_of, strip_of
from upsell_crm.core import clock
from upsell_crm.core.http import PageRequest


def the_program(request: PageRequest, public_id: Any) -> HoldingProgram:
    """The programme of a deal that this person may open; 404 otherwise."""
    programs = HoldingProgram.objects.visible_to(request.user).select_related(
        "deal__company", "deal__responsible_kam", "deal__team"
    )
    return get_object_or_404(programs, deal__public_id=public_id)


@require_GET
def program_detail(request: PageRequest, public_id: Any) -> HttpResponse:
    """Gates, key people, consents, mechanics, matrix and conflicts on one page."""
    program = the_program(request, public_id)
    return render(request, "deals/program_detail.html", page_of(program, request.user, clock.today()))


@require_GET
def program_summary(request: PageRequest, public_id: Any) -> HttpResponse:
    """The slot of the deal page: where the programme stands and what is in the way."""
    program = the_program(request, public_id)
    known = ProgramFacts(program, clock.today())
    context = {"program": program, "deal": program.deal, "known": known, "strip": strip_of(known),
               "obstacle": obstacle(program, known)}  # fmt: skip
    return render(request, "deals/_program_summary.html", context)


@require_GET
def program_sheet(request: PageRequest, public_id: Any) -> HttpResponse:
    """«Кто что делает» on paper."""
    program = the_program(request, public_id)
    known = ProgramFacts(program, clock.today())
    context = {"program": program, "deal": program.deal, "known": known, "duties": duties_of(known),
               "columns": COLUMNS, "head_lines": head_lines(known), "today": clock.today()}  # fmt: skip
    return render(request, "deals/program_sheet.html", context)


@require_GET
def company_matrix(request: PageRequest, public_id: Any) -> HttpResponse:
    """The slot of a head's card: ДЗО × product; empty for a company without a holding."""
    company = the_company(request, public_id)
    context = matrix_context(company, request.user, clock.today())
    if not context:
        return HttpResponse()
    return render(request, "deals/_company_matrix.html", {"company": company, **context})
