"""A document moves only along the table of §2.9, each move by who may, with its step and its history (§2.8.4)."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from accounts.models import LeadTime
from deals.document_machine import MACHINE, MOVES
from deals.enums import Approval, DealStage, DocumentType, Edo
from deals.models import Deal, Document, DocumentStep
from deals.services.document_files import add_file
from deals.services.documents import create_document, move_document, set_edo, update_document
from tests.factories import Cast, T, make_company, make_deal, make_document, make_member
from upsell_crm.core.errors import DomainError, IllegalTransition, NotAllowed, Stale
from upsell_crm.core.models import AuditEvent
from upsell_crm.core.roles import Role

S = Approval


def pdf(name: str = "договор.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.7 text")


def make_team_deal(cast: Cast) -> Deal:
    """A deal of Лисина's client with Ким as its closer and Панов as its lawyer."""
    deal = make_deal(make_company("АО «Гранит»", kam=cast.lisina), ("casebook", 10, 15))
    make_member(deal, cast.kim, Role.CLOSER)
    make_member(deal, cast.panov, Role.LAWYER)
    return deal


def refused(code: str) -> Any:
    """The rule of this code refuses."""
    return pytest.raises(DomainError, check=lambda problem: problem.code == code)


def test_a_contract_goes_from_draft_to_signed(cast: Cast) -> None:
    """Each stay is a step with who and when; the first dispatch and the agreement are stamped (§2.9)."""
    document = create_document(by=cast.lisina, deal=make_team_deal(cast), type=DocumentType.CONTRACT)
    assert document.closer == cast.kim
    road = (
        (S.INTERNAL, cast.lisina), (S.READY, cast.panov), (S.SENT, cast.kim), (S.CLIENT_REVIEW, cast.kim),
        (S.AGREED, cast.kim), (S.SIGNING, cast.titova),
    )  # fmt: skip
    for target, by in road:
        move_document(document, to=target, by=by)
    move_document(document, to=S.SIGNED, by=cast.titova, signed_on=T)
    document.refresh_from_db()
    assert document.first_sent_at and document.agreed_at and document.signed_on == T
    steps = list(document.steps.order_by("id"))
    assert [step.approval for step in steps] == [S.DRAFT, *(target for target, _by in road), S.SIGNED]
    assert [step.left_at is None for step in steps] == [False] * 7 + [True]
    assert steps[2].by == cast.panov
    lines = AuditEvent.objects.filter(event="move_document", object_id=document.pk)
    assert lines.count() == 7 and lines.order_by("id")[0].changes["approval"] == ["draft", "internal"]


def test_disagreements_are_written_down_and_answered_by_a_new_version(cast: Cast) -> None:
    """Story 12, §6.5: a protocol needs a file or text; back to the lawyers only with another version."""
    document = make_document(make_team_deal(cast), S.CLIENT_REVIEW)
    with refused("no_disagreement"):
        move_document(document, to=S.DISAGREEMENT, by=cast.kim)
    move_document(document, to=S.DISAGREEMENT, by=cast.kim, file=pdf("протокол.pdf"))
    with refused("no_new_version"):
        move_document(document, to=S.INTERNAL, by=cast.panov)
    add_file(by=cast.panov, document=document, file=pdf("договор-2.pdf"), comment="п. 4.2 принят")
    move_document(document, to=S.INTERNAL, by=cast.panov)
    assert [(file.number, file.step.approval) for file in document.files.order_by("number")] == [
        (1, S.CLIENT_REVIEW), (2, S.DISAGREEMENT),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "target", "who"),
    [(S.INTERNAL, S.REWORK, "panov"), (S.CLIENT_REVIEW, S.REFUSED, "kim"), (S.READY, S.CANCELLED, "kim"),
     (S.SIGNED, S.ANNULLED, "titova")],
)  # fmt: skip
def test_a_step_back_needs_its_reason(cast: Cast, source: str, target: str, who: str) -> None:
    """§2.9: comments are mandatory where somebody has to know why; they stay in the step and in history."""
    document, by = make_document(make_team_deal(cast), source), getattr(cast, who)
    with refused("no_comment"):
        move_document(document, to=target, by=by, comment="  ")
    move_document(document, to=target, by=by, comment="нет полномочий")
    assert document.steps.get(left_at=None).comment == "нет полномочий"
    assert AuditEvent.objects.get(event="move_document").reason == "нет полномочий"


