"""Electronic payments: the queue with its clock, what became of each, and payouts that wait for their bank line."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from cashapp.models import (
    BankStatementLine,
    ClearingCredit,
    ElectronicPayment,
    LinePosting,
    MatchTask,
    PaymentFact,
    PaymentProvider,
    Payout,
    ProcessingHours,
    Receipt,
)
from cashapp.settlements.movement import SETTLEMENT_CODES
from cashapp.working_hours import WorkingHours
from core.calendars import calendar_of
from core.models import LegalEntity, User
from core.money import ZERO, Money
from ledger.models import JournalEntry, JournalLine

Kind = PaymentFact.Kind
SIDE_STATES = (Kind.FAILED, Kind.REFUNDED, Kind.DISPUTED)
DAY = timedelta(days=1)


def live_receipt(payment: ElectronicPayment) -> Receipt | None:
    """The receipt as which a payment is posted now."""
    rows = Receipt.objects.filter(payment_facts__payment=payment, payment_facts__kind=Kind.POSTED, ended_on=None)
    return rows.select_related("item__customer", "entity").first()


def surcharge_entries(payment: ElectronicPayment) -> QuerySet[JournalEntry]:
    """What stands in the ledger as collected on top of a payment: the entries that are named like the payment."""
    key = f"surcharge:{payment.event}"
    named = Q(key=key) | Q(key__startswith=f"{key}/")
    return JournalEntry.objects.filter(named, entity=payment.entity, reversed_by=None)


def surcharge_posted(payment: ElectronicPayment) -> Decimal:
    """What the ledger holds as collected on top of a payment."""
    rows = JournalLine.objects.filter(entry__in=surcharge_entries(payment))
    total: Decimal | None = rows.filter(account__role="card_clearing").aggregate(total=Sum("debit"))["total"]
    return total or ZERO


def payments_of(entities: Iterable[LegalEntity], by: User) -> QuerySet[ElectronicPayment]:
    """The companies' payments with where they stand now."""
    facts = PaymentFact.objects.filter(payment=OuterRef("pk"))

    def has(*kinds: str) -> Exists:
        return Exists(facts.filter(kind__in=kinds))

    rows = ElectronicPayment.objects.visible_to(by).filter(entity__in=[entity.pk for entity in entities])
    rows = rows.select_related("provider", "customer", "entity")
    return rows.annotate(
        is_posted=Exists(facts.filter(kind=Kind.POSTED, receipt__ended_on=None)),
        is_settled=has(Kind.SETTLED),
        is_reconciled=Exists(facts.filter(kind=Kind.RECONCILED, credit__ended_on=None)),
        is_captured=has(Kind.CAPTURED),
        is_authorised=has(Kind.AUTHORISED),
        has_failed=has(Kind.FAILED),
        was_refunded=Exists(facts.filter(kind=Kind.REFUNDED).exclude(entry__reversed_by__isnull=False)),
        was_disputed=has(Kind.DISPUTED),
    )


OPEN = Q(is_posted=False, has_failed=False, was_refunded=False, was_disputed=False)
VIEWS: dict[str, tuple[str, Q]] = {
    "open": ("To post", OPEN & Q(provider__isnull=False)),
    "expected": ("Expected at the bank", OPEN & Q(provider=None)),
    "posted": ("Posted", Q(is_posted=True, is_settled=False)),
    "settled": ("Paid out", Q(is_posted=True, is_settled=True)),
    "back": ("Failed and taken back", Q(has_failed=True) | Q(was_refunded=True) | Q(was_disputed=True)),
}


def state_of(payment: ElectronicPayment) -> tuple[str, str]:
    """Where an annotated payment stands, in words and with the tone of its pill."""
    told = (
        ("was_disputed", "Disputed", "bad"),
        ("was_refunded", "Refunded", "warn"),
        ("has_failed", "Failed", "bad"),
        ("is_reconciled", "On our bank account", "ok"),
        ("is_settled", "Paid out", "ok"),
        ("is_posted", "Posted" if payment.provider_id else "On our bank account", "ok"),
        ("is_captured", "Captured", "info"),
        ("is_authorised", "Authorised", "info"),
    )
    found = next(((words, tone) for name, words, tone in told if getattr(payment, name)), ("Received", "info"))
    if not getattr(payment, "is_posted", False) and found[0] in {"Paid out", "On our bank account"}:
        return f"{found[0]}, not posted", "warn"
    return found


def found_payments(rows: QuerySet[ElectronicPayment], query: str) -> QuerySet[ElectronicPayment]:
    """Those that an id, a name or a text finds."""
    if not query:
        return rows
    found = Q(reference__icontains=query) | Q(payer__icontains=query) | Q(text__icontains=query)
    return rows.filter(found | Q(customer__name__icontains=query) | Q(customer__code__iexact=query))


