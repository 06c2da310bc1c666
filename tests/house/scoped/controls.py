"""A request for approval and a limit."""

from datetime import date

from controls.actions import request_approval, set_up_limits
from controls.models import Authority
from core.money import money
from tests.house.scoped import MARKER, Addresses, Stage


def addresses(stage: Stage) -> Addresses:
    limit = set_up_limits(by=stage.system, entity=stage.uk)[0]
    request = request_approval(
        by=stage.clerk,
        entity=stage.uk,
        kind=Authority.REFUND,
        subject=stage.uk,
        subject_url="/",
        facts=[("Customer", MARKER)],
        effect=MARKER,
        amount=money("10.00 GBP"),
        counts_with="customer:1",
        reason=MARKER,
        decide_url_name="controls:approval",
        requested_on=date(2999, 1, 1),
    )
    return {
        "controls:approval": {"pk": request.pk},
        "controls:decline_request": {"pk": request.pk},
        "controls:withdraw_request": {"pk": request.pk},
        "controls:end_limit": {"pk": limit.pk},
    }
