"""Triggers that Postgres keeps, whatever the application does."""

from collections.abc import Iterable

import pgtrigger


def append_only(label: str) -> list[pgtrigger.Trigger]:
    """Refuse every update, delete and truncate of a table; `label` names its rows in the refusal."""
    refuse = f"RAISE EXCEPTION 'o2c: {label} are never changed or deleted; reverse instead'"
    return [
        pgtrigger.Trigger(
            name="append_only",
            when=pgtrigger.Before,
            operation=pgtrigger.Update | pgtrigger.Delete,
            func=f"{refuse} USING ERRCODE = 'restrict_violation';",
        ),
        pgtrigger.Trigger(
            name="never_truncated",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            func=f"{refuse} USING ERRCODE = 'restrict_violation';",
        ),
    ]


def frozen_columns(columns: Iterable[str], label: str) -> pgtrigger.Trigger:
    """Refuse a change of some columns once the row exists."""
    changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in columns)
    return pgtrigger.Trigger(
        name="frozen_columns",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"""
            IF {changed} THEN
                RAISE EXCEPTION 'o2c: {label} keep what they were made with' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        """,
    )
