"""Promises: taken, withdrawn, and judged by the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction

from ar_collections.models import PlanItem, Promise, PromiseInstalment, PromiseItem
from ar_collections.plans import State
from ar_collections.promises import Judgement, Outcome
from ar_collections.queries.disputes import disputed_amounts, undisputed
from ar_collections.queries.promises import failed_before, judgements
from ar_collections.queries.rules import rules_of
from ar_collections.rules import Rules
from core.audit import audit
from core.calendars import BusinessCalendar, calendar_of
from core.errors import Refused, SameKeyOtherContent
from core.models import LegalEntity, User
from core.money import ZERO, Money
from core.permissions import may, require
from customers.models import Contact, Customer, lock, take_turns
from ledger.balances import open_items
from ledger.models import OpenItem

DOUBTFUL = "collections.accept_doubtful_promise"


class NotPromisable(Refused):
    """The amount cannot be promised so."""

    code = "not_promisable"


class PromiseEnded(Refused):
    """The promise was ended before, in another way."""

    code = "promise_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pledge:
    """What was said: how much of which items, and when it will be paid. Left out, one payment of the oldest items."""

    currency: str
    instalments: Sequence[tuple[date, Decimal]]
    parts: Sequence[tuple[OpenItem, Decimal]] = ()
    contact: Contact | None = None
    said_by: str = ""
    channel: Promise.Channel = Promise.Channel.PHONE
    note: str = ""
    replaces: Promise | None = None
    request_id: str | None = None

    @property
    def amount(self) -> Decimal:
        """All instalments together."""
        return sum((amount for _, amount in self.instalments), ZERO)


@transaction.atomic
def record_promise(*, by: User, customer: Customer, pledge: Pledge, taken_on: date) -> Promise:
    """Write down what a customer promised. Nobody reminds them of it until its day, with its grace, is over."""
    require(by, "collections.record_promise", customer.entity)
    customer = lock(customer)
    if (done := _done_before(customer, pledge)) is not None:
        return done
    pledge = _as_it_is_now(pledge)
    _refuse_instalments(pledge, taken_on)
    left = _open_of(customer, pledge.currency, taken_on)
    parts = _chosen(pledge, left)
    _refuse_parts(customer, pledge, parts, left, taken_on)
    rules = rules_of(customer.entity)
    _refuse_doubtful(by, customer, pledge, [item for item, _ in parts], taken_on, rules)

    if pledge.replaces is not None:
        _end(pledge.replaces, Outcome.REPLACED, taken_on)
    promise = _written(by, customer, pledge, taken_on, rules)
    PromiseItem.objects.bulk_create(
        PromiseItem(promise=promise, item=item, amount=amount, open_before=left[item.pk][1]) for item, amount in parts
    )

    after = {
        "amount": str(promise.money),
        "by": [f"{amount} on {on}" for on, amount in pledge.instalments],
        "items": [item.number for item, _ in parts],
        "said_by": promise.said_by,
    }
    audit(by, "promise.recorded", promise, entity=customer.entity, after=after, reason=promise.note)
    return promise


@transaction.atomic
def withdraw_promise(*, by: User, promise: Promise, reason: str, withdrawn_on: date) -> Promise:
    """Take a promise away that was written down wrongly or was taken back. Its items are collected again."""
    require(by, "collections.withdraw_promise", promise.entity)
    lock(promise.customer)
    promise = Promise.objects.select_for_update(no_key=True, of=("self",)).select_related("customer").get(pk=promise.pk)
    if promise.outcome == Outcome.WITHDRAWN:
        return promise
    if not reason.strip():
        raise Refused("Write why the promise is withdrawn: it counts no more in the customer's record.")
    if not promise.may_be_withdrawn:
        raise PromiseEnded(f"The promise of {promise} is {promise.get_outcome_display().lower()} already.")
    if promise.outcome != Outcome.OPEN and not may(by, DOUBTFUL, promise.entity):
        raise PromiseEnded(f"The promise of {promise} was broken. Only a manager takes that out of the record.")

    promise.withdrawn_by, promise.reason = by, reason.strip()[:400]
    _end(promise, Outcome.WITHDRAWN, max(withdrawn_on, promise.taken_on), "withdrawn_by", "reason")

    audit(by, "promise.withdrawn", promise, entity=promise.entity, reason=promise.reason)
    return promise


@transaction.atomic
def judge_promises(*, by: User, entity: LegalEntity, promises: Sequence[Promise], as_of: date) -> list[Promise]:
    """Let the ledger decide what became of promises up to the end of a day; returns those that it decided anew."""
    require(by, "collections.judge_promises", entity)
    take_turns(promise.customer for promise in promises)
    keys = [promise.pk for promise in promises]
    rows = Promise.objects.filter(pk__in=keys, entity=entity).exclude(outcome__in=(Outcome.WITHDRAWN, Outcome.REPLACED))
    rows = rows.select_related("customer").prefetch_related("instalments").order_by("pk")
    fresh = [each for each in rows if each.judged_on is None or each.judged_on <= as_of]
    judged = judgements(fresh, as_of=as_of)
    before = {promise.pk: promise.outcome for promise in fresh}
    news = [promise for promise in fresh if _take(promise, judged[promise.pk], as_of)]
    Promise.objects.bulk_update(news, ["outcome", "received", "judged_on", "ended_on"], batch_size=500)
    instalments = [each for promise in news for each in promise.instalments.all()]
    PromiseInstalment.objects.bulk_update(instalments, ["outcome"], batch_size=500)

    changed = [promise for promise in news if promise.outcome != before[promise.pk]]
    for promise in changed:
        after = {"outcome": promise.outcome, "received": promise.received, "as_of": as_of}
        audit(by, "promise.judged", promise, entity=entity, before={"outcome": before[promise.pk]}, after=after)
    return changed


def _done_before(customer: Customer, pledge: Pledge) -> Promise | None:
    """What the same form gave before. A form that says something else now is refused."""
    if not pledge.request_id:
        return None
    found = Promise.objects.filter(request_id=pledge.request_id).first()
    said = (customer.pk, pledge.amount, pledge.currency, pledge.instalments[-1][0] if pledge.instalments else None)
    if found is not None and said != (found.customer_id, found.amount, found.currency, found.due_on):
        raise SameKeyOtherContent(f"This form has taken the promise of {found} already. Load the page again.")
    return found


def _as_it_is_now(pledge: Pledge) -> Pledge:
    """With the promise to be replaced read anew: somebody else may have replaced or withdrawn it meanwhile."""
    if pledge.replaces is None:
        return pledge
    return replace(pledge, replaces=Promise.objects.select_related("customer").get(pk=pledge.replaces.pk))


def _take(promise: Promise, judged: Judgement, as_of: date) -> bool:
    """The judgement onto the row, and whether it says news. The day from which it holds nothing back stays."""
    said = _said(promise)
    if judged.outcome == Outcome.OPEN:
        promise.ended_on = None
    elif promise.ended_on is None or judged.outcome != promise.outcome:
        promise.ended_on = as_of
    promise.outcome, promise.received, promise.judged_on = judged.outcome, judged.received, as_of
    for instalment, outcome in zip(promise.instalments.all(), judged.instalments, strict=True):
        instalment.outcome = outcome
    return said != _said(promise)


def _said(promise: Promise) -> list[object]:
    instalments = [instalment.outcome for instalment in promise.instalments.all()]
    return [promise.outcome, promise.received, promise.judged_on, *instalments]


def _end(promise: Promise, outcome: Outcome, on: date, *fields: str) -> None:
    promise.outcome, promise.ended_on = outcome, on
    promise.save(update_fields=["outcome", "ended_on", *fields])


def _written(by: User, customer: Customer, pledge: Pledge, taken_on: date, rules: Rules) -> Promise:
    calendar = calendar_of(customer.entity)
    promise = Promise.objects.create(
        entity=customer.entity,
        customer=customer,
        currency=pledge.currency,
        amount=pledge.amount,
        due_on=pledge.instalments[-1][0],
        until_on=calendar.add_business_days(pledge.instalments[-1][0], rules.grace_days),
        kept_from=rules.kept_from,
        contact=pledge.contact,
        said_by=(pledge.contact.name if pledge.contact else pledge.said_by.strip())[:120],
        channel=pledge.channel,
        note=pledge.note.strip()[:400],
        taken_on=taken_on,
        taken_by=by,
        replaces=pledge.replaces,
        request_id=pledge.request_id,
    )
    PromiseInstalment.objects.bulk_create(
        PromiseInstalment(
            promise=promise,
            number=number,
            due_on=due_on,
            until_on=calendar.add_business_days(due_on, rules.grace_days),
            remind_on=_remind_on(calendar, due_on, taken_on),
            amount=amount,
        )
        for number, (due_on, amount) in enumerate(pledge.instalments, 1)
    )
    return promise


def _remind_on(calendar: BusinessCalendar, due_on: date, taken_on: date) -> date | None:
    before = calendar.add_business_days(due_on, -1)
    return before if before > taken_on else None


# Choosing and refusing -----------------------------------------------------------------------------------------------

Left = dict[int, tuple[OpenItem, Decimal]]


def _open_of(customer: Customer, currency: str, on: date) -> Left:
    """What the customer owes in the currency, the oldest due first, with what is open of each at the end of the day."""
    rows = open_items(entity=customer.entity, as_of=on, customer=customer)
    rows = rows.filter(side=OpenItem.Side.DEBIT, currency=currency).order_by("due_on", "document_on", "pk")
    columns = ("pk", "open_then")
    left: dict[int, Decimal] = dict(rows.values_list(*columns))
    return {item.pk: (item, left[item.pk]) for item in rows}


def _chosen(pledge: Pledge, left: Left) -> Sequence[tuple[OpenItem, Decimal]]:
    """The items that were named, or the oldest ones that the amount reaches to."""
    if pledge.parts:
        return pledge.parts
    parts, rest = [], pledge.amount
    for item, open_then in left.values():
        if rest > 0:
            parts.append((item, min(rest, open_then)))
            rest -= open_then
    if rest > 0:
        owed = Money(pledge.amount - rest, pledge.currency)
        raise NotPromisable(f"Only {owed} is open; {Money(pledge.amount, pledge.currency)} is more than that.")
    return parts


def _refuse_instalments(pledge: Pledge, on: date) -> None:
    if not pledge.instalments:
        raise NotPromisable("Write when it will be paid, and how much.")
    days = [day for day, _ in pledge.instalments]
    if days != sorted(set(days)):
        raise NotPromisable("Each instalment has a day of its own, the first one first.")
    if days[0] < on:
        raise NotPromisable(f"{days[0]:%d %b %Y} is over already; write the day on which they will pay.")
    for day, amount in pledge.instalments:
        if Money(amount, pledge.currency).amount <= 0:
            raise NotPromisable(f"The instalment of {day:%d %b %Y} has no amount.")
    if pledge.contact is None and not pledge.said_by.strip():
        raise NotPromisable("Write who promised it: a contact, or a name.")


def _refuse_parts(
    customer: Customer, pledge: Pledge, parts: Sequence[tuple[OpenItem, Decimal]], left: Left, on: date
) -> None:
    if sum((amount for _, amount in parts), ZERO) != pledge.amount:
        together = Money(sum((amount for _, amount in parts), ZERO), pledge.currency)
        raise NotPromisable(f"The items come to {together}, the payments to {Money(pledge.amount, pledge.currency)}.")
    if pledge.contact is not None and pledge.contact.customer_id != customer.pk:
        raise NotPromisable(f"{pledge.contact.name} is no contact of {customer.name}.")
    if pledge.replaces is not None and not (pledge.replaces.customer_id == customer.pk and pledge.replaces.is_open):
        raise NotPromisable(f"The promise of {pledge.replaces} isn't open any more; nothing takes its place.")
    disputed = disputed_amounts([item.pk for item, _ in parts], as_of=on)
    for item, amount in parts:
        _, open_then = left.get(item.pk, (item, ZERO))
        free = undisputed(open_then, disputed.get(item.pk))
        if amount <= 0 or amount > free:
            without = " apart from what is disputed" if disputed.get(item.pk) else ""
            raise NotPromisable(
                f"{item.number} has {Money(free, item.currency)} open{without}; "
                f"{Money(amount, pledge.currency)} of it can't be promised."
            )
    _refuse_promised(pledge, [item for item, _ in parts])


def _refuse_promised(pledge: Pledge, items: Sequence[OpenItem]) -> None:
    planned = PlanItem.objects.filter(item__in=items, plan__state=State.ACTIVE).select_related("item").first()
    if planned is not None:
        raise NotPromisable(f"{planned.item.number} is in a payment plan already; its instalments are the promise.")
    rows = PromiseItem.objects.filter(item__in=items, promise__outcome=Outcome.OPEN)
    if pledge.replaces is not None:
        rows = rows.exclude(promise=pledge.replaces)
    if (other := rows.select_related("promise__customer", "item").first()) is not None:
        raise NotPromisable(
            f"{other.item.number} is promised already: {other.promise}. Let this one take its place, or withdraw it."
        )


def _refuse_doubtful(
    by: User, customer: Customer, pledge: Pledge, items: Sequence[OpenItem], on: date, rules: Rules
) -> None:
    if may(by, DOUBTFUL, customer.entity):
        return
    if (failed := failed_before(items)) + (pledge.replaces is not None) >= rules.most_in_a_row:
        raise NotPromisable(
            f"{items[0].number} was promised {failed + (pledge.replaces is not None)} times and not paid. "
            "A manager takes the next promise, or decides what follows."
        )
    last, newest = pledge.instalments[-1][0], max(item.due_on for item in items)
    if last > max(newest + timedelta(days=rules.latest_after_due), on + timedelta(days=rules.soon_days)):
        raise NotPromisable(
            f"{last:%d %b %Y} is later than {rules.latest_after_due} days after the due date. "
            "A manager agrees to that, or opens a payment plan."
        )
    limit = customer.credit_limit if customer.currency == pledge.currency else None
    if limit is not None and pledge.amount > limit:
        raise NotPromisable(
            f"{Money(pledge.amount, pledge.currency)} is above the credit limit of {Money(limit, pledge.currency)}. "
            "A manager takes such a promise."
        )
