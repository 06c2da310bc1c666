-- Entries, their lines and their open items in one statement, because the guards look at them together.
-- An entry whose key is taken is left out with its lines; the caller compares it with the first one.
WITH entry_draft AS MATERIALIZED (
    SELECT nextval('ledger_journalentry_id_seq') AS id, d.*
    FROM unnest(
        %(entity)s::bigint[], %(kind)s::text[], %(posted_on)s::date[], %(currency)s::text[], %(rate)s::numeric[],
        %(text)s::text[], %(key)s::text[], %(content_hash)s::bytea[], %(late_reason)s::text[], %(reverses)s::bigint[]
    ) WITH ORDINALITY AS d (
        entity_id, kind, posted_on, currency, rate, text, key, content_hash, late_reason, reverses_id, position
    )
), entry AS (
    INSERT INTO ledger_journalentry (
        id, entity_id, kind, posted_on, currency, rate, text, key, content_hash, late_reason, reverses_id,
        recorded_by_id, recorded_at
    )
    SELECT
        id, entity_id, kind, posted_on, currency, rate, text, key, content_hash, late_reason, reverses_id,
        %(by)s, statement_timestamp()
    FROM entry_draft
    ON CONFLICT (entity_id, key) DO NOTHING
    RETURNING id
), line_draft AS MATERIALIZED (
    SELECT nextval('ledger_journalline_id_seq') AS id, ordered.* FROM (
        SELECT
            e.id AS entry_id, e.entity_id, e.posted_on, e.currency,
            l.account_id, l.customer_id, l.debit, l.credit, l.base_debit, l.base_credit, l.tax_code, l.text,
            l.number, l.item_kind, l.document_on, l.due_on, l.purchase_order, l.reference
        FROM unnest(
            %(entry_position)s::bigint[], %(account)s::bigint[], %(customer)s::bigint[],
            %(debit)s::numeric[], %(credit)s::numeric[], %(base_debit)s::numeric[], %(base_credit)s::numeric[],
            %(tax_code)s::text[], %(line_text)s::text[], %(number)s::text[], %(item_kind)s::text[],
            %(document_on)s::date[], %(due_on)s::date[], %(purchase_order)s::text[], %(reference)s::text[]
        ) WITH ORDINALITY AS l (
            entry_position, account_id, customer_id, debit, credit, base_debit, base_credit, tax_code, text,
            number, item_kind, document_on, due_on, purchase_order, reference, position
        )
        JOIN entry_draft e ON e.position = l.entry_position
        WHERE e.id IN (SELECT id FROM entry)
        ORDER BY l.position
    ) ordered
), line AS (
    INSERT INTO ledger_journalline (
        id, entry_id, account_id, customer_id, posted_on, currency, debit, credit, base_debit, base_credit,
        tax_code, text
    )
    SELECT
        id, entry_id, account_id, customer_id, posted_on, currency, debit, credit, base_debit, base_credit,
        tax_code, text
    FROM line_draft
), item AS (
    INSERT INTO ledger_openitem (
        line_id, entity_id, customer_id, number, kind, side, document_on, due_on, posted_on, recorded_at, currency,
        amount, base_amount, open_amount, purchase_order, reference
    )
    SELECT
        id, entity_id, customer_id, number, item_kind, CASE WHEN debit > 0 THEN 'debit' ELSE 'credit' END,
        document_on, due_on, posted_on, statement_timestamp(), currency,
        debit + credit, base_debit + base_credit, debit + credit, purchase_order, reference
    FROM line_draft WHERE number IS NOT NULL
)
SELECT e.position - 1, e.id, statement_timestamp(), made.items
FROM entry_draft e
LEFT JOIN (
    SELECT entry_id, array_agg(id ORDER BY id) AS items FROM line_draft WHERE number IS NOT NULL GROUP BY entry_id
) made ON made.entry_id = e.id
WHERE e.id IN (SELECT id FROM entry)
