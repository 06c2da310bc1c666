"""A strategy, a hold, a segment by hand and a notice of the marked customer."""

from datetime import date

from django.db import transaction

from ar_collections.actions.holds import HoldFacts, place_hold
from ar_collections.actions.segments import assign_segment
from ar_collections.actions.strategies import set_up_strategies
from ar_collections.models import DunningHold, DunningNotice, Segment, Step, Strategy, StrategyVersion
from core import clock
from tests.house.scoped import MARKER, Addresses, Stage
from tests.house.scoped.customers import customer_of

DAY = date(2026, 5, 12)


@transaction.atomic
def addresses(stage: Stage) -> Addresses:
    customer = customer_of(stage)
    set_up_strategies(by=stage.manager, entity=stage.uk)
    Strategy.objects.filter(code="strategic").update(purpose=MARKER)
    version = StrategyVersion.objects.get(strategy__code="strategic", strategy__entity=stage.uk)
    segment = Segment.objects.get(code="strategic", entity=stage.uk)
    hold = place_hold(by=stage.clerk, customer=customer, facts=HoldFacts(DunningHold.Kind.HOLD, MARKER), placed_on=DAY)
    assignment = assign_segment(by=stage.manager, customer=customer, segment=segment, reason=MARKER)
    notice = DunningNotice.objects.create(
        entity=stage.uk,
        customer=customer,
        decided_on=DAY,
        step=Step.objects.filter(version=version).earliest("day"),
        decided_by=stage.clerk,
        decided_at=clock.now(),
    )
    versions = (
        "strategy_version",
        "try_strategy",
        "start_dry_run",
        "change_strategy",
        "switch_strategy_on",
        "switch_strategy_off",
    )
    customers = ("customer_dunning", "send_notice", "place_hold", "assign_segment")
    return {
        **{f"collections:{name}": {"pk": version.pk} for name in versions},
        **{f"collections:{name}": {"pk": customer.pk} for name in customers},
        "collections:draft_strategy": {"pk": version.strategy_id},
        "collections:change_segment": {"pk": segment.pk},
        "collections:notice": {"pk": notice.pk},
        "collections:lift_hold": {"pk": hold.pk},
        "collections:end_assignment": {"pk": assignment.pk},
    }
