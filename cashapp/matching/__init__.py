"""Which documents does this money pay? Pure reasoning: no database, no clock.

`OpenIndex` holds what is open, `match_line` answers for one bank line. Rules look for explanations of a line and
each explanation carries its evidence in words. A line is *posted* by itself only when one explanation is left under
all evidence: the payer, every number that the text names and the amount must not contradict it, and no other
explanation may fit. In every other case the best explanation is *proposed* to a person, or the money is kept on
account of the customer who surely sent it, or it stays unidentified.
"""

from cashapp.matching.cascade import RULES_VERSION, match_line
from cashapp.matching.facts import (
    AgreedSum,
    BankLine,
    DeclaredPayer,
    KeptBack,
    KnownCustomer,
    LearnedPayer,
    OpenDocument,
    Side,
    StatedPart,
    StatedRemittance,
    StatementTotal,
)
from cashapp.matching.index import OpenIndex
from cashapp.matching.proposals import Applied, Decision, Evidence, MatchProposal, MatchRule
from cashapp.matching.written import Effect, WrittenRule

__all__ = [
    "RULES_VERSION",
    "AgreedSum",
    "Applied",
    "BankLine",
    "DeclaredPayer",
    "Decision",
    "Effect",
    "Evidence",
    "KeptBack",
    "KnownCustomer",
    "LearnedPayer",
    "MatchProposal",
    "OpenDocument",
    "OpenIndex",
    "MatchRule",
    "Side",
    "StatedPart",
    "StatedRemittance",
    "StatementTotal",
    "WrittenRule",
    "match_line",
]
