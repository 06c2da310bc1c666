"""To which segment an item belongs, and the seven segments and ladders that come with the product. No database.

The first segment in the list that fits decides. Where a customer was put into one by hand, no other rule about
customers counts, but a rule about documents that stands above it still does: a final of a strategic customer is one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from ar_collections.models.strategies import Segment, Step
from ar_collections.tones import Tone

Rule = Segment.Rule
FINAL, RECURRING = "final", "recurring"
OF_DOCUMENTS = {Rule.FINAL: FINAL, Rule.RECURRING: RECURRING}


@dataclass(frozen=True, slots=True)
class Traits:
    """What is known of a customer for choosing their segment. `owed` is in the currency of the books."""

    by_hand: int | None = None
    keyword: str = ""
    has_mandate: bool = False
    owed: Decimal = Decimal(0)


def segment_for(segments: Sequence[Segment], traits: Traits, kind: str) -> Segment | None:
    """The segment of an item; `kind` says whether its document is a final or a recurring invoice."""
    for segment in segments:
        if segment.rule in OF_DOCUMENTS:
            if OF_DOCUMENTS[Rule(segment.rule)] == kind:
                return segment
        elif traits.by_hand is not None:
            if segment.pk == traits.by_hand:
                return segment
        elif _fits(segment, traits):
            return segment
    return None


def _fits(segment: Segment, traits: Traits) -> bool:
    if segment.rule == Rule.KEYWORD:
        return traits.keyword.strip().casefold() == segment.keyword.strip().casefold()
    if segment.rule == Rule.MANDATE:
        return traits.has_mandate
    if segment.rule == Rule.SMALL:
        return segment.threshold is not None and traits.owed < segment.threshold
    return segment.rule == Rule.ALL


# What comes filled in ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StepFacts:
    """A step as people write it down."""

    code: str
    name: str
    day: int
    tone: str
    template: str = ""
    channel: str = Step.Channel.EMAIL
    asks_call: bool = False
    copy_to: str = ""
    copy_addresses: tuple[str, ...] = ()
    is_courtesy: bool = False
    is_by_hand: bool = False


@dataclass(frozen=True, slots=True)
class UsualSegment:
    """A segment with its ladder, as it comes with the product."""

    code: str
    name: str
    rule: str
    purpose: str
    steps: tuple[StepFacts, ...]
    keyword: str = ""
    threshold: Decimal | None = None


def _call(code: str, name: str, day: int, tone: str, template: str, copy_to: str = "") -> StepFacts:
    return StepFacts(code, name, day, tone, template, asks_call=True, copy_to=copy_to)


def _manager(code: str, name: str, day: int, tone: str, template: str, channel: str = "email") -> StepFacts:
    return StepFacts(code, name, day, tone, template, channel, copy_to=Step.Copy.ESCALATION, is_by_hand=True)


PRE_DUE: Final = StepFacts("pre_due", "Before it is due", -5, Tone.HELPFUL, "notice_pre_due", is_courtesy=True)
DUE: Final = StepFacts("due_today", "Due", 1, Tone.NEUTRAL, "notice_due", is_courtesy=True)
FIRST: Final = _call("first_chase", "First reminder", 5, Tone.FRIENDLY, "notice_friendly")
SECOND: Final = _call("second_chase", "Second reminder", 15, Tone.FIRM, "notice_firm")
THIRD: Final = _call("third_chase", "Third reminder", 25, Tone.FIRM, "notice_firm", Step.Copy.EVERYBODY)
SUSPENSION: Final = _manager("suspension_start", "Notice of suspension", 31, Tone.FORMAL, "notice_formal")
DEMAND: Final = _manager("final_demand", "Final demand", 45, Tone.FINAL, "notice_final", Step.Channel.LETTER)
PRE_LEGAL: Final = _manager("pre_legal", "Letter before action", 60, Tone.LEGAL, "notice_legal", Step.Channel.LETTER)
LEGAL: Final = StepFacts("legal", "Hand-over", 75, Tone.LEGAL, channel=Step.Channel.NONE, is_by_hand=True)
FULL: Final = (PRE_DUE, DUE, FIRST, SECOND, THIRD, SUSPENSION, DEMAND, PRE_LEGAL, LEGAL)
RECEIVED: Final = StepFacts("received", "Did it arrive?", -10, Tone.HELPFUL, "notice_received", asks_call=True)

USUAL: Final = (
    UsualSegment(
        "final_invoice",
        "Final invoices",
        Rule.FINAL,
        "The last invoice of a customer who leaves: did it arrive? Then called and written to twice, then suspended.",
        (RECEIVED, FIRST, SECOND, SUSPENSION, DEMAND, PRE_LEGAL, LEGAL),
    ),
    UsualSegment(
        "strategic",
        "Strategic customers",
        Rule.BY_HAND,
        "Named accounts: called before anything is written, and nothing final by itself.",
        (
            PRE_DUE,
            StepFacts("courtesy_call", "Courtesy call", 3, Tone.FRIENDLY, channel=Step.Channel.NONE, asks_call=True),
            _call("first_chase", "First reminder", 8, Tone.FRIENDLY, "notice_friendly", Step.Copy.ESCALATION),
            _call("second_chase", "Second reminder", 20, Tone.FIRM, "notice_firm", Step.Copy.ESCALATION),
            _manager("account_talk", "Talk of the account managers", 35, Tone.FIRM, "notice_firm"),
        ),
    ),
    UsualSegment(
        "public_sector",
        "Public sector",
        Rule.KEYWORD,
        "Order number and e-invoice are checked first; no word of suspension.",
        (
            StepFacts("order_check", "Check order and e-invoice", -5, Tone.HELPFUL, "notice_received", asks_call=True),
            FIRST,
            SECOND,
            THIRD,
            _manager("final_demand", "Final demand", 60, Tone.FINAL, "notice_final", Step.Channel.LETTER),
        ),
        keyword="Public sector",
    ),
    UsualSegment(
        "dd_payer",
        "Direct debit",
        Rule.MANDATE,
        "Nothing before the debit had three working days; after a return they are asked to pay otherwise.",
        (
            StepFacts("first_chase", "First reminder", 6, Tone.FRIENDLY, "notice_friendly"),
            SECOND,
            THIRD,
            SUSPENSION,
            DEMAND,
            PRE_LEGAL,
            LEGAL,
        ),
    ),
    UsualSegment(
        "small_balance",
        "Small balances",
        Rule.SMALL,
        "By e-mail only; after 180 days somebody looks whether to write it off.",
        (
            DUE,
            StepFacts("first_chase", "First reminder", 10, Tone.FRIENDLY, "notice_friendly"),
            StepFacts("second_chase", "Second reminder", 30, Tone.FIRM, "notice_firm"),
            StepFacts("third_chase", "Third reminder", 60, Tone.FIRM, "notice_firm"),
            StepFacts("write_off", "Write it off?", 180, Tone.NEUTRAL, channel=Step.Channel.NONE, is_by_hand=True),
        ),
        threshold=Decimal(250),
    ),
    UsualSegment(
        "mrr",
        "Recurring invoices",
        Rule.RECURRING,
        "Subscriptions: oldest first, then the service is at stake.",
        FULL,
    ),
    UsualSegment("standard", "Standard", Rule.ALL, "The full ladder, for everybody else.", FULL),
)
