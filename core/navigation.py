"""The rooms of the portal as its menu shows them. A room appears when its page exists and the person may see it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from django.urls import NoReverseMatch, reverse

from core.pages import Page


@dataclass(frozen=True)
class Room:
    """One line of the menu. Its key follows G: G then C opens Cash."""

    label: str
    icon: str
    url_name: str
    permission: str
    key: str = ""
    on_phone: bool = False

    @cached_property
    def url(self) -> str:
        """Its address, or nothing while the page doesn't exist."""
        try:
            return reverse(self.url_name)
        except NoReverseMatch:
            return ""


@dataclass(frozen=True)
class Section:
    """Some rooms under a heading that folds; the first has none and stays open."""

    label: str
    rooms: tuple[Room, ...]
    starts_open: bool = False

    def holds(self, url: str) -> bool:
        """Whether the page that is shown belongs to one of these rooms."""
        return any(room.url == url for room in self.rooms)


SECTIONS: Final = (
    Section(
        "",
        (
            Room("Home", "layout-dashboard", "reporting:dashboard", "reporting.view", "h", on_phone=True),
            Room("Cash", "banknote", "cashapp:desk", "cashapp.view", "c", on_phone=True),
            Room("Worklist", "list-checks", "collections:worklist", "collections.view", "q", on_phone=True),
            Room("Customers", "users", "customers:customers", "customers.view", "u", on_phone=True),
            Room("Invoices", "file-text", "invoicing:invoices", "invoicing.view", "i", on_phone=True),
            Room("Approvals", "badge-check", "controls:approvals", "controls.view", "p"),
        ),
    ),
    Section(
        "Billing",
        (
            Room("Contracts", "notebook-pen", "invoicing:contracts", "invoicing.view", "k"),
            Room("Renewals", "repeat", "invoicing:renewals", "invoicing.view", "w"),
            Room("Billing runs", "play", "invoicing:billing", "invoicing.view"),
            Room("Credit notes", "file-minus", "invoicing:credit_notes", "invoicing.view", "n"),
            Room("Adjustments", "sliders-horizontal", "invoicing:adjustments", "invoicing.view"),
            Room("Deferred income", "calendar-clock", "invoicing:deferred_income", "invoicing.view"),
            Room("Credit control", "shield-check", "invoicing:credit_control", "invoicing.view"),
            Room("Undelivered", "mail-open", "invoicing:undelivered", "invoicing.view"),
            Room("Uploads", "upload", "invoicing:uploads", "invoicing.view"),
        ),
    ),
    Section(
        "Money in",
        (
            Room("Bank statements", "landmark", "cashapp:statements", "cashapp.view", "b"),
            Room("Bank days", "calendar-check", "cashapp:bank_days", "cashapp.view", "d"),
            Room("Remittances", "clipboard-list", "cashapp:remittances", "cashapp.view"),
            Room("Payments", "credit-card", "cashapp:payments", "cashapp.view", "e"),
            Room("Cheques", "notebook-pen", "cashapp:cheques", "cashapp.view"),
            Room("Receipts", "hand-coins", "cashapp:receipts", "cashapp.view", "r"),
            Room("Unapplied cash", "search", "cashapp:unapplied", "cashapp.view"),
            Room("Refunds", "undo-2", "invoicing:refunds", "invoicing.view"),
            Room("Refunds to pay", "send", "refunds:to_pay", "refunds.view"),
            Room("Duplicate payments", "list-filter", "refunds:duplicates", "refunds.view"),
        ),
        starts_open=True,
    ),
    Section(
        "Direct debit",
        (
            Room("Collection runs", "arrow-left-right", "directdebit:runs", "directdebit.view"),
            Room("Mandates", "file-check", "directdebit:mandates", "directdebit.view"),
            Room("Returned debits", "undo-2", "directdebit:returns", "directdebit.view"),
            Room("Debit follow-ups", "list-checks", "directdebit:follow_ups", "directdebit.view"),
            Room("Debit payouts", "landmark", "directdebit:payouts", "directdebit.view"),
        ),
    ),
    Section(
        "Contact",
        (
            Room("Calls", "phone", "collections:calls", "collections.view"),
            Room("Promises", "hand-coins", "collections:promises", "collections.view"),
            Room("Payment plans", "calendar-clock", "collections:plans", "collections.view"),
            Room("Finals", "flag", "collections:finals", "collections.view"),
            Room("Suspensions", "ban", "collections:suspensions", "collections.view"),
            Room("Escalations", "triangle-alert", "collections:escalations", "collections.view"),
            Room("Late interest", "percent", "collections:late_interest", "collections.view"),
            Room("Write-offs", "file-x", "collections:write_offs", "collections.view"),
            Room("Portfolios", "users", "collections:portfolios", "collections.view"),
            Room("Reminders", "bell", "collections:notices", "collections.view"),
            Room("Statements", "file-text", "collections:statement_runs", "collections.view"),
            Room("Disputes", "message-square", "collections:disputes", "collections.view"),
            Room("Messages", "send", "messaging:messages", "messaging.view", "m"),
            Room("Data quality", "at-sign", "customers:data_quality", "customers.view"),
        ),
    ),
    Section(
        "Books",
        (
            Room("Ageing", "chart-column", "reporting:ageing", "reporting.view", "a"),
            Room("Measures", "activity", "reporting:measures", "reporting.view"),
            Room("Accounts", "scale", "ledger:accounts", "ledger.view", "l"),
            Room("Periods", "calendar-check", "ledger:periods", "ledger.view"),
            Room("Revaluation", "coins", "ledger:revaluation", "ledger.view"),
        ),
    ),
    Section(
        "Manage",
        (
            Room("Runs", "list-checks", "core:runs", "core.view", "j"),
            Room("Policies", "book-open", "controls:policies", "controls.view"),
            Room("Audit trail", "history", "core:audit", "core.view_audit"),
            Room("Settings", "settings", "core:settings", "core.view", "s"),
        ),
    ),
)

