"""Who sent the money, and what may be concluded from it and the amount."""

from datetime import date

import pytest

from cashapp.matching import Decision, KnownCustomer, LearnedPayer, MatchRule, StatementTotal
from tests.cashapp.matching.stage import ACME, BOLT, credit_note, index_of, invoice, match, paid

NO_ACCOUNT = {"payer_account": ""}
NOBODY = {"payer": "", "payer_account": ""}


@pytest.mark.parametrize(
    "signs",
    [
        {},
        NO_ACCOUNT,
        {"payer": "ACME STEEL WORKS GM", **NO_ACCOUNT},
        {"text": "CUST C000001", **NOBODY},
        {"text": "MAY ACCOUNT ACME STEEL WORKS", **NOBODY},
        {"payer": "CASHPOOL ACCOUNT"},
    ],
)
def test_a_known_payer_and_the_amount_of_one_item_is_posted(signs: dict[str, str]) -> None:
    index = index_of(invoice("A-1001", 10_000), invoice("A-1002", 20_000), invoice("B-1001", 10_000, customer=2))
    proposal = match(index, 10_000, **signs)
    assert (proposal.decision, proposal.rule, paid(proposal)) == (
        Decision.POSTED,
        MatchRule.ONE_AMOUNT,
        {"A-1001": 10_000},
    )


def test_two_items_of_one_amount_are_two_answers() -> None:
    index = index_of(invoice("A-1001", 10_000), invoice("A-1002", 10_000))
    proposal = match(index, 10_000)
    assert proposal.decision is Decision.PROPOSED
    assert len(proposal.alternatives) == 1


def test_one_item_and_two_others_that_add_up_are_two_answers() -> None:
    index = index_of(invoice("A-1001", 10_000), invoice("A-1002", 4_000), invoice("A-1003", 6_000))
    assert match(index, 10_000).decision is Decision.PROPOSED


def test_an_amount_that_nobody_knows_the_sender_of_stays_unidentified() -> None:
    proposal = match(index_of(invoice("A-1001", 10_000)), 10_000, "BANK GIRO CREDIT", **NOBODY)
    assert (proposal.decision, proposal.customer_id, proposal.applied) == (Decision.UNIDENTIFIED, None, ())
    assert [each.applied[0].document.number for each in proposal.alternatives] == ["A-1001"]


def test_a_similar_name_is_only_proposed() -> None:
    proposal = match(index_of(invoice("A-1001", 10_000)), 10_000, payer="ACME STEEL WORK S", **NO_ACCOUNT)
    assert (proposal.decision, paid(proposal)) == (Decision.PROPOSED, {"A-1001": 10_000})


def test_a_name_that_two_customers_share_is_only_proposed() -> None:
    twins = (ACME, KnownCustomer(3, "C000003", "Acme Steel Works GmbH"))
    index = index_of(invoice("A-1001", 10_000), customers=twins)
    assert match(index, 10_000, **NO_ACCOUNT).decision is Decision.PROPOSED


def test_a_name_is_too_little_for_an_amount_that_many_customers_owe() -> None:
    crowd = [KnownCustomer(n, f"K{n:05d}", f"Subscriber number {n}") for n in range(10, 16)]
    subscriptions = [invoice(f"S-{n}", 4_900, customer=n) for n in range(10, 16)]
    index = index_of(invoice("A-1001", 4_900), *subscriptions, customers=(ACME, *crowd))
    assert match(index, 4_900, **NO_ACCOUNT).decision is Decision.PROPOSED
    assert match(index, 4_900).decision is Decision.POSTED


def test_an_account_of_two_customers_decides_nothing_by_itself() -> None:
    shared = KnownCustomer(3, "C000003", "Acme Logistics GmbH", ACME.accounts)
    index = index_of(invoice("A-1001", 10_000), invoice("L-1", 20_000, customer=3), customers=(ACME, shared))
    assert match(index, 10_000, payer="TREASURY CENTRE").decision is Decision.PROPOSED
    assert match(index, 10_000, "A-1001", payer="TREASURY CENTRE").decision is Decision.POSTED


def test_a_code_of_digits_counts_only_after_a_word_that_says_so() -> None:
    digits = KnownCustomer(3, "1006", "Nobody Else Ltd")
    index = index_of(invoice("10236", 29_700, customer=3), customers=(digits, ACME))
    assert match(index, 29_700, "RE 1006", **NOBODY).decision is Decision.UNIDENTIFIED
    assert match(index, 29_700, "KD-NR 1006", **NOBODY).decision is Decision.POSTED


def test_a_member_of_the_group_may_pay_for_another() -> None:
    parent = KnownCustomer(1, "C000001", "Acme Steel Works GmbH", ACME.accounts, group=7)
    child = KnownCustomer(3, "C000003", "Acme Tools GmbH", group=7)
    index = index_of(invoice("T-1001", 10_000, customer=3), customers=(parent, child, BOLT))
    proposal = match(index, 10_000, "T-1001")
    assert (proposal.decision, proposal.customer_id) == (Decision.POSTED, 3)


