"""What people ask about a customer's account."""

from ar_collections.queries.statements import (
    NEVER_ARRIVED,
    STATEMENT,
    StatedTotal,
    customer_statement,
    statements_sent,
    totals_stated,
)

__all__ = [
    "NEVER_ARRIVED",
    "STATEMENT",
    "StatedTotal",
    "customer_statement",
    "statements_sent",
    "totals_stated",
]
