"""The client's side of the world; one entity family per file."""

from accounts.models.calendar import WorkDay
from accounts.models.company import (
    Company,
    CompanyYear,
    CourtLoad,
    Department,
    DepartmentInterest,
)
from accounts.models.contact import Contact, ContactLink, ContactRole, ContactStrength
from accounts.models.contract import Contract, Debt, LicenceLine, Payment
from accounts.models.fact import FactCheck
from accounts.models.feature import FeatureRequest, FeatureWait
from accounts.models.importing import ImportChange, ImportIssue, ImportMapping, ImportRun
from accounts.models.interaction import (
    Agreement,
    Attachment,
    CustomField,
    Interaction,
    InteractionContact,
    InteractionDepartment,
    InteractionUser,
    Objection,
    ProductFeedback,
)
from accounts.models.member import AccountMember
from accounts.models.procurement import LeadMedian, LeadTime, ProcurementProfile, ProcurementType
from accounts.models.product import Expertise, Product
from accounts.models.task import Task
from accounts.models.usage import PotentialEstimate, UsageSnapshot

__all__ = [
    "AccountMember",
    "Agreement",
    "Attachment",
    "Company",
    "CompanyYear",
    "Contact",
    "ContactLink",
    "ContactRole",
    "ContactStrength",
    "Contract",
    "CourtLoad",
    "CustomField",
    "Debt",
    "Department",
    "DepartmentInterest",
    "Expertise",
    "FactCheck",
    "FeatureRequest",
    "FeatureWait",
    "ImportChange",
    "ImportIssue",
    "ImportMapping",
    "ImportRun",
    "Interaction",
    "InteractionContact",
    "InteractionDepartment",
    "InteractionUser",
    "LeadMedian",
    "LeadTime",
    "LicenceLine",
    "Objection",
    "Payment",
    "PotentialEstimate",
    "ProcurementProfile",
    "ProcurementType",
    "Product",
    "ProductFeedback",
    "Task",
    "UsageSnapshot",
    "WorkDay",
]
