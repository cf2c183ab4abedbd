"""Three marketing events of Соколова: a webinar, a mailing about a release, a breakfast ahead (§8.1)."""

from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import override

from accounts.enums import Consent
from accounts.models import Contact, FeatureRequest
from trainings.enums import ActivityKind, ActivityState, TouchState
from trainings.models import MarketingActivity, MarketingTouch
from trainings.segments import Segment
from trainings.services.audiences import insert_touches
from upsell_crm.demo.world import World


@dataclass(frozen=True, slots=True)
class Told:
    """One activity of the story; `reached` of a hundred came or opened, `lost` of a hundred unsubscribed."""

    kind: ActivityKind
    title: str
    product: str
    query: str
    day: int
    hour: int
    text: str
    feature: str = ""
    reached: int = 0
    lost: int = 0


RELEASE = "Мониторинг банкротств по группе компаний"
ACTIVITIES = (
    Told(
        ActivityKind.WEBINAR, "Вебинар «Проверка контрагентов перед тендером»", "casebook",
        "product=casebook", -33, 11, "Сорок минут практики и ответы на вопросы.", reached=46,
    ),
    Told(
        ActivityKind.MAILING, f"Вышла функция «{RELEASE}»", "casebook", "feature={feature}&concerned=owners", -12, 10,
        "Что изменилось и как включить.", feature=RELEASE, reached=58, lost=5,
    ),
    Told(
        ActivityKind.EVENT, "Юридический завтрак: практика судов по поставкам", "caselook",
        "product=caselook&owning=not&role=dm", 15, 9, "Для руководителей юридических служб, у которых нет Caselook.",
    ),
)  # fmt: skip


def make_marketing(world: World) -> None:
    """The activities with their audiences as the segments give them; what came of people is thrown by the dice."""
    features = {feature.title: feature for feature in FeatureRequest.objects.all()}
    for told in ACTIVITIES:
        feature = features.get(told.feature)
        query = told.query.format(feature=feature.public_id if feature else "")
        _make_activity(world, told, feature, query)


def _make_activity(world: World, told: Told, feature: FeatureRequest | None, query: str) -> None:
    owner, at = world.users["sokolova"], world.moment(world.working_day(told.day), told.hour)
    taken = min(world.at(-1, 12), at)
    with override("ru"):  # the words of the filters are kept in the language of their author
        segment = Segment(owner, QueryDict(query))
        words, counts = segment.filter.narrowed_by, segment.counts()
    take = {"query": query, "words": words, "added": counts.people, "at": taken.isoformat()}
    [activity] = world.save(
        MarketingActivity,
        [
            MarketingActivity(
                kind=told.kind, title=told.title, product=world.products[told.product], feature=feature, starts_at=at,
                state=ActivityState.DONE if told.day < 0 else ActivityState.PLANNED, text=told.text, owner=owner,
                audience={"takes": [take]}, excluded=counts.excluded, created_by=owner, updated_by=owner,
            )
        ],
    )  # fmt: skip
    insert_touches(activity, segment.reachable, state=TouchState.INVITED, at=taken)
    _throw(world, activity, told, at)


def _throw(world: World, activity: MarketingActivity, told: Told, at: datetime) -> None:
    """Some came or opened the letter, a few want no more of them."""
    good = TouchState.OPENED if told.kind == ActivityKind.MAILING else TouchState.ATTENDED
    changed = []
    for touch in activity.touches.order_by("pk"):
        dice = world.dice.random() * 100
        state = (
            good
            if dice < told.reached
            else TouchState.UNSUBSCRIBED
            if dice < told.reached + told.lost
            else ""
        )
        if state:
            touch.state, touch.changed_at = state, at
            changed.append(touch)
    MarketingTouch.objects.bulk_update(changed, ["state", "changed_at"])
    gone = activity.touches.filter(state=TouchState.UNSUBSCRIBED)
    Contact.objects.filter(pk__in=gone.values("contact")).update(consent_mailing=Consent.NO)
