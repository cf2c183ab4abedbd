"""Nine features that clients wait for (R23)."""

from collections.abc import Iterator

from accounts.enums import FeatureStatus, Response
from accounts.models import FeatureRequest, FeatureWait
from upsell_crm.demo.world import World

S = FeatureStatus
FEATURES = (  # title, product, status, planned release and release as offsets from T
    ("API мониторинга", "casebook", S.DEV, 60, None),
    ("Мониторинг банкротств по группе компаний", "casebook", S.RELEASED, None, -15),
    ("Выгрузка дел в СЭД", "casebook", S.PLANNED, 20, None),
    ("Подбор практики по судье", "caselook", S.RELEASED, None, -70),
    ("Сводный отчёт по холдингу", "casebook", S.PLANNED, 75, None),
    ("Единый вход через корпоративный каталог", "casebook", S.SUBMITTED, None, None),
    ("Сравнение редакций документов", "caseone", S.NEW, None, None),
    ("Оповещения в мессенджере", "casebook", S.DECLINED, None, None),
    ("Экспорт подборки в Word", "caselook", S.CLOSED, None, -200),
)
DECLINED_BECAUSE = "Оповещения уходят в почту и в приложение; мессенджеры не проходят проверку безопасности."
WAITS = (  # №, feature, importance, promised, asked, presented, response, words
    (12, 0, 3, True, -90, None, "", "Нам нужно забирать события по делам прямо в свою систему рисков."),
    (35, 0, 2, False, -40, None, "", "Готовы обсуждать расширение, когда появится интеграция."),
    (21, 0, 2, False, -60, None, "", "Без API служба безопасности не подключится."),
    (13, 1, 3, True, -120, None, "", "Смотрим не одно юрлицо, а всю группу страхователя."),
    (8, 1, 2, False, -100, -10, Response.NEUTRAL, "Поставщики у нас — это группы компаний."),
    (16, 2, 2, True, -45, None, "", "Ведём дела в СЭД, руками переносить долго."),
    (18, 2, 1, False, -30, None, "", "Хотелось бы выгружать карточки дел."),
    (26, 3, 3, True, -150, -40, Response.POSITIVE, "Практика судьи решает половину дела."),
    (27, 3, 2, False, -110, None, "", "Сейчас собираем практику по судье вручную."),
    (1, 4, 3, True, -75, None, "", "Руководству холдинга нужна одна страница по всем обществам."),
    (20, 4, 2, False, -65, None, "", "Хотим видеть дочерние общества вместе."),
    (29, 5, 3, False, -80, None, "", "Служба безопасности требует единый вход."),
    (36, 5, 1, False, -25, None, "", "Пользователи забывают пароли."),
    (28, 6, 2, False, -20, None, "", "Протоколы разногласий сверяем глазами."),
    (30, 7, 1, False, -300, None, "", "Удобно получать новости по делам в чат."),
    (25, 8, 2, True, -320, -190, Response.POSITIVE, "Подборку прикладываем к заключению."),
)  # fmt: skip


def make_features(world: World) -> None:
    """The features and who waits for them, in the clients' words."""
    features = world.save(FeatureRequest, _features(world))
    FeatureWait.objects.bulk_create(_waits(world, features))


def _features(world: World) -> Iterator[FeatureRequest]:
    for number, (title, product, status, planned, released) in enumerate(FEATURES, start=1):
        yield FeatureRequest(
            title=title, product=world.products[product], status=status, tracker_ref=f"PT-{480 + 7 * number}",
            planned_release=None if planned is None else world.day(planned),
            released_on=None if released is None else world.day(released),
            status_reason=DECLINED_BECAUSE if status == S.DECLINED else "",
        )  # fmt: skip


def _waits(world: World, features: list[FeatureRequest]) -> Iterator[FeatureWait]:
    for no, place, importance, promised, asked, presented, response, words in WAITS:
        people = world.contacts[no]
        yield FeatureWait(
            feature=features[place], company=world.companies[no], contact=people[0] if people else None,
            importance=importance, promised=promised, quote=words, asked_on=world.day(asked), response=response,
            presented_on=None if presented is None else world.day(presented),
        )  # fmt: skip
