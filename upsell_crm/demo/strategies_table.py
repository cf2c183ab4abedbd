"""The strategies of the story: who does what by when for which client (domain.md §8.1). Days are working days from T."""

from dataclasses import dataclass, field

from accounts.enums import TaskState
from roadmaps.enums import Metric, Phase, PlanState, PlanType

P, S, T = Phase, PlanState, TaskState


@dataclass(frozen=True)
class Step:
    """One task: due so many working days from T (back when negative); `after` = keys of tasks it waits for."""

    key: str
    title: str
    login: str
    start: int
    due: int
    expected: str
    phase: str = P.OTHER
    state: str = T.TODO
    result: str = ""
    after: tuple[str, ...] = ()
    built_on: tuple[str, ...] = ()
    dzo: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class Told:
    """One strategy of an open deal, in its state `since` calendar days ago."""

    no: int
    type: str
    state: str
    goal: str
    steps: tuple[Step, ...]
    metric: str = Metric.AMOUNT
    value: int | None = None  # None = the amount of the deal
    deadline: int | None = None  # working days from T; None = the target date of the deal
    presentation: int | None = None
    since: int = 7
    reasons: tuple[tuple[str, int], ...] = ()
    state_reason: str = ""
    override: str = ""
    suggested: str = ""
    comment: str = ""
    done: tuple[str, ...] = field(default=())


