"""The deals of the story: what is under way, what was won and lost, and their papers (domain.md §8.1)."""

from dataclasses import dataclass, field

from deals.enums import Approval, CloseReason, DealKind, DealStage, DocumentType, Edo, Forecast

K, ST, F, A, D = DealKind, DealStage, Forecast, Approval, DocumentType


@dataclass(frozen=True)
class Told:
    """One open deal: opened so many calendar days ago; the next step in so many working days from T.

    `seats` are those of the new contract, by product; `talked` = days since the last communication that counts.
    """

    no: int
    kind: str
    stage: str
    opened: int
    step: str
    step_in: int
    seats: dict[str, int]
    forecast: str = F.PIPELINE
    tasks: tuple[tuple[str, int], ...] = ()  # title, working days to the due date
    talked: int = 5
    hold_in: int | None = None
    discount: int = 0
    is_loss_proposed: bool = False


@dataclass(frozen=True)
class Paper:
    """One document: its state, working days in it, and what the exchange or the client says."""

    no: int
    type: str
    approval: str
    days: int = 3
    edo: str | None = None
    promised: int | None = None  # working days from T
    with_file: bool = False
    linked: bool = False  # to the contract that is being prepared


OPEN = (
    Told(1, K.HOLDING, ST.NEEDS, 60, "Показать ценность финансовому директору", 3, {"casebook": 60, "caselook": 25},
         F.BEST, (("Назначить встречу с Кольцовой Д. Р.", -2), ("Собрать отзывы пользователей головной", 5)), discount=5),
    Told(8, K.RENEWAL_UPSELL, ST.RESEARCH, 10, "Уточнить критерии тендера", 5, {"casebook": 30, "caselook": 12},
         tasks=(("Узнать состав закупочной комиссии", 4),)),
    Told(10, K.UPSELL, ST.PRESENTATION, 18, "Согласовать два дополнительных места", 2, {"caselook": 7}, F.BEST,
         (("Прислать расчёт на семь мест", 1),)),
    Told(12, K.RENEWAL_UPSELL, ST.PRESENTATION, 25, "Итоговая презентация руководителю юридической службы", 2,
         {"casebook": 130, "caselook": 50}, F.COMMIT, (("Подготовить презентацию", 1), ("Проверить ТЗ с юристами", 3)),
         discount=7),
    Told(17, K.RENEWAL, ST.PROCUREMENT, 25, "Проверить публикацию закупки", 1, {"casebook": 4}, F.COMMIT),
    Told(18, K.RENEWAL, ST.PROCUREMENT, 20, "Дождаться итогов в электронном магазине", 2, {"caselook": 3}, F.BEST),
    Told(20, K.RENEWAL_UPSELL, ST.STRATEGY, 14, "Передать дорожную карту на проверку", 1, {"casebook": 18, "caselook": 8},
         tasks=(("Собрать статистику использования", 2),)),
    Told(21, K.RENEWAL_UPSELL, ST.NEEDS, 20, "Собрать потребности службы безопасности", 4,
         {"casebook": 80, "caselook": 30, "caseone": 10}, F.BEST, (("Согласовать участников встречи", 2),)),
    Told(28, K.RENEWAL_UPSELL, ST.APPROVAL, 45, "Получить замечания юристов клиента", 1, {"casebook": 20}, F.BEST,
         (("Позвонить юристу клиента", 1),), talked=9),
    Told(29, K.RENEWAL, ST.PRESENTATION, 40, "Познакомить клиента с новым КАМ", 2, {"casebook": 35, "caselook": 20}, F.BEST,
         (("Подготовить передачу клиента", 1),), talked=14),
    Told(30, K.RENEWAL, ST.SIGNING, 30, "Забрать подписанный договор", 2, {"casebook": 7}, F.COMMIT),
    Told(31, K.RENEWAL_UPSELL, ST.APPROVAL, 30, "Передать доп. соглашение на подписание", 3, {"casebook": 18}, F.COMMIT,
         (("Проверить подписанта и доверенность", 3),), talked=4),
    Told(32, K.RENEWAL, ST.NEEDS, 50, "Узнать, что с бюджетом", -14, {"casebook": 4}, tasks=(("Позвонить ЛПР", -12),),
         talked=20),
    Told(33, K.CROSS_SELL, ST.HOLD, 70, "", 0, {"caseone": 5}, hold_in=45, talked=33),
    Told(36, K.RENEWAL, ST.NEEDS, 22, "Показать, как пользуются другие коллекторы", 2, {"casebook": 20},
         tasks=(("Выяснить, почему не пользуются", 1),), talked=12, is_loss_proposed=True),
    Told(37, K.CROSS_SELL, ST.RESEARCH, 8, "Показать подбор практики юристам", 6, {"caselook": 4}),
)  # fmt: skip