def hours_of(entity: LegalEntity) -> WorkingHours:
    """When the team that posts payments works; nine to five at the company's seat until somebody says otherwise."""
    kept = ProcessingHours.objects.filter(entity=entity).first() or ProcessingHours(
        entity=entity, time_zone=entity.time_zone
    )
    return WorkingHours(calendar_of(entity), ZoneInfo(kept.time_zone), kept.opens_at, kept.closes_at)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A payment with its clock: how long it waits in working hours, and by when it is due."""

    payment: ElectronicPayment
    age: timedelta
    due_at: datetime
    is_red: bool
    is_late: bool

    @property
    def state(self) -> tuple[str, str]:
        """Where it stands."""
        return state_of(self.payment)

    @property
    def waits(self) -> str:
        """The age as people say it."""
        minutes = int(self.age.total_seconds()) // 60
        return f"{minutes // 60} h {minutes % 60:02} min"


def queue_rows(payments: Iterable[ElectronicPayment], hours: WorkingHours, now: datetime) -> list[QueueRow]:
    """The payments with their clocks."""
    return [_queue_row(payment, hours, now) for payment in payments]


def _queue_row(payment: ElectronicPayment, hours: WorkingHours, now: datetime) -> QueueRow:
    due_at = hours.due_at(payment.received_at)
    return QueueRow(
        payment=payment,
        age=hours.between(payment.received_at, now),
        due_at=due_at,
        is_red=hours.is_red(payment.received_at, now),
        is_late=now > due_at,
    )


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """What must be done before the close of business."""

    closes_at: datetime
    left: int
    red: int
    late: int
    later: int
    waiting: list[Money]
    posted_today: int

    @property
    def is_closing(self) -> bool:
        """Whether something is left within two hours of the close, or after it."""
        return self.red > 0


def queue_figures(entity: LegalEntity, by: User, now: datetime) -> QueueFigures:
    """How many payments are left to post by the next close of business, and how many of them are red or late."""
    hours = hours_of(entity)
    rows = payments_of([entity], by).filter(VIEWS["open"][1])
    received = list(rows.values_list("received_at", flat=True))
    closes_at = hours.due_at(now)
    due = [hours.due_at(moment) for moment in received]
    sums = rows.order_by("currency").values_list("currency").annotate(Sum("amount"))
    start = hours.close_on(hours.day_of(now)) - DAY
    posted = PaymentFact.objects.filter(payment__entity=entity, kind=Kind.POSTED, recorded_at__gt=start)
    return QueueFigures(
        closes_at=closes_at,
        left=sum(1 for each in due if each <= closes_at),
        red=sum(1 for moment in received if hours.is_red(moment, now)),
        late=sum(1 for each in due if each < now),
        later=sum(1 for each in due if each > closes_at),
        waiting=[Money(total, currency) for currency, total in sums],
        posted_today=posted.filter(receipt__ended_on=None).count(),
    )


def payments_left(entity: LegalEntity) -> int:
    """How many payments wait to be posted, for the menu."""
    facts = PaymentFact.objects.filter(payment=OuterRef("pk"))
    rows = ElectronicPayment.objects.filter(entity=entity, provider__isnull=False)
    done = facts.filter(Q(kind=Kind.POSTED, receipt__ended_on=None) | Q(kind__in=SIDE_STATES))
    return rows.exclude(Exists(done)).count()


def payouts_of(entity: LegalEntity, by: User) -> QuerySet[Payout]:
    """Payouts, the latest first, with whether the bank line is there."""
    rows = Payout.objects.visible_to(by).filter(entity=entity).select_related("provider", "entity")
    return rows.annotate(is_credited=Exists(ClearingCredit.objects.filter(payout=OuterRef("pk"), ended_on=None)))


def waiting_payouts(entity: LegalEntity) -> QuerySet[Payout]:
    """Payouts that are not tied to a bank line."""
    arrived = ClearingCredit.objects.filter(payout=OuterRef("pk"), ended_on=None)
    return Payout.objects.filter(~Exists(arrived), entity=entity).select_related("provider__clearing", "entity")


def drawn_payouts(entity: LegalEntity) -> QuerySet[Payout]:
    """Those that the provider draws from our account, and that no bank line shows yet."""
    return waiting_payouts(entity).filter(net__lt=0)


def payouts_on_their_way(entity: LegalEntity) -> int:
    """How many are not tied to a bank line."""
    return waiting_payouts(entity).count()


def lines_of_amount(entity: LegalEntity, *sums: Money) -> list[BankStatementLine]:
    """Bank lines of one of these very amounts that nobody matched yet: where a payout or a slip may have arrived.

    A negative amount is drawn from our account; such a line waits on no list, so nothing may hold it yet.
    """
    fits = Q(pk=None)
    for money in sums:
        fits |= Q(amount=money.amount, currency=money.currency)
    cleared = ClearingCredit.objects.filter(line=OuterRef("pk"), ended_on=None)
    tied = LinePosting.objects.filter(line=OuterRef("pk"), ended_at=None)
    drawn = Q(amount__lt=0, is_reversal=False) & ~Exists(cleared) & ~Exists(tied)
    rows = BankStatementLine.objects.filter(
        Q(task__state=MatchTask.State.TO_MATCH) | drawn, fits, bank_account__entity=entity
    ).exclude(transaction_code__in=SETTLEMENT_CODES)
    return list(rows.select_related("bank_account__entity").order_by("-booked_on", "pk")[:20])


def providers_of(entity: LegalEntity) -> QuerySet[PaymentProvider]:
    """Who takes payments for the company."""
    return PaymentProvider.objects.filter(entity=entity, is_active=True).select_related("clearing")
