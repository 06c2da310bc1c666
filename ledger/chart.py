"""The chart of accounts that a new entity starts with. Numbers and names are its accountant's to change."""

from typing import Final, NamedTuple

from ledger.models import Account

Kind, Role = Account.Kind, Account.Role


class AccountDraft(NamedTuple):
    """An account before it belongs to an entity."""

    code: str
    name: str
    kind: Account.Kind
    role: Account.Role


CHART: Final = (
    AccountDraft("1100", "Trade receivables", Kind.ASSET, Role.RECEIVABLES),
    AccountDraft("1101", "Trade receivables, revaluation", Kind.ASSET, Role.RECEIVABLES_REVALUATION),
    AccountDraft("1110", "Unidentified receipts", Kind.LIABILITY, Role.UNIDENTIFIED_RECEIPTS),
    AccountDraft("1190", "Allowance for doubtful accounts", Kind.ASSET, Role.ALLOWANCE),
    AccountDraft("1200", "Bank", Kind.ASSET, Role.BANK),
    AccountDraft("1210", "Direct debit clearing", Kind.ASSET, Role.DIRECT_DEBIT_CLEARING),
    AccountDraft("1215", "Card clearing", Kind.ASSET, Role.CARD_CLEARING),
    AccountDraft("1250", "Payments under way", Kind.ASSET, Role.PAYMENTS_UNDER_WAY),
    AccountDraft("1230", "Cheques to be credited", Kind.ASSET, Role.CHEQUE_CLEARING),
    AccountDraft("1260", "Exchange clearing", Kind.ASSET, Role.EXCHANGE_CLEARING),
    AccountDraft("1300", "Accrued income", Kind.ASSET, Role.ACCRUED_INCOME),
    AccountDraft("1400", "Withholding tax recoverable", Kind.ASSET, Role.WITHHOLDING_TAX),
    AccountDraft("2100", "Deferred income", Kind.LIABILITY, Role.DEFERRED_INCOME),
    AccountDraft("2200", "Output tax", Kind.LIABILITY, Role.OUTPUT_TAX),
    AccountDraft("2210", "Bad-debt tax relief", Kind.LIABILITY, Role.BAD_DEBT_TAX_RELIEF),
    AccountDraft("2300", "Refunds payable", Kind.LIABILITY, Role.REFUNDS_PAYABLE),
    AccountDraft("3900", "Opening balances", Kind.EQUITY, Role.OPENING_BALANCES),
    AccountDraft("4000", "Revenue", Kind.INCOME, Role.REVENUE),
    AccountDraft("4100", "Settlement discounts allowed", Kind.EXPENSE, Role.DISCOUNTS_ALLOWED),
    AccountDraft("4200", "Late-payment interest", Kind.INCOME, Role.INTEREST_INCOME),
    AccountDraft("4210", "Surcharges", Kind.INCOME, Role.SURCHARGE_INCOME),
    AccountDraft("6100", "Bad debt", Kind.EXPENSE, Role.BAD_DEBT),
    AccountDraft("6110", "Bad debt recovered", Kind.INCOME, Role.BAD_DEBT_RECOVERED),
    AccountDraft("6200", "Bank charges", Kind.EXPENSE, Role.BANK_CHARGES),
    AccountDraft("6300", "Exchange differences, realised", Kind.EXPENSE, Role.EXCHANGE_DIFFERENCES),
    AccountDraft("6310", "Exchange differences, unrealised", Kind.EXPENSE, Role.UNREALISED_EXCHANGE),
    AccountDraft("6400", "Small differences", Kind.EXPENSE, Role.SMALL_DIFFERENCES),
    AccountDraft("6410", "Rounding", Kind.EXPENSE, Role.ROUNDING),
)
