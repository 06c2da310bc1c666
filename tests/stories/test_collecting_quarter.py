"""A quarter of collecting: twelve customers, each with a story of their own, day by day on one clock.

Who was written to when is checked to the message, and so is what was owed, promised, disputed, planned, suspended,
escalated, charged and written off. The days are those of DOMAIN.md: statements on 15 July, 14 August and 15 September
2026 (T1), finals on the 6th business day, late interest as in T9.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.management import call_command

from ar_collections.models import DunningNotice, NoticeLine, Promise, StrategyVersion, SuspensionCase, WriteOff
from ar_collections.queries.dry_run import Basis, Span, dry_run
from ar_collections.queries.preview import preview
from core.models import LegalEntity, Run, User
from ledger.balances import control_account
from tests.stories import quarter_hard_cases, quarter_scenes
from tests.stories.collecting_quarter import LAST, SCENES, House, days, furnish

PLAYED = (quarter_scenes, quarter_hard_cases)
"""Their scenes are registered as they are read."""
# Strategies are on since 1 July, Wednesday. Weekends and three days between two reminders move steps on.
TOLD = {
    "Aster": """
        06 Jul notice_pre_due
    """,
    "Birch": """
        01 Jul notice_pre_due
        06 Jul notice_friendly
        06 Jul missed_you
    """,
    "Cedar": """
        01 Jul notice_pre_due
        07 Jul notice_due
        14 Jul promise_reminder
        15 Jul statement
        21 Jul promise_reminder
    """,
    "Dahlia": """
        01 Jul notice_pre_due
        06 Jul notice_due
        09 Jul notice_friendly
        15 Jul statement
        16 Jul promise_reminder
        21 Jul notice_firm
        21 Jul difficult_conversation
        28 Jul notice_firm
        30 Jul escalation_asked
        04 Aug escalation_due
        05 Aug escalation_answered
    """,
    "Elm": """
        01 Jul notice_due
        06 Jul notice_friendly
        07 Jul difficult_conversation
        09 Jul plan_letter
        15 Jul statement
        11 Aug plan_notice
        14 Aug statement
    """,
    "Fern": """
        03 Jul notice_pre_due
        09 Jul notice_due
        13 Jul notice_friendly
        15 Jul statement
        23 Jul notice_firm
        03 Aug notice_firm
    """,
    "Ginkgo": """
        08 Jul notice_received
        15 Jul statement
        03 Aug notice_friendly
    """,
    "Holly": """
        01 Jul notice_friendly
        06 Jul notice_firm
        06 Jul suspension_notice_1
        13 Jul suspension_notice_2
        15 Jul statement
        16 Jul suspension_final
        20 Jul suspension_request
        20 Jul suspension_told
        20 Jul suspension_told
        22 Jul suspension_restore
        22 Jul suspension_told
        23 Jul suspension_told
    """,
    "Iris": """
        01 Jul notice_friendly
        06 Jul notice_firm
        09 Jul notice_firm
        14 Jul notice_formal
        15 Jul statement
        14 Aug statement
        17 Aug late_charge
        11 Sep notice_pre_due
        15 Sep statement
        17 Sep notice_due
        21 Sep notice_friendly
    """,
    "Juniper": """
        06 Jul notice_pre_due
        13 Jul notice_due
        15 Jul statement
        16 Jul notice_friendly
    """,
    "Kapok": """
        15 Jul notice_pre_due
        15 Jul group_statement
        21 Jul notice_due
    """,
    "Larch": """
        20 Jul notice_pre_due
        27 Jul notice_due
    """,
}


@pytest.mark.minutes
def test_a_quarter_of_twelve_customers(
    uk: LegalEntity, system: User, person: Callable[..., User], settings: Any, tmp_path: Path
) -> None:
    settings.MAIL_DIR = tmp_path / "mail"
    leavers = "tests.stories.collecting_quarter.Leavers"
    settings.COLLECTION_SOURCES = [*configured.COLLECTION_SOURCES, leavers]
    roles = {
        "Colin": "collector", "Cara": "collector", "Maya": "ar_manager", "Finn": "finance_manager",
        "Sven": "service_owner", "Nora": "ar_specialist",
    }  # fmt: skip
    house = furnish(uk, system, {name: person(name, uk, role) for name, role in roles.items()})

    for day in days():
        house.live(day, SCENES.get(day, ()))

    told = {name: [line.strip() for line in TOLD[name].strip().splitlines()] for name in house.accounts}
    assert {name: house.told_to(name) for name in house.accounts} == told
    nothing_was_doubled_and_nothing_failed()
    what_is_owed_at_the_end(house)
    what_was_learnt(house)


def nothing_was_doubled_and_nothing_failed() -> None:
    steps = list(NoticeLine.objects.filter(fell_out="").exclude(step_code="").values_list("item", "step_code"))
    assert len(steps) == len(set(steps)), "never two of one step"
    assert not Run.objects.exclude(state=Run.State.DONE).exists() and not Run.objects.filter(failed__gt=0).exists()
    assert not DunningNotice.objects.exclude(held_back="").exists(), "nothing was decided that was not true"


def what_is_owed_at_the_end(house: House) -> None:
    """Dahlia's debt is with the lawyers; everybody else owes nothing, and the books say the same."""
    owed = {name: house.open_of(name) for name in house.accounts}
    assert {name: amount for name, amount in owed.items() if amount} == {"Dahlia": Decimal(2000)}
    [books] = control_account(entity=house.entity, as_of=LAST)
    assert books.account == books.items == 2000
    call_command("check_ledger", stdout=StringIO())
    [row] = preview(house.entity, LAST).rows
    assert row.reasons == ["With lawyers: Handed over to Pratt LLP"]


def what_was_learnt(house: House) -> None:
    kept = dict(Promise.objects.values_list("customer__name", "outcome"))
    assert kept == {"Cedar": "kept", "Dahlia": "broken"}
    assert SuspensionCase.objects.get().ending == "restored"
    assert WriteOff.objects.get().lines.get().recoveries.get().amount == 300
    version = StrategyVersion.objects.get(strategy__entity=house.entity, strategy__code="standard")
    july = Span(date(2026, 7, 1), date(2026, 7, 31), Basis.SINCE)
    found = dry_run(version, july)
    assert {step: sent for step, _, sent in found.by_step} == {
        "Before it is due": 8, "Due": 7, "First reminder": 7, "Second reminder": 4, "Third reminder": 2,
        "Notice of suspension": 1,
    }  # fmt: skip
    would = {step: count for step, count, _ in found.by_step}
    assert would["First reminder"] >= 7, "promises and plans aren't weighed, so it is the most"
