"""Settlement files of payment providers, led to the queue of electronic payments and to payouts."""

from cashapp.actions.settlements.taking_in import settle_lines, take_in_settlement

__all__ = ["settle_lines", "take_in_settlement"]
