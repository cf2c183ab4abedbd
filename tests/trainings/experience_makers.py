"""Makers for the stories of experience: notes, objections, exchanges."""

from typing import Any

from accounts.models import Company, Interaction, Objection
from tests.factories import T, moment
from trainings.models import ExchangeSession, KnowledgeNote, SessionMember
from upsell_crm.core.models import User


def make_note(author: User, **values: Any) -> KnowledgeNote:
    """An answer to «дорого»."""
    values.setdefault("title", "Считаем стоимость спора")
    values.setdefault("body", "Покажите цену одного проигранного дела.")
    values.setdefault("objection_category", "price")
    return KnowledgeNote.objects.create(author=author, **values)


def make_objection(company: Company, author: User, category: str = "price", **values: Any) -> Objection:
    """Heard at a meeting of today."""
    interaction = Interaction.objects.create(
        company=company, author=author, starts_at=moment(), summary="Встреча"
    )
    return Objection.objects.create(interaction=interaction, company=company, category=category, **values)


def make_session(leader: User, *members: User, **values: Any) -> ExchangeSession:
    """An exchange of this morning, every second week."""
    values.setdefault("topic", "Как отвечаем на «дорого»")
    values.setdefault("starts_at", moment(T, 10))
    values.setdefault("repeat_weeks", 2)
    session = ExchangeSession.objects.create(leader=leader, team=leader.team, **values)
    SessionMember.objects.bulk_create(
        SessionMember(session=session, user=user) for user in (leader, *members)
    )
    return session
