"""Direct debit: who we are to each scheme, mandates, runs, collections, and the files that were made of them."""

from directdebit.models.collections import Collection, CollectionEvent, CollectionPart
from directdebit.models.creditors import Creditor
from directdebit.models.mandates import Mandate, MandateEvent
from directdebit.models.payouts import PayoutArrival, PayoutItem
from directdebit.models.providers import ProviderExchange, ProviderHint, ProviderPayout, ProviderRequest
from directdebit.models.returned_money import ReturnSettlement
from directdebit.models.returns import FollowUp, ReturnedDebit, ReturnPolicy, ReturnReport
from directdebit.models.runs import CollectionRun, LeftOut
from directdebit.models.submissions import BlockArrival, Submission

__all__ = [
    "BlockArrival",
    "Collection",
    "CollectionEvent",
    "CollectionPart",
    "CollectionRun",
    "Creditor",
    "FollowUp",
    "LeftOut",
    "Mandate",
    "MandateEvent",
    "PayoutArrival",
    "PayoutItem",
    "ProviderExchange",
    "ProviderHint",
    "ProviderPayout",
    "ProviderRequest",
    "ReturnPolicy",
    "ReturnSettlement",
    "ReturnReport",
    "ReturnedDebit",
    "Submission",
]
