"""What a month's final billing still lacks, and the final bills that it has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count

from core.models import LegalEntity
from invoicing.cycles import end_of_month
from invoicing.models import BillingException, ChargeKind, Contract, FinalBill, FinalsDeclaration, Invoice
from invoicing.queries.due import SAID_TO_END, dues_of

SHOWN = 24
# Customers whose contracts all end, each with its bills: those marked as final, and the one that bills its last days.
LEFT = """
    WITH leaving AS (
        SELECT c.customer_id, c.entity_id, max(c.ends_on) AS left_on
        FROM invoicing_contract c
        WHERE {asked} AND c.activated_at IS NOT NULL AND c.kind <> 'order'
        GROUP BY c.customer_id, c.entity_id
        HAVING bool_and(c.ends_on IS NOT NULL AND (NOT c.renews OR c.notice_given_on IS NOT NULL)) {since}
    ), bill AS (
        SELECT leaving.customer_id, leaving.left_on, i.id, i.is_final, i.issued_on,
            max(least(coalesce(p.credited_from - 1, p.last_on), leaving.left_on)) AS until_on
        FROM leaving
        JOIN invoicing_contract c ON c.customer_id = leaving.customer_id AND c.entity_id = leaving.entity_id
        JOIN invoicing_contractline l ON l.contract_id = c.id
        JOIN invoicing_billedperiod p ON p.line_id = l.id
        JOIN invoicing_invoiceline il ON il.id = p.invoice_line_id
        JOIN invoicing_invoice i ON i.id = il.invoice_id
        WHERE c.kind <> 'order' AND i.number IS NOT NULL
            AND (p.credited_from IS NULL OR p.credited_from > p.first_on)
        GROUP BY leaving.customer_id, leaving.left_on, i.id
    ), marked AS (
        SELECT *, is_final AND until_on >= date_trunc('month', left_on) AS says_so,
            row_number() OVER (PARTITION BY customer_id ORDER BY until_on DESC, issued_on DESC, id DESC) AS place
        FROM bill
    ), last_bill AS (
        SELECT *, bool_or(says_so) OVER (PARTITION BY customer_id) AS is_said FROM marked
    )
"""
OF_COMPANY = LEFT.format(asked="c.entity_id = %(entity)s", since="AND max(c.ends_on) >= %(month_on)s")
OF_CUSTOMERS = LEFT.format(asked="c.customer_id = ANY(%(customers)s)", since=f"AND {SAID_TO_END}")
# Of customers who left in a month, or whose final was issued in it.
LAST_BILLS = f"""
    {OF_COMPANY}
    SELECT id, left_on FROM last_bill b
    WHERE (says_so OR place = 1 AND NOT is_said)
        AND (left_on <= %(last_on)s OR says_so AND issued_on BETWEEN %(month_on)s AND %(last_on)s)
        AND NOT EXISTS (
            SELECT FROM invoicing_finalbill f JOIN invoicing_finalsdeclaration d ON d.id = f.declaration_id
            WHERE f.invoice_id = b.id AND d.month_on <> %(month_on)s
        )
"""  # noqa: S608 - only the text above
SOME = "c.entity_id = %(entity)s AND (%(customers)s::bigint[] IS NULL OR c.customer_id = ANY(%(customers)s))"
# Open items of last bills, each with the month that it stands in: as it was declared, else the month in which the
# customer leaves, or in which the bill went out before that.
LAST_ITEMS = f"""
    {LEFT.format(asked=SOME, since="AND max(c.ends_on) >= %(first_on)s")}, found AS (
        SELECT id, left_on, least(
            date_trunc('month', left_on), CASE WHEN says_so THEN date_trunc('month', issued_on) END
        )::date AS month_on
        FROM last_bill b
        WHERE (says_so OR place = 1 AND NOT is_said)
            AND NOT EXISTS (SELECT FROM invoicing_finalbill f WHERE f.invoice_id = b.id)
        UNION ALL
        SELECT f.invoice_id, f.left_on, d.month_on
        FROM invoicing_finalbill f JOIN invoicing_finalsdeclaration d ON d.id = f.declaration_id
        WHERE d.entity_id = %(entity)s
    )
    SELECT i.item_id, found.left_on, found.month_on
    FROM found JOIN invoicing_invoice i ON i.id = found.id
    WHERE i.item_id IS NOT NULL AND found.month_on BETWEEN %(first_on)s AND %(last_on)s
        AND (%(customers)s::bigint[] IS NULL OR i.customer_id = ANY(%(customers)s))
    ORDER BY i.item_id
"""  # noqa: S608 - only the text above
# Of customers who were said to leave, those that bill the last day already.
BECAME_LAST = f"""
    {OF_CUSTOMERS}
    SELECT id FROM last_bill WHERE place = 1 AND NOT is_said AND until_on >= left_on
