"""Strategies, their tasks, revisions, reviews, syncs and presentations (domain.md §2.3)."""

from roadmaps.models.plan import Plan
from roadmaps.models.plan_task import PlanTask
from roadmaps.models.presentation import Logo, Presentation
from roadmaps.models.replan import ReplanItem
from roadmaps.models.revision import PlanReview, PlanRevision, ReviewComment
from roadmaps.models.sync import Sync, SyncDecision
from roadmaps.models.template import PlanTemplate, TemplateStep

__all__ = [
    "Logo",
    "Plan",
    "PlanReview",
    "PlanRevision",
    "PlanTask",
    "PlanTemplate",
    "Presentation",
    "ReplanItem",
    "ReviewComment",
    "Sync",
    "SyncDecision",
    "TemplateStep",
]
