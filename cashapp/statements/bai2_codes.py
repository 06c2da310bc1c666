"""What BAI2 type codes mean: which way the money went, which are totals, and which say that money came back.

By the standard's ranges: 1 to 99 tell balances, 100 to 399 are credits, 400 to 699 debits, 920 to 959 and 960 to 999 a
bank's own credits and debits. 700 to 799 belong to loans and 890 is a note without money.
"""

CREDITS = (range(100, 400), range(920, 960))
DEBITS = (range(400, 700), range(960, 1000))
NOTE = "890"
TOTALS = frozenset("100 110 140 190 400 450 470 490".split())
LOCKBOX_DEPOSIT, LOCKBOX_ITEM = "115", "116"
RETURNS = {
    "255": "cheque returned",
    "257": "ACH debit returned",
    "555": "deposited item returned",
    "557": "ACH item returned",
    "558": "ACH reversal",
    "566": "item returned",
}
TAKES_BACK_RECEIPTS = frozenset({"555", "557", "558", "566"})
WORDS = {
    "108": "Credit", "115": "Lockbox deposit", "116": "Lockbox item", "121": "EDI credit", "142": "ACH credit",
    "143": "ACH item", "145": "ACH concentration credit", "147": "Card deposit", "158": "Real-time payment",
    "164": "Corporate trade payment", "165": "Preauthorised ACH credit", "166": "ACH settlement",
    "171": "Loan deposit", "172": "Deposit correction", "173": "Bank-prepared deposit", "174": "Other deposit",
    "175": "Cheque deposit", "176": "Re-presented cheque deposit", "191": "Internal transfer in",
    "195": "Incoming wire", "201": "Automatic transfer in", "206": "Book transfer in",
    "208": "International transfer in",
    "214": "Foreign exchange credit", "216": "Foreign remittance", "227": "Standing order", "255": "Cheque returned",
    "257": "ACH debit returned", "266": "Transfer returned", "275": "Cash concentration", "301": "Commercial deposit",
    "354": "Interest", "399": "Miscellaneous credit", "409": "Debit", "451": "ACH debit", "447": "ACH payment",
    "475": "Cheque paid", "495": "Outgoing wire", "555": "Deposited item returned", "557": "ACH item returned",
    "558": "ACH reversal", "566": "Item returned", "567": "Returned item fee", "698": "Fees", "699": "Debit",
}  # fmt: skip


def sign_of(code: str) -> int:
    """1 for a credit, -1 for a debit; a code that is neither is a ValueError."""
    number = int(code)
    if any(number in each for each in CREDITS):
        return 1
    if any(number in each for each in DEBITS):
        return -1
    raise ValueError(code)
