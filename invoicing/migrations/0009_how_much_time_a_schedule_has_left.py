"""How much of a schedule's time is left after a month, as invoicing/releases.py weighs months."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION invoicing_income_left(method text, first_on date, last_on date, month_on date) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    WITH months AS (
        SELECT extract(year FROM first_on)::int * 12 + extract(month FROM first_on)::int AS first,
            extract(year FROM last_on)::int * 12 + extract(month FROM last_on)::int AS last,
            coalesce(extract(year FROM month_on)::int * 12 + extract(month FROM month_on)::int, 0) AS done,
            (date_trunc('month', first_on) + interval '1 month')::date AS second_on
    ), begun AS (
        SELECT *, greatest(1, last - first
                + CASE WHEN first_on + make_interval(months => last - first) <= last_on THEN 1 ELSE 0 END) AS whole,
            CASE WHEN method = 'monthly_half' AND extract(day FROM first_on) > 15 AND last_on >= second_on
                THEN 1 ELSE 0 END AS later
        FROM months
    )
    SELECT CASE
        WHEN last_on < first_on THEN 0
        WHEN method = 'daily' THEN greatest(0, last_on - greatest(
            first_on - 1, coalesce((date_trunc('month', month_on) + interval '1 month')::date - 1, first_on - 1)
        ))::numeric
        WHEN method = 'monthly_prorata' THEN CASE
            WHEN done >= last THEN 0
            WHEN first = last THEN (last_on - first_on + 1)::numeric
                / (second_on - date_trunc('month', first_on)::date)
            ELSE extract(day FROM last_on)
                    / extract(day FROM date_trunc('month', last_on) + interval '1 month' - interval '1 day')
                + last - greatest(done, first) - 1
                + CASE WHEN done < first
                    THEN (second_on - first_on)::numeric / (second_on - date_trunc('month', first_on)::date)
                    ELSE 0 END
            END
        WHEN method = 'monthly_half' THEN greatest(0, least(
            least(whole, last - first - later + 1), first + later + least(whole, last - first - later + 1) - 1 - done
        ))::numeric
        ELSE greatest(0, least(whole, first + whole - 1 - done))::numeric
    END FROM begun
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("invoicing", "0008_tax_rules_and_structured_invoices"),
    ]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION invoicing_income_left(text, date, date, date)"),
    ]
