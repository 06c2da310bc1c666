"""The page of one invoice."""

from collections.abc import Sequence
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render

from core import clock
from core.pages import PageRequest, staff_page
from core.papers import accounts_to_pay_into
from core.scoping import get_visible
from invoicing.deferrals import service_of
from invoicing.forms import IssueForm, SendForm
from invoicing.forms.deliveries import DeliveryForm
from invoicing.models import Invoice
from invoicing.queries.deferred_income import DeferredQuestion
from invoicing.queries.delivered import deliveries_of
from invoicing.queries.delivery import messages_about, other_deliveries_of
from invoicing.queries.examining import examine
from invoicing.queries.finals import became_last
from invoicing.queries.links import accesses_of, links_of
from invoicing.queries.pages import history_of, invoices_with_parts, journal_lines_of, open_of_day, settlements_of
from invoicing.queries.schedule_months import Billed, ScheduleMonth, schedule_months
from invoicing.queries.structured import offered_for
from messaging.recipients import INVOICES, recipients_of


@staff_page("invoicing.view")
def invoice(request: PageRequest, pk: int) -> HttpResponse:
    """An issued invoice with what settles it and what became of it; a draft with what stands in its way."""
    page = request.page
    found = get_visible(invoices_with_parts(), page.by, pk=pk)
    if not found.is_issued:
        return render(request, "invoicing/draft.html", _draft_context(request, found))
    sent = list(messages_about(found))
    context = {
        "invoice": found,
        "left": open_of_day(found, as_of=page.as_at, today=page.today),
        "settlements": settlements_of(found, as_of=page.as_at),
        "journal": journal_lines_of(found),
        "schedules": _schedules_of(found, page.as_at),
        "credit_notes": found.credit_notes.order_by("pk"),
        "sent": sent,
        "send_form": SendForm.fresh(sent[0].to_addresses if sent else []),
        "arrived": list(other_deliveries_of(found)),
        "delivery_form": DeliveryForm.fresh(page.today),
        "history": history_of(found),
        "offered": offered_for(found),
        "delivery": deliveries_of([found]).get(found.pk),
        "became_last": not found.is_final and found.pk in became_last([found.customer_id]),
        "links": list(links_of(found)[:5]),
        "accesses": list(accesses_of(found)[:20]),
        "now": clock.now(),
    }
    return render(request, "invoicing/invoice.html", context)


def _schedules_of(found: Invoice, as_of: date) -> list[tuple[Billed, list[ScheduleMonth]]]:
    """What it deferred, as at a day; nothing is asked where no line has a service."""
    if not any(service_of(found, line) for line in found.lines.all()):
        return []
    question = DeferredQuestion(entity=found.entity, from_on=as_of, as_of=as_of)
    return list(schedule_months(question, found))


def _draft_context(request: PageRequest, found: Invoice) -> dict[str, object]:
    examined = examine(entity=found.entity, invoices=[found], issued_on=request.page.today)[0]
    return {
        "invoice": found,
        "examined": examined,
        "account": accounts_to_pay_into(found.entity).get(found.currency),
        "issue_form": IssueForm(initial={"issued_on": request.page.today}),
        "pro_forma_form": SendForm.fresh(list(_invoice_addresses(found))),
        "history": history_of(found),
    }


def _invoice_addresses(found: Invoice) -> Sequence[str]:
    return recipients_of([found.customer], INVOICES)[found.customer_id].to
