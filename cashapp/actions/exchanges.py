"""Receipts that settle documents of another currency: exchanged at a rate, with the difference that this realises."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256

from django.db import transaction

from cashapp.actions.agreed_rates import AgreedRate
from cashapp.actions.exchange_entries import Half
from cashapp.errors import AlreadyEnded, WrongDocument
from cashapp.exchanging import Exchanged, Rate, exchanged, met_at
from cashapp.models import Receipt, ReceiptExchange
from cashapp.queries.exchanges import rate_of, worth_of
from cashapp.taskbook import BY_HAND, Entry, Outcome, Reasons, State, take_tasks, write_down
from controls.models import AuthorityUse
from core import clock
from core.audit import audit
from core.errors import SameKeyOtherContent
from core.models import LegalEntity, User
from core.money import Money, round_to_currency
from core.permissions import require
from customers.models import lock
from ledger.models import Account, OpenItem
from ledger.posting import EntryDraft, ItemDraft, LineDraft, OverAllocated, Pair, allocate, post

RateKind = ReceiptExchange.RateKind


@dataclass(frozen=True, slots=True)
class Exchange:
    """How much of a document of another currency is settled; without an amount, all that the money is worth.

    Without a rate it is the bank's, else that of the day.
    """

    item: OpenItem
    settled: Decimal | None = None
    rate: Rate | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """What names one sending of a form: sent twice it exchanges once."""

    id: str | None = None
    content: str = ""

    def done_before(self, receipt: Receipt) -> ReceiptExchange | None:
        """What the form did already; refused where it said something else, or where that was taken back since."""
        if self.id is None:
            return None
        done = ReceiptExchange.objects.filter(entity=receipt.entity_id, request_id=self.id).first()
        if done is not None and done.request_hash != self.content:
            raise SameKeyOtherContent(f"This form exchanged {done} already, with other content. Open the page anew.")
        if done is not None and done.ended_on is not None:
            raise AlreadyEnded(f"This form exchanged {done}, which was taken back since. Open the page anew.")
        return done


@dataclass(frozen=True, slots=True)
class Plan:
    """An exchange that was checked: what it takes of the receipt, on which day, under which number."""

    receipt: Receipt
    item: OpenItem
    settled: Money
    rate: Rate
    taken: Exchanged
    on: date
    number: str

    @property
    def entity(self) -> LegalEntity:
        """Whose books."""
        return self.receipt.entity

    def drafts(self) -> tuple[EntryDraft, EntryDraft]:
        """The money leaves in its own currency and arrives in the document's."""
        out = self._out()
        value = met_at(self.entity.currency, out.money, out.worth, self.settled)
        arrives = Half(
            entity=self.entity,
            on=self.on,
            money=Money(-self.settled.amount, self.settled.currency),
            worth=-value,
            lines=(self._receivable(self.settled, value, is_debit=False),),
            key=f"exchanged:{self.number}:in",
            text=f"{self.receipt} settles {self.settled} of {self.item.number}",
        )
        return out.entry(value), arrives.entry(-value)

    def _out(self) -> Half:
        used, rounding = self.taken.used, self.taken.rounding
        rate = self.receipt.item.line.entry.rate or Decimal(1)
        worth = round_to_currency(used.amount * rate, self.entity.currency)
        borne = round_to_currency(rounding * rate, self.entity.currency)
        lines = [self._receivable(used, worth, is_debit=True)]
        if rounding:
            lines.append(_rounding(rounding, abs(borne) if self._is_foreign(used) else None))
        return Half(
            entity=self.entity,
            on=self.on,
            money=Money(used.amount + rounding, used.currency),
            worth=worth + borne,
            lines=lines,
            key=f"exchanged:{self.number}:out",
            text=f"{used} of {self.receipt} for {self.item.number}",
        )

    def _receivable(self, money: Money, worth: Decimal, *, is_debit: bool) -> LineDraft:
        came_on = self.on if is_debit else self.receipt.received_on
        item = ItemDraft(f"{self.number} {money.currency}", OpenItem.Kind.RECEIPT, came_on, self.on)
        base, customer = worth if self._is_foreign(money) else None, self.receipt.item.customer
        if is_debit:
            return LineDraft(Account.Role.RECEIVABLES, debit=money.amount, base=base, customer=customer, item=item)
        return LineDraft(Account.Role.RECEIVABLES, credit=money.amount, base=base, customer=customer, item=item)

    def _is_foreign(self, money: Money) -> bool:
        books: str = self.entity.currency
        return money.currency != books


