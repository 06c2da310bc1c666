-- A schedule defers its line's net, as one movement, posted by the entry of its invoice.
SELECT i.number, format('line %s of %s: schedule %s, deferred %s', l.position, l.net, s.amount, m.amount)
FROM invoicing_deferralschedule s
JOIN invoicing_invoiceline l ON l.id = s.invoice_line_id
JOIN invoicing_invoice i ON i.id = l.invoice_id
LEFT JOIN invoicing_deferralmovement m ON m.schedule_id = s.id AND m.kind = 'deferred'
WHERE NOT coalesce(
    s.amount = l.net AND m.amount = s.amount AND m.base_amount = s.base_amount AND m.entry_id = i.entry_id
        AND s.currency = i.currency AND s.entity_id = i.entity_id AND s.customer_id = i.customer_id,
    FALSE
)
