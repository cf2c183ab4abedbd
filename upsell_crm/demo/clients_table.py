"""The forty companies of the story, row by row as in domain.md §8.1; all names are fictional."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Client:
    """One row. `end` is the contract's last day as an offset from T; regime 44, 223 or "" (commercial)."""

    no: int
    name: str
    inn: str
    regime: str
    procedure: str
    approval_bd: int
    lead_bd: int
    kam: str
    casebook: int
    caselook: int
    end: int | None
    act_by: str = ""  # on T = 24.11.2026, checked by tests
    slack: int | None = None
    head: int | None = None
    industry: str = "other"
    city: str = ""
    revenue: float | None = None  # billions of ₽ in the last year
    headcount: int | None = None
    is_key: bool = False


def _row(no: int, name: str, inn: str, regime: str, procedure: str, terms: str, kam: str, seats: str, end: int | None,
         timing: str = "", **more: object) -> Client:  # fmt: skip
    approval_bd, lead_bd = (int(days) for days in terms.split("+"))
    casebook, caselook = (int(number) for number in seats.split("/"))
    act_by, _space, slack = timing.partition(" ")
    return Client(no, name, inn, regime, procedure, approval_bd, lead_bd, kam, casebook, caselook, end,
                  act_by, int(slack) if slack else None, **more)  # type: ignore[arg-type]  # fmt: skip