def test_a_move_needs_the_role_of_the_table(cast: Cast) -> None:
    """§2.8.4: a KAM does not send, a lawyer of the queue checks without being a member, BackOffice signs."""
    deal = make_deal(make_company(kam=cast.lisina), ("casebook", 1, 2))
    document = make_document(deal, S.READY)
    with pytest.raises(NotAllowed):
        move_document(document, to=S.SENT, by=cast.lisina)
    with pytest.raises(NotAllowed):
        move_document(document, to=S.SENT, by=cast.kim)  # a closer of the team, but not of this deal
    internal = make_document(deal, S.INTERNAL)
    assert move_document(internal, to=S.READY, by=cast.panov).approval == S.READY
    with pytest.raises(NotAllowed):
        move_document(
            make_document(deal, S.INTERNAL), to=S.READY, by=cast.titova
        )  # a contract is the lawyers'
    invoice = make_document(deal, S.INTERNAL, type=DocumentType.INVOICE, queue="backoffice")
    assert move_document(invoice, to=S.READY, by=cast.titova).approval == S.READY  # §6.3
    assert {move.target for move in MACHINE.open_to(cast.belova, document)} == {S.CANCELLED}


def test_a_move_outside_the_table_names_the_allowed_ones(cast: Cast) -> None:
    document = make_document(make_team_deal(cast))
    with pytest.raises(IllegalTransition) as refusal:
        move_document(document, to=S.SIGNED, by=cast.titova, signed_on=T)
    assert (refusal.value.current, set(refusal.value.allowed)) == (S.DRAFT, {S.INTERNAL, S.CANCELLED})


def test_an_old_version_is_refused(cast: Cast) -> None:
    """faults B1: of two people who read the same version, the second is told, and nothing of his is written."""
    document = make_document(make_team_deal(cast), S.CLIENT_REVIEW)
    late = Document.objects.get(pk=document.pk)
    move_document(document, to=S.AGREED, by=cast.kim, version=1)
    with pytest.raises(Stale):
        move_document(late, to=S.DISAGREEMENT, by=cast.kim, file=pdf(), version=1)
    assert document.steps.count() == 2 and not document.files.exists()


@pytest.mark.parametrize("signed_on", [None, T + timedelta(days=1)])
def test_a_signature_has_its_day(cast: Cast, signed_on: Any) -> None:
    with refused("not_signed"):
        move_document(
            make_document(make_team_deal(cast), S.SIGNING), to=S.SIGNED, by=cast.titova, signed_on=signed_on
        )


@pytest.mark.parametrize("edo", Edo.values)
@pytest.mark.parametrize("approval", Approval.values)
def test_the_exchange_moves_only_a_document_being_signed(cast: Cast, approval: str, edo: str) -> None:
    """§2.9 ЭДО: signing → rework by rejected/correction, signing → signed by signed; elsewhere at most a flag."""
    document = make_document(make_team_deal(cast), approval)
    set_edo(document, edo=edo, by=cast.titova, signed_on=T)
    document.refresh_from_db()
    moved = {Edo.REJECTED: S.REWORK, Edo.CORRECTION: S.REWORK, Edo.SIGNED: S.SIGNED}
    expected = moved.get(edo, approval) if approval == S.SIGNING else approval
    assert (document.approval, document.edo) == (expected, edo)
    is_quiet = edo in (Edo.NONE, Edo.DRAFT, Edo.SENT_WAIT) or expected != approval
    is_quiet = is_quiet or (approval, edo) == (S.SIGNED, Edo.SIGNED)
    assert bool(document.edo_flag) != is_quiet


