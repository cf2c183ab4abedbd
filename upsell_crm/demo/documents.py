"""Papers of the story in every state, with the steps that led there, their files and requests (§2.9, §8.1)."""

from collections.abc import Iterator
from datetime import date, datetime

from django.core.files.base import ContentFile

from deals.enums import Approval, DealStage, DocumentType, Edo, Queue, RequestState
from deals.models import Deal, Document, DocumentFile, DocumentRequest, DocumentStep
from deals.services.documents import queue_of
from upsell_crm.core.models import User
from upsell_crm.core.roles import Role
from upsell_crm.demo.deals_table import PAPERS, WON_PAPERS, Paper
from upsell_crm.demo.world import World

A, D = Approval, DocumentType
ROAD = (A.DRAFT, A.INTERNAL, A.READY, A.SENT, A.CLIENT_REVIEW, A.AGREED, A.SIGNING, A.SIGNED)
BRANCHES = {  # states beside the road → the way there
    A.REWORK: (A.DRAFT, A.INTERNAL, A.REWORK),
    A.DISAGREEMENT: (*ROAD[:5], A.DISAGREEMENT),
    A.REFUSED: (*ROAD[:5], A.REFUSED),
    A.CANCELLED: (A.DRAFT, A.INTERNAL, A.CANCELLED),
    A.ANNULLED: (*ROAD, A.ANNULLED),
}
STAY = {
    A.DRAFT: 1,
    A.INTERNAL: 2,
    A.READY: 1,
    A.SENT: 1,
    A.CLIENT_REVIEW: 5,
    A.AGREED: 2,
    A.SIGNING: 3,
}  # working days
COMMENTS = {
    A.REWORK: "Нет раздела о сроках доступа, допишите.",
    A.DISAGREEMENT: "Юристы клиента не согласны с ответственностью и сроком оплаты.",
    A.REFUSED: "Клиент взял паузу: бюджет не утверждён.",
    A.CANCELLED: "Клиент попросил новый проект на других условиях.",
    A.ANNULLED: "Стороны отказались от дополнительных лицензий.",
}
REQUESTS = (  # №, type, queue, state, working days to the due date, what is needed
    (12, D.TZ, Queue.LEGAL, RequestState.TAKEN, 1, "ТЗ по форме банка, приложить перечень пользователей."),
    (12, D.CONTRACT, Queue.BACKOFFICE, RequestState.OPEN, 2, "Договор на 130 Casebook и 50 Caselook, скидка 7 %."),
    (21, D.TZ, Queue.LEGAL, RequestState.DONE, -3, "Проверить ТЗ службы безопасности."),
    (29, D.CONTRACT, Queue.LEGAL, RequestState.OPEN, -1, "Подготовить ответ на протокол разногласий."),
    (30, D.INVOICE, Queue.BACKOFFICE, RequestState.DONE, -2, "Счёт на 7 лицензий."),
    (37, D.KP, Queue.LEGAL, RequestState.OPEN, 3, "КП на Caselook, проверить формулировку о сроке пробного доступа."),
)  # fmt: skip


def make_documents(world: World) -> None:
    """Documents with their steps; some have a file, some wait in a queue."""
    documents = world.save(Document, (_document(world, paper) for paper in PAPERS))
    told = list(zip(PAPERS, documents, strict=True))
    signed = world.save(Document, _signed(world))
    DocumentStep.objects.bulk_create(
        step for paper, document in told for step in _steps(world, document, paper.days)
    )
    DocumentStep.objects.bulk_create(step for document in signed for step in _steps(world, document, 200))
    for paper, document in told:
        if paper.with_file:
            _attach(world, document)
    by_kind = {(paper.no, paper.type): document for paper, document in told}
    world.save(DocumentRequest, (_request(world, by_kind[row[0], row[1]], *row) for row in REQUESTS))


def _document(world: World, paper: Paper) -> Document:
    deal = world.deals[paper.no]
    path = _path(paper.approval)
    moments = _moments(world, path, _back(world, paper.days))
    closer = _member(deal, Role.CLOSER)
    queues: dict[tuple[int, str], str] = {(no, type_): queue for no, type_, queue, *_rest in REQUESTS}
    made = deal.made_contracts.select_related("contract").first() if paper.linked else None
    is_edo = paper.edo is not None
    return Document(
        deal=deal, type=paper.type, approval=paper.approval, approval_since=moments[-1], amount=deal.amount,
        contract=made.contract if made else None, number=f"{paper.no}-{paper.type[:2].upper()}/26", dated_on=moments[0].date(),
        closer=closer, queue=queues.get((paper.no, paper.type)) or queue_of(paper.type), prepared_by=world.users["panov"] if paper.type in (D.CONTRACT, D.ADDENDUM, D.TZ) else world.users["titova"],
        first_sent_at=moments[path.index(A.SENT)] if A.SENT in path else None,
        agreed_at=moments[path.index(A.AGREED)] if A.AGREED in path else None,
        signed_on=moments[-1].date() if paper.approval == A.SIGNED else None,
        promised_on=None if paper.promised is None else _promised(world, paper.promised),
        edo=paper.edo if is_edo else Edo.NONE if paper.approval in (A.AGREED, A.SIGNING) else None,
        created_by=deal.responsible_kam, updated_by=closer or deal.responsible_kam,
    )  # fmt: skip


