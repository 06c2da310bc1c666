"""What is known of a document that was paid short: its terms, tolerances, taxes, and what was let go this month."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncMonth

from cashapp.matching import Effect, WrittenRule
from cashapp.models import BankStatementLine, Deduction, DeductionReason, Tolerance, WithholdingPattern
from cashapp.queries.written_rules import rules_in_force, signs_of
from cashapp.shortages import Allowed, Discount, Likely, Shortage, Withholding, likely_reason
from core.models import LegalEntity
from core.money import ZERO, Money, round_to_currency
from customers.models import Address, Customer
from ledger.models import Account, JournalLine, OpenItem

WITHIN_TOLERANCE = frozenset({DeductionReason.BANK_CHARGE, DeductionReason.SMALL_DIFFERENCE})


@dataclass
class ShortRules:
    """The rules of one company, read once for a page or a batch of lines."""

    entity: LegalEntity

    @cached_property
    def _tolerances(self) -> dict[tuple[str, str], Tolerance]:
        rows = Tolerance.objects.filter(entity=self.entity, ended_at=None)
        return {(row.currency, row.segment): row for row in rows}

    @cached_property
    def _patterns(self) -> Sequence[WithholdingPattern]:
        return list(WithholdingPattern.objects.filter(entity=self.entity, ended_at=None))

    def tolerance_of(self, customer: Customer, currency: str) -> Tolerance | None:
        """That of the customer's class, else the one for everybody."""
        return self._tolerances.get((currency, customer.segment)) or self._tolerances.get((currency, ""))

    def allowed(self, item: OpenItem, customer: Customer, on: date) -> Allowed | None:
        """What may be let go of a document on a day."""
        tolerance = self.tolerance_of(customer, item.currency)
        if tolerance is None:
            return None
        left = tolerance.monthly_cap - let_go_in_month(customer, item.currency, on)
        return Allowed(
            tolerance.pk, str(tolerance), tolerance.most_of(item.amount), max(left, ZERO), tolerance.settles_by_itself
        )

    def withholdings(self, item: OpenItem, customer: Customer) -> list[Withholding]:
        """The taxes that this customer may keep back of the document."""
        if not self._patterns:
            return []
        net = item.amount - tax_of([item.pk]).get(item.pk, ZERO)
        country = _country_of(customer)
        fitting = [each for each in self._patterns if customer.pk == each.customer_id or each.country == country != ""]
        return [Withholding(str(each), each.part_of(item.amount, net, item.currency)) for each in fitting]

    @cached_property
    def _written(self) -> Sequence[WrittenRule]:
        return [rule for rule in rules_in_force(self.entity) if rule.effect is Effect.EXPLAINS]

    def likely(self, item: OpenItem, short: Money, line: BankStatementLine, on: date) -> Likely | None:
        """The reason that a rule of people or the figures of a short payment speak for."""
        signs = signs_of(line)
        if written := next((rule for rule in self._written if rule.meets(signs)), None):
            return Likely(DeductionReason(written.reason), written.label)
        customer = item.customer
        return likely_reason(
            Shortage(
                short=short,
                received_on=line.booked_on,
                discount=discount_of(item, customer),
                discount_taken=discount_taken(item),
                withholdings=self.withholdings(item, customer),
                allowed=self.allowed(item, customer, on),
                from_abroad=is_from_abroad(line),
            )
        )


def discount_of(item: OpenItem, customer: Customer) -> Discount | None:
    """What the customer's terms allow on a document."""
    until = customer.terms.discount_until(item.document_on)
    if until is None:
        return None
    return Discount(round_to_currency(item.amount * customer.terms.discount_percent / 100, item.currency), until)


def discount_taken(item: OpenItem) -> Decimal:
    """The discount that was given on a document before."""
    return _kept_back(item, DeductionReason.SETTLEMENT_DISCOUNT)


def tax_withheld(item: OpenItem) -> Decimal:
    """The withholding tax that was accepted on a document before."""
    return _kept_back(item, DeductionReason.WITHHOLDING_TAX)


def _kept_back(item: OpenItem, reason: DeductionReason) -> Decimal:
    earlier = item.deductions.filter(reason=reason, ended_on=None)
    return earlier.aggregate(sum=Sum("amount"))["sum"] or ZERO


def let_go_in_month(customer: Customer, currency: str, on: date) -> Decimal:
    """What tolerances let go for a customer in the month of a day."""
    rows = Deduction.objects.filter(item__customer=customer, currency=currency, ended_on=None, tolerance__isnull=False)
    rows = rows.filter(entry__posted_on__year=on.year, entry__posted_on__month=on.month)
    return rows.aggregate(sum=Sum("amount"))["sum"] or ZERO


def tax_of(items: Iterable[int]) -> dict[int, Decimal]:
    """The tax within documents, by item."""
    wanted = {line: item for item, line in OpenItem.objects.filter(pk__in=items).values_list("pk", "line__entry")}
    rows = JournalLine.objects.filter(entry__in=wanted, account__role=Account.Role.OUTPUT_TAX).order_by()
    return {wanted[entry]: tax for entry, tax in rows.values_list("entry").annotate(Sum("credit"))}


def is_from_abroad(line: BankStatementLine) -> bool:
    """Whether banks between may have taken a charge: the line says so, or the account is another country's."""
    if line.charges or (line.original_currency and line.original_currency != line.currency):
        return True
    account = line.payer_account.replace(" ", "")
    country = account[:2].upper() if account[:2].isalpha() else ""
    return bool(country) and country != line.bank_account.entity.country


def _country_of(customer: Customer) -> str:
    rows = Address.objects.filter(customer=customer, kind=Address.Kind.BILLING, is_active=True)
    return rows.values_list("country", flat=True).first() or ""


@dataclass(frozen=True, slots=True)
class LetGo:
    """What was let go for one customer in one month and currency, against what may be."""

    customer: Customer
    month: date
    currency: str
    count: int
    under_tolerance: Decimal
    by_people: Decimal
    cap: Decimal | None

    @property
    def total(self) -> Decimal:
        """Both together."""
        return self.under_tolerance + self.by_people


def small_write_offs(entity: LegalEntity, *, from_on: date, until_on: date) -> list[LetGo]:
    """Bank charges and small differences that were let go, per customer and month, the most first."""
    rows = Deduction.objects.filter(entity=entity, reason__in=WITHIN_TOLERANCE, ended_on=None)
    rows = rows.filter(entry__posted_on__gte=from_on, entry__posted_on__lte=until_on)
    figures = (
        rows.order_by()
        .values_list("item__customer", TruncMonth("entry__posted_on"), "currency")
        .annotate(
            count=Count("pk"),
            under=Sum("amount", filter=Q(tolerance__isnull=False), default=ZERO),
            by_people=Sum("amount", filter=Q(tolerance=None), default=ZERO),
        )
    )
    customers = Customer.objects.in_bulk({figure[0] for figure in figures})
    rules = ShortRules(entity)
    found = [_let_go(rules, customers[customer], *figure) for customer, *figure in figures]
    return sorted(found, key=lambda each: (each.month, each.total), reverse=True)


def _let_go(
    rules: ShortRules, customer: Customer, month: date, currency: str, count: int, under: Decimal, by_people: Decimal
) -> LetGo:
    tolerance = rules.tolerance_of(customer, currency)
    return LetGo(customer, month, currency, count, under, by_people, tolerance.monthly_cap if tolerance else None)
