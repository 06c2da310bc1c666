"""What a person filled in at the cash desk: whose money it is, ticks, amounts, and why something is missing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from cashapp.actions.deductions import Difference
from cashapp.models import SETTLED_AT_ONCE, DeductionReason
from cashapp.money_in import Payment
from cashapp.queries.desk import DocumentRow
from core.forms import AmountField, CodeField
from core.models import LegalEntity, User
from core.money import Money
from customers.models import Customer

LEAVE_OPEN, CLAIM = "leave_open", "claim"
SHORT_CHOICES = [
    (LEAVE_OPEN, "Leave open"),
    (DeductionReason.SETTLEMENT_DISCOUNT.value, "Discount"),
    (DeductionReason.BANK_CHARGE.value, "Bank charge"),
    (DeductionReason.SMALL_DIFFERENCE.value, "Small difference"),
    (DeductionReason.WITHHOLDING_TAX.value, "Withholding tax"),
    (CLAIM, "Claim"),
]
CLAIMS = [(reason.value, reason.label) for reason in DeductionReason if reason not in SETTLED_AT_ONCE]


class LineForm(forms.Form):
    """Whose money it is; the documents are read by `Sheet`."""

    customer = CodeField(Customer.objects.none(), source="customers:find", label="Customer")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    remember = forms.BooleanField(required=False, label="Know this payer from now on")

    def __init__(self, data: QueryDict | None, by: User, entity: LegalEntity, **options: object) -> None:
        super().__init__(data, **options)  # type: ignore[arg-type]
        customers = Customer.objects.visible_to(by).filter(entity=entity)
        self.fields["customer"].queryset = customers.select_related("entity", "terms")  # type: ignore[attr-defined]


class QuestionForm(forms.Form):
    """What somebody wants to know about a line."""

    question = forms.CharField(max_length=400, label="Your question")


@dataclass(slots=True)
class Sheet:
    """The documents with what was typed beside them."""

    rows: Sequence[DocumentRow]
    available: Money
    errors: list[str] = field(default_factory=list)

    def read(self, data: QueryDict) -> None:
        """Take ticks, amounts and reasons from the form. A tick without an amount takes what is left."""
        for row in self.rows:
            row.apply = self._amount(row, data) if f"tick_{row.item.pk}" in data else None
            row.short = data.get(f"short_{row.item.pk}", LEAVE_OPEN)
            row.claim = data.get(f"claim_{row.item.pk}", "")
            row.note = data.get(f"note_{row.item.pk}", "").strip()
        for row in self.rows:
            if f"tick_{row.item.pk}" in data and row.apply is None and not row.error:
                row.apply = self._what_is_left(row)

    def _amount(self, row: DocumentRow, data: QueryDict) -> Decimal | None:
        try:
            amount: Decimal | None = AmountField(required=False).clean(data.get(f"apply_{row.item.pk}", ""))
        except ValidationError as error:
            row.error = " ".join(error.messages)
            self.errors.append(f"{row.item.number}: {row.error}")
            return None
        return amount

    def _what_is_left(self, row: DocumentRow) -> Decimal:
        return row.owed if row.owed < 0 else max(min(row.owed, self.left), Decimal(0))

    @property
    def applied(self) -> Decimal:
        """What the ticked documents take together."""
        return sum((row.apply for row in self.rows if row.apply is not None), Decimal(0))

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
        reason = row.claim or DeductionReason.UNKNOWN.value if row.short == CLAIM else row.short
        return Difference(row.item, Money(row.left, row.item.currency), DeductionReason(reason), row.note)
