"""Which upper room reacts to which event of a lower one, in order; printed to docs/architecture.md.

REACTIONS run in the same transaction and may refuse; TOPICS are slow effects done from the outbox.
"""

from collections.abc import Callable
from typing import Any

from accounts.services.feature_release import fan_out_feature
from accounts.services.features import FAN_OUT
from accounts.services.imports import check_run, perform_run
from deals.program_gates import check_interaction, check_task
from deals.services.deal_interactions import follow_interaction
from deals.services.deal_owner import move_deals
from deals.services.deal_wins import win_by_contract
from deals.services.document_guards import contract_waits_for_documents
from deals.services.lead_communicator import drop_leaver
from deals.services.leavers import release
from deals.services.measurements import measure_procurement
from deals.services.outcome_documents import move_said_document
from deals.services.programs import note_key_person, open_program
from deals.services.ranked import announce_facts_of_task
from reports.services.ranking import rank_companies, rank_soon
from reports.services.signal_refresh import refresh_signals, refresh_soon
from reports.services.signal_snooze import scrub_snoozes
from roadmaps.services.forgotten import forget_in_plans
from roadmaps.services.plan_moves import end_plan_of_lost
from roadmaps.services.replans import note_changed_fact
from roadmaps.services.revisions import follow_task, review_again
from roadmaps.services.syncs import follow_sync
from roadmaps.task_gates import hold_back
from trainings.services.candidates import forget_trainee
from trainings.services.forgotten import forget_in_texts
from trainings.services.note_uses import use_said_notes

REACTIONS: dict[str, list[Callable[..., None]]] = {
    # company=, fact=, contact=, what=, old=, new= (words), by=
    "fact_changed": [note_changed_fact],
    "facts_changed": [rank_soon, refresh_soon],  # company_id= or company_ids=
    "contract_status_changed": [contract_waits_for_documents, win_by_contract],  # contract=, old=, new=
    # interaction=, by=, context= (what slots of the form said)
    "interaction_logged": [
        follow_interaction,
        check_interaction,
        move_said_document,
        use_said_notes,
        follow_sync,
    ],
    "contact_role_saved": [note_key_person],  # role=, by=
    "task_changed": [check_task, hold_back, follow_task, announce_facts_of_task],  # task=, by=, was=
    "kam_assigned": [move_deals],  # company=, passing=
    "deal_opened": [open_program],  # deal=, by=
    "deal_lines_changed": [review_again],  # deal=, by=
    "deal_stage_changed": [
        measure_procurement,
        end_plan_of_lost,
    ],  # deal=, old=, new=, since= (when it entered old), by=
    "document_moved": [],  # document=, old=, new=, by=
    "contact_anonymised": [
        scrub_snoozes,
        forget_in_texts,
        forget_trainee,
        forget_in_plans,
    ],  # contact_id=, company_id=, scrub=
    "members_changed": [drop_leaver],  # deal=, by=
    "user_blocking": [release],  # user=, forced=, by=
}
TOPICS: dict[str, Callable[..., Any]] = {
    "rank_companies": rank_companies,
    FAN_OUT: fan_out_feature,
    "refresh_signals": refresh_signals,
    "import_check": check_run,
    "import_run": perform_run,
}
