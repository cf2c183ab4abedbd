"""Trainings and their results, marketing touches, and the team's experience."""

from trainings.models.exchange import ExchangeSession, SessionMember, Thanks
from trainings.models.knowledge import KnowledgeNote, NoteUse, NoteVote
from trainings.models.marketing import MarketingActivity, MarketingTouch
from trainings.models.training import Trainee, Training, TrainingProposal

__all__ = [
    "ExchangeSession",
    "KnowledgeNote",
    "MarketingActivity",
    "MarketingTouch",
    "NoteUse",
    "NoteVote",
    "SessionMember",
    "Thanks",
    "Trainee",
    "Training",
    "TrainingProposal",
]