"""  # noqa: S608 - only the text above


@dataclass(frozen=True, slots=True)
class LastBill:
    """The last bill of a customer, and the day on which the customer's contracts end."""

    invoice: Invoice
    left_on: date

    @property
    def is_marked(self) -> bool:
        """Whether it says so itself; a bill that went out before notice was given can't."""
        return self.invoice.is_final


def last_bills(*, entity: LegalEntity, month_on: date) -> list[LastBill]:
    """The final bills of a month as the contracts stand now, by customer."""
    values: dict[str, int | date] = {"entity": entity.pk, "month_on": month_on, "last_on": end_of_month(month_on)}
    with connection.cursor() as cursor:
        cursor.execute(LAST_BILLS, values)
        left = dict(cursor.fetchall())
    rows = Invoice.objects.select_related("customer", "item").filter(pk__in=left).order_by("customer__name", "pk")
    return [LastBill(invoice, left[invoice.pk]) for invoice in rows]


def last_items(
    entity: LegalEntity, first_on: date, last_on: date, customers: Sequence[int] | None
) -> list[tuple[int, date, date]]:
    """Open items of the final bills of some months, or those of some customers, with the days left on and the month."""
    values: dict[str, int | date | list[int] | None] = {"entity": entity.pk, "first_on": first_on, "last_on": last_on}
    values["customers"] = None if customers is None else list(customers)
    with connection.cursor() as cursor:
        cursor.execute(LAST_ITEMS, values)
        return [(item, left_on, month_on) for item, left_on, month_on in cursor.fetchall()]


def became_last(customers: Sequence[int]) -> set[int]:
    """Bills that went out before anybody knew that they are the last: as contracts stand, and as was declared."""
    with connection.cursor() as cursor:
        cursor.execute(BECAME_LAST, {"customers": list(customers)})
        now = {row[0] for row in cursor.fetchall()}
    declared = FinalBill.objects.filter(invoice__customer__in=customers, invoice__is_final=False)
    return now | set(declared.order_by().values_list("invoice", flat=True))


def finals_of(*, entity: LegalEntity, month_on: date) -> Sequence[LastBill]:
    """The final bills of a month: as they were declared, else as the contracts stand now."""
    declared = FinalBill.objects.filter(declaration__entity=entity, declaration__month_on=month_on)
    if not FinalsDeclaration.objects.filter(entity=entity, month_on=month_on).exists():
        return last_bills(entity=entity, month_on=month_on)
    rows = declared.select_related("invoice__customer", "invoice__item").order_by("invoice__customer__name", "pk")
    return [LastBill(row.invoice, row.left_on) for row in rows]


def left_open(*, entity: LegalEntity, month_on: date) -> list[str]:
    """Drafts, exceptions and unbilled finals up to the month's end, as words; nothing when it is complete."""
    last_on = end_of_month(month_on)
    drafts = Invoice.objects.filter(entity=entity, number=None, lines__billed_periods__first_on__lte=last_on)
    waiting = BillingException.objects.filter(
        billing_run__entity=entity,
        billing_run__billed_through__range=(month_on, last_on),
        accepted_at=None,
        resolved_at=None,
    )
    leavers = _leavers(entity, last_on)
    found = [
        (drafts.distinct().count(), "drafts of contracts that are not issued: {}"),
        (waiting.count(), "exceptions of billing runs that are open: {}"),
        (leavers, "customers who leave and are not billed: {}"),
    ]
    return [words.format(count) for count, words in found if count]


def declarations(entity: LegalEntity) -> list[FinalsDeclaration]:
    """The months whose finals were declared, the latest first, each with how many final bills it has."""
    rows = FinalsDeclaration.objects.filter(entity=entity).select_related("declared_by")
    return list(rows.annotate(count=Count("finals")).order_by("-month_on", "-pk")[:SHOWN])


def declaration_of(*, entity: LegalEntity, month_on: date) -> FinalsDeclaration | None:
    """Who declared the month's finals complete, if anybody did."""
    rows = FinalsDeclaration.objects.filter(entity=entity, month_on=month_on)
    return rows.select_related("declared_by").first()


def _leavers(entity: LegalEntity, last_on: date) -> int:
    """Customers who left by then and owe an invoice. Only theirs are looked at."""
    ended = Contract.objects.filter(entity=entity, activated_at__isnull=False, ends_on__lte=last_on)
    customers = list(ended.order_by().values_list("customer_id", flat=True).distinct())
    dues = dues_of(entity=entity, through=last_on, kinds={ChargeKind.FINAL.value}, customers=customers)
    return len({due.contract.customer_id for due in dues})
