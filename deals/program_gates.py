"""What of a holding programme may begin in a ДЗО, and when (§2.8.7, R68; the reading: docs/decisions/0035).

Only things of the programme are held back: a task of the holding project, a communication that belongs to it, and
gathering needs in a ДЗО of an open programme. The ДЗО's own account work goes on. Planning is always allowed.
"""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from accounts.enums import InteractionState, Purpose, TaskState
from accounts.models import Company, Interaction, Task
from accounts.queries import companies_above
from deals.enums import DealKind
from deals.models import Deal, DealTask, HoldingProgram
from deals.program_facts import ProgramFacts
from deals.program_machine import ProgramMove, value_is_confirmed
from upsell_crm.core import clock
from upsell_crm.core.errors import DomainError
from upsell_crm.core.models import User

BEGUN = (TaskState.DOING, TaskState.DONE)


def check_may_start(company: Company, *, deal: Deal | None = None) -> None:
    """Raises DomainError while work of the programme may not begin in this company, naming the gate that is shut.

    `deal` = the holding project that the work belongs to; without it any open programme over the company decides.
    The head itself is never held back: its value is what gate 1 is about.
    """
    for program in _programs_over(company, deal):
        known = ProgramFacts(program, clock.today())
        if known.is_open_for(company.pk):
            continue
        value_is_confirmed(program, ProgramMove(known))
        if not known.covered:
            raise DomainError(
                "no_consent", _("The client has not approved gathering needs in its subsidiaries yet.")
            )
        raise DomainError("not_covered", _("The consent of the client does not cover %s.") % company)


def check_interaction(*, interaction: Interaction, by: User | None, context: Mapping[str, str]) -> None:
    """Reaction to `interaction_logged`: a held communication with a ДЗО, of a holding project or about needs.

    Its deal is linked by then. Raises DomainError, which undoes the save.
    """
    if interaction.state != InteractionState.HELD or interaction.retracted_at:
        return
    for link in interaction.deal_links.select_related("deal__company").filter(deal__kind=DealKind.HOLDING):
        check_may_start(interaction.company, deal=link.deal)
    if interaction.purpose == Purpose.NEEDS:
        check_may_start(interaction.company)


def check_task(*, task: Task, by: User | None, was: str) -> None:
    """A task of the programme in a ДЗО is neither started nor finished before the consent (reaction to `task_changed`)."""
    if task.state not in BEGUN or task.company is None:
        return
    link = (
        DealTask.objects.filter(task=task, deal__kind=DealKind.HOLDING)
        .select_related("deal__company")
        .first()
    )
    if link is not None:
        check_may_start(task.company, deal=link.deal)


def _programs_over(company: Company, deal: Deal | None) -> Iterable[HoldingProgram]:
    above = companies_above(company.pk)
    if not above:
        return []
    programs = HoldingProgram.objects.open().filter(deal__company__in=above).select_related("deal__company")
    return programs.filter(deal=deal) if deal else programs
