"""Which items add up to an amount? Exact search in minor units, bounded, and told how often chance would do it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from math import comb, gcd

MILLION = 1_000_000
LARGEST_SET = 4
ENOUGH_ANSWERS = 4
MOST_ITEMS_FOR_LARGE_SETS = 40
MOST_ITEMS_FOR_PAIRS = 150


def find_sums(amounts: Sequence[int], target: int) -> list[tuple[int, ...]]:
    """Sets of positions, two to four each, whose amounts add up to the target, fewest items first.

    Of more than forty items only pairs are tried, of more than 150 nothing: so many sets prove nothing.
    """
    if len(amounts) > MOST_ITEMS_FOR_PAIRS:
        return []
    answers: dict[tuple[int, ...], None] = {}
    for answer in _answers(amounts, target):
        answers[answer] = None
        if len(answers) == ENOUGH_ANSWERS:
            break
    return list(answers)


def _answers(amounts: Sequence[int], target: int) -> Iterator[tuple[int, ...]]:
    pairs: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for i, j in combinations(range(len(amounts)), 2):
        pairs[amounts[i] + amounts[j]].append((i, j))
    yield from pairs.get(target, ())
    if len(amounts) > MOST_ITEMS_FOR_LARGE_SETS:
        return
    for i in range(len(amounts)):
        for j, k in pairs.get(target - amounts[i], ()):
            if i < j:
                yield (i, j, k)
    for total, left in pairs.items():
        right = pairs.get(target - total)
        if right is not None and total <= target - total:
            yield from _fours(left, right)


def _fours(left: list[tuple[int, int]], right: list[tuple[int, int]]) -> Iterator[tuple[int, ...]]:
    """Each set of four shows up as several pairs of pairs."""
    for i, j in left:
        for other in right:
            if len({i, j, *other}) == LARGEST_SET:
                yield tuple(sorted((i, j, *other)))


def chance_of(amounts: Sequence[int], target: int, size: int) -> int:
    """How many sets of up to `size` items would hit the amount by accident, on average, in millionths.

    Sets tried, spread over the amounts that they could make: whole hundreds meet sooner than odd cents.
    """
    step = gcd(*amounts, target) or 1
    tried = sum(comb(len(amounts), each) for each in range(1, size + 1))
    return MILLION * tried * step // max(abs(target), 1)
