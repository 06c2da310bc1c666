"""The chart of accounts of an entity, and the months in which it keeps its books."""

from calendar import monthrange
from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.scoping import ScopedModel
from ledger.guards import ACCOUNT_GUARDS, PERIOD_GUARDS


class Account(ScopedModel):
    """An account of the general ledger that receivables post to.

    Code speaks of accounts by their role; the number and the name are the accountant's. Only two roles may have several
    accounts: the bank, one for each account there, and card clearing, one for each provider of payments.
    """

    class Kind(models.TextChoices):
        """On which side an account grows, and in which statement it appears."""

        ASSET = "asset", "Asset"
        LIABILITY = "liability", "Liability"
        EQUITY = "equity", "Equity"
        INCOME = "income", "Income"
        EXPENSE = "expense", "Expense"

    class Role(models.TextChoices):
        """What the product posts to an account."""

        RECEIVABLES = "receivables", "Trade receivables (control account)"
        RECEIVABLES_REVALUATION = "receivables_revaluation", "Trade receivables, revaluation"
        UNIDENTIFIED_RECEIPTS = "unidentified_receipts", "Unidentified receipts"
        ALLOWANCE = "allowance", "Allowance for doubtful accounts"
        BANK = "bank", "Bank"
        DIRECT_DEBIT_CLEARING = "direct_debit_clearing", "Direct debit clearing"
        CARD_CLEARING = "card_clearing", "Card clearing"
        CHEQUE_CLEARING = "cheque_clearing", "Cheques to be credited"
        PAYMENTS_UNDER_WAY = "payments_under_way", "Payments under way"
        EXCHANGE_CLEARING = "exchange_clearing", "Exchange clearing"
        ACCRUED_INCOME = "accrued_income", "Accrued income"
        WITHHOLDING_TAX = "withholding_tax", "Withholding tax recoverable"
        DEFERRED_INCOME = "deferred_income", "Deferred income"
        OUTPUT_TAX = "output_tax", "Output tax"
        BAD_DEBT_TAX_RELIEF = "bad_debt_tax_relief", "Bad-debt tax relief"
        REFUNDS_PAYABLE = "refunds_payable", "Refunds payable"
        OPENING_BALANCES = "opening_balances", "Opening balances"
        REVENUE = "revenue", "Revenue"
        DISCOUNTS_ALLOWED = "discounts_allowed", "Settlement discounts allowed"
        INTEREST_INCOME = "interest_income", "Late-payment interest"
        SURCHARGE_INCOME = "surcharge_income", "Surcharges"
        BAD_DEBT = "bad_debt", "Bad debt"
        BAD_DEBT_RECOVERED = "bad_debt_recovered", "Bad debt recovered"
        BANK_CHARGES = "bank_charges", "Bank charges"
        EXCHANGE_DIFFERENCES = "exchange_differences", "Exchange differences, realised"
        UNREALISED_EXCHANGE = "unrealised_exchange", "Exchange differences, unrealised"
        SMALL_DIFFERENCES = "small_differences", "Small differences"
        ROUNDING = "rounding", "Rounding"

    DEBIT_KINDS: ClassVar[frozenset[str]] = frozenset({Kind.ASSET, Kind.EXPENSE})

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="accounts")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind)
    role = models.CharField(max_length=24, choices=Role)
    bank_account = models.OneToOneField(
        "core.BankAccount", null=True, blank=True, on_delete=models.PROTECT, related_name="ledger_account"
    )

    class Meta:
        ordering = ("entity", "code")
        constraints = (
            models.UniqueConstraint(fields=("entity", "code"), name="an_account_code_is_taken_once"),
            models.UniqueConstraint(
                fields=("entity", "role"), condition=~Q(role__in=("bank", "card_clearing")), name="one_account_a_role"
            ),
            models.CheckConstraint(
                condition=Q(bank_account=None) | Q(role="bank"), name="only_bank_accounts_have_an_account_at_a_bank"
            ),
        )
        triggers = ACCOUNT_GUARDS

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def grows_by_debit(self) -> bool:
        """Whether a positive balance of this account is a debit balance."""
        return self.kind in self.DEBIT_KINDS


class AccountingPeriod(ScopedModel):
    """A calendar month of an entity's books. What is dated in it can be posted while it is open.

    Soft-locked it takes only what somebody with the right gives a reason for; closed it takes nothing.
    """

    class State(models.TextChoices):
        """How far the month is closed."""

        OPEN = "open", "Open"
        SOFT_LOCKED = "soft_locked", "Soft-locked"
        CLOSED = "closed", "Closed"

    entity = models.ForeignKey("core.LegalEntity", on_delete=models.PROTECT, related_name="periods")
    starts_on = models.DateField(help_text="The first of the month.")
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)

    class Meta:
        ordering = ("entity", "-starts_on")
        constraints = (
            models.UniqueConstraint(fields=("entity", "starts_on"), name="one_period_a_month"),
            models.CheckConstraint(condition=Q(starts_on__day=1), name="a_period_starts_on_the_first"),
        )
        triggers = PERIOD_GUARDS

    def __str__(self) -> str:
        return f"{self.starts_on:%B %Y}"

    @property
    def ends_on(self) -> date:
        """The last day of the month."""
        return self.starts_on.replace(day=monthrange(self.starts_on.year, self.starts_on.month)[1])
