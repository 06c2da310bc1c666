"""What people do about duplicate payments and about paying refunds."""

from refunds.actions.answers import clear_payments, fail_payment
from refunds.actions.batches import add_channel, cancel_batch, prepare_batch, release_batch, take_batch
from refunds.actions.cards import record_card_refund
from refunds.actions.duplicates import find_duplicates, keep_duplicate
from refunds.actions.taking_back import take_back_refund

__all__ = [
    "add_channel",
    "cancel_batch",
    "clear_payments",
    "fail_payment",
    "find_duplicates",
    "keep_duplicate",
    "prepare_batch",
    "record_card_refund",
    "release_batch",
    "take_back_refund",
    "take_batch",
]
