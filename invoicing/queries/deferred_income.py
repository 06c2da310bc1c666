"""What is deferred at a date, as known at a moment, and how it came to that: one statement a question.

Figures come from movements alone. Amounts are in the documents' currencies; `base` is their worth in the books, at the
rate of each invoice, for ever.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db import connection

from core.models import LegalEntity
from core.money import ZERO, round_to_currency
from invoicing.cycles import months_after

MONTHS_THAT_ARE_CURRENT = 12
FIGURES: Final = ("opening", "billed", "released", "credited", "closing")
SIGNED = "CASE m.kind WHEN 'deferred' THEN m.{0} ELSE -m.{0} END"
KNOWN = """
    s.entity_id = %(entity)s AND m.posted_on <= %(as_of)s
    AND (%(known_at)s::timestamptz IS NULL OR m.recorded_at <= %(known_at)s)
    AND (%(customer)s = '' OR s.customer_id = (
        SELECT id FROM customers_customer WHERE entity_id = %(entity)s AND code = %(customer)s
    ))
"""


# Adding up numerics is most of the work: each movement is added up once, with those of its key, kind and side of the
# first day, and the figures come out of these few sums. What is in the currency of the books is worth itself.
MOVED = f"""
    SELECT {{key}} AS key, s.currency, m.kind, m.posted_on >= %(from_on)s AS is_now, sum(m.amount) AS amount,
        coalesce(sum(m.base_amount) FILTER (WHERE s.currency <> %(books)s), sum(m.amount)) AS base_amount
    FROM invoicing_deferralmovement m JOIN invoicing_deferralschedule s ON s.id = m.schedule_id {{joins}}
    WHERE {KNOWN}
    GROUP BY 1, 2, 3, 4
"""  # noqa: S608 - only the texts above


def _figures(column: str, prefix: str) -> str:
    signed = SIGNED.format(column)
    sums = {
        "opening": f"sum({signed}) FILTER (WHERE NOT m.is_now)",
        **{
            name: f"sum(m.{column}) FILTER (WHERE m.kind = '{kind}' AND m.is_now)"
            for name, kind in (("billed", "deferred"), ("released", "released"), ("credited", "credited"))
        },
    }
    return ", ".join(f"coalesce({total}, 0) AS {prefix}{name}" for name, total in sums.items())


# What is left a year from now of schedules that last longer, in proportion to the time that is left of each.
LATER = f"""
    SELECT {{key}} AS key, s.currency, sum(left_now.closing * coalesce(
        invoicing_income_left(s.method, s.first_on, left_now.last_on, %(horizon)s)
        / nullif(invoicing_income_left(s.method, s.first_on, left_now.last_on, left_now.released_after), 0), 0
    )) AS later
    FROM (
        SELECT s.id, sum({SIGNED.format("amount")}) AS closing, max(m.month_on) AS released_after,
            least(s.last_on, min(m.ends_on)) AS last_on
        FROM invoicing_deferralmovement m JOIN invoicing_deferralschedule s ON s.id = m.schedule_id
        WHERE {KNOWN} AND s.last_on >= (%(horizon)s::date + interval '1 month')
        GROUP BY s.id
    ) left_now JOIN invoicing_deferralschedule s ON s.id = left_now.id {{joins}}
    WHERE left_now.last_on >= (%(horizon)s::date + interval '1 month')
    GROUP BY 1, 2
"""  # noqa: S608 - only the texts above
# One pass over the movements. Names are joined to what they come to, and what lasts longer than a year is added.
BY_KEY = f"""
    WITH moved AS MATERIALIZED ({MOVED}), sums AS MATERIALIZED (
        SELECT m.key, m.currency, {_figures("amount", "")}, {_figures("base_amount", "base_")},
            bool_or(m.is_now) AS has_moved
        FROM moved m GROUP BY 1, 2
    ), later AS MATERIALIZED ({LATER})
    SELECT sums.key, {{name}}, {{note}}, sums.currency, {{figures}}, coalesce(later.later, 0)
    FROM sums LEFT JOIN later USING (key, currency) {{named}}
    WHERE has_moved OR opening <> 0
    ORDER BY {{name}}, sums.key, sums.currency
"""  # noqa: S608 - only the texts above
# The closing figure is not added up once more.
ALL_FIGURES = ", ".join(
    f"sums.{p}opening, sums.{p}billed, sums.{p}released, sums.{p}credited, "
    f"sums.{p}opening + sums.{p}billed - sums.{p}released - sums.{p}credited"
    for p in ("", "base_")
)
BY_CUSTOMER = BY_KEY.format(
    key="s.customer_id", joins="", name="c.name", note="c.code", figures=ALL_FIGURES,
    named="JOIN customers_customer c ON c.id = sums.key",
)  # fmt: skip
BY_INVOICE = BY_KEY.format(
    key="l.invoice_id", joins="JOIN invoicing_invoiceline l ON l.id = s.invoice_line_id", name="i.number",
    note="c.name", figures=ALL_FIGURES,
    named="JOIN invoicing_invoice i ON i.id = sums.key JOIN customers_customer c ON c.id = i.customer_id",
)  # fmt: skip
BY_MONTH = f"""
    SELECT month, month, '', currency, closing - billed + released + credited, billed, released, credited, closing,
        base_closing - base_billed + base_released + base_credited, base_billed, base_released, base_credited,
        base_closing, NULL
    FROM (
        SELECT date_trunc('month', m.posted_on)::date AS month, s.currency,
            {
    ", ".join(
        f"coalesce(sum(m.{column}) FILTER (WHERE m.kind = '{kind}'), 0) AS {prefix}{name}"
        for column, prefix in (("amount", ""), ("base_amount", "base_"))
        for name, kind in (("billed", "deferred"), ("released", "released"), ("credited", "credited"))
    )
},
            sum(sum({SIGNED.format("amount")})) OVER so_far AS closing,
            sum(sum({SIGNED.format("base_amount")})) OVER so_far AS base_closing
        FROM invoicing_deferralmovement m JOIN invoicing_deferralschedule s ON s.id = m.schedule_id
        WHERE {KNOWN}
        GROUP BY 1, s.currency
        WINDOW so_far AS (PARTITION BY s.currency ORDER BY date_trunc('month', m.posted_on)::date)
    ) months
    WHERE month >= date_trunc('month', %(from_on)s::date)
    ORDER BY month DESC, currency