@transaction.atomic
def exchange_receipt(
    *,
    by: User,
    receipt: Receipt,
    exchange: Exchange,
    exchanged_on: date,
    reasons: Reasons = BY_HAND,
    request_id: str | None = None,
) -> ReceiptExchange:
    """Settle a document of another currency with money that is on account, at the rate that counts on that day.

    A rate that was agreed on takes the person's own limit where it is far from the day's.
    """
    require(by, "cashapp.exchange_receipt", receipt.entity)
    lock(receipt.item.customer)
    request = Request(request_id, _content_hash(receipt, exchange, exchanged_on)) if request_id else Request()
    if done := request.done_before(receipt):
        return done
    take_tasks([receipt.line] if receipt.line else [])
    receipt.refresh_from_db()
    receipt.item.refresh_from_db()
    exchange.item.refresh_from_db()
    _refuse(receipt, exchange)

    plan = _plan(receipt, exchange, exchanged_on)
    use = AgreedRate(receipt, plan.item, plan.rate, plan.taken.used, plan.settled, plan.on).limit_used(by)
    out, into = post(by=by, entries=plan.drafts())
    ((left,), (arrived,)) = out.open_items, into.open_items
    allocate(
        by=by,
        pairs=[
            Pair(left, receipt.item, plan.taken.used.amount, plan.on),
            Pair(plan.item, arrived, plan.settled.amount, plan.on),
        ],
    )
    kept = _keep(by, plan, out.pk, into.pk, use, request)

    told = {"document": plan.item.number, "used": str(plan.taken.used), "settled": str(plan.settled)}
    after = {**told, "rate": str(plan.rate.value), "rate_kind": plan.rate.kind, "rounding": str(plan.taken.rounding)}
    audit(by, "receipt.exchanged", receipt, entity=receipt.entity, after=after)
    if receipt.line:
        write_down(by, [Entry(receipt.line, Outcome.POSTED, State.MATCHED, _explained(reasons, kept), receipt)])
    return kept


def _refuse(receipt: Receipt, exchange: Exchange) -> None:
    item = exchange.item
    if not receipt.is_live:
        raise AlreadyEnded(f"{receipt} was {receipt.get_ending_display().lower()} on {receipt.ended_on:%d %b %Y}.")
    if item.customer_id != receipt.item.customer_id or item.side != OpenItem.Side.DEBIT:
        raise WrongDocument(f"{item.number} is no document that {receipt} could pay.")
    if item.currency == receipt.currency:
        raise WrongDocument(f"{item.number} is in {item.currency} as {receipt} is; nothing has to be exchanged.")
    if item.open_amount <= 0:
        raise OverAllocated(f"{item.number} is settled already.")
    if receipt.item.open_amount <= 0:
        raise OverAllocated(f"{receipt} has nothing left on account.")


def _content_hash(receipt: Receipt, exchange: Exchange, on: date) -> str:
    amounts = [exchange.settled, exchange.rate.value if exchange.rate else None]
    facts = [receipt.pk, exchange.item.pk, on, *(each if each is None else each.normalize() for each in amounts)]
    return sha256(repr(facts).encode()).hexdigest()


def _plan(receipt: Receipt, exchange: Exchange, on: date) -> Plan:
    day = max(on, exchange.item.posted_on, receipt.item.posted_on)
    settled = _settled(receipt, exchange, day)
    rate = exchange.rate or rate_of(receipt, exchange.item.currency, day)
    taken = exchanged(receipt.item.open_money, settled, rate)
    number = f"{receipt.item.number}/X{receipt.exchanges.count() + 1}"
    return Plan(receipt, exchange.item, settled, rate, taken, day, number)


def _settled(receipt: Receipt, exchange: Exchange, day: date) -> Money:
    item, asked = exchange.item, exchange.settled
    amount = worth_of(receipt, item, exchange.rate, day) if asked is None else asked
    money = Money(amount, item.currency)
    if amount <= 0:
        raise WrongDocument(f"{item.number} cannot take {money}.")
    if amount > item.open_amount:
        raise OverAllocated(f"{item.number} has only {item.open_money} left open, not {money}.")
    return money


def _rounding(amount: Decimal, base: Decimal | None) -> LineDraft:
    """What we bear is a cost, what we gain its opposite."""
    if amount > 0:
        return LineDraft(Account.Role.ROUNDING, debit=amount, base=base)
    return LineDraft(Account.Role.ROUNDING, credit=-amount, base=base)


def _keep(by: User, plan: Plan, out: int, into: int, use: AuthorityUse | None, request: Request) -> ReceiptExchange:
    kept = ReceiptExchange(
        entity=plan.entity,
        receipt=plan.receipt,
        item=plan.item,
        used=plan.taken.used.amount,
        used_currency=plan.taken.used.currency,
        settled=plan.settled.amount,
        settled_currency=plan.settled.currency,
        rate=plan.rate.value,
        rate_kind=plan.rate.kind,
        rounding=plan.taken.rounding,
        exchanged_on=plan.on,
        out_entry_id=out,
        in_entry_id=into,
        authority_use=use,
        request_id=request.id,
        request_hash=request.content,
        recorded_by=by,
        recorded_at=clock.now(),
    )
    kept.save(force_insert=True)
    return kept


def _explained(reasons: Reasons, kept: ReceiptExchange) -> Reasons:
    words = f"{kept.used_money} settle {kept.settled_money} of {kept.item.number}: {kept.at_rate}, "
    evidence = {"kind": "amount", "words": words + RateKind(kept.rate_kind).label, "item": kept.item_id}
    return Reasons(
        reasons.rule,
        reasons.rules_version,
        [*reasons.evidence, evidence],
        reasons.as_proposed,
        reasons.note,
        reasons.written_rule,
    )
