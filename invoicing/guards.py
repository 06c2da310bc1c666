"""What Postgres refuses on documents: an issued one stays as it is, with its lines and its tax."""

import pgtrigger

RAISE = "RAISE EXCEPTION 'o2c: {message}' USING ERRCODE = 'restrict_violation';"
STAYS = RAISE.format(message="issued {label} are never changed or deleted; credit them instead")


def issued_documents_stay(label: str) -> tuple[pgtrigger.Trigger, ...]:
    """Refuse every change of an issued document, but for its PDF, which is stored once."""
    refuse = STAYS.format(label=label)
    return (
        pgtrigger.Trigger(
            name="issued_stays",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            condition=pgtrigger.Q(old__number__isnull=False),
            func=f"""
                IF OLD.pdf_id IS NULL THEN
                    OLD.pdf_id := NEW.pdf_id;
                END IF;
                IF NEW IS DISTINCT FROM OLD THEN
                    {refuse}
                END IF;
                RETURN NEW;
            """,
        ),
        pgtrigger.Trigger(
            name="issued_is_kept",
            when=pgtrigger.Before,
            operation=pgtrigger.Delete,
            condition=pgtrigger.Q(old__number__isnull=False),
            func=refuse,
        ),
        _never_truncated(refuse),
    )


def parts_of_issued_stay(label: str, document_table: str, column: str) -> tuple[pgtrigger.Trigger, ...]:
    """Refuse rows that are added to, changed in or taken from an issued document.

    Rows may come before their document in the same transaction: that is how documents with numbers of their own are
    brought in.
    """
    refuse = STAYS.format(label=label)
    return (
        pgtrigger.Trigger(
            name="nothing_added_to_issued",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            referencing=pgtrigger.Referencing(new="new_rows"),  # type: ignore[no-untyped-call]
            func=f"""
                IF EXISTS (
                    SELECT FROM new_rows n JOIN {document_table} d ON d.id = n.{column} WHERE d.number IS NOT NULL
                ) THEN
                    {refuse}
                END IF;
                RETURN NULL;
            """,
        ),
        pgtrigger.Trigger(
            name="parts_of_issued_stay",
            when=pgtrigger.Before,
            operation=pgtrigger.Update | pgtrigger.Delete,
            func=f"""
                IF EXISTS (SELECT FROM {document_table} d WHERE d.id = OLD.{column} AND d.number IS NOT NULL) THEN
                    {refuse}
                END IF;
                IF TG_OP = 'DELETE' THEN
                    RETURN OLD;
                END IF;
                RETURN NEW;
            """,
        ),
        _never_truncated(refuse),
    )


def contracts_keep_who_and_when() -> pgtrigger.Trigger:
    """Refuse another company or number at any time; another customer, currency or first day once it is active."""
    refuse = RAISE.format(message="active contracts keep what they were made with; amend them instead")
    return pgtrigger.Trigger(
        name="frozen_columns",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"""
            IF (NEW.entity_id, NEW.number) IS DISTINCT FROM (OLD.entity_id, OLD.number) OR (
                OLD.activated_at IS NOT NULL AND (NEW.customer_id, NEW.currency, NEW.starts_on, NEW.activated_at)
                IS DISTINCT FROM (OLD.customer_id, OLD.currency, OLD.starts_on, OLD.activated_at)
            ) THEN
                {refuse}
            END IF;
            RETURN NEW;
        """,
    )


def lines_of_active_contracts_stay() -> tuple[pgtrigger.Trigger, ...]:
    """Refuse every change of an active contract's line but for its last day, and who ended it."""
    refuse = RAISE.format(message="lines of active contracts are never changed; amend the contract instead")
    active = "EXISTS (SELECT FROM invoicing_contract c WHERE c.id = OLD.contract_id AND c.activated_at IS NOT NULL)"
    return (
        pgtrigger.Trigger(
            name="agreed_lines_stay",
            when=pgtrigger.Before,
            operation=pgtrigger.Update | pgtrigger.Delete,
            func=f"""
                IF TG_OP = 'UPDATE' THEN
                    OLD.ends_on := NEW.ends_on;
                    OLD.ended_by_id := NEW.ended_by_id;
                    IF NEW IS DISTINCT FROM OLD AND {active} THEN
                        {refuse}
                    END IF;
                    RETURN NEW;
                END IF;
                IF {active} THEN
                    {refuse}
                END IF;
                RETURN OLD;
            """,
        ),
        _never_truncated(refuse),
    )


def posted_stay(label: str) -> tuple[pgtrigger.Trigger, ...]:
    """Refuse every change of what has a number."""
    refuse = RAISE.format(message=f"posted {label} are never changed or deleted; post another instead")
    return (
        pgtrigger.Trigger(
            name="posted_stays",
            when=pgtrigger.Before,
            operation=pgtrigger.Update | pgtrigger.Delete,
            condition=pgtrigger.Q(old__number__isnull=False),
            func=refuse,
        ),
        _never_truncated(refuse),
    )


def _never_truncated(refuse: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="never_truncated",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func=refuse,
    )
