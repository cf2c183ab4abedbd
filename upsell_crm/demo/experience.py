"""Twelve notes, what they helped with, thanks of the teams and their exchanges (§8.1)."""

from dataclasses import dataclass
from datetime import timedelta

from accounts.enums import ObjectionState
from accounts.models import Objection
from trainings.enums import NoteKind, SessionState
from trainings.models import ExchangeSession, KnowledgeNote, NoteUse, NoteVote, SessionMember, Thanks
from upsell_crm.demo.world import World

ANSWER, CASE, TEMPLATE = NoteKind.ANSWER, NoteKind.CASE, NoteKind.TEMPLATE


@dataclass(frozen=True, slots=True)
class Told:
    """One note; `no` is the client it comes from."""

    author: str
    kind: NoteKind
    title: str
    body: str
    category: str = ""
    product: str = ""
    industry: str = ""
    no: int = 0
    picked_by: str = ""
    day: int = -60


NOTES = (
    Told("zimina", ANSWER, "«Дорого»: считаем цену одного проигранного спора",
         "Возьмите их же арбитраж за год: сколько споров, средняя сумма, сколько проиграно из-за поздно замеченного иска. "
         "Один такой спор обычно дороже всех лицензий на год. Расчёт на одной странице, цифры клиента, не наши.",
         "price", picked_by="andreeva", day=-140),
    Told("lisina", ANSWER, "«Дорого»: начинаем с половины мест и фиксируем цену",
         "Предложите половину мест сейчас и право докупить по той же цене до конца года. Юристы сами просят остальное "
         "через два месяца.", "price", "casebook", "insurance", day=-95),
    Told("demin", CASE, "Оптовая торговля: рассрочка под отчётный период",
         "У торговых компаний бюджет открывается поквартально. Разбили счёт на два квартала, в каждом уложились в лимит "
         "счёта-оферты.", "price", "casebook", "retail", 8, day=-70),
    Told("vetrov", ANSWER, "«Бюджета нет»: заявка в план следующего года",
         "Не спорьте о деньгах этого года. Дайте готовый текст заявки в бюджет и расчёт на месяц, когда его собирают. "
         "Договоритесь о дате, когда заявку увидит финансовый директор.", "budget", "", "bank", picked_by="belova", day=-120),
    Told("sotnikova", ANSWER, "«Сроки не подходят»: считаем назад от окончания договора",
         "Покажите на календаре рабочие дни согласования и закупки. Когда дата начала уже прошла, спор о сроках "
         "заканчивается.", "timing", picked_by="gromov", day=-80),
    Told("aliev", CASE, "44-ФЗ: начинаем с электронного магазина",
         "Пока готовится аукцион, три места через электронный магазин закрывают срочную потребность и дают пользователей "
         "для обоснования.", "process", "casebook", "public", 18, day=-55),
    Told("kim", ANSWER, "«Служба безопасности против»: пакет ответов за день",
         "Отправляйте сразу: место хранения, перечень данных, журнал доступа, договор поручения. Вопросов остаётся "
         "два-три, и они по делу.", "security", day=-45),
    Told("popova", ANSWER, "«И так справляемся»: считаем часы юриста",
         "Спросите, сколько времени уходит на мониторинг вручную в неделю. Умножьте на год при них. Дальше клиент "
         "продаёт себе сам.", "no_need", "casebook", "", picked_by="zimina", day=-100),
    Told("gromov", ANSWER, "«У конкурента дешевле»: сравниваем полноту дел",
         "Возьмите десять их дел и проверьте в обеих системах. Разница видна за пятнадцать минут, говорить о цене после "
         "этого легче.", "competitor", "casebook", day=-75),
    Told("moroz", CASE, "Пользователи не заходят: утро с тремя сценариями",
         "Короткая встреча на рабочем месте, три сценария из их практики, через неделю звонок тем, кто не зашёл. "
         "Использование выросло вдвое за месяц.", "", "casebook", "insurance", 13, day=-40),
    Told("titova", TEMPLATE, "Письмо к счёту-оферте",
         "Что приложить, как назвать платёж, когда считается принятой оферта. Готовый текст для бухгалтерии клиента.",
         day=-30),
    Told("belova", TEMPLATE, "План первой встречи с новым ЛПР",
         "Пять вопросов, две цифры о компании, одно обещание с датой. Не показывать продукт раньше третьего вопроса.",
         picked_by="andreeva", day=-25),
)  # fmt: skip
# № of the note, author, words; notes are counted from 0.
THANKED = (
    (0, "popova", "Расчёт на одной странице решил разговор с «дорого»."),
    (4, "aliev", "Календарь сработал с первого раза."),
    (9, "lisina", "После такого утра заходят 46 из 50."),
)
THANKED_IN_DEALS = (
    (21, "vetrov", "lisina", "Без вашего контакта до директора по рискам встречи бы не было."),
    (31, "sotnikova", "orlov", "Допсоглашение прошло согласование за три дня."),
)


