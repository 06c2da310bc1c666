"""What is asked of providers and what they tell: claimed before it is asked, recorded after it was answered.

Between the two nothing is locked. Whoever dies there leaves a claim behind; the next one looks first whether the
provider has it already.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from cashapp.actions.ending import return_receipt
from core import clock
from core.audit import audit
from core.models import User
from core.permissions import require
from customers.models import lock
from directdebit.errors import CollectionRefused
from directdebit.models import (
    Collection,
    Creditor,
    Mandate,
    MandateEvent,
    ProviderHint,
    ProviderRequest,
)
from directdebit.providers.protocol import Payment
from directdebit.steps import step_collections, step_mandate

State = ProviderRequest.State
SENT = (Collection.State.SUBMITTED, Collection.State.PRESUMED_PAID)
RETRY_AFTER = [timedelta(minutes=minutes) for minutes in (2, 5, 15, 60, 180)]


@transaction.atomic
def claim_request(*, by: User, request: ProviderRequest, at: datetime) -> ProviderRequest | None:
    """Take a request to ask the provider; nothing where another worker has it or it was answered."""
    require(by, "directdebit.claim_request", request.creditor.entity)
    rows = ProviderRequest.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
    due = {"state__in": (State.TO_ASK, State.ASKED), "next_try_at__lte": at}
    taken = rows.filter(pk=request.pk, collection__state__in=SENT, **due).first()
    if taken is None:
        return None

    wait = RETRY_AFTER[min(taken.attempts, len(RETRY_AFTER) - 1)]
    taken.state, taken.attempts, taken.next_try_at = State.ASKED, taken.attempts + 1, at + wait
    taken.save(update_fields=["state", "attempts", "next_try_at"])
    return taken


@transaction.atomic
def record_taken(*, by: User, request: ProviderRequest, payment: Payment) -> ProviderRequest:
    """The provider has the collection: keep its name for it."""
    require(by, "directdebit.record_taken", request.creditor.entity)
    request = _locked(request)
    if request.state == State.TAKEN:
        return request

    request.state, request.status, request.said = State.TAKEN, payment.status, ""
    request.save(update_fields=["state", "status", "said"])
    Collection.objects.filter(pk=request.collection_id).update(provider_identifier=payment.identifier)

    after = {"provider": request.creditor.name, "identifier": payment.identifier}
    audit(by, "request.taken", request, entity=request.creditor.entity, after=after)
    return request


@transaction.atomic
def record_refused(*, by: User, request: ProviderRequest, sentence: str) -> ProviderRequest:
    """The provider will not collect it: it waits for a person."""
    require(by, "directdebit.record_refused", request.creditor.entity)
    request = _locked(request)

    request.state, request.said = State.REFUSED, sentence[:300]
    request.save(update_fields=["state", "said"])

    audit(by, "request.refused", request, entity=request.creditor.entity, reason=sentence)
    return request


@transaction.atomic
def record_status(*, by: User, request: ProviderRequest, status: str) -> ProviderRequest:
    """Keep what the provider says of a collection now."""
    require(by, "directdebit.record_status", request.creditor.entity)
    if (request.status, request.said) != (status, ""):
        ProviderRequest.objects.filter(pk=request.pk).update(status=status, said="")
        request.status, request.said = status, ""
    return request


@transaction.atomic
def record_untold(*, by: User, request: ProviderRequest, sentence: str) -> ProviderRequest:
    """Keep why nothing could be learnt of a collection, or done about it, for a person to see."""
    require(by, "directdebit.record_untold", request.creditor.entity)
    request = _locked(request)
    if request.said == sentence[:300]:
        return request

    request.said = sentence[:300]
    request.save(update_fields=["said"])

    audit(by, "request.untold", request, entity=request.creditor.entity, reason=sentence)
    return request


@transaction.atomic
def record_cancelled(*, by: User, request: ProviderRequest, on: date) -> Collection:
    """The provider took a collection off: its documents are free, and a receipt that was presumed of it ends."""
    require(by, "directdebit.record_cancelled", request.creditor.entity)
    lock(request.collection.customer)
    collection = Collection.objects.select_related("entity", "receipt__entity", "receipt__item").get(
        pk=request.collection_id
    )
    if collection.state not in (*SENT, Collection.State.CONFIRMED_PAID):
        return collection

    reason = f"{request.creditor.get_provider_display()} cancelled it."
    if collection.receipt is not None and collection.receipt.is_live:
        return_receipt(by=by, receipt=collection.receipt, returned_on=on, reason=reason)
    is_sent = collection.state == Collection.State.SUBMITTED
    state = Collection.State.CANCELLED if is_sent else Collection.State.RETURNED
    step_collections(by, [collection], state, on, reason=reason)

    audit(by, "collection.cancelled_there", collection, entity=collection.entity, reason=reason)
    return collection


@transaction.atomic
def ask_again(*, by: User, request: ProviderRequest) -> ProviderRequest:
    """Ask a provider again for a collection that it refused, once what it found wrong is mended."""
    require(by, "directdebit.ask_again", request.creditor.entity)
    request = _locked(request)
    if request.state != State.REFUSED:
        return request
    if request.collection.state not in SENT:
        raise CollectionRefused(f"{request.collection} was cancelled; its documents go into the next run.")

    request.state, request.next_try_at = State.TO_ASK, clock.now()
    request.save(update_fields=["state", "next_try_at"])

    audit(by, "request.asked_again", request, entity=request.creditor.entity, before={"said": request.said})
    return request


@transaction.atomic
def open_requests(*, by: User, creditor: Creditor) -> list[ProviderRequest]:
    """Take up the collections that were submitted through a provider and that nobody has asked it for yet."""
    require(by, "directdebit.open_requests", creditor.entity)
    rows = Collection.objects.filter(
        mandate__creditor=creditor, submission__isnull=False, state__in=SENT, provider_request=None
    )
    new = [
        ProviderRequest(collection=each, creditor=creditor, key=f"o2c:{creditor.entity.code}:{each.reference}")
        for each in rows.select_related("entity")
    ]
    return ProviderRequest.objects.bulk_create(new, ignore_conflicts=True)


@transaction.atomic
def record_registered(*, by: User, mandate: Mandate, identifier: str, on: date) -> Mandate:
    """The provider has the mandate: keep its name for it; it can be collected on."""
    require(by, "directdebit.record_registered", mandate.entity)
    lock(mandate.customer)
    mandate = Mandate.objects.select_related("entity", "customer", "creditor").get(pk=mandate.pk)
    if mandate.provider_identifier or mandate.state != Mandate.State.PENDING_LODGEMENT:
        return mandate

    mandate.provider_identifier, mandate.lodged_on, mandate.usable_from = identifier, on, on
    mandate.provider_said = ""
    for state in (Mandate.State.LODGED, Mandate.State.ACTIVE):
        step_mandate(by, mandate, state, on, reason="Taken on by the provider.", source=MandateEvent.Source.PROVIDER)

    audit(by, "mandate.registered", mandate, entity=mandate.entity, after={"identifier": identifier})
    return mandate


@transaction.atomic
def record_unregistered(*, by: User, mandate: Mandate, sentence: str) -> Mandate:
    """The provider will not take the mandate on: its words stand on the mandate's page until it does."""
    require(by, "directdebit.record_unregistered", mandate.entity)
    lock(mandate.customer)
    mandate = Mandate.objects.select_related("entity").get(pk=mandate.pk)
    if mandate.provider_identifier or mandate.provider_said == sentence[:300]:
        return mandate

    mandate.provider_said = sentence[:300]
    mandate.save(update_fields=["provider_said"])

    audit(by, "mandate.unregistered", mandate, entity=mandate.entity, reason=sentence)
    return mandate


