-- At the end of no day is more taken from a schedule than it deferred, in either currency.
WITH days AS (
    SELECT s.id, s.invoice_line_id, s.amount, m.posted_on,
        sum(sum(CASE m.kind WHEN 'deferred' THEN m.amount ELSE -m.amount END)) OVER so_far AS balance,
        sum(sum(CASE m.kind WHEN 'deferred' THEN m.base_amount ELSE -m.base_amount END)) OVER so_far AS base_balance
    FROM invoicing_deferralschedule s JOIN invoicing_deferralmovement m ON m.schedule_id = s.id
    GROUP BY s.id, m.posted_on
    WINDOW so_far AS (PARTITION BY s.id ORDER BY m.posted_on)
)
SELECT i.number, format('line %s: %s left of %s on %s', l.position, d.balance, d.amount, d.posted_on)
FROM days d
JOIN invoicing_invoiceline l ON l.id = d.invoice_line_id
JOIN invoicing_invoice i ON i.id = l.invoice_id
WHERE d.balance * sign(d.amount) < 0 OR d.base_balance * sign(d.amount) < 0 OR (d.balance = 0 AND d.base_balance <> 0)
