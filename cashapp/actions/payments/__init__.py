"""Electronic payments: taken in once, posted to their customer, paid out by the provider, or taken back."""

from cashapp.actions.payments.payouts import credit_payout, record_payout, uncredit_payout
from cashapp.actions.payments.posting import post_payment
from cashapp.actions.payments.providers import add_provider, change_processing_hours
from cashapp.actions.payments.taking_back import return_payment
from cashapp.actions.payments.telling import say_payer, take_in_payment, tell_of_payment

__all__ = [
    "add_provider",
    "change_processing_hours",
    "credit_payout",
    "post_payment",
    "record_payout",
    "return_payment",
    "say_payer",
    "take_in_payment",
    "tell_of_payment",
    "uncredit_payout",
]
