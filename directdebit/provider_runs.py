"""Speaking to providers: what is due is claimed, asked outside every transaction, and recorded.

Two speak for a creditor at most, over all workers: a slot is an advisory lock of the database, and goes with its
connection when a worker dies.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.conf import settings
from django.db import connection

from core import clock
from core.calendars import calendar_of
from core.errors import Refused
from core.models import User
from core.permissions import system_user
from directdebit.actions.booking import book_return, leave_waiting
from directdebit.actions.exchanges import keep_exchange
from directdebit.actions.payouts import record_payout
from directdebit.actions.providers import (
    claim_request,
    finish_hint,
    open_requests,
    record_cancelled,
    record_ended,
    record_refused,
    record_registered,
    record_status,
    record_taken,
    record_unregistered,
    record_untold,
)
from directdebit.actions.reports import record_advices
from directdebit.models import Creditor, ProviderHint, ProviderRequest
from directdebit.providers.access_paysuite import AccessPaySuite
from directdebit.providers.accounts import adapter_for
from directdebit.providers.gocardless import GoCardless
from directdebit.providers.protocol import (
    Payment,
    ProviderRefused,
    RateLimited,
    Status,
    Unanswered,
    advice_of,
)
from directdebit.queries.providers import (
    hints_to_handle,
    mandates_to_end,
    mandates_to_register,
    open_requests_of,
    order_of,
    payer_of,
    request_of,
    requests_to_ask,
)
from directdebit.returns import Advice, CodeList, Kind

Adapter = AccessPaySuite | GoCardless
SLOTS = 2
SLOT_SPACE = 0x0DD0
POLLED_BUSINESS_DAYS = 10
LATER = (Unanswered, RateLimited)
REFER_TO_PAYER = "0"
# A provider that is silent so often is down: the others are asked the next time.
MOST_UNANSWERED = 3


@contextmanager
def slot_of(creditor: Creditor) -> Iterator[bool]:
    """One of the creditor's two places, or False where both are taken."""
    with connection.cursor() as cursor:
        for place in range(SLOTS):
            key = creditor.pk * SLOTS + place
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", (SLOT_SPACE, key))
            if cursor.fetchone()[0]:
                try:
                    yield True
                finally:
                    cursor.execute("SELECT pg_advisory_unlock(%s, %s)", (SLOT_SPACE, key))
                return
    yield False


def speaker_for(creditor: Creditor) -> Adapter:
    """The adapter of a creditor; every exchange is kept, whatever becomes of the work around it."""
    by = system_user()
    return adapter_for(
        creditor,
        settings.DIRECT_DEBIT_KEYS,
        settings.DIRECT_DEBIT_HOSTS,
        lambda exchange: keep_exchange(by=by, creditor=creditor, exchange=exchange),
    )


def ask_due(by: User, creditor: Creditor) -> int:
    """Ask for every collection that is due to be asked for. One that is refused waits for a person."""
    speaker, asked = speaker_for(creditor), 0
    _register(by, creditor, speaker)
    _end(by, creditor, speaker)
    open_requests(by=by, creditor=creditor)
    for request in requests_to_ask(creditor, clock.now()):
        taken = claim_request(by=by, request=request, at=clock.now())
        if taken is None:
            continue
        try:
            payment = speaker.collect(order_of(taken))
        except LATER:
            continue
        except ProviderRefused as refusal:
            record_refused(by=by, request=taken, sentence=refusal.message)
            continue
        record_taken(by=by, request=taken, payment=payment)
        asked += 1
    return asked


def _register(by: User, creditor: Creditor, speaker: Adapter) -> None:
    """Set up released mandates there. What is not answered is looked for later; a refusal stands on its page."""
    today = clock.today(creditor.entity)
    for mandate in mandates_to_register(creditor):
        try:
            found = speaker.register_mandate(payer_of(mandate), mandate.reference, mandate.signed_on)
        except LATER:
            continue
        except ProviderRefused as refusal:
            record_unregistered(by=by, mandate=mandate, sentence=refusal.message)
            continue
        record_registered(by=by, mandate=mandate, identifier=found.identifier, on=today)


def _end(by: User, creditor: Creditor, speaker: Adapter) -> None:
    """Cancel there what ended here; what the provider refuses stays in the log and is tried again."""
    today = clock.today(creditor.entity)
    for mandate in mandates_to_end(creditor):
        try:
            speaker.cancel_mandate(mandate.provider_identifier, "Ended")
        except (*LATER, ProviderRefused):
            continue
        record_ended(by=by, mandate=mandate, on=today)


