"""The ten kinds of lists that can be brought in, in the order in which they depend on each other."""

from accounts.imports.base import Kind
from accounts.imports.kinds.companies import Companies
from accounts.imports.kinds.contacts import Contacts
from accounts.imports.kinds.contracts import Contracts
from accounts.imports.kinds.court_load import CourtLoads
from accounts.imports.kinds.estimates import Estimates
from accounts.imports.kinds.features import Features
from accounts.imports.kinds.licences import Licences
from accounts.imports.kinds.payments import Payments
from accounts.imports.kinds.procurement import Procurement
from accounts.imports.kinds.usage import Usage

KINDS: dict[str, type[Kind]] = {
    str(kind.code): kind
    for kind in (Companies, Contacts, Contracts, Licences, Procurement, Usage, CourtLoads, Estimates, Features, Payments)
}  # fmt: skip
