"""The index answers the same whatever happened to the documents before."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from cashapp.matching import OpenDocument
from tests.cashapp.matching.stage import index_of, invoice

DAYS = st.integers(1, 28)


@given(st.lists(st.tuples(DAYS, st.integers(1, 500)), min_size=1, max_size=20), st.data())
@settings(deadline=None)
def test_what_is_open_on_a_day_is_found_in_any_order_of_events(
    facts: list[tuple[int, int]], data: st.DataObject
) -> None:
    documents = [
        invoice(f"A-{place}", amount, document_on=date(2026, 5, day)) for place, (day, amount) in enumerate(facts)
    ]
    index = index_of(*documents)
    for document in data.draw(st.lists(st.sampled_from(documents), max_size=20)):
        index.set_open(document.id, data.draw(st.integers(0, document.amount)))
    on = date(2026, 5, data.draw(DAYS))

    found = index.open_of(1, "EUR", on)

    assert sorted(names(found)) == sorted(names(each for each in documents if each.open and each.document_on <= on))
    for document in found:
        assert document in index.open_with_amount(document.open, "EUR", on)


def names(documents: object) -> list[str]:
    return [document.number for document in documents if isinstance(document, OpenDocument)]  # type: ignore[attr-defined]
