"""What whoever leads the collectors may do: whose each customer is."""

KEEP_PORTFOLIOS = frozenset(
    {
        "collections.add_portfolio_rule",
        "collections.end_portfolio_rule",
        "collections.apply_portfolio_rules",
        "collections.cover_absence",
        "collections.end_cover",
    }
)