CLIENTS = (
    _row(1, "АО «Зареченский Энергохолдинг»", "0077102372", "223", "framework_order", "3+5", "sotnikova", "40/15", 68,
         "2027-01-12 28", industry="energy", city="Заречинск", revenue=86.0, headcount=5400),
    _row(2, "ООО «Заречье Генерация»", "0077103746", "223", "single_223", "20+20", "sotnikova", "12/0", 68,
         "2026-11-18 -4", head=1, industry="energy", city="Заречинск", revenue=31.0, headcount=2100),
    _row(3, "ООО «Заречье Сбыт»", "0077105119", "223", "single_223", "20+20", "aliev", "8/4", 40,
         "2026-10-27 -19", head=1, industry="energy", city="Заречинск", revenue=18.0, headcount=640),
    _row(4, "АО «Заречье Сети»", "0077106480", "223", "rfp_223", "15+30", "aliev", "0/6", 130,
         "2027-01-20 34", head=1, industry="energy", city="Верхнелучинск", revenue=22.5, headcount=3300),
    _row(5, "ООО «Заречье Сервис»", "0077107853", "", "invoice_offer", "0+5", "lisina", "3/0", 96,
         "2027-02-11 50", head=1, industry="it", city="Заречинск", revenue=1.2, headcount=180),
    _row(6, "ООО «Заречье Инжиниринг»", "0077109226", "", "direct", "15+0", "sotnikova", "0/0", None,
         head=1, industry="construction", city="Заречинск", revenue=4.1, headcount=420),
    _row(7, "ООО «Заречье Тепло»", "0077110599", "223", "small_223", "10+10", "aliev", "2/0", 15,
         "2026-11-03 -14", head=1, industry="energy", city="Приозёрск-на-Луче", revenue=2.6, headcount=510),
    _row(8, "АО «Ладейный Двор Ритейл»", "0077111962", "", "tender_commercial", "15+30", "demin", "25/10", 120,
         "2027-01-11 27", industry="retail", city="Ладейный", revenue=41.0, headcount=7800),
    _row(9, "ООО «Ладейный Двор Логистика»", "0077113335", "", "direct", "15+0", "demin", "6/0", 120,
         "2027-02-20 57", head=8, industry="transport", city="Ладейный", revenue=6.4, headcount=950),
    _row(10, "ООО «Ладейный Двор Недвижимость»", "0077114709", "", "direct", "15+0", "popova", "0/5", 180,
         "2027-04-21 97", head=8, industry="construction", city="Ладейный", revenue=3.3, headcount=120),
    _row(11, "ООО «Ладейный Двор Маркет»", "0077116079", "", "invoice_offer", "0+5", "popova", "2/0", 25,
         "2026-12-04 8", head=8, industry="retail", city="Ладейный"),
    _row(12, "ПАО «Северодар Банк»", "0077117442", "", "tender_commercial", "20+30", "vetrov", "120/40", 95,
         "2026-12-01 5", industry="bank", city="Северодар", revenue=140.0, headcount=9200, is_key=True),
    _row(13, "АО «Страховой дом “Тёплый Меридиан”»", "0077118816", "223", "single_223", "20+20", "lisina", "50/0", 68,
         "2026-11-18 -4", industry="insurance", city="Северодар", revenue=12.0, headcount=1300),
    _row(14, "ООО «Лизинг-Перспектива»", "0077120188", "", "invoice_offer", "0+5", "lisina", "10/0", 127,
         "2027-03-17 72", industry="bank", city="Северодар"),
    _row(15, "АО «НПФ “Тихая гавань”»", "0077121551", "", "direct", "15+0", "vetrov", "32/8", 341,
         "2027-10-01 211", industry="insurance", city="Приморск-Лучинский", revenue=30.0, headcount=600),
    _row(16, "ГБУ «Центр правовой экспертизы Приозёрья»", "0077122925", "44", "auction_44", "15+35", "aliev", "30/0", 96,
         "2026-12-01 5", industry="public", city="Приозёрск-на-Луче", headcount=240),
    _row(17, "ФГБУ «Институт морских изысканий»", "0077124295", "44", "small_44", "5+7", "aliev", "4/0", 37,
         "2026-12-07 9", industry="public", city="Приморск-Лучинский", headcount=380),
    _row(18, "Администрация города Верхнелучинска", "0077125669", "44", "eshop_44", "5+8", "sotnikova", "0/3", 37,
         "2026-12-04 8", industry="public", city="Верхнелучинск", headcount=310),
    _row(19, "МУП «Лучинскводоканал»", "0077127031", "223", "rfq_223", "15+25", "aliev", "5/0", 160,
         "2027-02-25 59", industry="energy", city="Лучинск", revenue=2.1, headcount=900),
    _row(20, "АО «Приозёрский Порт»", "0077128405", "223", "contest_223", "20+45", "sotnikova", "14/6", 210,
         "2027-03-11 68", industry="transport", city="Приозёрск-на-Луче", revenue=17.4, headcount=1800, is_key=True),
    _row(21, "ПАО «Волжские Каналы Связи»", "0077129776", "223", "single_223", "25+20", "vetrov", "60/30", 150,
         "2027-02-10 49", industry="telecom", city="Лучинск", revenue=64.0, headcount=6100, is_key=True),
    _row(22, "ООО «ТД Северный Лён»", "0077131140", "", "unknown", "15+25", "popova", "25/0", 37,
         "2026-10-27 -19", industry="retail", city="Северодар"),
    _row(23, "АО «Озёрный Щебень»", "0077132514", "", "direct", "15+0", "demin", "20/0", -14,
         "2026-10-12 -30", industry="industry", city="Озёрск-Каменный", revenue=8.2, headcount=870),
    _row(24, "ООО «Строй-Альянс Восток»", "0077133885", "", "direct", "15+0", "demin", "9/0", -100,
         "2026-07-17 -91", industry="construction", city="Восточный", revenue=2.8, headcount=450),
    _row(25, "АО «Аграрный союз “Нива-44”»", "0077135258", "", "invoice_offer", "0+5", "popova", "3/2", 55,
         "2026-12-24 22", industry="industry", city="Нивинск", revenue=5.5, headcount=1500),
    _row(26, "ООО «Юридическая фирма “Аргунов и партнёры”»", "0077136621", "", "invoice_offer", "0+5", "lisina", "5/12", 20,
         "2026-11-30 4", industry="law", city="Северодар", revenue=0.4, headcount=45),
    _row(27, "ООО «ЮрБюро “Позиция”»", "0077137992", "", "invoice_offer", "0+5", "lisina", "0/4", 75,
         "2027-01-22 36", industry="law", city="Северодар", revenue=0.2, headcount=18),
    _row(28, "АО «Гранит-Девелопмент»", "0077139365", "", "direct", "20+0", "demin", "18/0", 62,
         "2026-12-10 12", industry="construction", city="Восточный", revenue=15.0, headcount=700),
    _row(29, "ПАО «Каскад-Связь Север»", "0077140730", "", "tender_commercial", "15+30", "belova", "35/20", 80,
         "2026-11-25 1", industry="telecom", city="Северодар", revenue=38.0, headcount=4000),
    _row(30, "ООО «Фармсклад Регион»", "0077142103", "", "direct", "15+0", "popova", "7/0", 45,
         "2026-12-02 6", industry="retail", city="Ладейный", revenue=9.7, headcount=640),
    _row(31, "АО «Мостремсевер»", "0077143474", "", "single_internal", "15+10", "sotnikova", "16/0", 110,
         "2027-01-27 39", industry="construction", city="Северодар", revenue=11.8, headcount=1900),
    _row(32, "ООО «Кедр-Лесопром»", "0077144848", "", "direct", "15+0", "aliev", "4/0", 90,
         "2027-01-25 37", industry="industry", city="Кедровый Яр", revenue=3.9, headcount=1100),
    _row(33, "АО «Бумажный мир»", "0077146210", "", "direct", "15+0", "demin", "6/3", 435,
         "2027-12-28 271", industry="industry", city="Кедровый Яр", revenue=7.3, headcount=820),
    _row(34, "ООО «ИТ-Оптима»", "0077147581", "", "invoice_offer", "0+5", "popova", "0/2", 14,
         "2026-11-24 0", industry="it", city="Лучинск", revenue=0.3, headcount=60),
    _row(35, "ПАО «Южный Депозитарий»", "0077148955", "", "single_internal", "20+10", "vetrov", "22/8", 58,
         "2026-11-24 0", industry="bank", city="Южноград", revenue=26.0, headcount=1400),
    _row(36, "АО «Коллекторское агентство “Вектор-К”»", "0077150320", "", "direct", "15+0", "lisina", "45/0", 33,
         "2026-11-27 3", industry="bank", city="Южноград", revenue=4.4, headcount=520),
    _row(37, "ГУП «Лучинский Метрострой»", "0077151690", "223", "auction_223", "15+40", "aliev", "11/0", 140,
         "2027-01-15 31", industry="construction", city="Лучинск", revenue=19.0, headcount=3700),
    _row(38, "ООО «Морские Перевозки Плюс»", "0077153063", "", "invoice_offer", "0+5", "demin", "2/0", 48,
         "2026-12-17 17", industry="transport", city="Приморск-Лучинский", revenue=1.1, headcount=210),
    _row(39, "АО «Энергомаш-Комплект»", "0077154437", "", "direct", "15+0", "sotnikova", "13/5", 72,
         "2026-12-29 25", industry="industry", city="Лучинск", revenue=13.6, headcount=1700),
    _row(40, "ООО «Новая Волна Ритейл»", "0077155800", "", "direct", "15+0", "popova", "6/0", -116,
         industry="retail", city="Южноград", revenue=2.2, headcount=380),
)  # fmt: skip

GOLDEN = frozenset({13, 14, 15, 16, 22, 23})  # no court load and no legal headcount (§8.1)
OVERRIDDEN = frozenset({12, 13, 15, 16, 21, 23, 28, 35})  # a fresh profile override equal to the table
FORMER = frozenset({24, 40})
BY_NUMBER = {client.no: client for client in CLIENTS}
