"""What people and customers do in the quarter: those who pay after a word, a promise, an answer or a dispute."""

from datetime import date
from decimal import Decimal

from ar_collections.actions import Claim, Closing, close_dispute
from ar_collections.actions.finals import (
    Question,
    answer_final_question,
    ask_final_question,
    record_final_receipt,
)
from ar_collections.actions.portfolios import add_portfolio_rule, cover_absence
from ar_collections.actions.worklist import snooze_customer
from ar_collections.calls import CallOutcome
from ar_collections.finals import QuestionKind, Task
from ar_collections.models import (
    AbsenceCover,
    Dispute,
    PortfolioRule,
    Promise,
    WorkAssignment,
)
from ar_collections.promises import Outcome
from ar_collections.queries.calls import day_count
from ar_collections.queries.disputes import disputed_of_customer
from ar_collections.queries.finals import final_row
from ar_collections.reasons import DeductionReason
from ar_collections.worklist import Tier
from controls.actions.policies import PolicyText, confirm_reading, write_policy
from core.money import money
from ledger.models import OpenItem
from tests.stories.collecting_quarter import House, on, pledge, tier_of

# The house ------------------------------------------------------------------------------------------------------------


@on(7, 1)
def maya_shares_the_customers_out_and_colin_reads_the_policy(house: House) -> None:
    uk, maya = house.entity, house["Maya"]
    for position, (name, first, last) in enumerate((("Colin", "A", "F"), ("Cara", "G", "Z")), 1):
        rule = PortfolioRule(entity=uk, collector=house[name], position=position, first_letter=first, last_letter=last)
        add_portfolio_rule(by=maya, rule=rule)
    written = PolicyText(title="Collecting", text="# Call before you write", screens=["collections:worklist"])
    policy = write_policy(by=maya, entity=uk, written=written)
    confirm_reading(by=house["Colin"], version=policy.versions.get())


@on(7, 2)
def everybody_is_somebodys(house: House) -> None:
    held = dict(WorkAssignment.objects.filter(ended_at=None).values_list("customer__name", "collector__name"))
    assert held == {name: "Colin" if name < "G" else "Cara" for name in house.accounts}


@on(7, 20)
def cara_is_away_for_a_week(house: House) -> None:
    week = {"from_on": date(2026, 7, 20), "until_on": date(2026, 7, 24), "reason": "Holiday"}
    cover = AbsenceCover(entity=house.entity, absent=house["Cara"], cover=house["Colin"], **week)
    cover_absence(by=house["Maya"], cover=cover)


# Aster pays after the first friendly word -----------------------------------------------------------------------------


@on(7, 9)
def aster_pays_in_time(house: House) -> None:
    house.pays("Aster", "500", "RC-ASTER")


# Birch is hard to reach -----------------------------------------------------------------------------------------------


@on(7, 6)
def nobody_answers_at_birch(house: House) -> None:
    assert tier_of(house, "Birch") == Tier.WINDOW
    for _ in range(3):
        house.call("Birch", CallOutcome.NO_ANSWER)
    assert day_count(entity=house.entity, on=house.today).words == "of 75, 0 reached, 3 attempts"


@on(7, 8)
def birch_calls_back(house: House) -> None:
    house.call("Birch", CallOutcome.SPOKE, direction="in")


@on(7, 10)
def birch_pays(house: House) -> None:
    house.pays("Birch", "800", "RC-BIRCH")


# Cedar promises in two parts and keeps both ---------------------------------------------------------------------------


@on(7, 8)
def cedar_promises(house: House) -> None:
    said = pledge((date(2026, 7, 15), "600"), (date(2026, 7, 22), "600"))
    house.call("Cedar", CallOutcome.PROMISE, pledge=said)


@on(7, 15, 22)
def cedar_pays_a_half(house: House) -> None:
    house.pays("Cedar", "600", f"RC-CEDAR-{house.today:%d}")


@on(7, 23)
def cedar_has_kept_the_promise(house: House) -> None:
    promise = Promise.objects.get(customer=house.customer("Cedar"))
    assert (promise.outcome, promise.received) == (Outcome.KEPT, Decimal(1200))


# Fern disputes a part -------------------------------------------------------------------------------------------------


@on(7, 13)
def fern_disputes_800(house: House) -> None:
    claim = (house.items["Fern"], Claim(DeductionReason.PRICE, money("800.00 GBP"), "The old price list"))
    house.call("Fern", CallOutcome.DISPUTE, claim=claim)


@on(7, 24)
def fern_pays_what_is_not_disputed(house: House) -> None:
    assert disputed_of_customer(house.customer("Fern"), as_of=house.today) == [money("800.00 GBP")]
    house.pays("Fern", "1200", "RC-FERN-1")


@on(7, 28)
def the_dispute_is_right_in_part(house: House) -> None:
    dispute = Dispute.objects.get()
    closing = Closing(Dispute.Outcome.PARTLY, "300 of the old price list", money("300.00 GBP"))
    close_dispute(by=house["Colin"], dispute=dispute, closing=closing, closed_on=house.today)
    account, item = house.accounts["Fern"], house.items["Fern"]
    account.apply(account.credit_note("CN-FERN", "300", house.today), item, "300", house.today)
    assert house.open_of("Fern") == 500


@on(8, 6)
def fern_pays_the_rest(house: House) -> None:
    house.pays("Fern", "500", "RC-FERN-2")


# Ginkgo leaves --------------------------------------------------------------------------------------------------------


@on(7, 8)
def ginkgo_is_asked_about_the_final(house: House) -> None:
    """The 6th business day of July."""
    item = house.items["Ginkgo"]
    house.call("Ginkgo", CallOutcome.SPOKE, by="Cara")
    record_final_receipt(by=house["Cara"], item=item, arrived=True, said_by="Priya Nair", said_on=house.today)
    question = Question(QuestionKind.EXEMPTION, "Which certificate counts?", due_on=date(2026, 7, 20))
    ask_final_question(by=house["Cara"], item=item, question=question, asked_on=house.today)
    row = final_row(item, today=house.today)
    assert row is not None and row.task == Task.ANSWER


@on(7, 16)
def the_question_is_answered(house: House) -> None:
    [question] = house.items["Ginkgo"].final_questions.all()
    answer_final_question(by=house["Cara"], question=question, answer="That of 2026", on=house.today)


@on(8, 3)
def ginkgo_is_five_days_late(house: House) -> None:
    house.call("Ginkgo", CallOutcome.SPOKE, by="Cara")
    assert tier_of(house, "Ginkgo") == Tier.FINAL


@on(8, 5)
def ginkgo_pays(house: House) -> None:
    house.pays("Ginkgo", "900", "RC-GINKGO")


# Kapok and Larch are a group ------------------------------------------------------------------------------------------


@on(7, 22)
def kapok_pays_and_larch_is_put_off(house: House) -> None:
    house.pays("Kapok", "700", "RC-KAPOK")
    larch = house.customer("Larch")
    snooze_customer(by=house["Colin"], customer=larch, until_on=date(2026, 7, 28), snoozed_on=house.today)


@on(7, 29)
def larch_has_paid_and_named_nothing(house: House) -> None:
    house.accounts["Larch"].receipt("RC-LARCH", "400", house.today)


@on(8, 4)
def it_is_applied(house: House) -> None:
    receipt = OpenItem.objects.get(number="RC-LARCH")
    house.accounts["Larch"].apply(receipt, house.items["Larch"], "400", house.today)
