"""Living through a contract month by month, beside an oracle that works with days alone.

The oracle knows for each billed amount its first and last day and, where days were given back, from which day on and
when. What is earned by a day is the share of the days by then; everything else on a month's last day follows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Sum

from core.models import LegalEntity, User
from customers.models import Customer
from invoicing.actions import (
    activate_contract,
    amend_contract,
    draft_charges,
    draft_contract,
    issue_credit_note,
    issue_invoices,
    release_income,
)
from invoicing.amending import AmendmentDraft
from invoicing.contract_drafts import ContractDraft
from invoicing.models import Contract, CreditNote, Invoice
from invoicing.queries.deferred_income import DeferredQuestion, Figures, roll_forward, tie_of
from ledger.balances import customer_balance
from ledger.models import Account, JournalLine

ZERO, PENNY, VAT = Decimal(0), Decimal("0.01"), Decimal("0.20")
ONE_DAY = timedelta(days=1)
EVER = date(2026, 1, 1)


@dataclass
class Billed:
    """A net amount for days, and the day from which it was given back."""

    net: Decimal
    first_on: date
    last_on: date
    billed_on: date
    given_back_from: date | None = None
    given_back_on: date | None = None

    def credited(self, by: date) -> Decimal:
        """What was given back by a day."""
        if self.given_back_from is None or self.given_back_on is None or by < self.given_back_on:
            return ZERO
        return self.net - self._share(self.given_back_from - ONE_DAY)

    def earned(self, by: date) -> Decimal:
        """What was earned by a day and is not given back."""
        end = self.last_on if not self.credited(by) or not self.given_back_from else self.given_back_from - ONE_DAY
        return ZERO if by < max(self.first_on, self.billed_on) else self._share(min(by, end))

    def deferred(self, by: date) -> Decimal:
        """What is left to be earned."""
        return ZERO if by < self.billed_on else self.net - self.credited(by) - self.earned(by)

    def _share(self, until: date) -> Decimal:
        days, whole = (until - self.first_on).days + 1, (self.last_on - self.first_on).days + 1
        return (self.net * days / whole).quantize(PENNY, rounding=ROUND_HALF_UP)


@dataclass
class Life:
    """A customer's contract, the people who look after it, and what the oracle expects."""

    entity: LegalEntity
    customer: Customer
    clerk: User
    finance_manager: User
    expected: list[Billed] = field(default_factory=list)

    def agree(self, draft: ContractDraft) -> Contract:
        """Draft and activate."""
        contract = draft_contract(by=self.clerk, entity=self.entity, draft=draft)
        return activate_contract(by=self.clerk, contract=contract)

    def amend(self, contract: Contract, draft: AmendmentDraft) -> list[CreditNote]:
        """Amend; what was billed too far is credited the same day."""
        amend_contract(by=self.clerk, contract=contract, draft=draft)
        waiting = CreditNote.objects.filter(customer=self.customer, number=None)
        return [
            issue_credit_note(by=self.finance_manager, credit_note=one, issued_on=draft.effective_on)
            for one in waiting.select_related("entity", "customer")
        ]

    def bill(self, on: date) -> list[Invoice]:
        """Bill what is due on a day."""
        drafts = draft_charges(by=self.clerk, entity=self.entity, customers=[self.customer], through=on, invoice_on=on)
        if not drafts:
            return []
        return issue_invoices(by=self.clerk, entity=self.entity, invoices=drafts, issued_on=on)

    def close_month(self, month_end: date) -> None:
        """Release the month's income and hold everything against the oracle."""
        release_income(
            by=self.finance_manager,
            entity=self.entity,
            customers=[self.customer.pk],
            month_on=month_end.replace(day=1),
        )
        self._check_deferred(month_end)
        self._check_books(month_end)

    def close_months(self, ends: Sequence[date]) -> None:
        """One after the other."""
        for month_end in ends:
            self.close_month(month_end)

    def _check_deferred(self, on: date) -> None:
        question = DeferredQuestion(entity=self.entity, from_on=EVER, as_of=on)
        found = sum((row.amounts for row in roll_forward(question, "customer")), Figures())
        billed = sum((one.net for one in self.expected if one.billed_on <= on), ZERO)
        credited = sum((one.credited(on) for one in self.expected), ZERO)
        assert found.closing == sum((one.deferred(on) for one in self.expected), ZERO), on
        assert found.billed - found.released - found.credited == found.closing
        assert tie_of(question).difference == 0
        assert self.balance(Account.Role.REVENUE, on) == billed - credited - found.closing, on

    def _check_books(self, on: date) -> None:
        """What the customer owes is what was billed less what was credited, tax included, document by document."""
        owed = customer_balance(customer=self.customer, as_of=on).get("GBP")
        invoices = Invoice.objects.filter(customer=self.customer, issued_on__lte=on).aggregate(Sum("net"), Sum("tax"))
        credits = CreditNote.objects.filter(customer=self.customer, issued_on__lte=on).aggregate(Sum("net"), Sum("tax"))
        net = (invoices["net__sum"] or ZERO) - (credits["net__sum"] or ZERO)
        tax = (invoices["tax__sum"] or ZERO) - (credits["tax__sum"] or ZERO)
        billed = sum((one.net - one.credited(on) for one in self.expected if one.billed_on <= on), ZERO)
        assert net == billed, on
        assert (owed.amount if owed else ZERO) == net + tax
        assert self.balance(Account.Role.OUTPUT_TAX, on) == tax
        assert self.balance(Account.Role.DEFERRED_INCOME, on) + self.balance(Account.Role.REVENUE, on) == net

    def balance(self, role: Account.Role, on: date) -> Decimal:
        """What stands on the credit side of an account."""
        lines = JournalLine.objects.filter(account__entity=self.entity, account__role=role, posted_on__lte=on)
        sums = lines.aggregate(debit=Sum("debit"), credit=Sum("credit"))
        return (sums["credit"] or ZERO) - (sums["debit"] or ZERO)


def gross_of(net: str) -> Decimal:
    """With tax at the standard rate."""
    amount = Decimal(net)
    return amount + (amount * VAT).quantize(PENNY, rounding=ROUND_HALF_UP)


def month_ends(first: date, last: date) -> list[date]:
    """The last days of the months from one day to another."""
    found: list[date] = []
    day = first.replace(day=28)
    while True:
        end = (day + timedelta(days=4)).replace(day=1) - ONE_DAY
        if end > last:
            return found
        found.append(end)
        day = (end + ONE_DAY).replace(day=28)
