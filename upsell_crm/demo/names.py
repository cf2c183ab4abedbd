"""Invented people: names that agree in gender, Latin spellings for addresses (all fictional, §8.1)."""

from random import Random

MEN = (
    "Павел",
    "Андрей",
    "Дмитрий",
    "Михаил",
    "Константин",
    "Виктор",
    "Степан",
    "Григорий",
    "Фёдор",
    "Юрий",
    "Леонид",
    "Руслан",
)
WOMEN = (
    "Марина",
    "Елена",
    "Татьяна",
    "Ирина",
    "Людмила",
    "Оксана",
    "Жанна",
    "Полина",
    "Вера",
    "Лариса",
    "Нина",
    "Алла",
)
FATHERS = (
    "Сергее",
    "Андрее",
    "Николае",
    "Алексее",
    "Петро",
    "Ивано",
    "Борисо",
    "Олего",
    "Максимо",
    "Викторо",
)
SURNAMES = (
    "Берестов", "Голубцов", "Дружинин", "Ельцов", "Жаворонков", "Залесов", "Истомин", "Калязин", "Лагутин", "Мещеряков",
    "Нагорнов", "Осокин", "Пшеничников", "Рябинин", "Сабуров", "Тетерин", "Ухтомцев", "Фирсов", "Хвостов", "Цветков",
    "Чернецов", "Шадрин", "Щукин", "Юрасов", "Яхонтов", "Бахметов", "Вельяминов", "Горюнов", "Дубровин", "Еремеев",
    "Зубцов", "Искрин", "Кречетов", "Лобанов", "Морошкин", "Невзоров", "Овсянников", "Полозов", "Ракитин", "Седых",
)  # fmt: skip
_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        ("a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya").split(),  # noqa: SIM905
        strict=True,
    )
)


def full_name(dice: Random) -> tuple[str, str, str]:
    """Surname, first name and patronymic of an invented person."""
    surname, father = dice.choice(SURNAMES), dice.choice(FATHERS)
    if dice.random() < 0.5:
        return surname, dice.choice(MEN), f"{father}вич"
    feminine = surname if surname.endswith("ых") else f"{surname}а"
    return feminine, dice.choice(WOMEN), f"{father}вна"


def latin(text: str) -> str:
    """«Щукин» → «shchukin», for an address."""
    return "".join(_LATIN.get(letter, "") for letter in text.lower()).replace("_", "")