@transaction.atomic
def record_ended(*, by: User, mandate: Mandate, on: date) -> MandateEvent:
    """The provider was told that a mandate ended here: a step of its own, so that it is told once."""
    require(by, "directdebit.record_ended", mandate.entity)
    lock(mandate.customer)

    told = MandateEvent.objects.create(
        mandate=mandate,
        state=mandate.state,
        on=on,
        source=MandateEvent.Source.PROVIDER,
        reason="The provider was told.",
        by=by,
    )

    audit(by, "mandate.ended_there", mandate, entity=mandate.entity, after={"on": on})
    return told


@transaction.atomic
def record_hints(*, by: User, creditor: Creditor, hints: Sequence[ProviderHint]) -> int:
    """Keep what a provider called about, each thing once; what happened is asked for afterwards."""
    require(by, "directdebit.record_hints", creditor.entity)
    before = ProviderHint.objects.filter(creditor=creditor, key__in=[hint.key for hint in hints]).count()
    ProviderHint.objects.bulk_create(hints, ignore_conflicts=True)
    return len(hints) - before


@transaction.atomic
def finish_hint(*, by: User, hint: ProviderHint, outcome: str) -> ProviderHint:
    """Say what a hint led to; it isn't looked at again."""
    require(by, "directdebit.finish_hint", hint.creditor.entity)
    ProviderHint.objects.filter(pk=hint.pk, handled_at=None).update(handled_at=clock.now(), outcome=outcome[:300])
    hint.refresh_from_db()
    return hint


def _locked(request: ProviderRequest) -> ProviderRequest:
    rows = ProviderRequest.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("creditor__entity", "collection").get(pk=request.pk)
