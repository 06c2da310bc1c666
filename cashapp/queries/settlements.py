"""Settlement files as pages show them: what was paid, kept back and paid out, and what nobody has booked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery

from cashapp.models import (
    BankStatement,
    BankStatementLine,
    ClearingCredit,
    ElectronicPayment,
    MatchDecision,
    PaymentFact,
    PaymentProvider,
    Payout,
    SettlementLine,
    StatementListing,
)
from cashapp.settlements import PROVIDERS, SETTLEMENT_CODES, Movement, movement_of
from core.models import LegalEntity, User
from core.money import ZERO
from ledger.models import JournalEntry

Kind = SettlementLine.Kind
LONGEST_PAYOUT = timedelta(days=120)
CONVERTED_WITHIN = timedelta(days=1)


def is_settlement(statement: BankStatement) -> bool:
    """Whether a statement came out of a provider's settlement file."""
    return settlement_lines_of(statement).exists()


def settlement_lines_of(statement: BankStatement) -> QuerySet[BankStatementLine]:
    """The statement's movements at a provider, in the order of the file."""
    rows = BankStatementLine.objects.filter(listings__statement=statement, transaction_code__in=SETTLEMENT_CODES)
    return rows.select_related("bank_account__entity").order_by("listings__position")


def lines_of_payout(line: BankStatementLine) -> list[BankStatementLine]:
    """Everything that a payout pays out, from whichever file it came."""
    rows = BankStatementLine.objects.filter(
        bank_account=line.bank_account_id,
        references__payout=line.references.get("payout", ""),
        booked_on__range=(line.booked_on - LONGEST_PAYOUT, line.booked_on + LONGEST_PAYOUT),
        transaction_code__in=SETTLEMENT_CODES,
    )
    return list(rows.exclude(transaction_code__endswith=f" {Kind.PAYOUT}").select_related("bank_account"))


def other_half(line: BankStatementLine) -> BankStatementLine | None:
    """The movement in another currency that a provider's conversion made, where only one can be it."""
    about = line.references.get("transaction", "")
    if not about:
        return None
    rows = BankStatementLine.objects.filter(
        bank_account__entity=line.bank_account.entity_id,
        transaction_code=line.transaction_code,
        references__transaction=about,
        booked_on__range=(line.booked_on - CONVERTED_WITHIN, line.booked_on + CONVERTED_WITHIN),
    )
    opposite = rows.filter(amount__gt=0) if line.amount < 0 else rows.filter(amount__lt=0)
    found = list(opposite.exclude(currency=line.currency).select_related("bank_account__entity")[:2])
    return found[0] if len(found) == 1 else None


def entry_keyed(entity: LegalEntity, key: str) -> JournalEntry | None:
    """The entry of an event that was booked before."""
    return JournalEntry.objects.filter(entity=entity, key=key).first()


def accounts_at_providers(entity: LegalEntity) -> QuerySet[BankStatement, int]:
    """The accounts that settlement files came for: their money is kept on clearing accounts."""
    of_providers = Q()
    for provider in PROVIDERS:
        of_providers |= Q(file_format__startswith=f"{provider} ")
    return BankStatement.objects.filter(of_providers, bank_account__entity=entity).values_list(
        "bank_account", flat=True
    )


def provider_named(entity: LegalEntity, name: str) -> PaymentProvider | None:
    """The company's provider of that name or code."""
    rows = PaymentProvider.objects.filter(Q(code__iexact=name) | Q(name__iexact=name), entity=entity, is_active=True)
    return rows.select_related("clearing", "entity").order_by("pk").first()


def payments_by_reference(provider: PaymentProvider, references: Iterable[str]) -> dict[str, ElectronicPayment]:
    """Payments that came in before, by the provider's id."""
    rows = ElectronicPayment.objects.filter(provider=provider, reference__in=set(references) - {""})
    return {row.reference: row for row in rows.select_related("entity", "provider__clearing", "customer")}


def settlements_of(entity: LegalEntity, by: User) -> QuerySet[BankStatement]:
    """Settlement files, the latest first, with how much of them is booked and what is not."""
    rows = BankStatement.objects.visible_to(by).filter(bank_account__entity=entity)
    listed = StatementListing.objects.filter(statement=OuterRef("pk"), line__transaction_code__in=SETTLEMENT_CODES)
    counted = listed.order_by().values("statement")
    differing = counted.exclude(line__settlement__difference="").filter(line__settlement__isnull=False)
    return (
        rows.filter(Exists(listed))
        .select_related("bank_account")
        .annotate(
            line_count=Subquery(counted.annotate(count=Count("pk")).values("count")),
            settled_count=Subquery(
                counted.filter(line__settlement__isnull=False).annotate(count=Count("pk")).values("count")
            ),
            differences=Subquery(differing.annotate(count=Count("pk")).values("count")),
        )
        .order_by(F("to_on").desc(nulls_last=True), "-pk")
    )


