"""One round of telling: look for what happened, post what is due, write down what came back."""

import time
from dataclasses import dataclass, field

from django.conf import settings

from core import clock
from core.models import LegalEntity, User
from integrations.actions.giving_up import tell_administrators
from integrations.actions.webhooks import Parcel, claim_delivery, find_events, record_attempt
from integrations.models import WebhookEndpoint
from integrations.posts import Answer, post

SLOW = 1_000  # milliseconds


@dataclass
class Tally:
    """What a round came to."""

    events: int = 0
    posted: int = 0
    failed: int = 0


@dataclass
class Turn:
    """Endpoints by their ids: those that failed in this round wait for the next, slow ones for everybody else."""

    failed: set[int] = field(default_factory=set)
    slow: set[int] = field(default_factory=set)

    def remember(self, endpoint: int, answer: Answer) -> None:
        """How an endpoint answered."""
        if not answer.is_good:
            self.failed.add(endpoint)
        elif answer.milliseconds > SLOW:
            self.slow.add(endpoint)


def tell(*, by: User, seconds: float = 50.0) -> Tally:
    """Find and post, until nothing is due or the time is up. Several rounds may run side by side."""
    tally = Tally()
    for entity in LegalEntity.objects.filter(
        pk__in=WebhookEndpoint.objects.filter(is_active=True).values("entity")
    ).order_by("pk"):
        tally.events += len(find_events(by=by, entity=entity, today=clock.today(entity), at=clock.now()))
    end, turn = time.monotonic() + seconds, Turn()
    while time.monotonic() < end and (parcel := _next(by, turn)):
        answer = post(parcel.url, parcel.body, headers_of(parcel), allow_local=settings.WEBHOOKS_LOCAL)
        tally.posted += answer.is_good
        tally.failed += not answer.is_good
        turn.remember(parcel.delivery.endpoint_id, answer)
        if given_up := record_attempt(by=by, parcel=parcel, answer=answer, at=clock.now()):
            tell_administrators(by=by, endpoint=given_up, delivery=parcel.delivery)
    return tally


def _next(by: User, turn: Turn) -> Parcel | None:
    """One parcel at a time, so that no claim runs out behind a receiver that is slow; those wait for all others."""
    quick = claim_delivery(by=by, at=clock.now(), passing_over=turn.failed | turn.slow)
    return quick or claim_delivery(by=by, at=clock.now(), passing_over=turn.failed)


def headers_of(parcel: Parcel) -> dict[str, str]:
    """The headers of one attempt, signed at this second."""
    delivery = parcel.delivery
    timestamp = int(clock.now().timestamp())
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "o2c-webhooks/1",
        "O2C-Event": delivery.event.kind,
        "O2C-Event-Id": str(delivery.event.number),
        "O2C-Attempt": str(delivery.attempt_count),
        "O2C-Timestamp": str(timestamp),
        "O2C-Signature": delivery.endpoint.signature_of(timestamp, parcel.body),
    }
