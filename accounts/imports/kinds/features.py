"""Features of products, and the clients who wait for them (R23)."""

from collections import defaultdict
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.enums import FeatureStatus, Response
from accounts.imports import values
from accounts.imports.base import Field, Kind, Row, RowProblem, Settings, Upsert
from accounts.imports.companies_index import COMPANY_FIELDS, CompanyIndex, Reference, chunks
from accounts.imports.products_index import PRODUCT_FIELD, ProductIndex
from accounts.models import FeatureRequest, FeatureWait
from accounts.models.importing import ImportKind
from accounts.services.features import FAN_OUT, TOLD_OF
from upsell_crm.core.outbox import owe
from upsell_crm.core.roles import Action
from upsell_crm.core.text import normalise

STATUSES = {"в работе": FeatureStatus.DEV, "разработка": FeatureStatus.DEV, "запланирована": FeatureStatus.PLANNED,
            "выпущена": FeatureStatus.RELEASED, "вышла": FeatureStatus.RELEASED, "отклонена": FeatureStatus.DECLINED}  # fmt: skip
RESPONSES = {
    "положительная": Response.POSITIVE,
    "нейтральная": Response.NEUTRAL,
    "отрицательная": Response.NEGATIVE,
}
FEATURE = ("status", "planned_release", "released_on", "tracker_ref")
WAIT = ("importance", "promised", "quote", "asked_on", "presented_on", "response")


class Features(Kind):
    """A feature is matched by product and title, a waiting client by feature and company."""

    code = ImportKind.FEATURES
    action = Action.IMPORT_CLIENTS
    fields = (
        Field("title", _("Title"), values.text(200), ("функция", "название", "наименование", "доработка", "ожидаемая функция", "feature", "title"), required=True, example="Выгрузка досье в DOCX"),
        PRODUCT_FIELD,
        Field("status", _("Status"), values.choice(FeatureStatus, STATUSES), ("статус", "состояние", "status"), example="Запланирована"),
        Field("planned_release", _("Planned release"), values.day, ("план выпуска", "срок", "плановая дата", "planned release", "due"), example="01.03.2027"),
        Field("released_on", _("Released on"), values.past_day, ("дата выпуска", "выпущена", "released", "released on")),
        Field("tracker_ref", _("Tracker reference"), values.text(100), ("трекер", "задача", "номер задачи", "tracker", "ticket", "tracker ref"), example="CB-512"),
        *COMPANY_FIELDS,
        Field("importance", _("Importance, 1–3"), values.whole(1, 3), ("важность", "важность 1 3", "importance"), example="3"),
        Field("promised", _("Promised"), values.yes_no, ("обещано", "обещана", "promised"), example="да"),
        Field("quote", _("In the client's words"), values.long_text, ("цитата", "слова клиента", "комментарий", "quote", "comment")),
        Field("asked_on", _("Asked on"), values.past_day, ("дата запроса", "запрошено", "asked on")),
        Field("presented_on", _("Presented on"), values.past_day, ("показано", "дата показа", "presented on")),
        Field("response", _("Response"), values.choice(Response, RESPONSES), ("реакция", "отклик", "response")),
    )  # fmt: skip

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.companies = CompanyIndex(settings)
        self.products = ProductIndex()
        self.features: dict[tuple[int, str], FeatureRequest] = {}
        self.waits: dict[tuple[Any, int], FeatureWait] = {}
        self.waiting: dict[int, set[int]] = defaultdict(set)

    def load(self, rows: list[Row]) -> None:
        """Companies, all features (hundreds), and who waits for them."""
        self.companies.load(Reference.of(row) for row in rows)
        for feature in FeatureRequest.objects.order_by("pk"):
            self.features[feature.product_id, normalise(feature.title)] = feature
        for chunk in chunks(self.companies.ids()):
            for wait in FeatureWait.objects.filter(company_id__in=chunk):
                self.waits[wait.feature_id, wait.company_id] = wait

        for feature_id, company_id in FeatureWait.objects.order_by("pk").values_list("feature", "company"):
            self.waiting[feature_id].add(company_id)

    def touched(self, obj: models.Model) -> set[int]:
        """A feature moves the ranking of all who wait for it."""
        return self.waiting[obj.pk] if isinstance(obj, FeatureRequest) else super().touched(obj)

    def after_write(self, written: list[Upsert]) -> list[Upsert]:
        """What the file says is out or refused reaches the KAMs like a step on the page (R24)."""
        features = [upsert.obj for upsert in written if isinstance(upsert.obj, FeatureRequest)]
        if any(feature.status in TOLD_OF for feature in features):
            owe(FAN_OUT, "import", feature_id=None)
        return []

    def plan(self, row: Row) -> None:
        """The feature, and the company that waits for it where one is named."""
        product = self.products.get(row, licensable=False)
        has_client = bool(Reference.of(row))
        key = (product.pk, normalise(row.values["title"]))
        feature = self.work.put(
            row, FeatureRequest, self.features.get(key), self._feature_values(row, key),
            defaults={"product": product, "title": row.values["title"]}, single=not has_client,
            index=lambda made: self.features.__setitem__(key, made),
        )  # fmt: skip
        if has_client:
            self._plan_wait(row, feature)
        elif any(code in row.values for code in WAIT):
            raise RowProblem("company_inn", _("Name the company: its INN, its name or its external id."))

    def _feature_values(self, row: Row, key: tuple[int, str]) -> dict[str, Any]:
        """Features belong to all teams, so a team's importer adds new ones and leaves the known as they are (§3)."""
        given = row.pick(*FEATURE)
        if (
            given.get("status") in (FeatureStatus.RELEASED, FeatureStatus.CLOSED)
            and "released_on" not in given
            and key not in self.features
        ):
            raise RowProblem("released_on", _("A released feature needs its date."))
        known = self.features.get(key)
        if known is not None and known.pk and not self.settings.reaches_all and given:
            changed = [name for name, value in given.items() if getattr(known, name) != value]
            if changed:
                row.warn(
                    changed[0],
                    _("The feature keeps its own data; its status is moved by a lead or administrator."),
                )
            return {}
        return given

    def _plan_wait(self, row: Row, feature: FeatureRequest) -> None:
        company = self.companies.get(row)
        key = (feature.pk or id(feature), company.pk)
        self.work.put(
            row, FeatureWait, self.waits.get(key), row.pick(*WAIT), defaults={"feature": feature, "company": company},
            single=True, index=lambda made: self.waits.__setitem__(key, made),
        )  # fmt: skip
