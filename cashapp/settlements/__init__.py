"""Settlement files of payment providers: what each movement means, and what becomes of it here."""

from cashapp.settlements.movement import PROVIDERS, SETTLEMENT_CODES, Movement, movement_of

__all__ = ["PROVIDERS", "SETTLEMENT_CODES", "Movement", "movement_of"]
