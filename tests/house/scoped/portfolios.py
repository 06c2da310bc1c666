"""A rule and a cover of the UK's collectors."""

from datetime import timedelta

from ar_collections.actions.portfolios import add_portfolio_rule, cover_absence
from ar_collections.models import AbsenceCover, PortfolioRule
from core import clock
from tests.house.scoped import MARKER, Addresses, Stage
from tests.house.scoped.customers import customer_of


def addresses(stage: Stage) -> Addresses:
    rule = PortfolioRule(entity=stage.uk, collector=stage.clerk, position=1, segment=MARKER)
    today = clock.today(stage.uk)
    cover = AbsenceCover(
        entity=stage.uk, absent=stage.clerk, cover=stage.manager, from_on=today, until_on=today + timedelta(days=2),
        reason=MARKER,
    )  # fmt: skip
    return {
        "collections:end_portfolio_rule": {"pk": add_portfolio_rule(by=stage.manager, rule=rule).pk},
        "collections:end_cover": {"pk": cover_absence(by=stage.manager, cover=cover).pk},
        "collections:customer_collectors": {"pk": customer_of(stage).pk},
    }
