"""Invoice numbers in free text, in every form in which people and banks damage them."""

import pytest

from cashapp.matching import Decision, MatchRule, OpenDocument
from tests.cashapp.matching.stage import credit_note, index_of, invoice, match, paid

UNKNOWN = {"payer": "SHARED SERVICES", "payer_account": ""}


def neighbours() -> list[OpenDocument]:
    """Invoices of both customers with numbers close to each other."""
    return [
        invoice("INV-2026-0001234", 10_000),
        invoice("INV-2026-0001250", 25_000),
        invoice("INV-2026-0001235", 33_300, customer=2),
        invoice("INV-2026-0001239", 44_400, customer=2),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "INV INV-2026-0001234",
        "RE 2026-0001234",
        "RE INV20260001234",
        "RE INV 2026 0001234",
        "YOUR INVOICE 1234 THANKS",
        "RE 0001234",
        "RE INV-2026-000123",
        "inv/2026/0001234 paid in full",
        "INV-2O26-OOO1234",
        "1NV-2026-0001Z34",
    ],
)
def test_a_damaged_number_with_the_exact_amount_of_a_known_payer_is_posted(text: str) -> None:
    proposal = match(index_of(*neighbours()), 10_000, text)
    assert (proposal.decision, paid(proposal)) == (Decision.POSTED, {"INV-2026-0001234": 10_000})
    assert proposal.evidence


@pytest.mark.parametrize("text", ["RE INV-2026-0001284", "RE INV-2026-0001243"])
def test_a_slip_of_the_pen_is_found_but_left_to_a_person(text: str) -> None:
    proposal = match(index_of(*neighbours()), 10_000, text)
    assert (proposal.decision, paid(proposal)) == (Decision.PROPOSED, {"INV-2026-0001234": 10_000})


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("5928070131", "PAYMENT 5928070131"),
        ("RMU-2026/09", "RMU 2026 09"),
        ("4711/A", "Rechnung 4711A"),
        ("SI24.00045", "SI2400045"),
        ("RÉ-10481", "re 10481"),
    ],
)
def test_any_series_is_learned_from_the_open_documents(number: str, text: str) -> None:
    proposal = match(index_of(invoice(number, 10_000), invoice("77", 20_000)), 10_000, text)
    assert (proposal.decision, paid(proposal)) == (Decision.POSTED, {number: 10_000})


def test_several_numbers_that_add_up_are_posted() -> None:
    proposal = match(index_of(*neighbours()), 35_000, "INV-2026-0001234,1250")
    assert (proposal.decision, proposal.rule) == (Decision.POSTED, MatchRule.DAMAGED_NUMBERS)
    assert paid(proposal) == {"INV-2026-0001234": 10_000, "INV-2026-0001250": 25_000}


def test_a_clear_number_and_its_amount_need_no_known_payer() -> None:
    proposal = match(index_of(*neighbours()), 10_000, "INV-2026-0001234", **UNKNOWN)
    assert (proposal.decision, proposal.rule) == (Decision.POSTED, MatchRule.NUMBER)


def test_a_running_number_of_an_unknown_payer_is_only_proposed() -> None:
    proposal = match(index_of(*neighbours()), 10_000, "RE 1234", **UNKNOWN)
    assert (proposal.decision, paid(proposal)) == (Decision.PROPOSED, {"INV-2026-0001234": 10_000})


def test_a_cut_number_that_fits_two_invoices_of_one_amount_is_not_posted() -> None:
    index = index_of(invoice("INV-2026-0001234", 10_000), invoice("INV-2026-0001235", 10_000))
    proposal = match(index, 10_000, "INV-2026-000123")
    assert proposal.decision is Decision.PROPOSED
    assert len(proposal.alternatives) == 1
    assert "2 options" in proposal.words


def test_a_cut_number_that_collides_with_another_customers_stays_with_the_payer() -> None:
    index = index_of(invoice("INV-2026-0001234", 10_000), invoice("INV-2026-0001235", 10_000, customer=2))
    proposal = match(index, 10_000, "INV-2026-000123")
    assert (proposal.decision, paid(proposal)) == (Decision.POSTED, {"INV-2026-0001234": 10_000})


def test_another_customers_number_from_a_known_account_is_never_posted() -> None:
    proposal = match(index_of(*neighbours()), 33_300, "INV-2026-0001235")
    assert proposal.decision is Decision.PROPOSED
    assert "The payer looks like another customer" in proposal.words


def test_an_account_and_a_name_that_disagree_stop_every_posting() -> None:
    proposal = match(index_of(*neighbours()), 10_000, "INV-2026-0001234", payer="Bolt & Nut Trading Ltd")
    assert proposal.decision is Decision.PROPOSED


