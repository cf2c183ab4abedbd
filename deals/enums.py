"""The words of deals, documents, handovers and holding programmes: English code, label in the reader's language."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from upsell_crm.core.roles import Role


class DealKind(models.TextChoices):
    RENEWAL = "renewal", _("Renewal")
    UPSELL = "upsell", _("Upsell")
    RENEWAL_UPSELL = "renewal_upsell", _("Renewal + upsell")
    CROSS_SELL = "cross_sell", _("New product")
    HOLDING = "holding", _("Holding project")


class DealStage(models.TextChoices):
    """Stages of §2.9, in order; hold, won and lost stand beside the road."""

    RESEARCH = "research", _("Gathering information")
    STRATEGY = "strategy", _("Strategy")
    NEEDS = "needs", _("Identifying needs")
    PRESENTATION = "presentation", pgettext_lazy("deal stage", "Presentation")
    APPROVAL = "approval", _("Approval of documents")
    PROCUREMENT = "procurement", _("Procurement procedure")
    SIGNING = "signing", _("Signing and payment")
    WON = "won", pgettext_lazy("deal", "Won")
    LOST = "lost", pgettext_lazy("deal", "Lost")
    HOLD = "hold", _("On hold")


ROAD = (
    DealStage.RESEARCH, DealStage.STRATEGY, DealStage.NEEDS, DealStage.PRESENTATION, DealStage.APPROVAL,
    DealStage.PROCUREMENT, DealStage.SIGNING,
)  # fmt: skip
CLOSED_STAGES = (DealStage.WON, DealStage.LOST)
OPEN_STAGES = (*ROAD, DealStage.HOLD)
CLOSER_STAGES = (DealStage.APPROVAL, DealStage.PROCUREMENT, DealStage.SIGNING)  # «C from approval on»


class Forecast(models.TextChoices):
    COMMIT = "commit", _("commit")
    BEST = "best", _("best case")
    PIPELINE = "pipeline", _("pipeline")


class CloseReason(models.TextChoices):
    """§2.7; which of them belong to a won deal and which to a lost one stands below."""

    TIMING_RENEWAL = "timing_renewal", _("renewal came in time")
    TRAINING_EFFECT = "training_effect", _("effect of trainings")
    FEATURE_RELEASED = "feature_released", _("awaited feature released")
    NEW_NEED = "new_need", _("new need")
    HOLDING_PROGRAM = "holding_program", _("holding programme")
    PRICE = "price", pgettext_lazy("close reason", "price")
    RELATIONSHIP = "relationship", _("relationship")
    BUDGET_CUT = "budget_cut", _("budget was cut")
    COMPETITOR = "competitor", pgettext_lazy("close reason", "competitor")
    NO_NEED = "no_need", pgettext_lazy("close reason", "no need")
    LOW_USAGE = "low_usage", _("low usage")
    PROCUREMENT_MISSED = "procurement_missed", _("procurement dates missed")
    LATE_START = "late_start", _("started late")
    DM_CHANGED = "dm_changed", _("decision-maker changed")
    FEATURE_MISSING = "feature_missing", _("feature missing")
    LEGAL = "legal", _("terms of the contract")
    SECURITY = "security", pgettext_lazy("close reason", "information security")
    COMPANY_LIQUIDATED = "company_liquidated", _("company liquidated")
    OTHER = "other", pgettext_lazy("close reason", "other")


C = CloseReason
WON_REASONS = (
    C.TIMING_RENEWAL, C.TRAINING_EFFECT, C.FEATURE_RELEASED, C.NEW_NEED, C.HOLDING_PROGRAM, C.PRICE, C.RELATIONSHIP,
)  # fmt: skip
LOST_REASONS = (
    C.PRICE, C.BUDGET_CUT, C.COMPETITOR, C.NO_NEED, C.LOW_USAGE, C.PROCUREMENT_MISSED, C.LATE_START, C.DM_CHANGED,
    C.FEATURE_MISSING, C.LEGAL, C.SECURITY, C.COMPANY_LIQUIDATED, C.OTHER,
)  # fmt: skip

# Roles a person may have in a deal (§2.2): a function there, whatever his roles in the department are.
DEAL_ROLES = (
    Role.KAM, Role.RESEARCHER, Role.PERFORMER, Role.CLOSER, Role.CSM, Role.TUTOR, Role.MARKETING, Role.LAWYER,
    Role.BACKOFFICE, Role.LEAD,
)  # fmt: skip
MAIN_ROLES = (
    Role.RESEARCHER,
    Role.KAM,
    Role.CLOSER,
    Role.CSM,
    Role.TUTOR,
)  # the working group of the source (R86)
LEADING_ROLES = (Role.KAM, Role.PERFORMER)  # who may lead the communication (§2.6)


class DocumentType(models.TextChoices):
    CONTRACT = "contract", pgettext_lazy("document", "Contract")
    ADDENDUM = "addendum", pgettext_lazy("document", "Addendum")
    TZ = "tz", _("Statement of work")
    INVOICE = "invoice", _("Invoice")
    INVOICE_OFFER = "invoice_offer", pgettext_lazy("document", "Invoice-offer")
    ACT = "act", _("Acceptance act")
    UPD = "upd", _("Universal transfer document")
    KP = "kp", _("Commercial proposal")
    JUSTIFICATION = "justification", _("Purchase justification")
    DISAGREEMENT = "disagreement", _("Protocol of disagreements")
    LETTER = "letter", _("Letter")


CONTRACT_LIKE = (DocumentType.CONTRACT, DocumentType.ADDENDUM)
# What BackOffice draws up by itself: invoices and closing papers (§2.10: «B issues», «B signs and books»).
BACKOFFICE_PAPERS = (
    DocumentType.INVOICE, DocumentType.INVOICE_OFFER, DocumentType.ACT, DocumentType.UPD,
)  # fmt: skip
FREE_PAPERS = (DocumentType.LETTER, DocumentType.JUSTIFICATION)  # name no products and no sums


class Package(models.TextChoices):
    """Forms of contract and procedures with a chain of documents of their own (§2.10)."""

    CONTRACT = "contract", _("Licence contract")
    ADDENDUM = "addendum", _("Addendum to the contract")
    INVOICE_OFFER = "invoice_offer", pgettext_lazy("package", "Invoice-offer")
    FRAMEWORK = "framework", _("Framework contract and orders")
    TENDER = "tender", _("Purchase on a trading platform")
    STATE = "state", _("State contract")


class Approval(models.TextChoices):
    """Approval states of a document (§2.9); the ЭДО state is a field of its own."""

    DRAFT = "draft", pgettext_lazy("document", "Draft")
    INTERNAL = "internal", _("With the lawyers")
    REWORK = "rework", _("Being reworked")
    READY = "ready", _("Ready to send")
    SENT = "sent", _("Sent to the client")
    CLIENT_REVIEW = "client_review", _("With the client")
    DISAGREEMENT = "disagreement", pgettext_lazy("approval", "Protocol of disagreements")
    AGREED = "agreed", _("Agreed")
    SIGNING = "signing", pgettext_lazy("document", "Being signed")
    SIGNED = "signed", _("Signed")
    REFUSED = "refused", _("Refused")
    CANCELLED = "cancelled", pgettext_lazy("document", "Cancelled")
    ANNULLED = "annulled", _("Annulled by agreement")


DOCUMENT_ENDS = (Approval.SIGNED, Approval.REFUSED, Approval.CANCELLED, Approval.ANNULLED)


class Edo(models.TextChoices):
    """E-document exchange, mirroring Диадок; empty = on paper."""

    NONE = "none", _("not sent by e-document exchange")
    DRAFT = "draft", pgettext_lazy("edo", "draft")
    SENT_WAIT = "sent_wait", _("awaiting the client's signature")
    SIGNED = "signed", _("signed by the client")
    REJECTED = "rejected", _("signature refused")
    CORRECTION = "correction", _("correction required")
    ANNUL_WAIT = "annul_wait", _("awaiting annulment")
    ANNULLED = "annulled", pgettext_lazy("edo", "annulled")
    SIG_INVALID = "sig_invalid", _("error of the signature")


class Queue(models.TextChoices):
    LEGAL = "legal", _("Lawyers")
    BACKOFFICE = "backoffice", "BackOffice"


class RequestState(models.TextChoices):
    """A request for a document: asked, taken, returned for missing data, answered."""

    OPEN = "open", pgettext_lazy("request", "New")
    TAKEN = "taken", pgettext_lazy("request", "In work")
    RETURNED = "returned", pgettext_lazy("request", "Returned: data missing")
    DONE = "done", pgettext_lazy("request", "Done")
    CANCELLED = "cancelled", pgettext_lazy("request", "Cancelled")


class HandoverReason(models.TextChoices):
    ROTATION = "rotation", _("rotation")
    LEAVE = "leave", _("the KAM leaves")
    LOAD = "load", _("workload")
    HOLDING = "holding", pgettext_lazy("handover", "holding programme")
    OTHER = "other", pgettext_lazy("handover", "other")


class IntroMode(models.TextChoices):
    """How the client meets the new person (R59)."""

    THREE_WAY = "three_way", _("three-way meeting")
    SELF = "self", _("introduces himself")
    LETTER = "letter", _("letter from the old KAM")


class HandoverState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("handover", "Draft")
    PROPOSED = "proposed", _("Proposed")
    ACCEPTED = "accepted", pgettext_lazy("handover", "Accepted")
    INTRO = "intro", pgettext_lazy("handover", "Introduction")
    COMPLETED = "completed", _("Completed")
    DECLINED = "declined", pgettext_lazy("handover", "Declined")
    CANCELLED = "cancelled", pgettext_lazy("handover", "Cancelled")


OPEN_HANDOVERS = (HandoverState.DRAFT, HandoverState.PROPOSED, HandoverState.ACCEPTED, HandoverState.INTRO)


class ProgramState(models.TextChoices):
    """A holding programme (§2.9), in order."""

    VALUE = "value", _("Value justification (head organisation)")
    CONSENT = "consent", _("Consent to gather needs")
    MECHANICS = "mechanics", _("Interaction mechanics")
    GATHERING = "gathering", _("Gathering needs of subsidiaries")
    CONSOLIDATION = "consolidation", _("Consolidated proposal")
    DONE = "done", pgettext_lazy("programme", "Done")


class ValueState(models.TextChoices):
    """What a key ЛПР of the head thinks of the project (R67)."""

    TODO = "todo", pgettext_lazy("value", "not presented")
    PRESENTED = "presented", pgettext_lazy("value", "presented")
    CONFIRMED = "confirmed", _("value confirmed")
    REFUSED = "refused", pgettext_lazy("value", "refused")


class Function(models.TextChoices):
    """Functions of the mechanics (R69); `other` carries its own words."""

    SET_MEETINGS = "set_meetings", _("sets meetings")
    HOLD_MEETINGS = "hold_meetings", _("holds meetings")
    APPROVE_DOCS = "approve_docs", _("gets documents approved")
    RECORD_RESULTS = "record_results", _("records interim results")
    TRAIN = "train", _("trains users")
    PREPARE_OFFER = "prepare_offer", _("prepares the consolidated proposal")
    KEEP_HEAD_DM = "keep_head_dm", _("keeps in touch with the head's decision-makers")
    OTHER = "other", _("another function")


DZO_FUNCTIONS = (  # each needs an owner in each ДЗО before the mechanics is complete
    Function.SET_MEETINGS, Function.HOLD_MEETINGS, Function.APPROVE_DOCS, Function.RECORD_RESULTS,
)  # fmt: skip