HOLDING = (
    Step("facts", "Проверить данные по голове и ДЗО", "yudina", -28, -24, "Карточки шести компаний без пробелов", P.INFO,
         T.ACCEPTED, "Заполнены закупки и ЛПР пяти ДЗО, по № 4 запросили Положение"),
    Step("value", "Обосновать ценность ключевым ЛПР головной", "sotnikova", -23, -6, "Четыре ЛПР подтвердили ценность",
         P.NEEDS, T.DOING, after=("facts",), built_on=("dm",)),
    Step("quotes", "Собрать отзывы пользователей головной", "fomin", -20, -12, "Пять отзывов с разрешением цитировать",
         P.NEEDS, T.DONE, "Пять отзывов: три из юрдепартамента, два из безопасности", after=("facts",)),
    Step("usage", "Выгрузить использование по департаментам", "levin", -18, -14, "Таблица активных пользователей за квартал",
         P.NEEDS, T.ACCEPTED, "41 из 55 активны, юристы — каждый день"),
    Step("consent", "Получить согласие на сбор потребностей ДЗО", "sotnikova", 1, 6, "Письмо головной со списком ДЗО",
         P.NEEDS, after=("value",), built_on=("dm",)),
    Step("meet2", "Назначить встречу в Генерации", "yudina", 7, 9, "Дата и участники встречи", P.NEEDS, after=("consent",), dzo=2),
    Step("needs2", "Собрать потребности Генерации", "naumov", 10, 14, "Потребность по департаментам в местах", P.NEEDS,
         after=("meet2",), dzo=2),
    Step("needs3", "Собрать потребности Сбыта", "aliev", 7, 12, "Потребность по департаментам в местах", P.NEEDS,
         after=("consent",), built_on=("dm",), dzo=3),
    Step("needs7", "Собрать потребности Тепла", "aliev", 8, 13, "Потребность по департаментам в местах", P.NEEDS,
         after=("consent",), dzo=7),
    Step("needs5", "Собрать потребности Сервиса", "lisina", 7, 11, "Потребность по департаментам в местах", P.NEEDS,
         after=("consent",), dzo=5),
    Step("tz", "Проверить порядок заказов по рамочному договору", "orlov", -9, -3, "Схема заказов и список подписантов",
         P.DOCS, T.BLOCKED, built_on=("procurement",), reason="Закупки ждут новую редакцию Положения"),
    Step("offer5", "Согласовать счёт-оферту для Сервиса", "kim", 12, 16, "Условия счёта-оферты согласованы", P.DOCS,
         after=("needs5",), built_on=("procurement",), dzo=5),
    Step("offer", "Свести предложение по холдингу", "sotnikova", 15, 19, "Одно предложение: места, цены, сроки по ДЗО",
         P.PRESENTATION, after=("needs2", "needs3", "needs7", "needs5", "quotes", "usage")),
    Step("show", "Показать предложение правлению", "sotnikova", 20, 22, "Решение правления о рамочном договоре",
         P.PRESENTATION, after=("offer",), built_on=("dm",)),
    Step("docs", "Передать рамочный договор на согласование", "orlov", 23, 27, "Договор у юристов клиента", P.DOCS,
         after=("show", "tz"), built_on=("procurement",)),
)  # fmt: skip
PORT = (
    Step("facts", "Уточнить Положение о закупке порта", "yudina", 1, 5, "Порядок конкурса и сроки с ссылкой на документ",
         P.INFO, built_on=("procurement",)),
    Step("needs", "Собрать потребности безопасности и финансов", "sotnikova", 3, 15, "Потребность двух департаментов в местах",
         P.NEEDS, after=("facts",), built_on=("dm",)),
    Step("train", "Провести обучение по мониторингу контрагентов", "levin", 10, 20, "Индекс обучения не ниже 60",
         P.NEEDS),
    Step("usage", "Собрать статистику использования за квартал", "fomin", 3, 10, "Активные пользователи по месяцам", P.NEEDS),
    Step("show", "Презентация для заместителя директора", "sotnikova", 28, 32, "Согласие на конкурс", P.PRESENTATION,
         after=("needs", "train", "usage"), built_on=("dm",)),
    Step("docs", "Подготовить документы к конкурсу", "orlov", 33, 45, "Пакет документов у закупок", P.DOCS, after=("show",),
         built_on=("procurement",)),
)  # fmt: skip
BANK = (
    Step("facts", "Проверить ЛПР и порядок тендера", "rogov", -20, -17, "Комиссия и сроки подтверждены", P.INFO, T.ACCEPTED,
         "Комиссия прежняя, площадка — «Фабрикант»"),
    Step("needs", "Собрать потребности кредитного департамента", "vetrov", -16, -9, "Число мест по отделам", P.NEEDS, T.ACCEPTED,
         "Нужны ещё 10 мест Casebook и 10 Caselook"),
    Step("train", "Обучение новых аналитиков", "gai", -14, -8, "Индекс обучения не ниже 70", P.NEEDS, T.ACCEPTED,
         "Индекс 74, шесть отзывов"),
    Step("usage", "Снять использование по отделам", "moroz", -12, -7, "Активные пользователи по месяцам", P.NEEDS, T.DONE,
         "118 из 120 активны"),
    Step("deck", "Собрать презентацию", "vetrov", -3, 1, "Презентация готова к показу", P.PRESENTATION, T.DOING,
         after=("needs", "train", "usage")),
    Step("show", "Итоговая презентация руководителю юридической службы", "vetrov", 2, 3, "Согласие на новый договор",
         P.PRESENTATION, after=("deck",), built_on=("dm",)),
    Step("tz", "Согласовать ТЗ с юристами", "panov", 1, 4, "ТЗ без замечаний", P.DOCS, built_on=("procurement",)),
    Step("docs", "Передать договор закупкам банка", "kim", 5, 8, "Договор у закупок", P.DOCS, after=("show", "tz"),
         built_on=("procurement",)),
)  # fmt: skip
TOLD = (
    Told(1, PlanType.ROADMAP, S.ACTIVE, "Рамочный договор на весь холдинг с заказами ДЗО", HOLDING, deadline=30,
         presentation=22, since=24, metric=Metric.DZO_COUNT, value=4, reasons=(("holding", 6), ("teams", 2)),
         override="ЛПР № 4 в отпуске до декабря, начинаем с остальными"),
    Told(20, PlanType.ROADMAP, S.REVIEW, "Продлить и добавить безопасность и финансы", PORT, deadline=60,
         since=2, reasons=(("procedure", 0),), override="Сроки конкурса уточняем первой задачей"),
    Told(12, PlanType.ROADMAP, S.PRESENTATION, "Новый договор на 130 мест Casebook и 50 Caselook", BANK, deadline=25,
         presentation=3, since=4, reasons=(("potential", 1_500_000), ("procedure", 0)), override="Проверено на встрече 12.11"),
    Told(21, PlanType.ROADMAP, S.INFO, "Показать экосистему: Casebook, Caselook и Case.one", (), since=3,
         reasons=(("departments", 3), ("potential", 2_000_000)), metric=Metric.EXPANSION, value=600_000),
    Told(29, PlanType.ROADMAP, S.RETURNED, "Познакомить нового КАМ и продлить без паузы", (
        Step("meet", "Познакомить клиента с новым КАМ", "belova", 1, 4, "ЛПР знает нового КАМ", P.NEEDS, built_on=("dm",)),
        Step("show", "Показать расчёт продления", "belova", 5, 9, "Согласие на условия", P.PRESENTATION, after=("meet",)),
     ), deadline=35, since=1, reasons=(("procedure", 0),), state_reason="Нет задачи для клоузера и дня презентации",
         override="Передача клиента"),
    Told(10, PlanType.ACTION_PLAN, S.ACTIVE, "Довести до семи мест", (
        Step("calc", "Прислать расчёт на семь мест", "popova", -1, 1, "Расчёт у клиента", P.PRESENTATION, T.DOING),
        Step("sign", "Подписать доп. соглашение", "popova", 4, 8, "Подписано обеими сторонами", P.DOCS, after=("calc",)),
     ), deadline=15, metric=Metric.SEATS, value=7),
    Told(17, PlanType.ACTION_PLAN, S.ACTIVE, "Успеть малой закупкой до конца года", (
        Step("pub", "Проверить публикацию закупки", "aliev", -2, 1, "Закупка опубликована", P.DOCS),
        Step("pay", "Получить оплату", "aliev", 5, 12, "Деньги на счёте", P.DOCS, after=("pub",)),
     ), metric=Metric.SIGNED_BY, deadline=20),
    Told(31, PlanType.ACTION_PLAN, S.ACTIVE, "Подписать доп. соглашение на 18 мест", (
        Step("power", "Проверить подписанта и доверенность", "orlov", -1, 3, "Доверенность в деле", P.DOCS, T.DOING),
        Step("sign", "Передать на подписание", "sotnikova", 4, 6, "Подписано", P.DOCS, after=("power",)),
     ), metric=Metric.SEATS, value=18, deadline=18, suggested=PlanType.ROADMAP,
         comment="Условия согласованы, остались две подписи", reasons=(("teams", 2),)),
)  # fmt: skip
PAST = (  # completed roadmaps of won deals: №, working days that each phase took
    (13, (4, 16, 6, 22)), (15, (3, 12, 5, 18)), (23, (5, 14, 4, 15)), (14, (2, 6, 3, 7)),
)  # fmt: skip
