"""What is contested and promised on customers' accounts."""

from ar_collections.models.disputes import Dispute
from ar_collections.models.plans import PaymentPlan, PlanInstalment, PlanItem, PlanOpening
from ar_collections.models.promises import Promise, PromiseInstalment, PromiseItem

__all__ = [
    "Dispute",
    "PaymentPlan",
    "PlanInstalment",
    "PlanItem",
    "PlanOpening",
    "Promise",
    "PromiseInstalment",
    "PromiseItem",
]