"""  # noqa: S608 - only the texts above
GROUPINGS: Final = {"customer": BY_CUSTOMER, "invoice": BY_INVOICE, "month": BY_MONTH}
IN_THE_LEDGER = """
    SELECT coalesce(sum(l.base_credit - l.base_debit), 0)
    FROM ledger_journalline l
    JOIN ledger_account a ON a.id = l.account_id AND a.entity_id = %(entity)s AND a.role = 'deferred_income'
    JOIN ledger_journalentry e ON e.id = l.entry_id
    WHERE l.posted_on <= %(as_of)s AND (%(known_at)s::timestamptz IS NULL OR e.recorded_at <= %(known_at)s)
"""
IN_SCHEDULES = f"""
    SELECT coalesce(sum({SIGNED.format("base_amount")}), 0)
    FROM invoicing_deferralmovement m JOIN invoicing_deferralschedule s ON s.id = m.schedule_id
    WHERE {KNOWN}
"""  # noqa: S608 - only the texts above


@dataclass(frozen=True, slots=True)
class DeferredQuestion:
    """What is asked: the movements from one day to another, or those of one customer."""

    entity: LegalEntity
    from_on: date
    as_of: date
    known_at: datetime | None = None
    customer: str = ""

    @property
    def values(self) -> dict[str, Any]:
        """What the statements name."""
        return {
            "entity": self.entity.pk,
            "books": self.entity.currency,
            "from_on": self.from_on,
            "as_of": self.as_of,
            "known_at": self.known_at,
            "customer": self.customer,
            "horizon": self.last_current_month,
        }

    @property
    def last_current_month(self) -> date:
        """The last month whose release comes within a year of the day."""
        day_after = date.fromordinal(self.as_of.toordinal() + 1)
        return months_after(day_after.replace(day=1), MONTHS_THAT_ARE_CURRENT - 1)


@dataclass(frozen=True, slots=True)
class Figures:
    """The five figures of a roll-forward; released and credited are taken off."""

    opening: Decimal = ZERO
    billed: Decimal = ZERO
    released: Decimal = ZERO
    credited: Decimal = ZERO
    closing: Decimal = ZERO

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, name) + getattr(other, name) for name in FIGURES))


@dataclass(frozen=True, slots=True)
class RollForward:
    """One row: a customer, an invoice or a month, in one currency."""

    key: int | date
    name: str | date
    note: str
    currency: str
    amounts: Figures
    base: Figures
    later: Decimal | None

    @property
    def current(self) -> Decimal | None:
        """What becomes income within a year."""
        return None if self.later is None else self.amounts.closing - self.later


@dataclass(frozen=True, slots=True)
class Tie:
    """The schedules beside the account of the general ledger, in the currency of the books."""

    schedules: Decimal
    ledger: Decimal

    @property
    def difference(self) -> Decimal:
        """Nothing, unless somebody posted to the account by hand."""
        return self.schedules - self.ledger


@dataclass(frozen=True, slots=True)
class CurrencySum:
    """What rows come to in one currency."""

    currency: str
    amounts: Figures = field(default_factory=Figures)
    later: Decimal | None = None

    @property
    def current(self) -> Decimal | None:
        """What becomes income within a year."""
        return None if self.later is None else self.amounts.closing - self.later


def roll_forward(question: DeferredQuestion, group_by: str) -> list[RollForward]:
    """Opening, billed, released, credited and closing by customer, invoice or month."""
    with connection.cursor() as cursor:
        cursor.execute(GROUPINGS[group_by], question.values)
        return [_row(row) for row in cursor.fetchall()]


def sums_of(rows: Sequence[RollForward]) -> Iterator[CurrencySum]:
    """Totals per currency; of months, the opening of the first and the closing of the last are no sums."""
    for currency in sorted({row.currency for row in rows}):
        mine = [row for row in rows if row.currency == currency]
        later = [row.later for row in mine if row.later is not None]
        yield CurrencySum(currency, sum((row.amounts for row in mine), Figures()), sum(later, ZERO) if later else None)


def tie_of(question: DeferredQuestion) -> Tie:
    """The whole company's schedules and its account, at the same day and moment."""
    values = {**question.values, "customer": ""}
    found = []
    with connection.cursor() as cursor:
        for statement in (IN_SCHEDULES, IN_THE_LEDGER):
            cursor.execute(statement, values)
            found.append(cursor.fetchall()[0][0])
    return Tie(*found)


def _row(row: Sequence[Any]) -> RollForward:
    key, name, note, currency, *figures, later = row
    return RollForward(
        key,
        name,
        note,
        currency,
        Figures(*figures[: len(FIGURES)]),
        Figures(*figures[len(FIGURES) :]),
        None if later is None else round_to_currency(later, currency),
    )
