"""Which bank line is the money of which remittance? Pure: an answer only where there is exactly one.

By the payment's own number (trace, cheque, end-to-end reference), else by total, payer and a day not far away.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rapidfuzz import fuzz

from cashapp.matching.names import words_of
from cashapp.matching.text import compact

DAYS_APART = 5
SHORTEST_TRACE = 4
SHORTEST_TRACE_IN_TEXT = 5
NEARLY = 90
SHORTEST_NAME = 6


@dataclass(frozen=True, slots=True)
class Waiting:
    """A remittance that waits for its money."""

    id: Hashable
    total: Decimal | None
    currency: str
    paid_on: date
    payers: tuple[str, ...] = ()
    payer_account: str = ""
    traces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Money:
    """A bank line that no remittance is tied to."""

    id: Hashable
    amount: Decimal
    currency: str
    booked_on: date
    payer: str = ""
    payer_account: str = ""
    text: str = ""
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """One answer, and why, in words."""

    remittance: Hashable
    line: Hashable
    words: str


def pairs_of(
    waiting: Sequence[Waiting], lines: Sequence[Money], but: frozenset[tuple[Hashable, Hashable]]
) -> list[Pair]:
    """The pairs that are the only ones for both sides. `but` are pairs that a person took apart."""
    pairs: list[Pair] = []
    free, left = {each.id: each for each in waiting}, {each.id: each for each in lines}
    for find, words in ((_by_trace, "its payment number"), (_by_payer, "total, payer and date")):
        for remittance, line in _only_ones(find(list(free.values()), list(left.values())), but):
            pairs.append(Pair(remittance, line, words))
            free.pop(remittance)
            left.pop(line)
    return pairs


def groups_of(
    waiting: Sequence[Waiting], lines: Sequence[Money], but: frozenset[tuple[Hashable, Hashable]]
) -> list[Pair]:
    """Several remittances for one sum, to the last cent: all that carry its number, else all that its payer sent then.

    Never some of them: which ones would be a guess. Two lines or two ways to fill one are no answer.
    """
    groups: list[tuple[Money, list[Waiting], str]] = []
    by_trace: dict[str, list[Waiting]] = defaultdict(list)
    for each in waiting:
        for trace in _traces(each):
            by_trace[trace].append(each)
    for line in lines:
        numbered = {each.id: each for key in _keys(line) for each in by_trace.get(key, ())}
        found = _filling(line, list(numbered.values()))
        if not found:
            near = [each for each in waiting if _is_part_of(each, line) and _is_same_payer(each, line)]
            found = _filling(line, near)
        if found and not any((each.id, line.id) in but for each in found):
            groups.append((line, found, "its payment number" if len(numbered) == len(found) else "payer, date and sum"))
    wanted = Counter(each.id for _, found, _ in groups for each in found)
    return [
        Pair(each.id, line.id, f"{words}, with {len(found) - 1} more")
        for line, found, words in groups
        if all(wanted[each.id] == 1 for each in found)
        for each in found
    ]


def _is_part_of(remittance: Waiting, line: Money) -> bool:
    is_near = abs((line.booked_on - remittance.paid_on).days) <= DAYS_APART
    return is_near and line.currency == remittance.currency and remittance.total is not None


def _filling(line: Money, told: Sequence[Waiting]) -> list[Waiting]:
    """All of them, where there are several and together they are the line."""
    totals = [each.total for each in told if each.total is not None and each.currency == line.currency]
    is_whole = len(told) > 1 and len(totals) == len(told) and sum(totals) == line.amount
    return list(told) if is_whole else []


def may_belong(remittance: Waiting, line: Money) -> bool:
    """Whether a person should look at the two: the sum is the same and the days are near, or the number is."""
    return _has_same_sum(remittance, line) or bool(set(_traces(remittance)) & _keys(line))


def _only_ones(
    found: Iterable[tuple[Hashable, Hashable]], but: frozenset[tuple[Hashable, Hashable]]
) -> Iterator[tuple[Hashable, Hashable]]:
    """Pairs in which neither side has another candidate."""
    candidates = [pair for pair in dict.fromkeys(found) if pair not in but]
    of_remittance, of_line = defaultdict(list), defaultdict(list)
    for remittance, line in candidates:
        of_remittance[remittance].append(line)
        of_line[line].append(remittance)
    for remittance, line in candidates:
        if len(of_remittance[remittance]) == 1 == len(of_line[line]):
            yield remittance, line


def _by_trace(waiting: Sequence[Waiting], lines: Sequence[Money]) -> Iterator[tuple[Hashable, Hashable]]:
    """The same number, and the same sum where the remittance tells one."""
    by_key: dict[str, list[Money]] = defaultdict(list)
    for line in lines:
        for key in _keys(line):
            by_key[key].append(line)
    for remittance in waiting:
        for trace in _traces(remittance):
            for line in by_key.get(trace, ()):
                if line.currency == remittance.currency and remittance.total in (None, line.amount):
                    yield remittance.id, line.id


def _by_payer(waiting: Sequence[Waiting], lines: Sequence[Money]) -> Iterator[tuple[Hashable, Hashable]]:
    by_sum: dict[tuple[str, Decimal], list[Money]] = defaultdict(list)
    for line in lines:
        by_sum[(line.currency, line.amount)].append(line)
    for remittance in waiting:
        if remittance.total is None:
            continue
        for line in by_sum.get((remittance.currency, remittance.total), ()):
            if _has_same_sum(remittance, line) and _is_same_payer(remittance, line):
                yield remittance.id, line.id


def _has_same_sum(remittance: Waiting, line: Money) -> bool:
    is_near = abs((line.booked_on - remittance.paid_on).days) <= DAYS_APART
    return is_near and line.currency == remittance.currency and line.amount == remittance.total


def _is_same_payer(remittance: Waiting, line: Money) -> bool:
    if remittance.payer_account and compact(remittance.payer_account) == compact(line.payer_account):
        return True
    told = [name for name in (line.payer, line.text) if name]
    return any(_is_name_in(payer, text) for payer in remittance.payers for text in told if payer)


def _is_name_in(payer: str, text: str) -> bool:
    """The same name, one cut off, almost the same words, or the whole name within a longer text."""
    one, other = "".join(words_of(payer)), "".join(words_of(text))
    if min(len(one), len(other)) < SHORTEST_NAME:
        return one == other and bool(one)
    if one in other or other in one:
        return True
    return fuzz.token_sort_ratio(" ".join(words_of(payer)), " ".join(words_of(text))) >= NEARLY


def _traces(remittance: Waiting) -> list[str]:
    keys = (compact(each).lstrip("0") for each in remittance.traces)
    return [key for key in keys if len(key) >= SHORTEST_TRACE and any(sign.isdigit() for sign in key)]


def _keys(line: Money) -> set[str]:
    """The references of a line, and every word of its text that is long enough to be one."""
    keys = {compact(each).lstrip("0") for each in line.references}
    words = (compact(word).lstrip("0") for word in line.text.replace(",", " ").replace(";", " ").split())
    keys |= {word for word in words if len(word) >= SHORTEST_TRACE_IN_TEXT and any(sign.isdigit() for sign in word)}
    return {key for key in keys if len(key) >= SHORTEST_TRACE}
