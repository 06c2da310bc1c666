"""Strategies: seven come filled in, a draft is changed, a version that is on stays, segments by rule and by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from ar_collections.actions.segments import assign_segment, change_segment, end_assignment
from ar_collections.actions.strategies import (
    NoLadder,
    NotADraft,
    change_strategy,
    draft_strategy,
    set_up_strategies,
    switch_strategy_off,
    switch_strategy_on,
)
from ar_collections.models import Segment, Step, Strategy, StrategyVersion
from ar_collections.queries.cases import house_of, load_cases
from ar_collections.segments import USUAL, StepFacts, Traits, segment_for
from core.errors import NotAllowed, Refused
from core.models import AuditEvent, LegalEntity, User
from customers.models import Customer
from tests.collections.books import Books
from tests.collections.dunning import switch_all_on

TODAY = date(2026, 5, 12)


@pytest.fixture
def standard(books: LegalEntity, manager: User) -> StrategyVersion:
    set_up_strategies(by=manager, entity=books)
    return StrategyVersion.objects.get(strategy__code="standard")


def test_seven_segments_come_filled_in_as_drafts(books: LegalEntity, manager: User) -> None:
    found = set_up_strategies(by=manager, entity=books)

    assert [segment.code for segment in found] == [usual.code for usual in USUAL]
    assert StrategyVersion.objects.filter(switched_on_at=None).count() == 7
    days = Step.objects.filter(version__strategy__code="standard").order_by("day").values_list("day", flat=True)
    assert list(days) == [-5, 1, 5, 15, 25, 31, 45, 60, 75]
    assert set_up_strategies(by=manager, entity=books) == found
    assert Strategy.objects.count() == 7


def test_who_may_not(books: LegalEntity, collector: User, standard: StrategyVersion) -> None:
    for refused in (
        lambda: set_up_strategies(by=collector, entity=books),
        lambda: draft_strategy(by=collector, strategy=standard.strategy),
        lambda: change_strategy(by=collector, version=standard, steps=[], gap_days=1),
        lambda: switch_strategy_on(by=collector, version=standard),
        lambda: switch_strategy_off(by=collector, version=standard, reason="No"),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_a_draft_is_changed_and_a_version_that_is_on_is_not(manager: User, standard: StrategyVersion) -> None:
    steps = [StepFacts("first", "First reminder", 7, "friendly", "notice_friendly")]
    changed = change_strategy(by=manager, version=standard, steps=steps, gap_days=4, note="Softer")
    switch_strategy_on(by=manager, version=changed)

    with pytest.raises(NotADraft, match="Standard, version 1 was switched on and stays"):
        change_strategy(by=manager, version=changed, steps=steps, gap_days=2)
    step = changed.steps.get()
    for write in (
        lambda: Step.objects.filter(pk=step.pk).update(day=9),
        lambda: Step.objects.filter(pk=step.pk).delete(),
        lambda: Step.objects.create(version=changed, code="x", name="X", day=3, tone="firm", template="notice_firm"),
        lambda: StrategyVersion.objects.filter(pk=changed.pk).update(gap_days=9),
    ):
        with pytest.raises(DatabaseError, match="stay"), transaction.atomic():
            write()
    assert AuditEvent.objects.filter(event__startswith="strategy.").count() == 2


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([], "at least one step"),
        ([StepFacts("a", "A", 1, "firm", "notice_firm"), StepFacts("b", "B", 1, "firm", "notice_firm")], "the day 1"),
        ([StepFacts("a", "A", 1, "firm")], "choose its wording"),
        ([StepFacts("a", "A", 1, "firm", channel="none")], "does nothing"),
        ([StepFacts("a", "A", 900, "firm", "notice_firm")], "720"),
        ([StepFacts("a", "A", 1, "firm", "notice_unknown")], "notice_unknown"),
    ],
)
def test_what_is_no_ladder_is_refused(
    manager: User, standard: StrategyVersion, steps: list[StepFacts], words: str
) -> None:
    with pytest.raises(NoLadder, match=words):
        change_strategy(by=manager, version=standard, steps=steps, gap_days=3)
    assert standard.steps.count() == 9


def test_the_next_version_takes_the_place_of_the_one_before(manager: User, standard: StrategyVersion) -> None:
    switch_strategy_on(by=manager, version=standard)
    second = draft_strategy(by=manager, strategy=standard.strategy)

    assert draft_strategy(by=manager, strategy=standard.strategy) == second
    assert second.steps.count() == 9
    switch_strategy_on(by=manager, version=second)
    standard.refresh_from_db()
    assert (standard.is_on, standard.off_reason) == (False, "Version 2 took its place")
    with pytest.raises(NotADraft, match="was switched off"):
        switch_strategy_on(by=manager, version=standard)
    switched = switch_strategy_off(by=manager, version=second, reason="The law changed")
    assert switch_strategy_off(by=manager, version=second, reason="Twice").off_reason == switched.off_reason


def test_the_first_segment_that_fits_decides(standard: StrategyVersion) -> None:
    segments = list(Segment.objects.order_by("position"))
    strategic = next(segment for segment in segments if segment.code == "strategic")
    rich = Traits(owed=Decimal(9000))

    def code(traits: Traits, kind: str = "") -> str:
        found = segment_for(segments, traits, kind)
        return found.code if found else ""

    assert code(rich) == "standard"
    assert code(rich, "recurring") == "mrr"
    assert code(rich, "final") == "final_invoice"
    assert code(Traits(owed=Decimal(249))) == "small_balance"
    assert code(replace(rich, has_mandate=True), "recurring") == "dd_payer"
    assert code(replace(rich, keyword=" public SECTOR ")) == "public_sector"
    by_hand = replace(rich, by_hand=strategic.pk, has_mandate=True)
    assert code(by_hand, "recurring") == "strategic"
    assert code(by_hand, "final") == "final_invoice"


def test_a_customer_is_put_into_a_segment_and_out_of_it(
    account: Books, hotels: Customer, manager: User, collector: User
) -> None:
    switch_all_on(manager, hotels.entity)
    account.invoice("INV-1", "900.00", date(2026, 4, 1), date(2026, 5, 1))
    strategic = Segment.objects.get(code="strategic")

    def segment() -> str:
        [case] = load_cases(house_of(hotels.entity), [hotels.pk], on=TODAY)
        [found] = case.segments.values()
        return found.code if found else ""

    assert segment() == "standard"
    assignment = assign_segment(by=manager, customer=hotels, segment=strategic, reason="Board level")
    assert assign_segment(by=manager, customer=hotels, segment=strategic, reason="Again") == assignment
    assert segment() == "strategic"
    end_assignment(by=manager, assignment=assignment)
    assert segment() == "standard"
    with pytest.raises(Refused, match="about documents"):
        assign_segment(
            by=manager, customer=hotels, segment=Segment.objects.get(code="mrr"), reason="Subscriptions only"
        )
    with pytest.raises(Refused, match="Say why"):
        assign_segment(by=manager, customer=hotels, segment=strategic, reason=" ")
    with pytest.raises(NotAllowed):
        assign_segment(by=collector, customer=hotels, segment=strategic, reason="My friend")


def test_a_segment_follows_another_strategy(books: LegalEntity, manager: User, standard: StrategyVersion) -> None:
    small = Segment.objects.get(code="small_balance")
    changed = change_segment(by=manager, segment=small, strategy=standard.strategy, threshold=Decimal(100))

    assert (changed.strategy.code, changed.threshold) == ("standard", Decimal(100))
    with pytest.raises(Refused, match="Write the amount"):
        change_segment(by=manager, segment=small, strategy=standard.strategy)