def _signed(world: World) -> Iterator[Document]:
    """Papers of the deals by which the present contracts came."""
    for no, types in WON_PAPERS.items():
        deal = Deal.objects.get(company=world.companies[no], stage=DealStage.WON)
        for kind in types:
            signed_on = deal.target_date
            yield Document(
                deal=deal, type=kind, approval=A.SIGNED, approval_since=world.moment(signed_on, 15), amount=deal.amount,
                contract=world.contracts[no], number=f"{no}-{kind[:2].upper()}/25", dated_on=signed_on, signed_on=signed_on,
                first_sent_at=world.moment(world.calendar.subtract(signed_on, 10), 12),
                agreed_at=world.moment(world.calendar.subtract(signed_on, 5), 12), edo=Edo.SIGNED,
                prepared_by=world.users["titova"], queue=queue_of(kind), created_by=deal.responsible_kam, updated_by=world.users["titova"],
            )  # fmt: skip


def _steps(world: World, document: Document, days: int) -> Iterator[DocumentStep]:
    path = _path(document.approval)
    moments = _moments(world, path, document.approval_since)
    for place, approval in enumerate(path):
        is_last = place == len(path) - 1
        yield DocumentStep(
            document=document, approval=approval, entered_at=moments[place],
            left_at=None if is_last else moments[place + 1], by=_mover(world, document, approval),
            comment=COMMENTS.get(approval, ""),
        )  # fmt: skip


def _mover(world: World, document: Document, approval: str) -> User:
    """Who brings a document into a state."""
    if approval in (A.READY, A.REWORK):
        return world.users["panov"]
    if approval in (A.SIGNING, A.SIGNED, A.CANCELLED, A.ANNULLED):
        return world.users["titova"]
    return document.closer or document.deal.responsible_kam


def _path(approval: str) -> tuple[Approval, ...]:
    state = Approval(approval)
    return BRANCHES[state] if state in BRANCHES else ROAD[: ROAD.index(state) + 1]


def _moments(world: World, path: tuple[Approval, ...], last: datetime) -> list[datetime]:
    """When each state was entered, counted back from the last one in working days."""
    moments = [last]
    for approval in reversed(path[:-1]):
        day = world.calendar.subtract(moments[0].date(), STAY.get(approval, 1))
        moments.insert(0, world.moment(day, 11 + len(moments) % 6))
    return moments


def _back(world: World, days: int) -> datetime:
    return world.moment(world.calendar.subtract(world.as_of, days), 10)


def _promised(world: World, days: int) -> date:
    calendar = world.calendar
    return calendar.add(world.as_of, days) if days >= 0 else calendar.subtract(world.as_of, -days)


def _attach(world: World, document: Document) -> None:
    text = f"{document}\n{document.deal.company}\nПроект документа из демонстрации, не имеет силы.\n".encode()
    identifier = world.identifier()
    DocumentFile.objects.create(
        public_id=identifier, document=document, step=document.steps.get(left_at=None), number=1, name=f"{document.get_type_display()}.txt", size=len(text),
        file=ContentFile(text, f"{identifier}.txt"), uploaded_by=document.prepared_by or document.deal.responsible_kam,
    )  # fmt: skip


def _request(
    world: World, document: Document, no: int, kind: str, queue: str, state: str, days: int, comment: str
) -> DocumentRequest:
    worker = world.users["panov" if queue == Queue.LEGAL else "titova"]
    return DocumentRequest(
        deal=document.deal, document=document, queue=queue, state=state, due_on=_promised(world, days), comment=comment,
        requester=document.deal.responsible_kam, assignee=None if state == RequestState.OPEN else worker,
        answer="Готово, файл приложен." if state == RequestState.DONE else "",
        created_by=document.deal.responsible_kam, updated_by=document.deal.responsible_kam,
    )  # fmt: skip


def _member(deal: Deal, role: Role) -> User | None:
    found = (
        deal.members.filter(role=role, ended_on=None, scope_company=None)
        .select_related("user")
        .order_by("pk")
        .first()
    )
    return found.user if found else None