def test_a_named_invoice_paid_in_part_is_posted_in_part() -> None:
    proposal = match(index_of(*neighbours()), 9_700, "INV-2026-0001234")
    assert (proposal.decision, proposal.rule) == (Decision.POSTED, MatchRule.PART_PAYMENT)
    assert paid(proposal) == {"INV-2026-0001234": 9_700}


def test_a_part_payment_that_equals_another_item_has_two_answers() -> None:
    index = index_of(*neighbours(), invoice("INV-2026-0001260", 9_700))
    assert match(index, 9_700, "INV-2026-0001234").decision is Decision.PROPOSED


def test_too_little_for_several_named_invoices_is_proposed_oldest_first() -> None:
    proposal = match(index_of(*neighbours()), 30_000, "INV-2026-0001234 INV-2026-0001250")
    assert proposal.decision is Decision.PROPOSED
    assert paid(proposal) == {"INV-2026-0001234": 10_000, "INV-2026-0001250": 20_000}


def test_too_much_for_a_named_invoice_leaves_the_rest_on_account() -> None:
    proposal = match(index_of(*neighbours()), 10_500, "INV-2026-0001234")
    assert (proposal.decision, proposal.rule, proposal.left) == (Decision.POSTED, MatchRule.OVER_PAYMENT, 500)


def test_what_is_over_and_equals_another_item_has_two_answers() -> None:
    assert match(index_of(*neighbours()), 35_000, "INV-2026-0001234").decision is Decision.PROPOSED


def test_a_damaged_number_with_another_amount_needs_a_payer_beyond_doubt() -> None:
    index = index_of(*neighbours())
    assert match(index, 9_000, "INV-2026-000125").decision is Decision.POSTED
    assert match(index, 9_000, "INV-2026-000125", payer="ACME", payer_account="").decision is not Decision.POSTED


def test_a_number_that_makes_no_sense_beside_it_stops_an_over_payment() -> None:
    assert match(index_of(*neighbours()), 10_500, "INV-2026-0001234, 98765").decision is Decision.PROPOSED


def test_a_year_is_no_invoice_number() -> None:
    index = index_of(invoice("INV-2025-0002026", 10_000), invoice("INV-2026-0001234", 20_000))
    assert match(index, 5_000, "RENT MAY 2026").decision is not Decision.POSTED


def test_a_date_is_no_invoice_number() -> None:
    index = index_of(invoice("2026-0520", 10_000))
    assert match(index, 12_000, "RUN 20260520").decision is not Decision.POSTED


def test_somebody_elses_order_number_is_no_invoice_number() -> None:
    index = index_of(invoice("INV-2026-0001234", 10_000))
    assert match(index, 5_000, "ORDER 1234").decision is not Decision.POSTED


def test_a_text_cut_by_the_bank_is_completed_by_the_only_items_that_make_up_the_rest() -> None:
    documents = [invoice(f"INV-2026-00012{n}", 10_000 + 7 * n * n) for n in range(10, 22)]
    named, others = documents[:8], documents[8:10]
    text = ("INV " + " ".join(document.number for document in named + others))[:140]
    proposal = match(index_of(*documents), sum(document.open for document in named + others), text)
    assert (proposal.decision, proposal.rule) == (Decision.POSTED, MatchRule.NUMBERS_AND_OTHERS)
    assert set(paid(proposal)) == {document.number for document in named + others}


def test_a_cut_text_without_an_explanation_of_the_rest_is_no_over_payment() -> None:
    documents = [invoice(f"INV-2026-00012{n}", 10_000 + 7 * n * n) for n in range(10, 22)]
    text = ("INV " + " ".join(document.number for document in documents[:9]))[:140]
    proposal = match(index_of(*documents), 200_000, text)
    assert proposal.decision is Decision.PROPOSED


def test_a_number_cut_at_eighteen_characters_is_found_by_its_beginning() -> None:
    proposal = match(index_of(*neighbours()), 24_000, "RE INV-2026-000125")
    assert (proposal.decision, paid(proposal)) == (Decision.PROPOSED, {"INV-2026-0001250": 24_000})


def test_a_credit_note_kept_back_is_used_up() -> None:
    index = index_of(*neighbours(), credit_note("CN-0091", 1_250))
    proposal = match(index, 8_750, "INV-2026-0001234 LESS CN")
    assert (proposal.decision, proposal.rule) == (Decision.POSTED, MatchRule.LESS_CREDIT)
    assert paid(proposal) == {"INV-2026-0001234": 10_000, "CN-0091": -1_250}


