"""Who may do what: one table of role × action → scopes (domain.md §3), printed to docs/permissions.md."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """The eleven roles of the source and the administrator (domain.md §0.2)."""

    RESEARCHER = "researcher", _("Researcher")
    KAM = "kam", _("KAM")
    PERFORMER = "performer", _("Performer")
    CLOSER = "closer", _("Closer")
    CSM = "csm", _("CSM")
    TUTOR = "tutor", _("Tutor")
    MARKETING = "marketing", _("Marketing")
    LAWYER = "lawyer", _("Lawyer")
    BACKOFFICE = "backoffice", _("BackOffice")
    LEAD = "lead", _("Team lead")
    HEAD = "head", _("Head of department")
    ADMIN = "admin", _("Administrator")


class Scope(StrEnum):
    """How far a right reaches: own accounts, own team, holding of own deals, own queue, everything."""

    OWN = "O"
    TEAM = "T"
    HOLDING = "Hd"
    QUEUE = "q"
    ALL = "A"


class Action(models.TextChoices):
    """What the rights are about; a page, an API call, an import and a job ask by these words."""

    SEE_COMPANY = "see_company", _("See company card (base, licences)")
    SEE_MONEY = "see_money", _("See amounts and prices")
    SEE_CONTACTS = "see_contacts", _("See contact phones and e-mails")
    EDIT_COMPANY = "edit_company", _("Edit base data, court load, departments")
    EDIT_REQUISITES = "edit_requisites", _("Edit requisites")
    EDIT_CONTACTS = "edit_contacts", _("Edit contacts, roles, strength")
    EDIT_PROCUREMENT = "edit_procurement", _("Edit procurement profile")
    CONFIRM_FACTS = "confirm_facts", _("Confirm facts")
    LOG_INTERACTION = "log_interaction", _("Log interaction")
    SET_KEY = "set_key", _("Mark a company as key")
    ASSIGN_KAM = "assign_kam", _("Change responsible KAM")
    ASK_KAM = "ask_kam", _("Ask the KAM (comment becomes a task)")
    DRAFT_CONTRACT = "draft_contract", _("Enter draft licences and contracts")
    EDIT_CONTRACT = "edit_contract", _("Enter licences and contracts of any state")
    MOVE_CONTRACT = "move_contract", _("Move a contract towards approval, or back")
    BOOK_CONTRACT = "book_contract", _("Sign, issue, activate and close contracts; book payments")
    STOP_CONTRACT = "stop_contract", _("Void or terminate a contract")
    SEE_DEAL = "see_deal", _("See deals")
    CREATE_DEAL = "create_deal", _("Create deals")
    PROPOSE_DEAL = "propose_deal", _("Propose a deal to the KAM")
    EDIT_DEAL = "edit_deal", _("Edit a deal: lines, next step, dates")
    MOVE_DEAL = "move_deal", _("Move the stage of a deal")
    CLOSE_DEAL = "close_deal", _("Close a deal as lost, or propose it; pause it, move it back")
    CONFIRM_LOSS = "confirm_loss", _("Confirm the loss of a large deal; reopen a closed one")
    ASSIGN_MEMBERS = "assign_members", _("Assign members of the working group")
    HAND_OVER = "hand_over", _("Propose a handover")
    TAKE_OVER = "take_over", _("Accept or decline what is handed over to oneself")
    EDIT_PROGRAM = "edit_program", _("Keep a holding programme: gates, consent, mechanics")
    OVERRIDE_GATE = "override_gate", _("Override a gate")
    EDIT_PLAN = "edit_plan", _("Create and edit strategies, syncs and presentations")
    VALIDATE_PLAN = "validate_plan", _("Validate plans: approve, return, comment")
    SEE_DOCUMENT = "see_document", _("See documents")
    REQUEST_DOCUMENT = "request_document", _("Request documents")
    MOVE_DOCUMENT = "move_document", _("Change document approval")
    SET_EDO = "set_edo", _("Change the state of e-document exchange")
    SEE_WORKLOAD = "see_workload", _("See the workload of others")
    SEE_RANKING = "see_ranking", _("See ranking")
    RUN_RANKING = "run_ranking", _("Run ranking")
    SEE_WEIGHTS = "see_weights", _("See weights")
    SEE_REPORT = "see_report", _("See existing-clients report")
    EXPORT = "export", _("Export lists (logged)")
    PLAN_TRAINING = "plan_training", _("Plan trainings")
    RECORD_TRAINING = "record_training", _("Record training results")
    SEE_FEATURES = "see_features", _("See awaited features")
    CREATE_FEATURE = "create_feature", _("Enter awaited features and pass them to product")
    SET_FEATURE = "set_feature", _("Change the status of awaited features")
    SEE_MARKETING = "see_marketing", _("See segments and marketing activities")
    RUN_MARKETING = "run_marketing", _("Keep marketing activities, export segments with consent")
    WRITE_NOTE = "write_note", _("Read and write notes of experience")
    MODERATE_NOTE = "moderate_note", _("Mark and hide notes of experience, plan exchanges")
    IMPORT_CLIENTS = "import_clients", _("Import companies, contacts, court load, estimates, features")
    IMPORT_BOOKS = "import_books", _("Import contracts, licences, usage, payments, procurement")
    MANAGE_JOBS = "manage_jobs", _("See jobs and run them now")
    MANAGE_SYSTEM = "manage_system", _("Users, teams, references, API keys")


O, T, H, Q, A = Scope.OWN, Scope.TEAM, Scope.HOLDING, Scope.QUEUE, Scope.ALL  # noqa: E741 - letters of the table
R = Role

# Action → role → scopes. A role that is absent has no right. «O T» means own or own team's.
_ROWS: dict[Action, dict[Role, tuple[Scope, ...]]] = {
    Action.SEE_COMPANY: {
        R.RESEARCHER: (T, H), R.KAM: (O, T, H), R.PERFORMER: (O, H), R.CLOSER: (O, T, H),
        R.CSM: (O, T, H), R.TUTOR: (O,), R.MARKETING: (A,), R.LAWYER: (O,), R.BACKOFFICE: (A,),
        R.LEAD: (O, T, H), R.HEAD: (A,), R.ADMIN: (A,),
    },
    Action.SEE_MONEY: {
        R.RESEARCHER: (T, H), R.KAM: (O, T, H), R.PERFORMER: (O, H), R.CLOSER: (O, T, H),
        R.CSM: (O, T, H), R.TUTOR: (O,), R.LAWYER: (O,), R.BACKOFFICE: (A,),
        R.LEAD: (O, T, H), R.HEAD: (A,), R.ADMIN: (A,),
    },
    Action.SEE_CONTACTS: {
        R.RESEARCHER: (O, T), R.KAM: (O, T), R.PERFORMER: (O,), R.CLOSER: (O,), R.CSM: (O, T),
        R.TUTOR: (O,), R.LEAD: (O, T, H), R.HEAD: (A,),
    },
    Action.EDIT_COMPANY: {R.RESEARCHER: (T,), R.KAM: (O,), R.CSM: (O,), R.LEAD: (T,), R.HEAD: (A,), R.ADMIN: (A,)},
    Action.EDIT_REQUISITES: {
        R.RESEARCHER: (T,), R.KAM: (O,), R.CSM: (O,), R.BACKOFFICE: (A,), R.LEAD: (T,), R.HEAD: (A,), R.ADMIN: (A,),
    },
    Action.EDIT_CONTACTS: {
        R.RESEARCHER: (O, T), R.KAM: (O, H), R.PERFORMER: (O,), R.CLOSER: (O,), R.CSM: (O,), R.LEAD: (T,), R.HEAD: (A,),
    },
    Action.EDIT_PROCUREMENT: {R.RESEARCHER: (O, T), R.KAM: (O, H), R.CLOSER: (O, H), R.LEAD: (T,), R.HEAD: (A,)},
    Action.CONFIRM_FACTS: {
        R.RESEARCHER: (O, T), R.KAM: (O, H), R.PERFORMER: (O,), R.CLOSER: (O,), R.CSM: (O,), R.LEAD: (T,), R.HEAD: (A,),
    },
    Action.LOG_INTERACTION: {
        R.RESEARCHER: (O, T), R.KAM: (O, H), R.PERFORMER: (O,), R.CLOSER: (O,), R.CSM: (O,), R.TUTOR: (O,),
        R.LEAD: (T,), R.HEAD: (A,),
    },
    Action.SET_KEY: {R.LEAD: (T,), R.HEAD: (A,)},
    Action.ASSIGN_KAM: {R.LEAD: (T,), R.HEAD: (A,)},
    Action.ASK_KAM: {R.LEAD: (T,), R.HEAD: (A,)},
    Action.DRAFT_CONTRACT: {R.KAM: (O,), R.CLOSER: (O,), R.BACKOFFICE: (A,), R.ADMIN: (A,)},
    Action.EDIT_CONTRACT: {R.BACKOFFICE: (A,), R.ADMIN: (A,)},
    Action.MOVE_CONTRACT: {R.KAM: (O,), R.CLOSER: (O, H), R.BACKOFFICE: (A,)},
    Action.BOOK_CONTRACT: {R.BACKOFFICE: (A,)},
    Action.STOP_CONTRACT: {R.CLOSER: (O, H), R.BACKOFFICE: (A,), R.LEAD: (T,), R.HEAD: (A,)},
    Action.SEE_DEAL: {
        R.RESEARCHER: (O, T, H), R.KAM: (O, T, H), R.PERFORMER: (O, H), R.CLOSER: (O, T, H), R.CSM: (O, T, H),
        R.TUTOR: (O,), R.LAWYER: (O,), R.BACKOFFICE: (A,), R.LEAD: (O, T, H), R.HEAD: (A,), R.ADMIN: (A,),
    },
    Action.CREATE_DEAL: {R.KAM: (O, T), R.LEAD: (T,), R.HEAD: (A,)},
    Action.PROPOSE_DEAL: {R.RESEARCHER: (O, T), R.CSM: (O,)},
    Action.EDIT_DEAL: {R.KAM: (O,), R.CLOSER: (O,), R.LEAD: (T,), R.HEAD: (A,)},
    Action.MOVE_DEAL: {R.KAM: (O,), R.CLOSER: (O,), R.LEAD: (T,), R.HEAD: (A,)},
    Action.CLOSE_DEAL: {R.KAM: (O,), R.LEAD: (T,), R.HEAD: (A,)},
    Action.CONFIRM_LOSS: {R.LEAD: (T,), R.HEAD: (A,)},
    Action.ASSIGN_MEMBERS: {R.KAM: (O, H), R.LEAD: (T,), R.HEAD: (A,)},
    Action.HAND_OVER: {R.KAM: (O,), R.LEAD: (T,), R.HEAD: (A,)},
    Action.TAKE_OVER: {R.KAM: (O,)},
    Action.EDIT_PROGRAM: {R.KAM: (O, H), R.LEAD: (T,), R.HEAD: (A,)},
    Action.OVERRIDE_GATE: {R.LEAD: (T,), R.HEAD: (A,)},
    Action.EDIT_PLAN: {R.KAM: (O, H), R.LEAD: (T,), R.HEAD: (A,)},
    Action.VALIDATE_PLAN: {R.LEAD: (T,), R.HEAD: (A,)},
    Action.SEE_DOCUMENT: {
        R.RESEARCHER: (O, T), R.KAM: (O, T, H), R.PERFORMER: (O,), R.CLOSER: (O, T, H), R.CSM: (O, T),
        R.LAWYER: (O, Q), R.BACKOFFICE: (A,), R.LEAD: (O, T, H), R.HEAD: (A,),
    },
    Action.REQUEST_DOCUMENT: {R.KAM: (O,), R.CLOSER: (O,), R.LEAD: (T,), R.HEAD: (A,)},
    Action.MOVE_DOCUMENT: {
        R.KAM: (O,), R.CLOSER: (O, H), R.LAWYER: (O, Q), R.BACKOFFICE: (A,), R.LEAD: (T,), R.HEAD: (A,),
    },
    Action.SET_EDO: {R.BACKOFFICE: (A,)},
    Action.SEE_WORKLOAD: {R.KAM: (O,), R.LEAD: (T,), R.HEAD: (A,)},
    Action.SEE_RANKING: {
        R.RESEARCHER: (T,), R.KAM: (O, T), R.PERFORMER: (O,), R.CLOSER: (T,), R.CSM: (T,), R.LEAD: (T,),
        R.HEAD: (A,), R.ADMIN: (A,),
    },
    Action.RUN_RANKING: {R.LEAD: (T,), R.HEAD: (A,), R.ADMIN: (A,)},
    Action.SEE_WEIGHTS: {R.KAM: (A,), R.CLOSER: (A,), R.LEAD: (A,), R.HEAD: (A,), R.ADMIN: (A,)},
    Action.SEE_REPORT: {
        R.RESEARCHER: (T,), R.KAM: (T,), R.CLOSER: (T,), R.CSM: (T,), R.MARKETING: (A,), R.BACKOFFICE: (A,),
        R.LEAD: (T,), R.HEAD: (A,),
    },
    Action.EXPORT: {R.KAM: (O,), R.CLOSER: (O,), R.CSM: (O,), R.BACKOFFICE: (A,), R.LEAD: (T,), R.HEAD: (A,)},
    Action.PLAN_TRAINING: {R.KAM: (O,), R.CSM: (O,), R.TUTOR: (O,), R.LEAD: (T,), R.HEAD: (A,)},
    Action.RECORD_TRAINING: {R.CSM: (O,), R.TUTOR: (O,), R.LEAD: (T,), R.HEAD: (A,)},
    Action.SEE_FEATURES: {
        R.RESEARCHER: (A,), R.KAM: (A,), R.PERFORMER: (A,), R.CLOSER: (A,), R.CSM: (A,), R.TUTOR: (A,),
        R.MARKETING: (A,), R.LEAD: (A,), R.HEAD: (A,), R.ADMIN: (A,),
    },
    Action.CREATE_FEATURE: {R.RESEARCHER: (O, T), R.KAM: (O,), R.CSM: (O,), R.LEAD: (T,), R.HEAD: (A,)},
    Action.SET_FEATURE: {R.ADMIN: (A,)},
    Action.SEE_MARKETING: {R.MARKETING: (A,), R.LEAD: (A,), R.HEAD: (A,)},
    Action.RUN_MARKETING: {R.MARKETING: (A,)},
    Action.WRITE_NOTE: {role: (A,) for role in Role if role != Role.ADMIN},
    Action.MODERATE_NOTE: {R.LEAD: (T,), R.HEAD: (A,)},
    Action.IMPORT_CLIENTS: {R.RESEARCHER: (T,), R.LEAD: (T,), R.BACKOFFICE: (A,), R.ADMIN: (A,)},
    Action.IMPORT_BOOKS: {R.BACKOFFICE: (A,), R.ADMIN: (A,)},
    Action.MANAGE_JOBS: {R.LEAD: (A,), R.HEAD: (A,), R.ADMIN: (A,)},
    Action.MANAGE_SYSTEM: {R.ADMIN: (A,)},
}  # fmt: skip
TABLE: dict[Action, dict[Role, frozenset[Scope]]] = {
    action: {role: frozenset(scopes) for role, scopes in row.items()} for action, row in _ROWS.items()
}


def scopes_of(roles: frozenset[str], action: Action) -> frozenset[Scope]:
    """The union of what a person's roles give for an action (domain.md §3)."""
    row = TABLE[action]
    return frozenset(scope for role in roles if role in row for scope in row[Role(role)])