def test_only_backoffice_speaks_for_the_exchange(cast: Cast) -> None:
    """§3 «Change ЭДО state»: BackOffice alone."""
    document = make_document(make_team_deal(cast), S.SIGNING)
    for user in (cast.kim, cast.lisina, cast.panov, cast.belova, cast.andreeva):
        with pytest.raises(NotAllowed):
            set_edo(document, edo=Edo.SIGNED, by=user, signed_on=T)
    assert not Document.objects.rejected().exists()
    set_edo(document, edo=Edo.REJECTED, by=cast.titova, comment="не тот подписант")
    assert list(Document.objects.rejected()) == [document]


def test_numbers_and_dates_change_without_a_move(cast: Cast) -> None:
    deal = make_team_deal(cast)
    document = make_document(deal)
    update_document(document, {"number": "ЛД-7", "due_on": T}, by=cast.lisina)
    with pytest.raises(NotAllowed):
        update_document(document, {"number": "X"}, by=cast.vetrov)
    Deal.objects.filter(pk=deal.pk).update(
        stage=DealStage.LOST, return_stage=DealStage.NEEDS, closed_at=deal.created_at, main_reason="price"
    )
    with refused("lost"):
        create_document(by=cast.lisina, deal=Deal.objects.get(pk=deal.pk), type=DocumentType.ACT)


def wander(cast: Cast, steps: int) -> None:
    """Random people try random moves and answers of the exchange; the laws hold after each."""
    dice, table = Random(42), {(move.source, move.target) for move in MOVES}
    deal = make_team_deal(cast)
    documents = [
        create_document(by=cast.lisina, deal=deal, type=type)
        for type in (DocumentType.CONTRACT, DocumentType.INVOICE, DocumentType.TZ) * 8
    ]
    people = (cast.lisina, cast.kim, cast.panov, cast.titova, cast.belova, cast.andreeva, cast.demin)
    moved = 0
    for _step in range(steps):
        document, by = dice.choice(documents), dice.choice(people)
        before = document.approval
        if document.approval in (S.CANCELLED, S.ANNULLED):
            documents[documents.index(document)] = create_document(
                by=cast.lisina, deal=deal, type=document.type
            )
            continue
        try:
            with transaction.atomic():
                if dice.random() < 0.2:
                    set_edo(document, edo=dice.choice(Edo.values), by=by, signed_on=dice.choice([None, T]))
                else:
                    legal = [
                        move.target for move in MACHINE.moves_from(document) if move.target != S.CANCELLED
                    ]
                    target = dice.choice(legal * 4 + list(S.values))
                    move_document(
                        document, to=target, by=by, comment=dice.choice(["", "замечание"]),
                        file=dice.choice([None, pdf()]) if target == S.INTERNAL else None,
                        signed_on=dice.choice([None, T]),
                    )  # fmt: skip
        except DomainError:
            document.refresh_from_db()
            assert document.approval == before
            continue
        if document.approval != before:
            moved += 1
            assert (before, document.approval) in table
    history = AuditEvent.objects.filter(event="move_document")
    assert history.count() == moved > steps // 20
    assert {tuple(line.changes["approval"]) for line in history} <= {(str(a), str(b)) for a, b in table}
    made = Document.objects.count()
    assert DocumentStep.objects.count() == moved + made
    assert DocumentStep.objects.filter(left_at=None).count() == made
    assert all(one.steps.get(left_at=None).approval == one.approval for one in Document.objects.all())
    measured = Document.objects.contract_like().filter(agreed_at__isnull=False).count()
    assert LeadTime.objects.count() in (0, measured)


@pytest.mark.slow
def test_two_hundred_random_moves_keep_to_the_table(cast: Cast) -> None:
    """§2.8.4 as a law: each change of state is a row of the table, one step and one line of history."""
    wander(cast, 200)


@pytest.mark.slow
def test_ten_thousand_random_moves_keep_to_the_table(cast: Cast) -> None:
    """The same law at length."""
    wander(cast, 10_000)
