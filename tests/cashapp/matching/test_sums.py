"""The search for items that add up, against trying every set."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from cashapp.matching.sums import ENOUGH_ANSWERS, chance_of, find_sums

amounts_around = st.lists(st.integers(-60, 90), min_size=2, max_size=9)


@given(amounts_around, st.integers(1, 200))
@settings(deadline=None)
def test_every_set_of_two_to_four_is_found_and_nothing_else(amounts: list[int], target: int) -> None:
    true = {
        places
        for size in (2, 3, 4)
        for places in combinations(range(len(amounts)), size)
        if sum(amounts[place] for place in places) == target
    }
    found = find_sums(amounts, target)
    assert set(found) <= true
    assert len(found) == len(set(found)) == min(len(true), ENOUGH_ANSWERS)


def test_the_search_stays_short_whatever_the_number_of_items() -> None:
    assert find_sums([100] * 5_000, 200)[0] == (0, 1)
    assert find_sums(list(range(1, 4_000, 2)), 4_001) == []


def test_whole_hundreds_meet_sooner_than_odd_cents() -> None:
    assert chance_of([10_000, 20_000, 40_000], 60_000, 2) == 10_000 * chance_of([10_001, 20_000, 40_000], 60_000, 2)
