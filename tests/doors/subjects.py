"""What a URL may point at: one record of a company, made when a door first asks for it."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.test import Client

from accounts.enums import ContactReach, MemberVia
from accounts.models import (
    AccountMember,
    Agreement,
    Attachment,
    Company,
    ContactLink,
    ImportRun,
    Interaction,
    Objection,
    Task,
)
from deals.enums import DEAL_ROLES, Approval, DealKind, Queue
from deals.models import (
    Deal,
    DocumentFile,
    DocumentRequest,
    DzoConsent,
    Handover,
    HoldingProgram,
    KeyDmValue,
    Mechanics,
)
from reports.models import ClientRow, OfferAnswer, ReportRun, Signal
from tests.accounts.feature_makers import make_feature, make_wait
from tests.doors.matrices import RELATIONS, ROLES
from tests.factories import (
    T,
    make_company,
    make_contact,
    make_contract,
    make_deal,
    make_document,
    make_handover,
    make_member,
    make_user,
    moment,
)
from tests.roadmaps.deck_makers import make_presentation
from tests.roadmaps.makers import (
    make_comment,
    make_plan,
    make_plan_task,
    make_replan,
    make_submitted,
    make_sync,
    make_working_plan,
)
from tests.trainings.experience_makers import make_note, make_session
from tests.trainings.makers import make_training
from tests.trainings.marketing_makers import make_activity
from trainings.models import Thanks, Trainee
from upsell_crm.core.models import Team, User
from upsell_crm.core.roles import Role

# Name → maker of one record that belongs to the company; `owner` is a colleague who is none of the visitors.
SUBJECTS: dict[str, Callable[[Company, User], Any]] = {
    "company": lambda company, owner: company,
    "company_with_product": lambda company, owner: make_contract(company, ("casebook", 10)).company,
    "contact": lambda company, owner: make_contact(company),
    "contact_role": lambda company, owner: make_contact(company).roles.get(),
    "contact_link": lambda company, owner: ContactLink.objects.create(
        from_contact=make_contact(company), to_contact=make_contact(company), kind="ally"
    ),
    "contract": lambda company, owner: make_contract(company, ("casebook", 10)),
    "client_row": lambda company, owner: make_client_row(company),
    "signal": lambda company, owner: make_signal(company),
    "interaction": lambda company, owner: make_interaction(company, owner),
    "agreement": lambda company, owner: Agreement.objects.create(
        interaction=make_interaction(company, owner), company=company, text="Прислать расчёт"
    ),
    "objection": lambda company, owner: Objection.objects.create(
        interaction=make_interaction(company, owner), company=company, category="price"
    ),
    "attachment": lambda company, owner: Attachment.objects.create(
        interaction=make_interaction(company, owner), file=ContentFile(b"text", "door.txt"), name="door.txt",
        size=4, uploaded_by=owner,
    ),
    "import_run": lambda company, owner: ImportRun.objects.create(
        kind="companies", file_name="clients.csv", requested_by=owner, state=ImportRun.State.DONE
    ),
    "task": lambda company, owner: Task.objects.create(
        company=company, title="Позвонить", assignee=owner, due_on=T
    ),
    "feature": lambda company, owner: make_feature(f"Функция {uuid4()}", status="submitted"),
    "wait": lambda company, owner: make_wait(make_feature(f"Функция {uuid4()}", status="released"), company),
    "declined_wait": lambda company, owner: make_wait(make_feature(f"Функция {uuid4()}", status="declined"), company),
    "deal": lambda company, owner: make_deal_with_members(company, owner),
    "holding_deal": lambda company, owner: make_program(company, owner).deal,
    "program_value": lambda company, owner: KeyDmValue.objects.create(
        program=make_program(company, owner), contact_role=make_contact(company).roles.get()
    ),
    "consent": lambda company, owner: DzoConsent.objects.create(program=make_program(company, owner)),
    "function": lambda company, owner: Mechanics.objects.create(
        program=make_program(company, owner), company=company, function="keep_head_dm", user=owner, team=owner.team
    ),
    "deal_member": lambda company, owner: make_deal_with_members(company, owner).members.order_by("pk")[0],
    "plan": lambda company, owner: make_plan(make_deal_with_members(company, owner)),
    "working_plan": lambda company, owner: make_working_plan(make_deal_with_members(company, owner)),
    "sync": lambda company, owner: make_sync(make_working_plan(make_deal_with_members(company, owner))),
    "presentation": lambda company, owner: make_presentation(make_plan(make_deal_with_members(company, owner))),
    "replan_item": lambda company, owner: make_replan(make_plan(make_deal_with_members(company, owner)), owner),
    "plan_task": lambda company, owner: make_plan_task(make_plan(make_deal_with_members(company, owner)), owner),
    "plan_in_review": lambda company, owner: make_submitted(make_deal_with_members(company, owner)),
    "approved_plan": lambda company, owner: make_plan(make_deal_with_members(company, owner), state="active"),
    "review_comment": lambda company, owner: make_comment(make_submitted(make_deal_with_members(company, owner)), owner),
    "handover": lambda company, owner: make_handover(company, owner, make_heir(owner)),
    "proposed_handover": lambda company, owner: make_handover_of_deal(company, owner, "proposed"),
    "accepted_handover": lambda company, owner: make_handover_of_deal(company, owner, "accepted"),
    "introduced_handover": lambda company, owner: make_handover_of_deal(company, owner, "intro"),
    "document": lambda company, owner: make_document(make_deal_with_members(company, owner)),
    "document_file": lambda company, owner: make_document_file(company, owner),
    "note": lambda company, owner: make_note(company.owner_kam or owner),
    "session": lambda company, owner: make_session(company.owner_kam or owner),
    "thanks": lambda company, owner: make_thanks(company, owner),
    "activity": lambda company, owner: make_activity(owner, "webinar"),
    "document_request": lambda company, owner: make_document_request(company, owner),
    "training": lambda company, owner: make_training(company, owner, ago=1),
    "held_training": lambda company, owner: make_training(company, owner, ago=1, state="held"),
    "trainee": lambda company, owner: Trainee.objects.create(
        training=make_training(company, owner, ago=2), name="Новиков Пётр"
    ),
}  # fmt: skip


def make_deal_with_members(company: Company, owner: User) -> Deal:
    """A deal of the client's KAM; whoever is a member of the account by hand is one of the deal, as long.

    Its team is the client's, or the stranger's where the client has none: then only «own» reaches it.
    """
    deal = make_deal(
        company,
        ("casebook", 10, 15),
        responsible_kam=company.owner_kam or owner,
        team=company.team or owner.team,
    )
    for row in company.members.filter(via=MemberVia.ACCOUNT).order_by("pk"):
        ended_on = row.until_on and row.until_on + timedelta(days=1)
        role = row.role if row.role in DEAL_ROLES else Role.PERFORMER  # a function that anybody may have
        make_member(deal, row.user, role, since_on=row.since_on, ended_on=ended_on)
    return deal


def make_thanks(company: Company, owner: User) -> Thanks:
    """From a stranger to the client's KAM, or to another stranger where that is himself."""
    receiver = company.owner_kam if company.owner_kam not in (None, owner) else make_heir(owner)
    return Thanks.objects.create(note=make_note(owner), from_user=owner, to_user=receiver)


