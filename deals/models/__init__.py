"""Deals and all that hangs on them; one entity family per file."""

from deals.models.checklist import ChecklistItem, StageCheck
from deals.models.deal import Deal, DealContract, DealInteraction, DealLine, DealRenewal, DealTask
from deals.models.document import Document, DocumentFile, DocumentRequest, DocumentStep
from deals.models.handover import Handover, HandoverItem
from deals.models.holding import DzoConsent, HoldingProgram, KeyDmValue, Mechanics
from deals.models.member import DealMember

__all__ = [
    "ChecklistItem",
    "Deal",
    "DealContract",
    "DealInteraction",
    "DealLine",
    "DealMember",
    "DealRenewal",
    "DealTask",
    "Document",
    "DocumentFile",
    "DocumentRequest",
    "DocumentStep",
    "DzoConsent",
    "Handover",
    "HandoverItem",
    "HoldingProgram",
    "KeyDmValue",
    "Mechanics",
    "StageCheck",
]
