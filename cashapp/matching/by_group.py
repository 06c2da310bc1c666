"""One payment for documents of several customers, from a payer who was declared to pay for them."""

from cashapp.matching import by_number
from cashapp.matching.case import Case
from cashapp.matching.proposals import Evidence, Explanation, MatchRule, in_full


def across_customers(case: Case) -> Explanation | None:
    """Clear numbers of several customers of one group, whose open amounts come to the money to the last cent."""
    if case.payer.disagrees or case.foreign or case.not_payable or case.reading.unknown_numbers:
        return None
    if not case.mentions or any(len(mention.options) != 1 or not mention.is_clear for mention in case.mentions):
        return None
    documents = tuple({each.id: each for mention in case.mentions for each in mention.options[0]}.values())
    owed: dict[int, int] = {}
    for document in documents:
        owed[document.customer_id] = owed.get(document.customer_id, 0) + document.owed
    if len(owed) < 2 or sum(owed.values()) != case.amount or min(owed.values()) <= 0:
        return None
    if not all(by_number.agrees(case, customer) for customer in owed):
        return None
    reasons = by_number.reasons_of(case.mentions, documents)
    words = Evidence("amount", f"Amount equals open amounts of {len(owed)} customers of the group")
    largest = max(owed, key=lambda customer: (owed[customer], -customer))
    return Explanation(MatchRule.GROUP, largest, in_full(documents), (*case.payer.evidence, *reasons, words))