def make_heir(owner: User) -> User:
    """A KAM who is none of the visitors, to hand over to."""
    return make_user(f"heir-{uuid4()}", "Новый Ответственный", Role.KAM, team=owner.team)


def make_handover_of_deal(company: Company, owner: User, state: str) -> Handover:
    """Of a deal of its own, since a client is handed over once at a time."""
    deal = make_deal_with_members(company, owner)
    return make_handover(company, owner, make_heir(owner), deal=deal, state=state)


def make_document_file(company: Company, owner: User) -> DocumentFile:
    """A version that a stranger has uploaded."""
    document = make_document(make_deal_with_members(company, owner))
    return DocumentFile.objects.create(
        document=document, step=document.steps.get(), number=1, file=ContentFile(b"text", "door.txt"), name="door.txt",
        size=4, uploaded_by=owner,
    )  # fmt: skip


def make_document_request(company: Company, owner: User) -> DocumentRequest:
    """A contract that the lawyers have been asked for."""
    document = make_document(make_deal_with_members(company, owner), Approval.INTERNAL)
    return DocumentRequest.objects.create(
        deal=document.deal, document=document, queue=Queue.LEGAL, requester=owner, due_on=T
    )


def make_program(company: Company, owner: User) -> HoldingProgram:
    """A holding project of the company with its programme."""
    deal = make_deal_with_members(company, owner)
    Deal.objects.filter(pk=deal.pk).update(kind=DealKind.HOLDING)
    return HoldingProgram.objects.create(deal=deal)


