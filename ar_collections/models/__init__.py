"""What is contested and promised on customers' accounts, by which ladders they are asked, and what was asked."""

from ar_collections.models.calls import Call
from ar_collections.models.disputes import Dispute
from ar_collections.models.escalations import Escalation, LegalHandover
from ar_collections.models.finals import FinalQuestion, FinalReceipt
from ar_collections.models.holds import DunningHold
from ar_collections.models.late_interest import LateCharge, LateChargeLine, LateCredit, LateTerms, ReferenceRate
from ar_collections.models.notices import DunningNotice, NoticeLine
from ar_collections.models.plans import PaymentPlan, PlanInstalment, PlanItem, PlanOpening
from ar_collections.models.portfolios import AbsenceCover, PortfolioRule
from ar_collections.models.promises import Promise, PromiseInstalment, PromiseItem
from ar_collections.models.rules import CollectionRules
from ar_collections.models.statement_rules import StatementRule
from ar_collections.models.strategies import Segment, SegmentAssignment, Step, Strategy, StrategyVersion
from ar_collections.models.suspension import (
    SuspensionCase,
    SuspensionExtension,
    SuspensionFreeze,
    SuspensionItem,
    SuspensionOwner,
    SuspensionPolicy,
    SuspensionStep,
)
from ar_collections.models.suspension_meetings import OwnerNote, SuspensionMeeting
from ar_collections.models.worklist import WorkAssignment, WorkClaim, WorklistEntry, WorkSnooze
from ar_collections.models.write_offs import Recovery, ReliefRule, TaxRelief, WriteOff, WriteOffItem

__all__ = [
    "AbsenceCover",
    "Call",
    "CollectionRules",
    "Dispute",
    "DunningHold",
    "DunningNotice",
    "Escalation",
    "FinalQuestion",
    "FinalReceipt",
    "LegalHandover",
    "LateCharge",
    "LateChargeLine",
    "LateCredit",
    "LateTerms",
    "NoticeLine",
    "OwnerNote",
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
    "SuspensionCase",
    "SuspensionExtension",
    "SuspensionFreeze",
    "SuspensionItem",
    "SuspensionMeeting",
    "SuspensionOwner",
    "SuspensionPolicy",
    "SuspensionStep",
    "TaxRelief",
    "WorkAssignment",
    "WorkClaim",
    "WorkSnooze",
    "WorklistEntry",
    "WriteOff",
    "WriteOffItem",
]
