"""Telling other systems what happened: endpoints that people keep, events that are found, deliveries that are tried.

A delivery is claimed, posted and recorded in three steps. Whoever dies between posting and recording leaves a claim
behind that runs out, and the event is posted again under the same id: at least once, and told apart by its id.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from core import clock
from core.audit import audit
from core.errors import NotAllowed, Refused
from core.models import LegalEntity, User
from core.permissions import require
from integrations.happenings import Happening, Window, happenings
from integrations.models import (
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
    WebhookInterest,
    WebhookScan,
)
from integrations.posts import Answer, checked
from ledger.models import OpenItem

State = WebhookDelivery.State
CLAIM_LASTS = timedelta(minutes=2)
COMMITS_TAKE_AT_MOST = timedelta(hours=1)
AT_WORK_AT_ONCE = 100_000  # items that transactions under way may still commit below the newest id
RETRY_AFTER = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720)]
KEPT = 2000


@dataclass(frozen=True)
class Parcel:
    """A claimed delivery: where it goes, and its bytes."""

    delivery: WebhookDelivery
    url: str
    body: bytes


@transaction.atomic
def add_endpoint(*, by: User, entity: LegalEntity, url: str, events: Sequence[str]) -> WebhookEndpoint:
    """Tell another system from now on what happens. Its secret is the row's, to be shown once."""
    require(by, "integrations.add_endpoint", entity)
    checked(url, allow_local=settings.WEBHOOKS_LOCAL)
    if not events:
        raise Refused("Choose at least one event.")
    if WebhookEndpoint.objects.filter(entity=entity, url=url).exists():
        raise Refused(f"{url} is told already.")

    endpoint = WebhookEndpoint.objects.create(entity=entity, url=url, made_by=by)
    _listen(endpoint, events)

    audit(by, "endpoint.added", endpoint, entity=entity, after={"url": url, "events": endpoint.events})
    return endpoint


@transaction.atomic
def change_endpoint(*, by: User, endpoint: WebhookEndpoint, events: Sequence[str]) -> WebhookEndpoint:
    """Choose what it hears of; of a kind that is new to it, it hears what happens from now on."""
    require(by, "integrations.change_endpoint", endpoint.entity)
    endpoint = _locked(endpoint)
    before, after = endpoint.events, sorted(set(events))
    if before == after:
        return endpoint
    if not events:
        raise Refused("Choose at least one event, or switch the endpoint off.")

    endpoint.interests.exclude(kind__in=after).delete()
    _listen(endpoint, set(after) - set(before))

    audit(by, "endpoint.changed", endpoint, entity=endpoint.entity, before={"events": before}, after={"events": after})
    return endpoint


@transaction.atomic
def switch_endpoint_off(*, by: User, endpoint: WebhookEndpoint) -> WebhookEndpoint:
    """Tell it nothing more until it is switched on again."""
    require(by, "integrations.switch_endpoint_off", endpoint.entity)
    endpoint = _locked(endpoint)
    if not endpoint.is_active:
        return endpoint

    endpoint.is_active = False
    endpoint.save(update_fields=["is_active"])

    audit(by, "endpoint.switched_off", endpoint, entity=endpoint.entity)
    return endpoint


@transaction.atomic
def switch_endpoint_on(*, by: User, endpoint: WebhookEndpoint) -> WebhookEndpoint:
    """Tell it what happens from now on; what happened while it was off it never hears."""
    require(by, "integrations.switch_endpoint_on", endpoint.entity)
    endpoint = _locked(endpoint)
    if endpoint.is_active:
        return endpoint

    endpoint.is_active, endpoint.failing_since, endpoint.disabled_at = True, None, None
    endpoint.save(update_fields=["is_active", "failing_since", "disabled_at"])
    endpoint.interests.update(since=clock.now())

    audit(by, "endpoint.switched_on", endpoint, entity=endpoint.entity)
    return endpoint


@transaction.atomic
def renew_secret(*, by: User, endpoint: WebhookEndpoint) -> WebhookEndpoint:
    """Give an endpoint another secret; the one before signs nothing any more."""
    require(by, "integrations.renew_secret", endpoint.entity)
    endpoint = _locked(endpoint)

    endpoint.number = uuid4()
    endpoint.save(update_fields=["number"])

    audit(by, "endpoint.secret_renewed", endpoint, entity=endpoint.entity)
    return endpoint


@transaction.atomic
def replay_delivery(*, by: User, delivery: WebhookDelivery) -> WebhookDelivery:
    """Send an event again, under the same id."""
    require(by, "integrations.replay_delivery", delivery.event.entity)
    rows = WebhookDelivery.objects.select_for_update(of=("self",), no_key=True)
    delivery = rows.select_related("event__entity", "endpoint").get(pk=delivery.pk)
    if not delivery.endpoint.is_active:
        raise Refused(f"{delivery.endpoint} is switched off. Switch it on first.")
    if delivery.state in {State.WAITING, State.SENDING}:
        return delivery

    delivery.state, delivery.due_at, delivery.attempt_count = State.WAITING, clock.now(), 0
    delivery.save(update_fields=["state", "due_at", "attempt_count"])

    audit(by, "delivery.replayed", delivery, entity=delivery.event.entity)
    return delivery


@transaction.atomic
def find_events(*, by: User, entity: LegalEntity, today: date, at: datetime) -> list[WebhookEvent]:
    """Keep what happened since the last look, each event once, and queue it for every endpoint that hears of it."""
    _require_system(by)
    hearing: dict[str, list[WebhookInterest]] = {}
    for interest in WebhookInterest.objects.filter(endpoint__entity=entity, endpoint__is_active=True):
        hearing.setdefault(interest.kind, []).append(interest)
    if not hearing:
        return []
    scan = _scan(entity, min(one.since for interests in hearing.values() for one in interests), at)

    events: list[WebhookEvent] = []
    for kind, interests in sorted(hearing.items()):
        since = max(scan.looked_at - COMMITS_TAKE_AT_MOST, min(one.since for one in interests))
        found = list(happenings(Window(entity, scan.floor, since, today), kind))
        events += _queued(_kept(entity, found), {one.document: one.happened_at for one in found}, interests, at)

    _move_on(scan, at)
    return events


