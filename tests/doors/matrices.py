"""domain.md §3 said a second time, by hand: the oracle of the doors. Never import core/roles.py here.

A matrix is role → letters: O own (responsible KAM, account or deal member today), T own team, H holding (every
membership carries it), A all, Q own queue, K responsible KAM himself. A role that is absent has no right.
"""

Matrix = dict[str, str]

ROLES = (
    "researcher", "kam", "performer", "closer", "csm", "tutor",
    "marketing", "lawyer", "backoffice", "lead", "head", "admin",
)  # fmt: skip

# Where a record stands to the visitor → the letters that reach it.
RELATIONS: dict[str, str] = {
    "own": "KOHA",  # he is its responsible KAM; it has no team
    "member": "OHA",  # another team's client, he is an account member
    "holding": "HA",  # another team's client, he is in a project over its holding
    "team": "TA",  # his team's client, another KAM
    "other": "A",  # another team's client
    "archived": "KOHA",  # his own, archived
    "former": "A",  # another team's client, he was an account member until yesterday
    "random": "",  # an id that never existed
}


def matrix(text: str) -> Matrix:
    """«kam OT, lead T, head A» as a matrix; «*» stands for every role that is not named."""
    row: Matrix = {}
    for part in text.split(","):
        role, letters = part.split()
        row.update({role: letters} if role != "*" else {name: letters for name in ROLES if name not in row})
    assert set(row) <= set(ROLES), text
    return row


def either(*matrices: Matrix) -> Matrix:
    """Any of the rights opens the door."""
    return {role: "".join(sorted({x for m in matrices for x in m.get(role, "")})) for role in ROLES}


def reaches(right: Matrix | None, role: str, relation: str) -> bool:
    """Whether this role's right covers a record that stands in this relation; no matrix = everybody."""
    if relation == "random":
        return False
    return right is None or bool(set(right.get(role, "")) & set(RELATIONS[relation]))


def has(right: Matrix | None, role: str) -> bool:
    """Whether the role has the right at all, however far it reaches."""
    return right is None or bool(right.get(role, ""))


SEE_COMPANY = matrix(
    "researcher TH, kam OTH, performer OH, closer OTH, csm OTH, tutor O, marketing A, lawyer O, "
    "backoffice A, lead OTH, head A, admin A"
)
SEE_MONEY = {role: letters for role, letters in SEE_COMPANY.items() if role != "marketing"}
SEE_CONTACTS = matrix("researcher OT, kam OT, performer O, closer O, csm OT, tutor O, lead OTH, head A")
EDIT_COMPANY = matrix("researcher T, kam O, csm O, lead T, head A, admin A")
EDIT_REQUISITES = matrix("researcher T, kam O, csm O, backoffice A, lead T, head A, admin A")
EDIT_CONTACTS = matrix("researcher OT, kam OH, performer O, closer O, csm O, lead T, head A")
EDIT_PROCUREMENT = matrix("researcher OT, kam OH, closer OH, lead T, head A")
CONFIRM_FACTS = matrix("researcher OT, kam OH, performer O, closer O, csm O, lead T, head A")
LOG_INTERACTION = matrix("researcher OT, kam OH, performer O, closer O, csm O, tutor O, lead T, head A")
SET_KEY = ASSIGN_KAM = ASK_KAM = matrix("lead T, head A")
DRAFT_CONTRACT = matrix("kam O, closer O, backoffice A, admin A")
EDIT_CONTRACT = matrix("backoffice A, admin A")
MOVE_CONTRACT = matrix("kam O, closer OH, backoffice A")
BOOK_CONTRACT = matrix("backoffice A")
STOP_CONTRACT = matrix("closer OH, backoffice A, lead T, head A")
SEE_RANKING = matrix("researcher T, kam OT, performer O, closer T, csm T, lead T, head A, admin A")
RUN_RANKING = matrix("lead T, head A, admin A")
SEE_WEIGHTS = matrix("kam A, closer A, lead A, head A, admin A")
SEE_REPORT = matrix("researcher T, kam T, closer T, csm T, marketing A, backoffice A, lead T, head A")
EXPORT = matrix("kam O, closer O, csm O, backoffice A, lead T, head A")
IMPORT_CLIENTS = matrix("researcher T, lead T, backoffice A, admin A")
IMPORT_BOOKS = matrix("backoffice A, admin A")
MANAGE_JOBS = matrix("lead A, head A, admin A")
MANAGE_SYSTEM = matrix("admin A")

# Rights on deals (tests/doors/deals/): the same letters about the deal; a member of the account is a member of its deal.
SEE_DEAL = matrix(
    "researcher OTH, kam OTH, performer OH, closer OTH, csm OTH, tutor O, lawyer O, backoffice A, lead OTH, head A, "
    "admin A"
)
CREATE_DEAL = matrix("kam OT, lead T, head A")
PROPOSE_DEAL = matrix("researcher OT, csm O")
EDIT_DEAL = MOVE_DEAL = matrix("kam O, closer O, lead T, head A")
MOVE_FORWARD = matrix("kam O, lead T, head A")  # before approval; closers come later (§2.9)
CLOSE_DEAL = matrix("kam K, lead T, head A")  # a KAM who is only a member neither gives up nor pauses (§2.9)
ASSIGN_MEMBERS = EDIT_PROGRAM = EDIT_PLAN = matrix("kam OH, lead T, head A")
HAND_OVER = SEE_WORKLOAD = matrix("kam O, lead T, head A")
CONFIRM_LOSS = OVERRIDE_GATE = VALIDATE_PLAN = matrix("lead T, head A")
SEE_DOCUMENT = matrix(
    "researcher OT, kam OTH, performer O, closer OTH, csm OT, lawyer OQ, backoffice A, lead OTH, head A"
)
REQUEST_DOCUMENT = matrix("kam O, closer O, lead T, head A")
MOVE_DOCUMENT = matrix("kam O, closer OH, lawyer OQ, backoffice A, lead T, head A")
SET_EDO = matrix("backoffice A")

# Rights on reasons to call (tests/doors/trainings/, reports): trainings, features, marketing, experience.
PLAN_TRAINING = matrix("kam O, csm O, tutor O, lead T, head A")
RECORD_TRAINING = matrix("csm O, tutor O, lead T, head A")
SEE_FEATURES = matrix(
    "researcher A, kam A, performer A, closer A, csm A, tutor A, marketing A, lead A, head A, admin A"
)
CREATE_FEATURE = matrix("researcher OT, kam O, csm O, lead T, head A")
SET_FEATURE = matrix("admin A")
SEE_MARKETING = matrix("marketing A, lead A, head A")
RUN_MARKETING = matrix("marketing A")
WRITE_NOTE = matrix(
    "researcher A, kam A, performer A, closer A, csm A, tutor A, marketing A, lawyer A, backoffice A, lead A, head A"
)
MODERATE_NOTE = matrix("lead T, head A")
