"""Who bears this name? Exact, cut off, or nearly so, by indexes that never look at every customer."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable

from rapidfuzz import fuzz

from cashapp.matching.text import compact, groups_of, plain

NEARLY = 90
SHORTEST_CUT_NAME = 8
MOST_CANDIDATES = 200
# Legal forms tell nobody apart from anybody else; they only count in an exact match.
LEGAL_FORMS = frozenset(
    "GMBH AG KG LTD LIMITED LLC LLP PLC INC CORP CO BV NV SAS SARL SA SPA SRL SL OY OYJ AB AS APS SE EG EV".split()
)


class NameIndex:
    """Names of customers, by their letters and digits only."""

    def __init__(self) -> None:
        self._exact: dict[str, set[int]] = defaultdict(set)
        self._by_word: dict[str, set[int]] = defaultdict(set)
        self._words: dict[int, str] = {}
        self._sorted: list[tuple[str, int]] = []
        self._is_sorted = True

    def add(self, customer_id: int, name: str) -> None:
        whole = compact(name)
        if not whole:
            return
        self._exact[whole].add(customer_id)
        self._sorted.append((whole, customer_id))
        self._is_sorted = False
        words = words_of(name)
        self._words[customer_id] = " ".join(words)
        for word in words:
            self._by_word[word].add(customer_id)

    def exact(self, name: str) -> set[int]:
        return self._exact.get(compact(name), set())

    def beginning_with(self, name: str) -> set[int]:
        """Customers whose name goes on after `name` was cut off."""
        start = compact(name)
        if len(start) < SHORTEST_CUT_NAME:
            return set()
        if not self._is_sorted:
            self._sorted.sort()
            self._is_sorted = True
        found: set[int] = set()
        place = bisect_left(self._sorted, (start, 0))
        while place < len(self._sorted) and self._sorted[place][0].startswith(start) and len(found) < MOST_CANDIDATES:
            found.add(self._sorted[place][1])
            place += 1
        return found

    def nearly(self, name: str) -> set[int]:
        """Customers whose name has almost the same words, in any order, legal form aside."""
        words = words_of(name)
        if not words:
            return set()
        wanted = " ".join(words)
        scores = {
            customer_id: fuzz.token_sort_ratio(wanted, self._words[customer_id])
            for customer_id in self._sharing_words(words)
        }
        best = max(scores.values(), default=0.0)
        if best < NEARLY:
            return set()
        return {customer_id for customer_id, score in scores.items() if score >= best - 2}

    def within(self, text: str) -> set[int]:
        """Customers whose whole name stands inside a text (banks that have no field for the payer)."""
        words = words_of(text)
        inside = compact(text)
        found = {each for each in self._sharing_words(words) if self._words[each].replace(" ", "") in inside}
        longest = max((len(self._words[each]) for each in found), default=0)
        return {each for each in found if len(self._words[each]) == longest and longest >= SHORTEST_CUT_NAME}

    def _sharing_words(self, words: Iterable[str]) -> list[int]:
        """Candidates by their rarest common words, at most a few hundred."""
        shared: Counter[int] = Counter()
        known = sorted((self._by_word[word] for word in set(words) if word in self._by_word), key=len)
        for holders in known:
            if shared and len(holders) > MOST_CANDIDATES:
                break
            if len(holders) <= 5 * MOST_CANDIDATES:
                shared.update(holders)
        return [customer_id for customer_id, _ in shared.most_common(MOST_CANDIDATES)]


def words_of(name: str) -> list[str]:
    words = [group.text for group in groups_of(plain(name))]
    return [word for word in words if word not in LEGAL_FORMS] or words
