"""Issuing: a number, a day, an entry in the journal, an open item, and a message on its way."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test.utils import CaptureQueriesContext
from stdnum import iso11649

from core.errors import NotAllowed
from core.models import AuditEvent, ExchangeRate, LegalEntity, NumberSeries, User
from core.money import Money, money
from customers.models import Address, Customer, TaxCertificate
from invoicing.actions import discard_draft, issue_invoice, issue_invoices, issue_invoices_unsent
from invoicing.actions.errors import ChangedMeanwhile, NotReady
from invoicing.drafts import DraftLine
from invoicing.models import Invoice, InvoiceLine, Party, TaxRate
from ledger.actions import close_period
from ledger.models import AccountingPeriod, JournalEntry, JournalLine
from ledger.periods import PeriodClosed
from messaging.models import Message

Day = Callable[[int], date]
Drafted = Callable[..., Invoice]
Line = Callable[..., DraftLine]
Issue = Callable[[Invoice], Invoice]
Made = Callable[..., Customer]

pytestmark = pytest.mark.django_db
QUERIES_OF_A_BATCH = 29


@pytest.fixture
def issue(clerk: User, books: LegalEntity, may: Day) -> Issue:
    """Nora issues a draft on 4 May."""
    return lambda invoice: issue_invoice(by=clerk, entity=books, invoice=invoice, issued_on=may(4))


# It works ------------------------------------------------------------------------------------------------------------


def test_an_issued_invoice_has_a_number_a_due_date_and_a_reference(
    acme: Customer, drafted: Drafted, issue: Issue, may: Day
) -> None:
    invoice = issue(drafted(acme))

    assert invoice.number == "INV-2026-000001"
    assert invoice.due_on == may(4) + timedelta(days=30)
    assert iso11649.is_valid(invoice.reference)
    assert "INV2026000001" in invoice.reference
    assert Invoice.objects.get(pk=invoice.pk).number == invoice.number


def test_receivables_revenue_and_tax_are_posted_per_rate(
    acme: Customer, drafted: Drafted, issue: Issue, line: Line, reduced: TaxRate
) -> None:
    """
    1100 Receivables          1,410.00
        4000 Revenue  S20                 1,000.00
        2200 Tax      S20                   200.00
        4000 Revenue  S5                    200.00
        2200 Tax      S5                     10.00
    """
    issued = issue(drafted(acme, line("400", quantity=2), line("200"), line("200", tax_rate=reduced)))

    lines = JournalLine.objects.filter(entry=issued.entry).order_by("pk")
    assert [(row.account.role, row.tax_code, row.debit, row.credit) for row in lines] == [
        ("receivables", "", 1410, 0),
        ("revenue", "S20", 0, 1000),
        ("output_tax", "S20", 0, 200),
        ("revenue", "S5", 0, 200),
        ("output_tax", "S5", 0, 10),
    ]
    assert issued.item is not None
    assert issued.item.open_money == money("1410.00 GBP")


def test_the_names_stay_as_they_were_when_it_was_issued(acme: Customer, drafted: Drafted, issue: Issue) -> None:
    first, second = issue(drafted(acme)), issue(drafted(acme))
    Customer.objects.filter(pk=acme.pk).update(name="Acme Resorts")
    third = issue(drafted(acme))

    names = [Invoice.objects.select_related("buyer").get(pk=one.pk).buyer for one in (first, second, third)]

    assert [name.name for name in names if name] == ["Acme Hotels", "Acme Hotels", "Acme Resorts"]
    assert Party.objects.filter(name="Acme Hotels").count() == 1
    assert names[0] is not None
    assert names[0].address_lines == "12 Lansdown Crescent\nBath BA1 5EX"


def test_a_deduction_is_a_line_with_a_negative_quantity(
    acme: Customer, drafted: Drafted, issue: Issue, line: Line
) -> None:
    issued = issue(drafted(acme, line("300"), line("186.40", quantity=-1)))

    assert issued.money == money("136.32 GBP")


def test_a_foreign_invoice_carries_its_rate_and_the_tax_in_pounds(
    customer: Made, drafted: Drafted, issue: Issue, line: Line, may: Day
) -> None:
    ExchangeRate.objects.create(from_currency="EUR", to_currency="GBP", on=may(1), rate=Decimal("0.85"), source="Test")
    issued = issue(drafted(customer("Halle", currency="EUR"), line("99.99")))

    posted = JournalLine.objects.get(entry=issued.entry, account__role="output_tax")
    assert (issued.rate, issued.base_tax) == (Decimal("0.85"), Decimal("17.00"))
    assert posted.base_credit == issued.base_tax


@pytest.mark.parametrize(
    ("currency", "price", "gross"), [("JPY", "1005", "1206 JPY"), ("KWD", "10.0025", "12.004 KWD")]
)
def test_currencies_with_other_decimals_round_to_their_own_unit(
    customer: Made, drafted: Drafted, issue: Issue, line: Line, may: Day, currency: str, price: str, gross: str
) -> None:
    ExchangeRate.objects.create(from_currency=currency, to_currency="GBP", on=may(1), rate=Decimal("2"), source="Test")

    assert issue(drafted(customer("Far", currency=currency), line(price))).money == money(gross)


def test_the_invoice_goes_into_the_outbox_with_its_figures(acme: Customer, drafted: Drafted, issue: Issue) -> None:
    issued = issue(drafted(acme))

    message = Message.objects.get(customer=acme)
    assert (message.kind, message.document, message.to_addresses) == ("invoice", issued.number, ["ap@acme.example"])
    assert message.document_url == f"/invoices/{issued.pk}/"


def test_an_invoice_for_the_customers_own_portal_is_not_mailed(customer: Made, drafted: Drafted, issue: Issue) -> None:
    issue(drafted(customer("Portal", delivery="portal")))

    assert not Message.objects.exists()


def test_invoices_may_be_issued_without_sending_them(
    acme: Customer, clerk: User, books: LegalEntity, drafted: Drafted, may: Day
) -> None:
    issue_invoices_unsent(by=clerk, entity=books, invoices=[drafted(acme), drafted(acme)], issued_on=may(4))

    assert Invoice.objects.exclude(number=None).count() == 2
    assert not Message.objects.exists()


def test_the_audit_trail_says_who_issued_it(acme: Customer, clerk: User, drafted: Drafted, issue: Issue) -> None:
    issued = issue(drafted(acme))

    event = AuditEvent.objects.get(event="invoice.issued")
    assert (event.by, event.object_id) == (clerk, str(issued.pk))
    assert event.after is not None
    assert event.after["total"] == "120.00 GBP"


def test_many_are_issued_in_order_with_few_questions(
    acme: Customer, customer: Made, clerk: User, books: LegalEntity, drafted: Drafted, may: Day
) -> None:
    drafts = [drafted(one) for one in (acme, customer("Birch"), customer("Cedar")) for _ in range(20)]
    issue_invoices(by=clerk, entity=books, invoices=[drafted(acme)], issued_on=may(4))

    with CaptureQueriesContext(connection) as asked:
        issued = issue_invoices(by=clerk, entity=books, invoices=drafts, issued_on=may(4))

    assert [one.number for one in issued] == [f"INV-2026-{number:06d}" for number in range(2, 62)]
    assert len(asked) <= QUERIES_OF_A_BATCH, "\n".join(one["sql"][:150] for one in asked)


# Refused -------------------------------------------------------------------------------------------------------------


def test_without_lines_there_is_nothing_to_issue(
    acme: Customer, clerk: User, books: LegalEntity, drafted: Drafted, issue: Issue
) -> None:
    draft = drafted(acme)
    InvoiceLine.objects.filter(invoice=draft).delete()

    with pytest.raises(NotReady, match="has no lines"):
        issue(draft)


def test_a_customer_who_wants_a_purchase_order_gets_no_invoice_without_one(
    customer: Made, drafted: Drafted, issue: Issue
) -> None:
    strict = customer("Strict", purchase_order_required=True)

    with pytest.raises(NotReady, match="Strict .* purchase order number; it is missing"):
        issue(drafted(strict))
    assert issue(drafted(strict, purchase_order="PO 1")).number == "INV-2026-000001"


def test_an_inactive_customer_is_not_billed(acme: Customer, drafted: Drafted, issue: Issue) -> None:
    draft = drafted(acme)
    Customer.objects.filter(pk=acme.pk).update(status="inactive")

    with pytest.raises(NotReady, match="is inactive"):
        issue(draft)


def test_an_address_is_needed(acme: Customer, drafted: Drafted, issue: Issue) -> None:
    Address.objects.filter(customer=acme).delete()

    with pytest.raises(NotReady, match="no billing address"):
        issue(drafted(acme))


def test_reverse_charge_takes_its_own_rate_and_a_tax_number(
    customer: Made, drafted: Drafted, issue: Issue, line: Line, reverse_charge: TaxRate
) -> None:
    abroad = customer("Abroad", tax_status="reverse_charge")

    with pytest.raises(NotReady, match="Standard 20 % doesn't fit a customer with “reverse charge”"):
        issue(drafted(abroad))
    with pytest.raises(NotReady, match="no tax number on file"):
        issue(drafted(abroad, line("100", tax_rate=reverse_charge)))


def test_an_exempt_customer_needs_a_certificate_that_holds(
    customer: Made, clerk: User, drafted: Drafted, issue: Issue, line: Line, exempt: TaxRate, may: Day
) -> None:
    charity = customer("Charity", tax_status="exempt")
    draft = drafted(charity, line("100", tax_rate=exempt))
    facts = {"customer": charity, "number": "X1", "jurisdiction": "GB", "recorded_by": clerk}

    TaxCertificate.objects.create(**facts, valid_from=may(1), valid_until=may(3))
    with pytest.raises(NotReady, match="no exemption certificate that holds on 04 May 2026"):
        issue(draft)
    TaxCertificate.objects.update(valid_until=None)
    assert issue(draft).money == money("100.00 GBP")


def test_a_rate_that_has_ended_is_not_charged(
    acme: Customer, drafted: Drafted, issue: Issue, standard: TaxRate, may: Day
) -> None:
    draft = drafted(acme)
    TaxRate.objects.filter(pk=standard.pk).update(valid_until=may(1))

    with pytest.raises(NotReady, match="is not charged on 04 May 2026"):
        issue(draft)


def test_a_total_of_nothing_or_of_too_much_is_refused(
    acme: Customer, drafted: Drafted, issue: Issue, line: Line
) -> None:
    with pytest.raises(NotReady, match="there is nothing to bill"):
        issue(drafted(acme, line("100"), line("100", quantity=-1)))
    with pytest.raises(NotReady, match="more than anybody is billed at once"):
        issue(drafted(acme, line("1000000", quantity=2000)))


def test_a_currency_without_rate_is_refused(customer: Made, drafted: Drafted, issue: Issue) -> None:
    with pytest.raises(NotReady, match="No exchange rate from USD to GBP"):
        issue(drafted(customer("Dallas", currency="USD")))


def test_nothing_is_issued_into_a_closed_month(
    acme: Customer, finance_manager: User, books: LegalEntity, drafted: Drafted, issue: Issue, may: Day
) -> None:
    issue(drafted(acme))
    close_period(by=finance_manager, period=AccountingPeriod.objects.get(entity=books))

    with pytest.raises(PeriodClosed, match="May 2026 is closed"):
        issue(drafted(acme))


def test_one_that_is_not_ready_stops_the_whole_batch(
    acme: Customer, customer: Made, clerk: User, books: LegalEntity, drafted: Drafted, may: Day
) -> None:
    strict = customer("Strict", purchase_order_required=True)

    with pytest.raises(NotReady, match="Strict"):
        issue_invoices(by=clerk, entity=books, invoices=[drafted(acme), drafted(strict)], issued_on=may(4))
    assert not Invoice.objects.exclude(number=None).exists()
    assert not JournalEntry.objects.exists()


def test_a_discarded_draft_is_not_issued(acme: Customer, clerk: User, drafted: Drafted, issue: Issue) -> None:
    draft = drafted(acme)
    discard_draft(by=clerk, invoice=draft)
    draft.pk = draft.pk or 1

    with pytest.raises(ChangedMeanwhile, match="discarded meanwhile"):
        issue(draft)


# Twice, and who may not ----------------------------------------------------------------------------------------------


def test_issuing_twice_gives_the_first_number_again(acme: Customer, drafted: Drafted, issue: Issue) -> None:
    draft = drafted(acme)

    assert issue(draft).number == issue(draft).number == "INV-2026-000001"
    assert Message.objects.count() == 1
    assert JournalEntry.objects.count() == 1


@pytest.mark.parametrize("who", ["collector", "auditor", "stranger", "administrator"])
def test_who_does_not_bill_may_not_issue(
    who: str, request: pytest.FixtureRequest, acme: Customer, books: LegalEntity, drafted: Drafted, may: Day
) -> None:
    draft = drafted(acme)

    with pytest.raises(NotAllowed, match="You may not issue invoices in Brightwater"):
        issue_invoice(by=request.getfixturevalue(who), entity=books, invoice=draft, issued_on=may(4))


def test_a_draft_of_another_company_is_as_good_as_absent(
    acme: Customer, drafted: Drafted, stranger: User, de: LegalEntity, may: Day
) -> None:
    with pytest.raises(ChangedMeanwhile):
        issue_invoice(by=stranger, entity=de, invoice=drafted(acme), issued_on=may(4))


# The database keeps it -----------------------------------------------------------------------------------------------


def test_a_number_that_was_not_used_is_taken_by_the_next(
    acme: Customer, drafted: Drafted, issue: Issue, books: LegalEntity
) -> None:
    issue(drafted(acme))
    with pytest.raises(RuntimeError), transaction.atomic():
        issue(drafted(acme))
        raise RuntimeError("The power fails.")

    assert issue(drafted(acme)).number == "INV-2026-000002"
    assert NumberSeries.objects.get(entity=books, kind="invoice").next_number == 3


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE invoicing_invoice SET gross = gross + 1, net = net + 1 WHERE id = %s",
        "UPDATE invoicing_invoice SET number = NULL WHERE id = %s",
        "DELETE FROM invoicing_invoice WHERE id = %s",
        "UPDATE invoicing_invoiceline SET net = 1 WHERE invoice_id = %s",
        "DELETE FROM invoicing_invoiceline WHERE invoice_id = %s",
        "DELETE FROM invoicing_invoicetax WHERE invoice_id = %s",
        "INSERT INTO invoicing_invoiceline (invoice_id, position, description, detail, quantity, unit, unit_price, "
        "discount_percent, tax_rate_id, net) SELECT invoice_id, 2, '', '', 1, 'C62', 1, 0, tax_rate_id, 1 "
        "FROM invoicing_invoiceline WHERE invoice_id = %s",
    ],
)
def test_an_issued_invoice_is_never_changed(acme: Customer, drafted: Drafted, issue: Issue, statement: str) -> None:
    issued = issue(drafted(acme))

    with pytest.raises(IntegrityError, match="never changed or deleted"), transaction.atomic():
        connection.cursor().execute(statement, [issued.pk])


def test_the_journal_and_the_invoice_say_the_same_tax(
    acme: Customer, drafted: Drafted, issue: Issue, line: Line, reduced: TaxRate
) -> None:
    """A hundred lines of 0.33 carry the tax of 33.00, not a hundred times 0.07."""
    issued = issue(drafted(acme, *[line("0.33") for _ in range(100)], line("0.99", tax_rate=reduced)))

    by_rate = {row.tax_rate.code: Money(row.tax, "GBP") for row in issued.taxes.select_related("tax_rate")}
    posted = JournalLine.objects.filter(entry=issued.entry, account__role="output_tax")
    assert by_rate == {"S20": money("6.60 GBP"), "S5": money("0.05 GBP")}
    assert {row.tax_code: Money(row.credit, "GBP") for row in posted} == by_rate