@dataclass(frozen=True, slots=True)
class SettledRow:
    """One movement as the page shows it."""

    movement: Movement
    settled: SettlementLine | None

    @property
    def kind(self) -> str:
        """What moved."""
        return Kind(self.movement.kind).label

    @property
    def is_posted(self) -> bool:
        """Whether its payment is posted to its customer."""
        return bool(getattr(self.movement.line, "is_posted", False))

    @property
    def is_own(self) -> bool:
        """Whether the matcher posted it."""
        return bool(getattr(self.movement.line, "is_own", False))


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """A payout of the file, and where it is: on the bank line, on its way, or not taken in."""

    movement: Movement
    payout: Payout | None
    credit: ClearingCredit | None
    kept_as: str
    difference: str

    @property
    def net(self) -> Decimal:
        """What leaves for the bank."""
        amount: Decimal = self.movement.line.amount
        return -amount


@dataclass(frozen=True, slots=True)
class SettlementFigures:
    """What the file comes to, in its currency."""

    payments: int
    gross: Decimal
    fees: Decimal
    returned: Decimal
    held: Decimal
    paid_out: Decimal
    differences: int
    waiting: int

    @property
    def net(self) -> Decimal:
        """What is left of the payments."""
        return self.gross + self.returned + self.held - self.fees


def rows_of(lines: Iterable[BankStatementLine]) -> list[SettledRow]:
    """Lines with what became of them."""
    return [SettledRow(movement_of(line), getattr(line, "settlement", None)) for line in lines]


def settled_lines(statement: BankStatement) -> QuerySet[BankStatementLine]:
    """The movements with the payments and payouts that they were led to."""
    posted = PaymentFact.objects.filter(
        payment=OuterRef("settlement__payment"), kind=PaymentFact.Kind.POSTED, receipt__ended_on=None
    )
    own = MatchDecision.objects.filter(
        line=OuterRef("pk"), receipt__ended_on=None, receipt__isnull=False, decided_by__is_system=True
    )
    rows = settlement_lines_of(statement).annotate(is_posted=Exists(posted), is_own=Exists(own))
    return rows.select_related(
        "settlement__payment__customer",
        "settlement__payout",
        "settlement__entry",
        "settlement__exchange",
        "settlement__fact",
    )


def figures_of(rows: Sequence[SettledRow]) -> SettlementFigures:
    """Add the file up."""
    moved = [row.movement for row in rows]
    payments = [each for each in moved if each.kind == Kind.PAYMENT]
    back = [each for each in moved if each.kind in (Kind.REFUND, Kind.CHARGEBACK, Kind.OTHER)]
    held = [each for each in moved if each.kind in (Kind.RESERVE, Kind.CONVERSION)]
    return SettlementFigures(
        payments=len(payments),
        gross=sum((each.gross for each in payments), ZERO),
        fees=sum((each.fee for each in moved), ZERO),
        returned=sum((each.gross for each in back), ZERO),
        held=sum((each.gross for each in held), ZERO),
        paid_out=-sum((each.gross for each in moved if each.kind == Kind.PAYOUT), ZERO),
        differences=sum(bool(row.settled and row.settled.difference) for row in rows),
        waiting=sum(row.settled is None for row in rows),
    )


def payouts_in(statement: BankStatement) -> list[PayoutRow]:
    """The payouts of a file with their bank lines."""
    live = ClearingCredit.objects.filter(ended_on=None).select_related("line__bank_account", "entry")
    lines = settled_lines(statement).filter(transaction_code__endswith=f" {Kind.PAYOUT}")
    credits = Prefetch("settlement__payout__credits", live, to_attr="live_credits")
    return [_payout_row(line) for line in lines.prefetch_related(credits)]


def _payout_row(line: BankStatementLine) -> PayoutRow:
    settled: SettlementLine | None = getattr(line, "settlement", None)
    payout = settled.payout if settled else None
    credits: list[ClearingCredit] = getattr(payout, "live_credits", [])
    return PayoutRow(
        movement=movement_of(line),
        payout=payout,
        credit=credits[0] if credits else None,
        kept_as=settled.kept_as if settled else "",
        difference=settled.difference if settled else "",
    )