PAPERS = (
    Paper(1, D.KP, A.DRAFT, 2), Paper(1, D.LETTER, A.READY, 1),
    Paper(8, D.KP, A.DRAFT, 1),
    Paper(10, D.KP, A.SENT, 2), Paper(10, D.ADDENDUM, A.DRAFT, 1),
    Paper(12, D.KP, A.AGREED, 6), Paper(12, D.TZ, A.INTERNAL, 4, with_file=True),
    Paper(12, D.CONTRACT, A.DRAFT, 6, linked=True), Paper(12, D.JUSTIFICATION, A.READY, 2),
    Paper(17, D.CONTRACT, A.AGREED, 3), Paper(17, D.INVOICE, A.SENT, 1),
    Paper(18, D.CONTRACT, A.CLIENT_REVIEW, 2), Paper(18, D.JUSTIFICATION, A.SIGNED, 7),
    Paper(20, D.KP, A.DRAFT, 3),
    Paper(21, D.KP, A.SENT, 3), Paper(21, D.TZ, A.REWORK, 2, with_file=True),
    Paper(28, D.KP, A.AGREED, 24), Paper(28, D.TZ, A.AGREED, 20),
    Paper(28, D.CONTRACT, A.CLIENT_REVIEW, 12, promised=-4, with_file=True, linked=True),
    Paper(29, D.KP, A.AGREED, 15), Paper(29, D.CONTRACT, A.DISAGREEMENT, 3, with_file=True, linked=True),
    Paper(30, D.KP, A.AGREED, 16), Paper(30, D.CONTRACT, A.SIGNING, 2, Edo.SENT_WAIT, with_file=True, linked=True),
    Paper(30, D.INVOICE, A.READY, 2),
    Paper(31, D.KP, A.AGREED, 14), Paper(31, D.ADDENDUM, A.AGREED, 2, with_file=True, linked=True),
    Paper(32, D.KP, A.REFUSED, 21), Paper(32, D.CONTRACT, A.CANCELLED, 20),
    Paper(36, D.KP, A.SENT, 5), Paper(36, D.ADDENDUM, A.ANNULLED, 30), Paper(37, D.KP, A.INTERNAL, 1),
)  # fmt: skip

WON_PAPERS = {  # № → papers of the deal that brought the present contract
    13: (D.CONTRACT, D.ACT), 14: (D.INVOICE_OFFER, D.UPD), 15: (D.CONTRACT, D.ACT), 23: (D.CONTRACT,),
}  # fmt: skip


@dataclass(frozen=True)
class Lost:
    """A deal that did not come off, closed so many days before T."""

    no: int
    closed: int
    reason: str
    others: tuple[str, ...] = ()
    comment: str = ""
    seats: dict[str, int] = field(default_factory=dict)


LOST = (
    Lost(40, 70, CloseReason.LATE_START, (CloseReason.PROCUREMENT_MISSED,),
         "Первую встречу провели через три недели после крайнего срока, бюджет ушёл другому отделу.", {"casebook": 8}),
    Lost(24, 92, CloseReason.BUDGET_CUT, (), "Сократили бюджет юридического отдела.", {"casebook": 9}),
    Lost(9, 130, CloseReason.FEATURE_MISSING, (), "Ждали выгрузку в свою систему.", {"caselook": 3}),
    Lost(38, 45, CloseReason.COMPETITOR, (CloseReason.PRICE,), "Взяли дешёвый аналог на год.", {"caseone": 2}),
)  # fmt: skip
WON_REASONS_OF_STORY = (
    CloseReason.TIMING_RENEWAL, CloseReason.TIMING_RENEWAL, CloseReason.RELATIONSHIP, CloseReason.TRAINING_EFFECT,
    CloseReason.NEW_NEED,
)  # fmt: skip
