"""What a person filled in at the cash desk: whose money it is, ticks, amounts, and why something is missing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from ar_collections.reasons import DISPUTABLE
from cashapp.actions.deductions import Difference
from cashapp.forms.desk_abroad import SheetAbroad
from cashapp.models import DeductionReason
from cashapp.money_in import Payment
from cashapp.queries.desk import DISPUTE, LEAVE_OPEN, DocumentRow
from core.forms import AmountField, CodeField, offer_rows
from core.models import LegalEntity, User
from core.money import Money
from customers.models import Customer

SHORT_CHOICES = [
    (LEAVE_OPEN, "Leave open"),
    (DeductionReason.SETTLEMENT_DISCOUNT.value, "Discount"),
    (DeductionReason.BANK_CHARGE.value, "Bank charge"),
    (DeductionReason.SMALL_DIFFERENCE.value, "Small difference"),
    (DeductionReason.WITHHOLDING_TAX.value, "Withholding tax"),
    (DeductionReason.DISCOUNT_UNEARNED.value, "Not earned"),
    (DISPUTE, "Dispute"),
]
CLAIMS = [choice for choice in DISPUTABLE if choice[0] != DeductionReason.DISCOUNT_UNEARNED]


class LineForm(forms.Form):
    """Whose money it is; the documents are read by `Sheet`."""

    customer = CodeField(Customer.objects.none(), source="customers:find", label="Customer")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: QueryDict | None, by: User, entity: LegalEntity, **options: object) -> None:
        super().__init__(data, **options)  # type: ignore[arg-type]
        customers = Customer.objects.visible_to(by).filter(entity=entity)
        offer_rows(self, "customer", customers.select_related("entity", "terms"))


class QuestionForm(forms.Form):
    """What somebody wants to know about a line."""

    question = forms.CharField(max_length=400, label="Your question")


@dataclass(slots=True)
class Sheet:
    """The documents with what was typed beside them."""

    rows: Sequence[DocumentRow]
    available: Money
    people: Sequence[User] = ()
    """Who may look into a dispute."""
    errors: list[str] = field(default_factory=list)
    abroad: SheetAbroad = field(default_factory=lambda: SheetAbroad(()))
    """Documents of other currencies."""

    def read(self, data: QueryDict) -> None:
        """Take ticks, amounts and reasons from the form. A tick without an amount takes what is left."""
        for row in self.rows:
            row.apply = self._amount(row, data) if f"tick_{row.item.pk}" in data else None
            row.short = _choice(data.get(f"short_{row.item.pk}"), SHORT_CHOICES, LEAVE_OPEN)
            row.claim = _choice(data.get(f"claim_{row.item.pk}"), CLAIMS, "")
            row.note = data.get(f"note_{row.item.pk}", "").strip()
            row.owner = data.get(f"owner_{row.item.pk}", "")
            row.due = data.get(f"due_{row.item.pk}", "").strip()
            if row.short == DISPUTE and row.due and self._due_on(row) is None:
                self.errors.append(f"{row.item.number}: write the day of the dispute as 2026-05-31.")
        for row in self.rows:
            if f"tick_{row.item.pk}" in data and row.apply is None and not row.error:
                row.apply = self._what_is_left(row)
        self.abroad.read(data, Money(self.available.amount - self._applied_here, self.available.currency))
        self.errors += self.abroad.errors

    def _amount(self, row: DocumentRow, data: QueryDict) -> Decimal | None:
        try:
            amount: Decimal | None = AmountField(required=False).clean(data.get(f"apply_{row.item.pk}", ""))
        except ValidationError as error:
            row.error = " ".join(error.messages)
            self.errors.append(f"{row.item.number}: {row.error}")
            return None
        return amount

    def _what_is_left(self, row: DocumentRow) -> Decimal:
        left = self.available.amount - self._applied_here
        return row.owed if row.owed < 0 else max(min(row.owed, left), Decimal(0))

    @property
    def _applied_here(self) -> Decimal:
        """What the ticked documents in the currency of the line take together."""
        return sum((row.apply for row in self.rows if row.apply is not None), Decimal(0))

    @property
    def applied(self) -> Decimal:
        """What the ticked documents take together, those of other currencies at their rates."""
        here = self._applied_here
        return here + self.abroad.taken_of(Money(self.available.amount - here, self.available.currency))

    @property
    def left(self) -> Decimal:
        """What would stay on account."""
        return self.available.amount - self.applied

    @property
    def pays(self) -> list[Payment]:
        """The payments, without those of nothing."""
        return [Payment(row.item, row.apply) for row in self.rows if row.apply]

    @property
    def differences(self) -> list[Difference]:
        """What is missing and shall not simply stay open."""
        return [self._difference(row) for row in self.rows if row.is_short and row.short != LEAVE_OPEN]

    def _difference(self, row: DocumentRow) -> Difference:
        money = Money(row.left, row.item.currency)
        if row.short != DISPUTE:
            return Difference(row.item, money, DeductionReason(row.short), row.note)
        owner = next((each for each in self.people if str(each.pk) == row.owner), None)
        reason = DeductionReason(row.claim or DeductionReason.UNKNOWN.value)
        return Difference(row.item, money, reason, row.note, owner=owner, due_on=self._due_on(row))

    def _due_on(self, row: DocumentRow) -> date | None:
        try:
            return date.fromisoformat(row.due) if row.due else None
        except ValueError:
            return None


def _choice(given: str | None, choices: Sequence[tuple[str, str]], otherwise: str) -> str:
    return given if given in dict(choices) else otherwise
