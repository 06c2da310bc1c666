"""What is contested on customers' accounts."""

from ar_collections.models.disputes import Dispute

__all__ = ["Dispute"]