def poll(by: User, creditor: Creditor) -> int:
    """Ask what became of the collections of the last ten business days: no provider says reliably that one was paid.

    A mandate that the provider says nothing of, and a return that can't be booked, stop none of the others.
    """
    today, speaker = clock.today(creditor.entity), speaker_for(creditor)
    since = calendar_of(creditor.entity).add_business_days(today, -POLLED_BUSINESS_DAYS)
    of_mandates: dict[str, dict[str, ProviderRequest]] = defaultdict(dict)
    for each in open_requests_of(creditor, since):
        of_mandates[each.collection.mandate.provider_identifier][each.collection.provider_identifier] = each
    told = unanswered = 0
    for mandate, requests in of_mandates.items():
        try:
            told += _polled(by, speaker, mandate, requests, today, since)
        except RateLimited:
            break
        except Unanswered:
            unanswered += 1
            if unanswered == MOST_UNANSWERED:
                break
    if isinstance(speaker, GoCardless) and unanswered < MOST_UNANSWERED:
        told += _poll_payouts(by, creditor, speaker, since)
    return told


def _poll_payouts(by: User, creditor: Creditor, speaker: GoCardless, since: date) -> int:
    """Keep the payouts of which no webhook told; what is not answered now is asked for the next time."""
    known, kept = set(creditor.payouts.values_list("identifier", flat=True)), 0
    try:
        for identifier in speaker.payouts_since(since):
            if identifier not in known:
                record_payout(by=by, creditor=creditor, payout=speaker.payout(identifier))
                kept += 1
    except (*LATER, ProviderRefused):
        return kept
    return kept


def _polled(
    by: User, speaker: Adapter, mandate: str, requests: dict[str, ProviderRequest], today: date, since: date
) -> int:
    """How many collections of a mandate the provider told of; what it refuses to tell stands beside each of them."""
    told = 0
    try:
        for payment in speaker.payments_of([mandate], since):
            if request := requests.get(payment.identifier):
                take_in(by, request, payment, today)
                told += 1
    except ProviderRefused as refusal:
        for request in requests.values():
            record_untold(by=by, request=request, sentence=refusal.message)
    return told


def take_in(by: User, request: ProviderRequest, payment: Payment, today: date) -> None:
    """Keep a payment's status, and carry out what it tells of: a return, or that nothing will be collected."""
    record_status(by=by, request=request, status=payment.status)
    if payment.status == Status.CANCELLED:
        _carry_out_cancelled(by, request, today)
    elif advice := advice_of(payment, today):
        book_told(by, request.creditor, advice, today)


def _carry_out_cancelled(by: User, request: ProviderRequest, today: date) -> None:
    try:
        record_cancelled(by=by, request=request, on=today)
    except Refused as refusal:
        record_untold(by=by, request=request, sentence=refusal.message)


def book_told(by: User, creditor: Creditor, advice: Advice, today: date) -> None:
    """Write down and book what a provider tells. What is refused waits for a person, with why."""
    for returned in record_advices(by=by, entity=creditor.entity, advices=[advice], source=creditor.provider):
        try:
            book_return(by=by, returned=returned, on=today)
        except Refused as refusal:
            leave_waiting(by=by, returned=returned, why=refusal.message)


def handle_hints(by: User, creditor: Creditor) -> int:
    """Ask for what the provider called about. What it does not answer now stays and is asked for again."""
    handled = 0
    speaker = speaker_for(creditor)
    for hint in hints_to_handle(creditor):
        try:
            outcome = _handle(by, hint, speaker)
        except LATER:
            continue
        except Refused as refusal:
            outcome = refusal.message
        finish_hint(by=by, hint=hint, outcome=outcome)
        handled += 1
    return handled


def _handle(by: User, hint: ProviderHint, speaker: Adapter) -> str:
    today = clock.today(hint.creditor.entity)
    if hint.about == "payment":
        request = request_of(hint.creditor, hint.resource)
        if request is None:
            return "No collection of ours."
        payment = speaker.payment(hint.resource, request.collection.mandate.provider_identifier)
        take_in(by, request, payment, today)
        return f"{payment.status}"
    if hint.about in {"mandate", "contract"}:
        return _mandate_changed(by, hint, speaker, today)
    if hint.about == "payout" and isinstance(speaker, GoCardless):
        return f"Booked as {record_payout(by=by, creditor=hint.creditor, payout=speaker.payout(hint.resource))}."
    return "Nothing follows from it."


def _mandate_changed(by: User, hint: ProviderHint, speaker: Adapter, today: date) -> str:
    """A mandate that the provider no longer collects from is stopped here as the bank's own advice would stop it.

    Why it ended is asked as well: the call itself may come from anybody. Nothing is said of who ended it where the
    provider doesn't say, so that a person asks the payer.
    """
    found = speaker.mandate(hint.resource)
    if found.is_live:
        return "The mandate is live."
    kept = hint.creditor.mandates.filter(provider_identifier=hint.resource).first()
    if kept is None:
        return "No mandate of ours."
    advice = Advice(
        kind=Kind.MANDATE_CANCELLED,
        codes=found.codes if found.codes and found.code else CodeList.ADDACS,
        code=found.code or REFER_TO_PAYER,
        words=found.words or "The provider collects by it no longer.",
        mandate_reference=kept.reference,
        effective_on=today,
        place=f"mandate {hint.resource}",
    )
    book_told(by, hint.creditor, advice, today)
    return "The mandate ended there; what follows stands among the returned debits."
