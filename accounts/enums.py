"""The words of the domain that are stored as codes: English code, label in the reader's language."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Regime(models.TextChoices):
    """Under which law the client buys."""

    COMMERCIAL = "commercial", _("Commercial")
    FZ44 = "fz44", _("44-FZ")
    FZ223 = "fz223", _("223-FZ")
    UNKNOWN = "unknown", _("No data")


class Industry(models.TextChoices):
    BANK = "bank", _("Banking")
    INSURANCE = "insurance", _("Insurance")
    TELECOM = "telecom", _("Telecom")
    ENERGY = "energy", _("Energy")
    INDUSTRY = "industry", _("Manufacturing")
    RETAIL = "retail", _("Retail")
    CONSTRUCTION = "construction", _("Construction")
    TRANSPORT = "transport", _("Transport")
    PUBLIC = "public", _("Public sector")
    LAW = "law", _("Law firm")
    IT = "it", _("IT")
    OTHER = "other", _("Other")


class Segment(models.TextChoices):
    """Derived from the last known revenue: S < 0.5, M 0.5–5, L 5–50, XL > 50 billion ₽."""

    S = "S", "S"
    M = "M", "M"
    L = "L", "L"
    XL = "XL", "XL"
    UNKNOWN = "", _("No data")


class LegalState(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("legal state", "Active")
    LIQUIDATING = "liquidating", _("In liquidation")
    CEASED = "ceased", _("Ceased")


class CompanyStatus(models.TextChoices):
    """Derived from contracts on a day."""

    ACTIVE = "active", _("Existing client")
    EXPIRED = "expired", _("Contract expired")
    FORMER = "former", _("Former client")
    PROSPECT = "prospect", _("No contract")


class RevenueSource(models.TextChoices):
    MANUAL = "manual", _("entered by hand")
    FNS = "fns", _("tax service")
    REPORT = "report", _("company report")


class DepartmentKind(models.TextChoices):
    LEGAL = "legal", _("Legal")
    SECURITY = "security", _("Security")
    FINANCE = "finance", _("Finance")
    PROCUREMENT = "procurement", _("Procurement department")
    CREDIT = "credit", _("Credit and underwriting")
    COMPLIANCE = "compliance", _("Compliance")
    IT = "it", _("IT")
    TOP = "top", _("Management")
    OTHER = "other", _("Other")


class InterestLevel(models.IntegerChoices):
    REFUSED = 0, _("refused")
    WEAK = 1, _("weak")
    PRESENT = 2, _("present")
    STRONG = 3, _("strong")


class ContactState(models.TextChoices):
    ACTIVE = "active", _("works here")
    LEFT = "left", _("left")
    UNVERIFIED = "unverified", _("not confirmed")


class Consent(models.TextChoices):
    YES = "yes", _("yes")
    NO = "no", _("no")
    UNKNOWN = "unknown", _("unknown")


class ContactChannel(models.TextChoices):
    PHONE = "phone", _("phone")
    EMAIL = "email", _("e-mail")
    MESSENGER = "messenger", _("messenger")


class MemberVia(models.TextChoices):
    """Through what a colleague belongs to a client: by hand, by a deal, a project over its holding, a handover."""

    ACCOUNT = "account", _("the account")
    DEAL = "deal", _("a deal")
    HOLDING = "holding", _("a holding project")
    TRAINING = "training", _("a training")
    TAKING = "taking", _("a handover that he has accepted")


class ContactReach(models.TextChoices):
    """Whose phones and e-mails a member sees (domain.md §3)."""

    ALL = "all", _("everybody")
    KEY = "key", _("key decision-makers")
    TRAINEES = "trainees", _("trainees")
    NONE = "none", _("nobody")


class DecisionRole(models.TextChoices):
    """A person's role in the client's decision (R34)."""

    DM = "dm", _("Decision-maker")
    INFLUENCER = "influencer", _("Influencer")
    CHAMPION = "champion", _("Champion")
    BLOCKER = "blocker", _("Blocker")
    PROCUREMENT = "procurement", _("Buyer")
    LAWYER = "lawyer", _("Client's lawyer")
    TECH = "tech", _("IT or security officer")
    USER = "user", pgettext_lazy("decision role", "User")


class LinkKind(models.TextChoices):
    REPORTS_TO = "reports_to", _("reports to")
    INFLUENCES = "influences", _("influences")
    ALLY = "ally", _("ally of")
    CONFLICT = "conflict", _("in conflict with")


class SetBy(models.TextChoices):
    MANUAL = "manual", _("by hand")
    COMPUTED = "computed", _("calculated")


class Unit(models.TextChoices):
    SEAT = "seat", _("seat")
    CONCURRENT = "concurrent", _("concurrent seat")
    COMPANY = "company", _("per company")
    API_REQUEST = "api_request", _("package of requests")


class Vat(models.TextChoices):
    NONE = "none", _("no VAT")
    V22 = "22", "22 %"
    V20 = "20", "20 %"
    V10 = "10", "10 %"
    V7 = "7", "7 %"
    V5 = "5", "5 %"


class ContractForm(models.TextChoices):
    CONTRACT = "contract", _("Licence contract")
    STATE_CONTRACT = "state_contract", _("State contract")
    FRAMEWORK = "framework", _("Framework contract")
    ORDER = "order", _("Order under a framework")
    ADDENDUM = "addendum", _("Addendum")
    INVOICE_OFFER = "invoice_offer", _("Invoice-offer")


class RenewalKind(models.TextChoices):
    MANUAL = "manual", _("new contract or addendum")
    AUTO = "auto", _("automatic prolongation")
    NONE = "none", _("is not renewed")


class ContractStatus(models.TextChoices):
    """States of §2.9; «expiring» is derived."""

    DRAFT = "draft", _("Draft")
    APPROVAL = "approval", _("In approval")
    SIGNING = "signing", _("Being signed")
    ISSUED = "issued", _("Invoice issued")
    ACTIVE = "active", pgettext_lazy("contract", "Active")
    RENEWED = "renewed", _("Renewed")
    EXPIRED = "expired", _("Expired")
    TERMINATED = "terminated", _("Terminated")
    VOID = "void", _("Void")


class LineKind(models.TextChoices):
    PAID = "paid", _("paid")
    TRIAL = "trial", _("trial")
    GIFT = "gift", _("gift")


class EstimateBasis(models.TextChoices):
    INTERVIEW = "interview", _("client's need")
    ESTIMATE = "estimate", _("estimate")


class OfferPolicy(models.TextChoices):
    """Whether the client pays by invoice-offer."""

    ALLOWED = "allowed", _("allowed")
    UP_TO_LIMIT = "up_to_limit", _("up to a limit")
    FORBIDDEN = "forbidden", _("forbidden")
    UNKNOWN = "unknown", _("unknown")


class LeadTimeKind(models.TextChoices):
    APPROVAL = "approval", _("approval")
    PROCUREMENT = "procurement", _("procurement")


class FeatureStatus(models.TextChoices):
    NEW = "new", _("New")
    SUBMITTED = "submitted", _("Passed to product")
    PLANNED = "planned", _("Planned")
    DEV = "dev", _("In development")
    RELEASED = "released", _("Released")
    CLOSED = "closed", _("Closed")
    DECLINED = "declined", _("Declined")


RELEASED_STATUSES = (FeatureStatus.RELEASED, FeatureStatus.CLOSED)


class Response(models.TextChoices):
    POSITIVE = "positive", _("positive")
    NEUTRAL = "neutral", _("neutral")
    NEGATIVE = "negative", _("negative")


class Fact(models.TextChoices):
    """Facts that people confirm and that grow old."""

    DM = "dm", _("Decision-makers")
    PROCUREMENT = "procurement", _("Procurement")
    REVENUE = "revenue", _("Revenue")
    COURT_LOAD = "court_load", _("Court load")
    LICENCES = "licences", _("Licences")
    USERS = "users", _("Users")
    DEPARTMENTS = "departments", _("Departments")
    REQUISITES = "requisites", _("Requisites")


class FactResult(models.TextChoices):
    CONFIRMED = "confirmed", _("confirmed")
    CHANGED = "changed", _("changed")
    UNKNOWN = "unknown", _("unknown")


class InteractionKind(models.TextChoices):
    MEETING = "meeting", _("Meeting")
    CALL = "call", _("Call")
    VIDEO = "video", _("Video call")
    EMAIL = "email", _("E-mail")
    EVENT = "event", _("Event")
    SYNC = "sync", _("Internal sync")


class InteractionState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("interaction", "Planned")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")
    NO_SHOW = "no_show", _("No-show")


class Purpose(models.TextChoices):
    RESEARCH = "research", _("Research")
    INTRO = "intro", _("Introduction")
    VALUE = "value", _("Value justification")
    NEEDS = "needs", _("Needs gathering")
    DEMO = "demo", _("Presentation")
    NEGOTIATION = "negotiation", _("Negotiation")
    DOCS = "docs", _("Documents")
    TRAINING = "training", _("Training")
    FEATURE = "feature", _("Feature presentation")
    REVIEW = "review", _("Review")


class OutcomeResult(models.TextChoices):
    MOVED = "moved", _("moved forward")
    SAME = "same", _("no change")
    BACK = "back", _("moved back")
    LOST = "lost", _("lost")


class ObjectionCategory(models.TextChoices):
    PRICE = "price", _("price")
    NO_NEED = "no_need", _("no need")
    COMPETITOR = "competitor", _("competitor")
    BUDGET = "budget", _("budget")
    TIMING = "timing", _("timing")
    SECURITY = "security", _("information security")
    FUNCTIONALITY = "functionality", _("functionality")
    PROCESS = "process", _("procurement process")
    OTHER = "other", _("other objection")


class ObjectionState(models.TextChoices):
    OPEN = "open", pgettext_lazy("objection", "open")
    HANDLED = "handled", _("handled")
    ACCEPTED = "accepted", pgettext_lazy("objection", "accepted")


class AgreementSide(models.TextChoices):
    US = "us", _("ours")
    CLIENT = "client", _("client's")


class TaskState(models.TextChoices):
    TODO = "todo", _("To do")
    DOING = "doing", _("In progress")
    BLOCKED = "blocked", _("Blocked")
    DONE = "done", _("Done")
    ACCEPTED = "accepted", pgettext_lazy("task", "Accepted")
    CANCELLED = "cancelled", pgettext_lazy("task", "Cancelled")


class TaskOrigin(models.TextChoices):
    AGREEMENT = "agreement", _("agreement")
    FEATURE = "feature", _("feature released")
    QUESTION = "question", _("question of the lead")
    REVIEW = "review", _("quarter review")
    PLAN = "plan", _("plan")
    HOLD = "hold", _("deal on hold")
    STALE = "stale", _("stale facts")
    HANDOVER = "handover", _("handover")
    TRAINING = "training", _("training")


OPEN_TASK_STATES = (TaskState.TODO, TaskState.DOING, TaskState.BLOCKED)
SIGNED_STATUSES = (
    ContractStatus.ACTIVE,
    ContractStatus.RENEWED,
    ContractStatus.EXPIRED,
    ContractStatus.TERMINATED,
)
TWO_WAY_KINDS = (InteractionKind.MEETING, InteractionKind.CALL, InteractionKind.VIDEO, InteractionKind.EVENT)


class TimelineGroup(models.TextChoices):
    """Filters of the timeline of a client (R11)."""

    TALKS = "talks", _("Communications")
    DEALS = "deals", _("Deals")
    DOCUMENTS = "documents", _("Documents and contracts")
    TRAINING = "training", _("Trainings")
    MARKETING = "marketing", _("Marketing")