def test_a_credit_note_named_by_its_number_counts_against_the_invoice() -> None:
    index = index_of(*neighbours(), credit_note("CN-0091", 1_250), credit_note("CN-0092", 1_250))
    proposal = match(index, 8_750, "INV-2026-0001234 - CN-0092")
    assert (proposal.decision, paid(proposal)) == (
        Decision.POSTED,
        {"INV-2026-0001234": 10_000, "CN-0092": -1_250},
    )


def test_paying_the_same_invoice_again_waits_on_account() -> None:
    index = index_of(*neighbours())
    index.apply(match(index, 10_000, "INV-2026-0001234").applied)
    proposal = match(index, 10_000, "INV-2026-0001234")
    assert (proposal.decision, proposal.rule) == (Decision.ON_ACCOUNT, MatchRule.ALREADY_SETTLED)
    assert "INV-2026-0001234 is already settled" in proposal.words


def test_paying_twice_never_pays_the_neighbour_of_the_same_amount() -> None:
    index = index_of(invoice("INV-2026-0001234", 10_000), invoice("INV-2026-0001235", 10_000))
    for number in ("INV-2026-0001234", "INV-2026-000123"):
        index.apply(match(index, 10_000, "INV-2026-0001234").applied)
        proposal = match(index, 10_000, number)
        assert proposal.decision is not Decision.POSTED or paid(proposal) == {"INV-2026-0001235": 10_000}
    assert match(index, 10_000, "INV-2026-0001234").decision is not Decision.POSTED


def test_an_unknown_number_of_our_series_stops_a_match_by_amount() -> None:
    index = index_of(*neighbours(), invoice("INV-2026-0001300", 77_700))
    proposal = match(index, 77_700, "INV-2026-0009999")
    assert (proposal.decision, paid(proposal)) == (Decision.PROPOSED, {"INV-2026-0001300": 77_700})


def test_an_invoice_that_is_not_issued_yet_cannot_be_paid() -> None:
    from_tomorrow = invoice("INV-2026-0001400", 10_000, document_on=neighbours()[0].due_on.replace(day=21))
    assert match(index_of(from_tomorrow), 10_000, "INV-2026-0001400").decision is not Decision.POSTED


def test_another_currency_is_another_amount() -> None:
    assert match(index_of(*neighbours()), 10_000, "INV-2026-0001234", currency="GBP").decision is not Decision.POSTED


def test_a_structured_reference_decides() -> None:
    index = index_of(invoice("INV-2026-0001234", 10_000, reference="RF18539007547034"), invoice("X-1", 10_000))
    for where in ({"references": ("RF18 5390 0754 7034",)}, {"text": "PAYMENT RF18539007547034"}):
        proposal = match(index, 10_000, **where)
        assert (proposal.decision, proposal.rule) == (Decision.POSTED, MatchRule.REFERENCE)


def test_a_reference_with_a_wrong_check_digit_says_nothing() -> None:
    index = index_of(invoice("INV-2026-0001234", 10_000, reference="RF19539007547034"), invoice("X-1", 10_000))
    assert match(index, 10_000, "RF19539007547034").rule is not MatchRule.REFERENCE


def test_a_purchase_order_means_its_invoice_or_all_of_its_invoices() -> None:
    index = index_of(
        invoice("INV-1001", 10_000, purchase_order="NW-PO-8831"),
        invoice("INV-1002", 5_000, purchase_order="NW-PO-8831"),
        invoice("INV-1003", 5_000),
    )
    assert paid(match(index, 5_000, "YOUR REF NW PO 8831")) == {"INV-1002": 5_000}
    both = match(index, 15_000, "NW-PO-8831")
    assert (both.decision, both.rule) == (Decision.POSTED, MatchRule.PURCHASE_ORDER)


def test_a_number_of_another_currency_says_so_and_how_it_is_settled() -> None:
    dollars, euros = invoice("INV-US-1001", 10_000, currency="USD"), invoice("INV-1002", 9_000)
    index = index_of(dollars, euros)
    words = "INV-US-1001 is in USD and can be settled by exchange at the desk"

    alone, beside = match(index, 7_800, "INV-US-1001"), match(index, 9_000, "INV-1002 INV-US-1001")
    unknown = match(index, 7_800, "INV-US-1001", payer="", payer_account="")

    assert (words in alone.words, words in beside.words, words in unknown.words) == (True, True, True)
    assert beside.decision is Decision.PROPOSED and not paid(alone)
    assert [each.kind for each in alone.evidence if each.words == words] == ["abroad"]
    assert not any("is not open" in each for each in (*alone.words, *beside.words))
    settled = index_of(invoice("INV-US-1001", 10_000, currency="USD", open=0))
    assert any("is not open" in each for each in match(settled, 7_800, "INV-US-1001").words)
