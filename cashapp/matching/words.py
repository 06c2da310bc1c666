"""The rules in the order in which they are tried, in words for the people who live with them."""

from dataclasses import dataclass

from cashapp.matching.proposals import MatchRule


@dataclass(frozen=True, slots=True)
class RuleWords:
    """What a rule looks for, and when it posts by itself."""

    rule: MatchRule
    looks_for: str
    posts: str


NEVER = "Never; a person decides"

RULES = (
    RuleWords(
        MatchRule.REFERENCE,
        "A valid structured reference (RF, or a number in the structured part of the payment).",
        "When the amount is the open amount and the payer does not contradict it",
    ),
    RuleWords(
        MatchRule.REMITTANCE,
        "A remittance of the payer that is tied to the line.",
        "When all documents that it names are open and one customer's, and its lines come to the money",
    ),
    RuleWords(
        MatchRule.NUMBER,
        "One whole document number in the text.",
        "When the amount is the open amount and the payer does not contradict it",
    ),
    RuleWords(
        MatchRule.NUMBERS,
        "Several whole numbers in the text.",
        "When their open amounts add up to the money and the payer does not contradict them",
    ),
    RuleWords(
        MatchRule.GROUP,
        "Numbers of several customers, from a payer who was declared to pay for them.",
        NEVER,
    ),
    RuleWords(
        MatchRule.DAMAGED_NUMBERS,
        "Numbers without prefix or separators, only the running number, the last digit cut, misread characters.",
        "When the payer is known, the amounts add up and no other reading does",
    ),
    RuleWords(
        MatchRule.PURCHASE_ORDER,
        "A purchase order of an invoice, or of several.",
        "When the amount is that of one of them, or of all",
    ),
    RuleWords(
        MatchRule.NUMBERS_AND_OTHERS,
        "Numbers in a text that the bank cut off, and items that make up the rest.",
        "When exactly one set of items makes up the rest and chance would hardly find one",
    ),
    RuleWords(
        MatchRule.LESS_CREDIT,
        "Numbers, less a credit note of the customer.",
        "When one credit note, or one pair, is the difference",
    ),
    RuleWords(
        MatchRule.PART_PAYMENT,
        "A number whose document is paid in part.",
        "When the payer is known, everything in the text is explained and no other item has that amount",
    ),
    RuleWords(
        MatchRule.OVER_PAYMENT,
        "Numbers whose documents are overpaid; the rest stays on account.",
        "When the payer is known, the text was not cut off and the rest is no other item",
    ),
    RuleWords(
        MatchRule.ONE_AMOUNT,
        "The payer, and one item of that amount.",
        "When no other item or sum fits; a name alone is too little for an amount that many customers owe",
    ),
    RuleWords(
        MatchRule.WHOLE_BALANCE, "The payer, and the whole balance.", "When no other set of items has the amount"
    ),
    RuleWords(
        MatchRule.ALL_OVERDUE, "The payer, and all that is overdue.", "When no other set of items has the amount"
    ),
    RuleWords(
        MatchRule.STATEMENT_TOTAL,
        "The payer, and the total of the last statement of account.",
        "When no other set of items has the amount",
    ),
    RuleWords(
        MatchRule.INSTALMENT,
        "The payer, and an instalment of the payment plan: the plan's documents, the oldest first.",
        "When no other set of items has the amount",
    ),
    RuleWords(
        MatchRule.PROMISE,
        "The payer, and a sum that was promised: the documents that it was promised for, the oldest first.",
        "When no other set of items has the amount",
    ),
    RuleWords(
        MatchRule.SUM_OF_ITEMS,
        "The payer, and two to four items that add up, credit notes among them.",
        "When one set alone fits and chance would hardly find one",
    ),
    RuleWords(
        MatchRule.DUE_TOGETHER,
        "The payer, and five or more items that fall due one after the other.",
        "When one set alone fits and chance would hardly find one",
    ),
    RuleWords(
        MatchRule.WRITTEN,
        "A rule that somebody wrote: keep it on account.",
        "On account, when nothing points at another customer",
    ),
    RuleWords(MatchRule.ALREADY_SETTLED, "A number that is settled already.", "On account, when the payer is certain"),
    RuleWords(MatchRule.NEAR_AMOUNT, "The payer, and an amount a few per cent beside one item.", NEVER),
    RuleWords(MatchRule.OLDEST_FIRST, "The payer, and nothing that fits: the oldest items.", NEVER),
    RuleWords(MatchRule.LIKELY_PAYER, "A payer who is only similar, and an amount that fits.", NEVER),
    RuleWords(MatchRule.PAYER_ONLY, "The payer, and nothing open.", "On account, when the payer is certain"),
    RuleWords(MatchRule.NOTHING, "Nothing that tells who paid.", NEVER),
)
