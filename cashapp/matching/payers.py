"""Who sent the money? Rules of people, account, code, reference and name, and whether they agree."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from cashapp.matching.index import OpenIndex
from cashapp.matching.proposals import Evidence
from cashapp.matching.reading import Reading
from cashapp.matching.text import compact, plain
from cashapp.matching.written import WrittenRule

LONG_ENOUGH_CUT_NAME = 15


class Certainty(IntEnum):
    NONE = 0
    POSSIBLE = 1
    STRONG = 2
    CERTAIN = 3


@dataclass(frozen=True, slots=True)
class Payer:
    """The customers who may have sent the money; one of them when it is strong or certain."""

    customers: frozenset[int]
    certainty: Certainty
    evidence: tuple[Evidence, ...] = ()
    disagrees: bool = False

    @property
    def is_known(self) -> bool:
        return self.certainty >= Certainty.STRONG and len(self.customers) == 1 and not self.disagrees

    @property
    def customer_id(self) -> int:
        (only,) = self.customers
        return only


NOBODY = Payer(frozenset(), Certainty.NONE)


def find_payer(reading: Reading, index: OpenIndex, rules: Sequence[WrittenRule] = ()) -> Payer:
    """The first sign that points at one customer decides; a later one that points elsewhere makes it doubtful."""
    signs = [sign for sign in (_by_rules(rules), *_signs(reading, index)) if sign.customers]
    if not signs:
        return NOBODY
    agreed = signs[0]
    for sign in signs[1:]:
        agreed = _together(agreed, sign, index)
    return agreed


def _signs(reading: Reading, index: OpenIndex) -> list[Payer]:
    """Who was declared to pay for several customers is known by that: its own name says nothing more."""
    told = [_by_code(reading), _by_remittance(reading)]
    declared = declared_for(reading, index)
    if declared.customers:
        return [*told, declared]
    return [*told, _by_account(reading, index), _by_name(reading, index)]


def _by_rules(rules: Sequence[WrittenRule]) -> Payer:
    named = {rule.customer_id: rule for rule in rules if rule.customer_id is not None}
    evidence = tuple(Evidence("rule", f"{rule.label}: it is this customer's money") for rule in named.values())
    return Payer(frozenset(named), Certainty.CERTAIN, evidence, disagrees=len(named) > 1)


def declared_for(reading: Reading, index: OpenIndex) -> Payer:
    """For whom the payer was declared to pay: by the account; by the name only where one of the two has no account."""
    line = reading.line
    account = compact(line.payer_account)
    by_account = index.declared_by_account.get(account, []) if account else []
    named = index.declared_by_name.get(compact(line.payer), []) if line.payer else []
    found = by_account or [each for each in named if not account or not each.account]
    customers = frozenset(customer for each in found for customer in each.customers_on(line.booked_on))
    if not customers:
        return NOBODY
    words = f"{found[0].words.capitalize()} that pays for {len(customers)} customer{'s' if len(customers) > 1 else ''}"
    certainty = Certainty.CERTAIN if by_account else Certainty.STRONG
    return Payer(customers, certainty, (Evidence("group", words),))


def _together(agreed: Payer, sign: Payer, index: OpenIndex) -> Payer:
    common = agreed.customers & sign.customers
    evidence = agreed.evidence + sign.evidence
    if common:
        stronger = max(agreed.certainty, sign.certainty)
        narrowed = len(common) == 1 and len(agreed.customers) > 1 and len(sign.customers) > 1
        return Payer(common, Certainty.STRONG if narrowed else stronger, evidence, agreed.disagrees)
    if sign.certainty < Certainty.STRONG or _are_family(agreed, sign, index):
        return agreed
    if agreed.certainty < Certainty.STRONG:
        return sign
    return Payer(agreed.customers | sign.customers, Certainty.POSSIBLE, evidence, disagrees=True)


def _are_family(agreed: Payer, sign: Payer, index: OpenIndex) -> bool:
    family = {member for customer_id in agreed.customers for member in index.family_of(customer_id)}
    return bool(family & sign.customers)


def _by_code(reading: Reading) -> Payer:
    named = reading.customers_named
    evidence = tuple(Evidence("code", words) for words in named.values())
    return Payer(frozenset(named), Certainty.CERTAIN, evidence, disagrees=len(named) > 1)


def _by_remittance(reading: Reading) -> Payer:
    """Our own number of the customer, as their remittance tells it."""
    remittance = reading.line.remittance
    if remittance is None or remittance.customer_id is None:
        return NOBODY
    return Payer(
        frozenset({remittance.customer_id}), Certainty.CERTAIN, (Evidence("code", "Customer of the remittance"),)
    )


def _by_account(reading: Reading, index: OpenIndex) -> Payer:
    account = compact(reading.line.payer_account)
    holders = index.by_account.get(account) if account else None
    if not holders:
        return NOBODY
    if len(holders) > 1:
        return Payer(frozenset(holders), Certainty.POSSIBLE, (Evidence("account", "Account of several customers"),))
    (customer_id,) = holders
    times = index.times_learned(account, customer_id)
    words = f"Known payer: this account paid this customer {times} times" if times else "Known bank account"
    return Payer(frozenset(holders), Certainty.CERTAIN, (Evidence("account", words),))


def _by_name(reading: Reading, index: OpenIndex) -> Payer:
    name = reading.line.payer.strip()
    if not name:
        inside = index.names.within(plain(reading.line.text))
        return _named(inside, Certainty.STRONG, "Name of the customer in the text")
    if learned := index.by_learned_name.get(compact(name)):
        return _named(learned, Certainty.STRONG, "Known payer name")
    if exact := index.names.exact(name):
        return _named(exact, Certainty.STRONG, "Name of the customer")
    if beginning := index.names.beginning_with(name):
        long_enough = len(compact(name)) >= LONG_ENOUGH_CUT_NAME
        return _named(
            beginning, Certainty.STRONG if long_enough else Certainty.POSSIBLE, "Beginning of the customer's name"
        )
    return _named(index.names.nearly(name), Certainty.POSSIBLE, "Name like the customer's")


def _named(customers: set[int], certainty: Certainty, words: str) -> Payer:
    if not customers:
        return NOBODY
    if len(customers) > 1:
        certainty, words = Certainty.POSSIBLE, f"Name of {len(customers)} customers"
    return Payer(frozenset(customers), certainty, (Evidence("name", words),))
