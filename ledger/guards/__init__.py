"""What Postgres itself refuses, whoever asks: triggers on the ledger's tables. Their bodies are the SQL files here.

They fire once for a statement and look at all of its rows together, so that posting a thousand documents costs hardly
more than posting one. Each refusal carries the name of its rule as the constraint. docs/ledger.md lists them all.
"""

from pathlib import Path

import pgtrigger

from core.guards import frozen_columns

FOLDER = Path(__file__).parent


def body(name: str, **parts: str) -> str:
    """Read the SQL of a guard; `parts` fill the words in braces."""
    text = (FOLDER / f"{name}.sql").read_text()
    for word, part in parts.items():
        text = text.replace("{" + word + "}", part)
    return text


def after_insert(name: str, sql: str) -> pgtrigger.Trigger:
    """Look at all rows of an insert at once, as the table `new_rows`.

    The SQL looks other rows up in LATERAL subqueries with OFFSET 0, which the planner leaves alone: a lookup by index
    for each row, whatever the size of the tables was when the session made its plan.
    """
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="new_rows"),  # type: ignore[no-untyped-call]
        declare=[("refused", "record"), ("touched", "record"), ("kept_settings", "text[]")],
        func=f"{sql}\nRETURN NULL;",
    )


def never(
    name: str, operation: pgtrigger.core.Operation, message: str, condition: pgtrigger.Condition | None = None
) -> pgtrigger.Trigger:
    """Refuse a kind of statement outright."""
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=operation,
        func=f"RAISE EXCEPTION 'o2c: {message}' USING CONSTRAINT = 'append_only', ERRCODE = 'restrict_violation';",
        condition=condition,
    )


def never_removed(label: str) -> tuple[pgtrigger.Trigger, ...]:
    """Refuse every delete and truncate."""
    return (
        never("never_deleted", pgtrigger.Delete, f"{label} are never deleted"),
        never("never_truncated", pgtrigger.Truncate, f"{label} are never deleted"),
    )


def never_changed(label: str) -> tuple[pgtrigger.Trigger, ...]:
    """Refuse every update, delete and truncate."""
    changed = never("never_changed", pgtrigger.Update, f"{label} are never changed; reverse them instead")
    return (changed, *never_removed(label))


ENTRY_DATES = "SELECT DISTINCT entity_id, posted_on AS day, late_reason <> '' AS explained FROM new_rows"
ALLOCATION_DATES = """SELECT DISTINCT i.entity_id, n.allocated_on AS day, n.late_reason <> '' AS explained
        FROM new_rows n JOIN ledger_openitem i ON i.line_id = n.debit_item_id"""
ANY_BUT_THE_OPEN_AMOUNT = pgtrigger.UpdateOf(  # type: ignore[no-untyped-call]
    "line_id", "entity_id", "customer_id", "number", "kind", "side", "document_on", "due_on", "posted_on",
    "recorded_at", "currency", "amount", "base_amount", "purchase_order", "reference",
)  # fmt: skip

ACCOUNT_GUARDS = (
    frozen_columns(("entity_id", "kind", "role"), "accounts"),
    *never_removed("accounts"),
)
PERIOD_GUARDS = (
    frozen_columns(("entity_id", "starts_on"), "accounting periods"),
    *never_removed("accounting periods"),
)
ENTRY_GUARDS = (
    after_insert("is_whole", body("entry_is_whole")),
    after_insert("in_open_period", body("in_open_period", dates=ENTRY_DATES)),
    *never_changed("journal entries"),
)
LINE_GUARDS = (
    after_insert("balanced", body("lines_balance")),
    after_insert("in_open_days", body("in_open_days")),
    after_insert("receivables_are_items", body("receivables_are_items")),
    *never_changed("journal lines"),
)
ITEM_GUARDS = (
    after_insert("is_its_line", body("item_is_its_line")),
    never("never_changed", ANY_BUT_THE_OPEN_AMOUNT, "open items are never changed; reverse them instead"),
    never(
        "open_amount_by_allocation",
        pgtrigger.Update,
        "open amounts change by allocation only",
        condition=pgtrigger.Condition("pg_trigger_depth() = 0"),
    ),
    *never_removed("open items"),
)
ALLOCATION_GUARDS = (
    # Triggers fire in the order of their names: first what may be refused, then what it does to the items.
    after_insert("a_fits_its_items", body("allocation_fits_its_items")),
    after_insert("b_in_open_period", body("in_open_period", dates=ALLOCATION_DATES)),
    after_insert("c_keeps_open_amounts", body("open_amounts_are_kept")),
    *never_changed("allocations"),
)
