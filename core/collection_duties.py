"""What whoever leads the collectors may do: whose each customer is, and how suspensions go on and end."""

KEEP_PORTFOLIOS = frozenset(
    {
        "collections.add_portfolio_rule",
        "collections.end_portfolio_rule",
        "collections.apply_portfolio_rules",
        "collections.cover_absence",
        "collections.end_cover",
    }
)

LEAD_SUSPENSIONS = frozenset(
    {
        "collections.change_suspension_policy",
        "collections.approve_extension",
        "collections.end_suspension",
        "collections.end_exemption",
        "collections.start_meeting",
        "collections.end_meeting",
    }
)
