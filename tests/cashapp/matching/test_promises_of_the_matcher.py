"""What holds for every line, whatever people write: small worlds made at random."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cashapp.matching import (
    BankLine,
    Decision,
    KnownCustomer,
    MatchProposal,
    OpenDocument,
    OpenIndex,
    Side,
    match_line,
)
from tests.cashapp.matching.stage import BOOKED, credit_note, invoice, line

NAMES = ("Acme Steel Works GmbH", "Acme Steel Works AG", "Bolt & Nut Trading Ltd", "Nordic Foods Oy")
CUSTOMERS = [KnownCustomer(n, f"C{n:06d}", name, (f"ACC{n:015d}",)) for n, name in enumerate(NAMES, 1)]
AMOUNTS = st.sampled_from([4_900, 9_900, 10_000, 14_800, 20_000, 33_333, 71_234])


@st.composite
def worlds(draw: Any) -> list[OpenDocument]:
    count = draw(st.integers(1, 12))
    make = draw(st.sampled_from(["INV-2026-{:07d}", "{}", "RG26/{}", "9{:09d}"])).format
    first = draw(st.sampled_from([7, 118, 1_230, 98_760]))
    documents = []
    for number in range(first, first + count):
        kind = credit_note if draw(st.integers(0, 9)) == 0 else invoice
        documents.append(kind(make(number), draw(AMOUNTS), customer=draw(st.integers(1, len(CUSTOMERS)))))
    return documents


def index_of(documents: list[OpenDocument]) -> OpenIndex:
    index = OpenIndex()
    index.add_customers(CUSTOMERS)
    for document in documents:
        index.add(replace(document))
    return index


@st.composite
def lines_for(draw: Any, documents: list[OpenDocument]) -> BankLine:
    chosen = draw(st.lists(st.sampled_from(documents), min_size=1, max_size=4, unique_by=lambda d: d.id))
    numbers = [draw(st.sampled_from(forms_of(document.number))) for document in chosen]
    customer = CUSTOMERS[chosen[0].customer_id - 1] if draw(st.booleans()) else draw(st.sampled_from(CUSTOMERS))
    owed = sum(document.owed for document in chosen)
    return line(
        draw(st.sampled_from([owed, owed - 100, owed + 100, 4_900, 10_000])),
        draw(st.sampled_from(["RE ", "INV ", ""])) + draw(st.sampled_from([" ", ",", "/"])).join(numbers),
        payer=draw(st.sampled_from([customer.name, customer.name[:12], "", "TREASURY"])),
        payer_account=draw(st.sampled_from([customer.accounts[0], ""])),
    )


def forms_of(number: str) -> list[str]:
    return [number, number[:-1], number[1:], number.replace("-", ""), number[-4:], number.replace("0", "O"), ""]


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_what_is_posted_is_open_of_one_customer_and_within_the_money(data: st.DataObject) -> None:
    documents = data.draw(worlds())
    bank_line = data.draw(lines_for(documents))
    proposal = match_line(bank_line, index_of(documents))
    if proposal.decision is Decision.POSTED:
        assert proposal.applied
        assert {each.document.customer_id for each in proposal.applied} == {proposal.customer_id}
    assert_within_what_is_open(proposal, bank_line)


def assert_within_what_is_open(proposal: MatchProposal, bank_line: BankLine) -> None:
    for each in proposal.applied:
        assert 0 < abs(each.amount) <= each.document.open
        assert (each.amount > 0) == (each.document.side is Side.DEBIT)
        assert each.document.document_on <= bank_line.booked_on == BOOKED
    if proposal.decision is not Decision.UNIDENTIFIED:
        assert proposal.left == bank_line.amount - sum(each.amount for each in proposal.applied) >= 0


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_two_customers_who_look_alike_in_everything_are_never_told_apart(data: st.DataObject) -> None:
    """Give every customer a twin that has the same name, account, numbers and amounts: nothing may post."""
    documents = data.draw(worlds())
    bank_line = data.draw(lines_for(documents))
    index = index_of(documents)
    index.add_customers(replace(each, id=each.id + 100, code=f"T{each.id}") for each in CUSTOMERS)
    for document in documents:
        index.add(replace(document, id=f"twin of {document.id}", customer_id=document.customer_id + 100))
    assert match_line(bank_line, index).decision is not Decision.POSTED


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_a_second_item_of_the_same_amount_stops_a_match_by_amount_alone(data: st.DataObject) -> None:
    documents = data.draw(worlds())
    debit = [document for document in documents if document.side is Side.DEBIT]
    if not debit:
        return
    paid = data.draw(st.sampled_from(debit))
    twin = replace(paid, id="twin", number="ZZ", document_on=paid.document_on)
    account = CUSTOMERS[paid.customer_id - 1].accounts[0]
    bank_line = line(paid.open, "THANK YOU", payer="", payer_account=account)
    assert match_line(bank_line, index_of([*documents, twin])).decision is not Decision.POSTED


@given(st.text(max_size=160), st.text(max_size=40), st.integers(-100, 10**12))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_without_complaint(text: str, payer: str, amount: int) -> None:
    index = index_of([invoice("INV-2026-0001234", 10_000), credit_note("CN-1", 77, customer=2)])
    proposal = match_line(line(amount, text, payer=payer, payer_account=""), index)
    assert proposal.decision in Decision


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_the_same_question_has_the_same_answer(data: st.DataObject) -> None:
    documents = data.draw(worlds())
    bank_line = data.draw(lines_for(documents))
    first, second = (match_line(bank_line, index_of(documents)) for _ in range(2))
    assert first == second