def make_experience(world: World) -> None:
    """Notes, then what came of them, then the meetings about them."""
    notes = world.save(KnowledgeNote, [_note(world, told) for told in NOTES])
    for note, told in zip(notes, NOTES, strict=True):
        KnowledgeNote.objects.filter(pk=note.pk).update(created_at=world.at(told.day))
    _uses(world, notes)
    _votes(world, notes)
    _thanks(world, notes)
    _sessions(world)


def _note(world: World, told: Told) -> KnowledgeNote:
    author = world.users[told.author]
    note = KnowledgeNote(
        author=author, kind=told.kind, title=told.title, body=told.body, objection_category=told.category,
        product=world.products.get(told.product), industry=told.industry, company=world.companies.get(told.no),
        is_pick=bool(told.picked_by), picked_by=world.users.get(told.picked_by), created_by=author, updated_by=author,
    )  # fmt: skip
    note.search_text = note.search_words()
    return note


def _uses(world: World, notes: list[KnowledgeNote]) -> None:
    """Answered objections were mostly answered with a note of their category; № 30 is being answered with «дорого»."""
    by_category: dict[str, list[KnowledgeNote]] = {}
    for note in notes:
        if note.objection_category:
            by_category.setdefault(note.objection_category, []).append(note)
    uses = []
    heard = Objection.objects.select_related("interaction").order_by("pk")
    for objection in heard:
        fitting = by_category.get(objection.category, [])
        is_dear = objection.company_id == world.companies[30].pk and objection.category == "price"
        is_taken = world.dice.random() < (0.4 if objection.state == ObjectionState.HANDLED else 0.9)
        if fitting and (is_taken or is_dear):
            note = fitting[0] if is_dear else world.pick(fitting)
            uses.append(NoteUse(note=note, objection=objection, user_id=objection.interaction.author_id))
    NoteUse.objects.bulk_create(uses)


def _votes(world: World, notes: list[KnowledgeNote]) -> None:
    people = [user for login, user in sorted(world.users.items()) if login not in ("admin", "sedov")]
    NoteVote.objects.bulk_create(
        NoteVote(note=note, user=user)
        for note in notes
        for user in people
        if user != note.author and world.dice.random() < (0.4 if note.is_pick else 0.15)
    )


def _thanks(world: World, notes: list[KnowledgeNote]) -> None:
    said = [
        Thanks(note=notes[place], from_user=world.users[login], to_user=notes[place].author, text=text)
        for place, login, text in THANKED
    ] + [
        Thanks(deal=world.deals[no], from_user=world.users[giver], to_user=world.users[receiver], text=text)
        for no, giver, receiver, text in THANKED_IN_DEALS
    ]
    for number, thanks in enumerate(world.save(Thanks, said)):
        Thanks.objects.filter(pk=thanks.pk).update(created_at=world.at(-2 - 3 * number))


def _sessions(world: World) -> None:
    """К3 has met about «дорого» and meets again in its rhythm of two weeks."""
    leader, last = world.users["zimina"], world.moment(world.working_day(-9), 16)
    common = {
        "leader": leader,
        "team": leader.team,
        "repeat_weeks": 2,
        "created_by": leader,
        "updated_by": leader,
    }
    held, ahead = world.save(
        ExchangeSession,
        [
            ExchangeSession(
                topic="Как отвечаем на «дорого»", starts_at=last, state=SessionState.HELD, **common,
                protocol="Попова показала расчёт цены спора. Дёмин попробует рассрочку по кварталам. "
                "Через две недели сверяем, что сработало.",
            ),
            ExchangeSession(topic="Как отвечаем на «дорого»", starts_at=last + timedelta(weeks=2), **common),
        ],
    )  # fmt: skip
    people = [world.users[login] for login in ("zimina", "demin", "popova", "ershov", "kotova")]
    SessionMember.objects.bulk_create(
        SessionMember(session=session, user=user, attended=session == held and user.username != "kotova")
        for session in (held, ahead)
        for user in people
    )
