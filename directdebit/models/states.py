"""States that a row may pass through, kept by the database, and the facts that tell of each step."""

from collections.abc import Iterable, Mapping

import pgtrigger

Ways = Mapping[str, Iterable[str]]


def only_known_ways(ways: Ways, label: str) -> pgtrigger.Trigger:
    """Let a row go from state to state only as the table says."""
    pairs = ", ".join(f"'{old}>{new}'" for old, news in ways.items() for new in sorted(news))
    return pgtrigger.Trigger(
        name="only_known_ways",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"""
            IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ({pairs}) THEN
                RAISE EXCEPTION 'o2c: {label} that is % cannot become %', OLD.state, NEW.state
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        """,
    )
