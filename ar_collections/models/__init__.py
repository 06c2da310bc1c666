"""What is contested and promised on customers' accounts, by which ladders they are asked, and what was asked."""

from ar_collections.models.calls import Call
from ar_collections.models.disputes import Dispute
from ar_collections.models.holds import DunningHold
from ar_collections.models.late_interest import LateCharge, LateChargeLine, LateCredit, LateTerms, ReferenceRate
from ar_collections.models.notices import DunningNotice, NoticeLine
from ar_collections.models.plans import PaymentPlan, PlanInstalment, PlanItem, PlanOpening
from ar_collections.models.portfolios import AbsenceCover, PortfolioRule
from ar_collections.models.promises import Promise, PromiseInstalment, PromiseItem
from ar_collections.models.rules import CollectionRules
from ar_collections.models.statement_rules import StatementRule
from ar_collections.models.strategies import Segment, SegmentAssignment, Step, Strategy, StrategyVersion
from ar_collections.models.worklist import WorkAssignment, WorkClaim, WorklistEntry, WorkSnooze
from ar_collections.models.write_offs import Recovery, ReliefRule, TaxRelief, WriteOff, WriteOffItem

__all__ = [
    "AbsenceCover",
    "Call",
    "CollectionRules",
    "Dispute",
    "DunningHold",
    "DunningNotice",
    "LateCharge",
    "LateChargeLine",
    "LateCredit",
    "LateTerms",
    "NoticeLine",
    "PaymentPlan",
    "PlanInstalment",
    "PlanItem",
    "PlanOpening",
    "PortfolioRule",
    "Promise",
    "PromiseInstalment",
    "PromiseItem",
    "Recovery",
    "ReferenceRate",
    "ReliefRule",
    "Segment",
    "SegmentAssignment",
    "StatementRule",
    "Step",
    "Strategy",
    "StrategyVersion",
    "TaxRelief",
    "WorkAssignment",
    "WorkClaim",
    "WorkSnooze",
    "WorklistEntry",
    "WriteOff",
    "WriteOffItem",
]
