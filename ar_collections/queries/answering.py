"""Who answers an escalation now: whoever was asked, and the managers where that person has left."""

from collections.abc import Iterable

from ar_collections.models import Escalation
from ar_collections.queries.calls import managers_of
from core.models import LegalEntity, User
from core.permissions import people_who_may

ANSWER = "collections.answer_escalation"


def stand_ins(entity: LegalEntity) -> list[User]:
    """Who answers for a colleague who left: the managers, else everybody who may answer."""
    return _of_able(entity, list(people_who_may(ANSWER, entity)))


def asked_now(entity: LegalEntity, escalations: Iterable[Escalation]) -> dict[int, list[User]]:
    """By escalation of a company who is to answer; whoever raised it answers none of their own."""
    able = {person.pk: person for person in people_who_may(ANSWER, entity)}
    others = _of_able(entity, list(able.values()))
    return {
        row.pk: [able[row.asked_id]]
        if row.asked_id in able
        else [person for person in others if person.pk != row.raised_by_id]
        for row in escalations
    }


def _of_able(entity: LegalEntity, able: list[User]) -> list[User]:
    return [person for person in managers_of(entity) if person in able] or able
