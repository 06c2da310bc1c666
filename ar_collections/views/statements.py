"""The statement of account: on screen, as PDF, as workbook, and on its way to the customer."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from ar_collections.actions import send_statement
from ar_collections.forms.statements import PeriodForm, known_at_of, starts_on_of
from ar_collections.papers.rendering import file_name, pdf_of_statement
from ar_collections.papers.sheets import sheets_of
from ar_collections.queries import customer_statement, statements_sent
from ar_collections.statements import CustomerStatement
from core.pages import PageRequest, staff_page
from core.scoping import get_visible
from core.xlsx import workbook_response
from customers.models import Customer
from messaging.recipients import STATEMENTS, recipients_of

MANY_SENT = 5


@staff_page("collections.view")
def statement_page(request: PageRequest, pk: int) -> HttpResponse:
    """What is open at the end of the day that the page speaks for."""
    statement = _statement(request, pk)
    customer = statement.customer
    context = {
        "statement": statement,
        "customer": customer,
        "period": PeriodForm(request.GET if statement.starts_on else None),
        "recipients": recipients_of([customer], STATEMENTS)[customer.pk],
        "has_group": Customer.objects.filter(parent=customer).exists(),
        "sent": statements_sent(customer)[:MANY_SENT],
        "query": request.GET.urlencode(),
        "carry": "" if request.page.is_live else f"?as_at={request.page.as_at}",
        "page_without_period": request.page.url(starts_on=None),
    }
    return render(request, "collections/statement.html", context)


@staff_page("collections.view")
def statement_pdf(request: PageRequest, pk: int) -> HttpResponse:
    """The statement as the customer gets it."""
    statement = _statement(request, pk)
    response = HttpResponse(pdf_of_statement(statement), content_type="application/pdf")
    name = file_name(statement, "pdf")
    response["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name) or ""
    return response


@staff_page("collections.view")
def statement_xlsx(request: PageRequest, pk: int) -> HttpResponseBase:
    """The statement as a workbook."""
    statement = _statement(request, pk)
    return workbook_response(sheets_of(statement), file_name(statement, "xlsx"))


@staff_page("collections.send_statement")
@require_POST
def send(request: PageRequest, pk: int) -> HttpResponse:
    """Send the statement to the contacts that receive statements."""
    page = request.page
    customer = _customer(request, pk)
    before = statements_sent(customer).first()
    message = send_statement(by=page.by, customer=customer, as_of=page.as_at, starts_on=starts_on_of(request.POST))
    if before is not None and message.pk <= before.pk:
        messages.info(request, "This statement was sent before. From its message you can send another copy.")
    else:
        messages.success(request, f"The statement to {customer.name} is in the outbox.")
    return redirect("messaging:message", message.pk)


def _statement(request: PageRequest, pk: int) -> CustomerStatement:
    customer = _customer(request, pk)
    return customer_statement(
        customer=customer,
        as_of=request.page.as_at,
        known_at=known_at_of(request.GET, customer.entity.zone),
        starts_on=starts_on_of(request.GET),
    )


def _customer(request: PageRequest, pk: int) -> Customer:
    return get_visible(Customer.objects.select_related("entity__logo", "terms"), request.page.by, pk=pk)
