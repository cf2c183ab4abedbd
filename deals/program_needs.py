"""Needs of ДЗО that a programme has gathered, per company (R75)."""

from collections.abc import Iterable

from accounts.enums import Purpose
from accounts.models import Company, Interaction
from deals.models import HoldingProgram


def needs_meetings(program: HoldingProgram, companies: Iterable[Company]) -> dict[int, Interaction]:
    """Company → its last held meeting about needs since the project was opened. One statement."""
    held = Interaction.objects.held().filter(
        company__in=[company.pk for company in companies],
        purpose=Purpose.NEEDS,
        starts_at__date__gte=program.deal.opened_on,
    )
    return {meeting.company_id: meeting for meeting in held.order_by("starts_at", "pk")}


def ungathered(program: HoldingProgram, companies: Iterable[Company]) -> list[Company]:
    """Companies whose needs nobody has gathered."""
    asked = list(companies)
    gathered = needs_meetings(program, asked)
    return [company for company in asked if company.pk not in gathered]
