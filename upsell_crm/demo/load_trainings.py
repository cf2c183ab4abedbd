"""Trainings of the load base: six of ten owners were trained, with lists of people, as the ranking and the signals read them."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from accounts.models import Product
from upsell_crm.demo.bulk import Table, stamp
from upsell_crm.demo.names import SURNAMES

TRAINED_SHARE, AGAIN_SHARE, PLANNED_SHARE = 0.6, 0.4, 0.06  # of the companies with a contract
PEOPLE = (5, 12)
WITHIN_DAYS = 365  # as long the tutor keeps the card (trainings/services/training_members.py)


@dataclass(slots=True)
class Trainings:
    """Rows of trainings; dice of their own, so that the rest of the base stays as it was."""

    today: date
    dice: Random
    tables: dict[str, Table]
    products: dict[str, Product]

    def of(self, company: int, tutor: int, user: int, seats: dict[str, int]) -> None:
        """Past trainings on a product that the client owns, now and then a planned one; `user` is its first trainee."""
        dice = self.dice
        backs = [dice.randint(2, 330)] if dice.random() < TRAINED_SHARE else []
        if backs and dice.random() < AGAIN_SHARE:
            backs.append(dice.randint(2, 600))
        if dice.random() < PLANNED_SHARE:
            backs.append(-dice.randint(1, 30))
        for place, back in enumerate(backs):
            self._training(company, tutor, user, dice.choice(list(seats)), back, hour=7 + place)
        if backs:
            until = self.today + timedelta(days=WITHIN_DAYS - min(backs))
            member = self.tables["member"].add(
                company, tutor, "tutor", "training", "trainees", self.today.isoformat(), until.isoformat()
            )
            self.tables["member_trainee"].add(member, user)

    def _training(self, company: int, tutor: int, user: int, product: str, back: int, hour: int) -> None:
        dice, day = self.dice, self.today - timedelta(days=back)
        state = "planned" if back < 0 else dice.choices(("results", "held"), (85, 15))[0]
        pk = self.tables["training"].add(
            company, self.products[product].pk, "Поиск и карточка дела", stamp(day, hour), tutor, state,
            stamp(day, hour + 2) if state == "results" else None,
        )  # fmt: skip
        good = dice.random()  # a good training is good in everything
        for place in range(dice.randint(*PEOPLE)):
            came = int(back >= 0 and dice.random() < 0.5 + good / 2)
            has_results = came and state == "results"
            self.tables["trainee"].add(
                pk, user if place == 0 else None, "" if place == 0 else f"{dice.choice(SURNAMES)} Иван {place}", came,
                90 if came else None, str(round(30 + 65 * good)) if has_results else None,
                str(round(2 + 3 * good, 1)) if has_results else None, int(dice.random() < good) if has_results else None,
            )  # fmt: skip
