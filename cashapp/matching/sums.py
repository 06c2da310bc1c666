"""Which items add up to an amount? Exact search in minor units, bounded, and told how often chance would do it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from math import comb, gcd

MILLION = 1_000_000
LARGEST_SET = 4
ENOUGH_ANSWERS = 4
MOST_ITEMS_FOR_FOURS = 40
MOST_ITEMS_FOR_THREES = 64


def find_sums(amounts: Sequence[int], target: int) -> list[tuple[int, ...]]:
    """Sets of positions, two to four each, whose amounts add up to the target, fewest items first.

    The more items, the smaller the sets that are tried: so many large sets would prove nothing.
    """
    answers: dict[tuple[int, ...], None] = {}
    for answer in _answers(amounts, target):
        answers[answer] = None
        if len(answers) == ENOUGH_ANSWERS:
            break
    return list(answers)


def _answers(amounts: Sequence[int], target: int) -> Iterator[tuple[int, ...]]:
    places: dict[int, list[int]] = defaultdict(list)
    for place, amount in enumerate(amounts):
        places[amount].append(place)
    yield from _twos(amounts, places, target)
    if len(amounts) <= MOST_ITEMS_FOR_THREES:
        yield from _threes(amounts, places, target)
    if len(amounts) <= MOST_ITEMS_FOR_FOURS:
        yield from _fours(amounts, target)


def _twos(
    amounts: Sequence[int], places: dict[int, list[int]], target: int, after: int = -1
) -> Iterator[tuple[int, ...]]:
    for i in range(after + 1, len(amounts)):
        for j in places.get(target - amounts[i], ()):
            if i < j:
                yield (i, j)


def _threes(amounts: Sequence[int], places: dict[int, list[int]], target: int) -> Iterator[tuple[int, ...]]:
    for i in range(len(amounts)):
        for pair in _twos(amounts, places, target - amounts[i], after=i):
            yield (i, *pair)


def _fours(amounts: Sequence[int], target: int) -> Iterator[tuple[int, ...]]:
    """Pairs that make up a total meet pairs that make up the rest; each set shows up as several pairs of pairs."""
    pairs: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for i, j in combinations(range(len(amounts)), 2):
        pairs[amounts[i] + amounts[j]].append((i, j))
    for total, left in pairs.items():
        right = pairs.get(target - total)
        if right is not None and total <= target - total:
            yield from _disjoint(left, right)


def _disjoint(left: list[tuple[int, int]], right: list[tuple[int, int]]) -> Iterator[tuple[int, ...]]:
    for i, j in left:
        for other in right:
            if len({i, j, *other}) == LARGEST_SET:
                yield tuple(sorted((i, j, *other)))


def chance_of(amounts: Sequence[int], target: int, size: int) -> int:
    """How many sets of up to `size` items would hit the amount by accident, on average, in millionths.

    Sets tried, spread over the amounts that they could make: whole hundreds meet sooner than odd cents.
    """
    return crowding(len(amounts), target, size) * (gcd(*amounts, target) or 1)


def crowding(count: int, target: int, size: int) -> int:
    """The same if all amounts were odd: so many sets that some must meet any amount."""
    tried = sum(comb(count, each) for each in range(1, size + 1))
    return MILLION * tried // max(abs(target), 1)
