"""What people can do on the ground floor."""

from core.actions.calendars import mark_day, unmark_day
from core.actions.entities import add_bank_account, change_bank_account, change_entity, create_entity
from core.actions.modulus import load_modulus_rules
from core.actions.people import (
    change_password_of,
    change_person,
    change_preferences,
    create_person,
    grant_role,
    issue_token,
    revoke_role,
    revoke_token,
)
from core.actions.rates import add_rates
from core.actions.series import change_series
from core.actions.views import delete_view, save_view

__all__ = [
    "add_bank_account",
    "add_rates",
    "change_bank_account",
    "change_entity",
    "change_password_of",
    "change_person",
    "change_preferences",
    "change_series",
    "create_entity",
    "create_person",
    "delete_view",
    "grant_role",
    "issue_token",
    "load_modulus_rules",
    "mark_day",
    "revoke_role",
    "revoke_token",
    "save_view",
    "unmark_day",
]