def make_interaction(company: Company, author: User) -> Interaction:
    """A communication that a stranger has logged."""
    return Interaction.objects.create(company=company, author=author, starts_at=moment(), summary="Итог")


def make_signal(company: Company) -> Signal:
    """A reason to call the client."""
    evidence = {"month": 12, "begins": "2026-12-01"}
    return Signal.objects.create(company=company, rule="budget_month", opened_on=T, evidence=evidence)


def make_client_row(company: Company) -> Company:
    """The company stands in the current report on existing clients."""
    run, _made = ReportRun.objects.get_or_create(
        kind=ReportRun.Kind.EXISTING_CLIENTS, is_current=True,
        defaults={"as_of": T, "state": ReportRun.State.DONE, "started_at": moment(), "built_at": moment()},
    )  # fmt: skip
    details = {"reasons": [], "offer_is_stale": False}
    ClientRow.objects.create(run=run, company=company, head=company, offer=OfferAnswer.UNKNOWN, data=details)
    return company


class World:
    """One visitor per role, all of one team, and companies in every relation to each of them."""

    def __init__(self) -> None:
        mine = Team.objects.create(code="MINE", name="Наши")
        theirs = Team.objects.create(code="THEIRS", name="Чужие")
        self.colleague = make_user("colleague", "Коллега Общий", Role.KAM, team=mine)
        self.stranger = make_user("stranger", "Чужой Сотрудник", Role.KAM, team=theirs)
        self.visitors = {
            role: make_user(f"door-{role}", f"Посетитель {role}", Role(role), team=mine) for role in ROLES
        }
        User.objects.filter(username="door-admin").update(is_staff=True, is_superuser=True)
        self.clients = {role: self._signed_in(user) for role, user in self.visitors.items()}
        self.shared = {
            "member": self._joined(None),
            "holding": self._joined(None, via=MemberVia.HOLDING, contacts=ContactReach.NONE),
            "team": make_company(kam=self.colleague),
            "other": make_company(kam=self.stranger),
            "former": self._joined(date(2026, 11, 23)),
        }
        self._made: dict[tuple[str, int], Any] = {}
        self._own: dict[tuple[str, str], Company] = {}

    @cached_property
    def anonymous(self) -> Client:
        """A browser in which nobody has signed in."""
        return Client()

    def argument(self, kind: str, attribute: str, role: str, relation: str) -> Any:
        """The value for the URL: of the record in this relation, or of none at all."""
        if relation == "random":
            return uuid4() if attribute.endswith("public_id") else 2**40
        return getattr(self.subject(kind, role, relation), attribute)

    def subject(self, kind: str, role: str, relation: str) -> Any:
        """The record of the company that stands in `relation` to the visitor of `role`."""
        company = self.company(role, relation)
        key = (kind, company.pk)
        if key not in self._made:
            self._made[key] = SUBJECTS[kind](company, self.stranger)
        return self._made[key]

    def company(self, role: str, relation: str) -> Company:
        """Shared ones are made once; own ones once per visitor."""
        assert relation in RELATIONS
        if relation in self.shared:
            return self.shared[relation]
        key = (role, relation)
        if key not in self._own:
            archived_at = moment(date(2026, 11, 1)) if relation == "archived" else None
            self._own[key] = make_company(kam=self.visitors[role], team=None, archived_at=archived_at)
        return self._own[key]

    def forget(self) -> None:
        """Records that were made for the last test are gone."""
        self._made.clear()
        self._own.clear()

    def _joined(self, until_on: date | None, **values: Any) -> Company:
        company = make_company(kam=self.stranger)
        AccountMember.objects.bulk_create(
            AccountMember(
                company=company, user=user, role=role, since_on=date(2026, 1, 1), until_on=until_on, **values
            )
            for role, user in self.visitors.items()
        )
        return company

    @staticmethod
    def _signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client