# Pages without a line in the menu, which the palette offers as well.
SETTINGS: Final = (
    Room("People and roles", "user-cog", "core:people", "core.view"),
    Room("Companies", "building-2", "core:entities", "core.view"),
    Room("Calendars", "calendar-days", "core:calendars", "core.view"),
    Room("Exchange rates", "coins", "core:rates", "core.view"),
    Room("Number series", "hash", "core:series", "core.view"),
    Room("Products", "tag", "invoicing:products", "invoicing.view"),
    Room("Payment terms", "calendar-clock", "customers:terms", "customers.view"),
    Room("Tax rates", "percent", "invoicing:tax_rates", "invoicing.view"),
    Room("Tax rules", "scale", "invoicing:tax_rules", "invoicing.view"),
    Room("Credit policy", "ban", "customers:change_credit_policy", "customers.view"),
    Room("Card surcharges", "credit-card", "invoicing:surcharge_rules", "invoicing.view"),
    Room("Authority limits", "shield-check", "controls:limits", "controls.view"),
    Room("Late interest terms", "scale", "collections:late_terms", "collections.view"),
    Room("Strategies", "list-checks", "collections:strategies", "collections.view"),
    Room("Rules of collection", "sliders-horizontal", "collections:rules", "collections.view"),
    Room("Suspension policy", "ban", "collections:change_suspension_policy", "collections.change_suspension_policy"),
    Room("Message templates", "mail", "messaging:templates", "messaging.view"),
    Room("Direct debit schemes", "landmark", "directdebit:creditors", "directdebit.view"),
    Room("Match rules", "sparkles", "cashapp:rules", "cashapp.view"),
    Room("Rate and precision", "chart-column", "cashapp:precision", "cashapp.view"),
    Room("Payer groups", "users", "cashapp:payer_groups", "cashapp.view"),
    Room("Tolerances and taxes", "scale", "cashapp:tolerances", "cashapp.view"),
    Room("Webhooks", "zap", "integrations:endpoints", "integrations.view"),
    Room("API tokens", "key-round", "core:tokens", "core.view"),
    Room("API reference", "code", "api-docs", "core.view"),
)


def sections(page: Page) -> list[Section]:
    """The menu as this person sees it."""
    shown = (replace(section, rooms=open_rooms(section.rooms, page)) for section in SECTIONS)
    return [section for section in shown if section.rooms]


def open_rooms(rooms: tuple[Room, ...], page: Page) -> tuple[Room, ...]:
    """Those whose page exists and that the person may see."""
    return tuple(room for room in rooms if room.url and page.may(room.permission))