def test_a_payer_is_learned_after_two_confirmations() -> None:
    account = "FR7630006000011234567890189"
    signs = {"payer": "FACTORING SERVICES", "payer_account": account}
    for confirmations, decision in ((1, Decision.UNIDENTIFIED), (2, Decision.POSTED)):
        index = index_of(invoice("A-1001", 10_000))
        index.learn([LearnedPayer(1, account=account, confirmations=confirmations)])
        proposal = match(index, 10_000, **signs)
        assert proposal.decision is decision
    assert "Known payer: this account paid this customer 2 times" in proposal.words


def test_a_learned_name_counts_like_the_customers_own() -> None:
    index = index_of(invoice("A-1001", 10_000))
    index.learn([LearnedPayer(1, name="Factoring Services", confirmations=14)])
    assert match(index, 10_000, payer="FACTORING SERVICES", **NO_ACCOUNT).decision is Decision.POSTED


def test_the_whole_balance_nets_credit_notes_and_money_on_account() -> None:
    index = index_of(
        *(invoice(f"A-{n}", 10_000 + n * n) for n in range(1001, 1007)),
        credit_note("CN-1", 777),
        credit_note("RC-1", 333, kind="receipt"),
    )
    balance = sum(item.owed for item in index.open_of(1, "EUR", date(2026, 5, 20)))
    proposal = match(index, balance)
    assert (proposal.decision, proposal.rule) == (Decision.POSTED, MatchRule.WHOLE_BALANCE)
    assert paid(proposal)["RC-1"] == -333
    assert proposal.left == 0


def test_all_that_is_overdue_is_posted() -> None:
    late = [invoice(f"A-{n}", 10_000 + n * n) for n in range(1001, 1007)]
    index = index_of(*late, invoice("A-2000", 5_555, due=date(2026, 6, 15)))
    proposal = match(index, sum(item.open for item in late))
    assert (proposal.decision, proposal.rule) == (Decision.POSTED, MatchRule.ALL_OVERDUE)


def test_the_total_of_the_last_statement_is_posted() -> None:
    before = [invoice(f"A-{n}", 10_000 + n * n, due=date(2026, 6, n)) for n in range(1, 7)]
    after = invoice("A-9", 5_555, due=date(2026, 6, 18))
    index = index_of(*before, after)
    asked = sum(item.open for item in before)
    index.add_statements([StatementTotal(1, date(2026, 5, 15), "EUR", asked)])
    proposal = match(index, asked)
    assert (proposal.decision, proposal.rule) == (Decision.POSTED, MatchRule.STATEMENT_TOTAL)
    assert set(paid(proposal)) == {item.number for item in before}


def test_items_that_add_up_in_one_way_only_are_posted() -> None:
    index = index_of(*(invoice(f"A-{n}", amount) for n, amount in enumerate((113_700, 245_501, 390_207, 471_313))))
    proposal = match(index, 113_700 + 390_207)
    assert (proposal.decision, proposal.rule) == (Decision.POSTED, MatchRule.SUM_OF_ITEMS)


def test_items_that_add_up_in_two_ways_are_proposed() -> None:
    index = index_of(*(invoice(f"A-{n}", amount) for n, amount in enumerate((10_000, 20_000, 12_000, 18_000))))
    proposal = match(index, 30_000)
    assert (proposal.decision, len(proposal.alternatives)) == (Decision.PROPOSED, 1)


def test_so_many_items_that_chance_would_find_a_sum_prove_nothing() -> None:
    amounts = [10_007 + 613 * n * n % 9_001 for n in range(30)]
    index = index_of(*(invoice(f"A-{n}", amount) for n, amount in enumerate(amounts)))
    assert match(index, sum(amounts[:4])).decision is not Decision.POSTED


def test_a_little_short_of_one_item_is_proposed_with_that_item() -> None:
    index = index_of(invoice("A-1001", 10_000), invoice("A-1002", 50_000))
    proposal = match(index, 9_800)
    assert (proposal.decision, proposal.rule, paid(proposal)) == (
        Decision.PROPOSED,
        MatchRule.NEAR_AMOUNT,
        {"A-1001": 9_800},
    )


def test_money_of_a_sure_payer_that_fits_nothing_waits_on_account() -> None:
    proposal = match(index_of(invoice("A-1001", 10_000)), 50_000)
    assert (proposal.decision, proposal.rule, proposal.left) == (Decision.ON_ACCOUNT, MatchRule.PAYER_ONLY, 50_000)


def test_a_name_alone_credits_nobodys_account_unseen() -> None:
    assert match(index_of(invoice("A-1001", 10_000)), 50_000, **NO_ACCOUNT).decision is Decision.PROPOSED


def test_money_out_is_no_receipt() -> None:
    assert match(index_of(invoice("A-1001", 10_000)), -10_000).rule is MatchRule.NOT_A_RECEIPT
