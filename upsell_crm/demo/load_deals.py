"""Deals of the load base: 1,500 open and 3,000 closed per 5,000 companies, with people, lines and papers."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from accounts.models import Product
from deals.enums import CLOSER_STAGES, ROAD, DealStage
from upsell_crm.demo.bulk import Table, stamp
from upsell_crm.demo.load_strategies import Strategies

CLOSED_DEALS = ((0, 1, 2), (54, 32, 14))  # how many, and how often: 0.6 of them a company
OPEN_SHARE = 0.31  # of the companies with a contract
PAPERS = (
    "draft",
    "internal",
    "ready",
    "sent",
    "client_review",
    "client_review",
    "agreed",
    "signing",
    "refused",
)


@dataclass(slots=True)
class Client:
    """What a deal takes from its company; `contract` is the present one, `talk` the latest communication."""

    pk: int
    name: str
    kam: int
    team: int
    contract: int
    talk: int
    seats: dict[str, int]


@dataclass(slots=True)
class Deals:
    """Rows of deals; the dice are the whole base's."""

    today: date
    dice: Random
    tables: dict[str, Table]
    products: dict[str, Product]
    strategies: Strategies

    def of(self, client: Client) -> None:
        """Closed deals of the past and now and then an open one that renews the present contract."""
        for _number in range(self.dice.choices(*CLOSED_DEALS)[0]):
            self._closed(client)
        if self.dice.random() < OPEN_SHARE:
            self._open(client)

    def _closed(self, client: Client) -> None:
        dice, back = self.dice, self.dice.randint(30, 1000)
        is_won = dice.random() < 0.7
        stage, reason = (
            ("won", "timing_renewal") if is_won else ("lost", dice.choice(("price", "budget_cut")))
        )
        deal = self._deal(client, stage, opened=back + dice.randint(20, 90), closed=back, reason=reason)
        if is_won:
            self._paper(client, deal, "signed", back)

    def _open(self, client: Client) -> None:
        dice = self.dice
        stage = dice.choice(ROAD)
        deal = self._deal(client, stage, opened=dice.randint(1, 70))
        self.tables["renewal"].add(deal, client.contract)
        self.strategies.of(deal, client.pk, client.kam, 1_000_000)
        if dice.random() < 0.7:
            self.tables["deal_talk"].add(deal, client.talk)
        if stage in CLOSER_STAGES:
            for _number in range(dice.randint(1, 3)):
                self._paper(client, deal, dice.choice(PAPERS), dice.randint(0, 20))

    def _deal(
        self, client: Client, stage: str, *, opened: int, closed: int | None = None, reason: str = ""
    ) -> int:
        dice, opened_on = self.dice, self._day(opened)
        lines = [
            (self.products[code].pk, n, n + dice.randint(0, 10), int(self.products[code].list_price_year))
            for code, n in client.seats.items()
        ]
        step_on = self._day(-dice.randint(-5, 20)) if closed is None else None
        pk = self.tables["deal"].add(
            f"Пролонгация: {client.name}", client.pk, "renewal_upsell", stage,
            "" if closed is None else DealStage.SIGNING.value, stamp(self._day(closed or opened // 2)), opened_on.isoformat(),
            sum(price * after for _product, _before, after, price in lines),
            sum(price * before for _product, before, _after, price in lines),
            (opened_on + timedelta(days=90)).isoformat(), client.kam, client.team,
            "Позвонить ЛПР" if step_on else "", step_on.isoformat() if step_on else None, reason,
            None if closed is None else stamp(self._day(closed)),
        )  # fmt: skip
        for product, before, after, price in lines:
            self.tables["deal_line"].add(pk, product, before, after, price, price * before, price * after)
        self.tables["deal_member"].add(pk, client.kam, "kam", opened_on.isoformat())
        return pk

    def _paper(self, client: Client, deal: int, approval: str, back: int) -> None:
        is_signed, since = approval == "signed", stamp(self._day(back))
        was_sent = approval not in ("draft", "internal", "ready")
        paper = self.tables["document"].add(
            deal, client.contract if is_signed else None, "contract", f"П-{deal}", approval, since, client.kam,
            stamp(self._day(back + 9)) if was_sent else None, self._day(back).isoformat() if is_signed else None,
        )  # fmt: skip
        self.tables["document_step"].add(paper, approval, since)

    def _day(self, back: int) -> date:
        return self.today - timedelta(days=back)
