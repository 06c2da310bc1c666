"""What ends soon is offered, renewed by itself when nobody gives notice, and left alone when somebody does."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from core import clock
from core.errors import NotAllowed
from core.models import LegalEntity, Run, User
from invoicing.actions import amend_contract, give_notice, quote_renewal, renew_contract
from invoicing.amending import AmendmentDraft, AmendmentRefused
from invoicing.contract_drafts import ContractLineDraft
from invoicing.models import Amendment, Contract, ContractLine, Product, RenewalQuote
from invoicing.queries.renewals import as_worklist, offer_of, renewals_due
from invoicing.tasks import renew_contracts, renew_due_contracts
from messaging.kinds import context_of, kind_named
from messaging.models import Message
from tests.invoicing.contracts.conftest import ENDS, Agreed

NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def ending(agreed: Agreed, books: LegalEntity) -> Callable[..., Contract]:
    """A contract of a year that ends so many days from the company's today."""

    def make(days: int, **facts: Any) -> Contract:
        ends_on = clock.today(books) + timedelta(days=days)
        return agreed(starts_on=ends_on - timedelta(days=364), ends_on=ends_on, **{"renews": True, **facts})

    return make


def test_the_worklist_shows_what_ends_in_90_days_and_what_it_comes_to(
    agreed: Agreed, books: LegalEntity, clerk: User, django_assert_max_num_queries: Any
) -> None:
    soon = agreed(indexation_percent=Decimal(5), renews=True, notice_days=30)
    agreed(ends_on=date(2027, 6, 30))
    give_notice(by=clerk, contract=agreed(), given_on=NOVEMBER)
    early = AmendmentDraft(kind=Amendment.Kind.EARLY_END.value, effective_on=date(2026, 12, 1))
    amend_contract(by=clerk, contract=agreed(), draft=early)

    with django_assert_max_num_queries(4):
        [renewal] = as_worklist(list(renewals_due(books, as_of=NOVEMBER)))

    assert (renewal.contract, renewal.is_automatic, renewal.notice_by) == (soon, True, date(2026, 12, 15))
    assert renewal.offer is not None
    assert (renewal.offer.net, renewal.offer.term.last_on) == (Decimal("2520.00"), date(2028, 1, 14))


def test_usage_is_no_part_of_what_the_next_term_comes_to(agreed: Agreed, seats: Product, calls: Product) -> None:
    seat = ContractLineDraft(seats, unit_price=Decimal(10), cycle=ContractLine.Cycle.MONTHLY.value)
    usage = ContractLineDraft(
        calls,
        unit_price=Decimal("0.05"),
        cycle=ContractLine.Cycle.USAGE.value,
        timing=ContractLine.Timing.ARREARS.value,
    )

    offer = offer_of(agreed(seat, usage), Decimal(10))

    assert [line.net for line in offer.lines] == [Decimal("132.00"), None]
    assert offer.net == Decimal("132.00")


def test_a_term_that_begins_within_a_year_of_its_line_begins_a_year_of_its_own(agreed: Agreed) -> None:
    offer = offer_of(agreed(ends_on=date(2026, 9, 30)))

    assert (offer.term.first_on, offer.net) == (date(2026, 10, 1), Decimal("2400.00"))


def test_a_quote_is_kept_and_sent_once(agreed: Agreed, clerk: User) -> None:
    contract = agreed(renews=True, indexation_percent=Decimal("2.5"), notice_days=30)
    facts: dict[str, Any] = {
        "percent": None, "quoted_on": NOVEMBER, "valid_until": date(2026, 12, 1), "request_id": "form-1",
    }  # fmt: skip

    quote = quote_renewal(by=clerk, contract=contract, **facts)

    assert quote_renewal(by=clerk, contract=contract, **facts) == quote
    assert (quote.net, quote.percent, quote.starts_on) == (Decimal("2460.00"), Decimal("2.5"), date(2027, 1, 15))
    assert quote.file.read().startswith(b"%PDF-")
    message = Message.objects.get()
    assert [file.file for file in message.attachments.all()] == [quote.file]
    said = context_of(message)
    assert (str(said["amount"]), said["notice_by"]) == ("2,460.00 GBP", date(2026, 12, 15))
    assert RenewalQuote.objects.count() == 1


def test_nobody_is_sent_a_quote_for_what_was_renewed_meanwhile(agreed: Agreed, clerk: User) -> None:
    contract = agreed()
    quote_renewal(
        by=clerk, contract=contract, percent=None, quoted_on=NOVEMBER, valid_until=ENDS, request_id="form-1"
    )  # fmt: skip

    renew_contract(by=clerk, contract=contract)

    said = kind_named("renewal_quote").still_true(Message.objects.get())
    assert said == f"{contract.number} was renewed meanwhile."


def test_what_nobody_gave_notice_on_renews_by_itself_and_once(ending: Callable[..., Contract], clerk: User) -> None:
    passed = ending(10, notice_days=30, indexation_percent=Decimal(3))
    in_time = ending(60, notice_days=30)
    by_hand = ending(10, notice_days=30, renews=False)

    assert renew_due_contracts() == 1
    assert renew_due_contracts() == 0

    assert {contract: contract.amendments.count() for contract in (passed, in_time, by_hand)} == {
        passed: 1, in_time: 0, by_hand: 0,
    }  # fmt: skip
    assert passed.lines.get(position=2).unit_price == Decimal("123.60")
    run = Run.objects.get(kind="renew_contracts")
    assert (run.state, run.result) == (Run.State.DONE, {"renewed": 1})


def test_a_run_that_is_carried_out_again_renews_nothing_twice(ending: Callable[..., Contract]) -> None:
    contract = ending(10, notice_days=30)
    renew_due_contracts()
    Run.objects.update(state=Run.State.FAILED)

    renew_contracts(Run.objects.get(kind="renew_contracts").pk)

    assert contract.amendments.count() == 1
    assert Run.objects.get().result == {"renewed": 1}, "by the first worker"


def test_an_open_contract_has_nothing_to_renew(agreed: Agreed, clerk: User) -> None:
    with pytest.raises(AmendmentRefused, match="runs until it is ended"):
        renew_contract(by=clerk, contract=agreed(ends_on=None))


def test_who_may_not_quote(collector: User, agreed: Agreed) -> None:
    with pytest.raises(NotAllowed):
        quote_renewal(
            by=collector, contract=agreed(), percent=None, quoted_on=NOVEMBER, valid_until=ENDS, request_id="1"
        )
