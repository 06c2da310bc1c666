"""What is contested and promised on customers' accounts."""

from ar_collections.models.disputes import Dispute
from ar_collections.models.promises import Promise, PromiseInstalment, PromiseItem

__all__ = ["Dispute", "Promise", "PromiseInstalment", "PromiseItem"]