@transaction.atomic
def claim_delivery(*, by: User, at: datetime, passing_over: Collection[int]) -> Parcel | None:
    """Take the next that is due, of other endpoints than these ids.

    The claim is committed before anything is posted, and runs out when its worker dies.
    """
    _require_system(by)
    due = WebhookDelivery.objects.filter(state__in=(State.WAITING, State.SENDING), due_at__lte=at)
    due = due.filter(endpoint__is_active=True).exclude(endpoint__in=passing_over)
    rows = due.select_related("event__entity", "endpoint").order_by("due_at", "pk")
    delivery = rows.select_for_update(of=("self",), skip_locked=True, no_key=True).first()
    if delivery is None:
        return None

    delivery.state, delivery.claimed_at, delivery.due_at = State.SENDING, at, at + CLAIM_LASTS
    delivery.attempt_count += 1
    delivery.save(update_fields=["state", "claimed_at", "due_at", "attempt_count"])
    return Parcel(delivery, delivery.endpoint.url, delivery.event.body)


@transaction.atomic
def record_attempt(*, by: User, parcel: Parcel, answer: Answer, at: datetime) -> WebhookEndpoint | None:
    """Write down what the other side said, and when to try again. Returns the endpoint when it is given up by this."""
    _require_system(by)
    endpoint = _locked(parcel.delivery.endpoint)
    delivery = WebhookDelivery.objects.select_for_update(no_key=True).get(pk=parcel.delivery.pk)
    WebhookAttempt.objects.create(
        delivery=delivery,
        status=answer.status,
        error=answer.error,
        request=parcel.body.decode()[:KEPT],
        answer=answer.text[:KEPT],
        milliseconds=answer.milliseconds,
        at=at,
    )
    if answer.is_good:
        delivery.state, delivery.delivered_at = State.DELIVERED, at
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(failing_since=None)
    elif delivery.state == State.SENDING:
        is_last = delivery.attempt_count > len(RETRY_AFTER)
        delivery.state = State.GIVEN_UP if is_last else State.WAITING
        delivery.due_at = at + RETRY_AFTER[min(delivery.attempt_count, len(RETRY_AFTER)) - 1]
    delivery.save()
    return None if answer.is_good else _failed(by, endpoint, at)


def _require_system(by: User) -> None:
    if not by.is_system:
        raise NotAllowed("Only the schedule looks for events and posts them.")


def _locked(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    rows = WebhookEndpoint.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("entity").get(pk=endpoint.pk)


def _listen(endpoint: WebhookEndpoint, kinds: Collection[str]) -> None:
    moment = clock.now()
    WebhookInterest.objects.bulk_create(
        [WebhookInterest(endpoint=endpoint, kind=kind, since=moment) for kind in sorted(set(kinds))]
    )


def _queued(
    events: list[WebhookEvent],
    happened_at: Mapping[str, datetime],
    interests: Sequence[WebhookInterest],
    at: datetime,
) -> list[WebhookEvent]:
    """Queue each event for the endpoints that listened when it happened."""
    deliveries = [
        WebhookDelivery(event=event, endpoint_id=interest.endpoint_id, due_at=at)
        for event in events
        for interest in interests
        if happened_at[event.document] >= interest.since
    ]
    WebhookDelivery.objects.bulk_create(deliveries, ignore_conflicts=True, batch_size=1000)
    return events


def _scan(entity: LegalEntity, heard_from: datetime, at: datetime) -> WebhookScan:
    newest = _newest_item()
    first = {"looked_at": heard_from, "marked_at": at, "mark": newest, "floor": max(0, newest - AT_WORK_AT_ONCE)}
    WebhookScan.objects.get_or_create(entity=entity, defaults=first)
    return WebhookScan.objects.select_for_update(no_key=True).get(entity=entity)


def _move_on(scan: WebhookScan, at: datetime) -> None:
    """Remember how far we looked. The floor follows by more than an hour: ids are given before they are committed."""
    scan.looked_at = at
    if at - scan.marked_at > COMMITS_TAKE_AT_MOST:
        scan.floor, scan.mark, scan.marked_at = scan.mark, _newest_item(), at
    scan.save()


def _newest_item() -> int:
    return OpenItem.objects.aggregate(newest=Max("pk"))["newest"] or 0


def _kept(entity: LegalEntity, found: Iterable[Happening]) -> list[WebhookEvent]:
    rows = [
        WebhookEvent(entity=entity, kind=one.kind, document=one.document, customer_id=one.customer_id, data=one.data)
        for one in found
    ]
    WebhookEvent.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    return list(WebhookEvent.objects.filter(number__in=[row.number for row in rows]).order_by("pk"))


def _failed(by: User, endpoint: WebhookEndpoint, at: datetime) -> WebhookEndpoint | None:
    if endpoint.failing_since is None:
        endpoint.failing_since = at
    elif endpoint.is_active and at - endpoint.failing_since > timedelta(days=settings.WEBHOOK_DAYS):
        endpoint.is_active, endpoint.disabled_at = False, at
        audit(by, "endpoint.given_up", endpoint, entity=endpoint.entity)
    endpoint.save(update_fields=["failing_since", "is_active", "disabled_at"])
    return endpoint if endpoint.disabled_at == at else None
