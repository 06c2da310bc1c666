"""How much waits in the rooms that have a queue, for the menu."""

from __future__ import annotations

from dataclasses import dataclass

from ar_collections.queries.calls import to_return
from ar_collections.queries.worklist import entries, in_view
from cashapp.queries.bank_days import missing_statements
from cashapp.queries.cheques import cheques_to_deposit
from cashapp.queries.desk import counts_of
from cashapp.queries.payments import payments_left
from cashapp.queries.searching import sums_waiting
from controls.queries import requests_waiting
from core.models import Run
from core.pages import Page
from customers.queries.data_quality import open_tasks
from invoicing.models import UploadTask
from invoicing.queries.renewals import renewals_due
from messaging.queries import needs_attention, outbox
from refunds.queries.duplicates import duplicates
from refunds.queries.payable import refunds_to_pay


@dataclass(frozen=True)
class Queue:
    """What waits in a room of the menu. Urgent is what somebody else waits for."""

    url_name: str
    count: int
    words: str
    is_urgent: bool = False


def queues(page: Page) -> list[Queue]:
    """The queues of the chosen company that this person may see."""
    found = []
    if page.may("cashapp.view"):
        found.append(Queue("cashapp:desk", counts_of(page.entity).to_match, "bank lines to match"))
        missing = len(missing_statements(page.entity, page.today))
        found.append(Queue("cashapp:bank_days", missing, "bank days without a statement", is_urgent=missing > 0))
        found += _cash_queues(page)
    if page.may("refunds.view"):
        found.append(Queue("refunds:to_pay", refunds_to_pay(page.entity).count(), "refunds to pay"))
        found.append(Queue("refunds:duplicates", duplicates(page.entity).count(), "payments that came twice"))
    if page.may("controls.decide_request"):
        waiting = requests_waiting(by=page.by, as_of=page.today).count()
        words = "requests wait for you" if waiting != 1 else "request waits for you"
        found.append(Queue("controls:approvals", waiting, words, is_urgent=waiting > 0))
    if page.may("invoicing.renew_contract"):
        due = renewals_due(page.entity, as_of=page.today).count()
        found.append(Queue("invoicing:renewals", due, "contracts end within 90 days"))
    if page.may("messaging.view"):
        stuck = outbox(page.entity).filter(needs_attention()).count()
        found.append(Queue("messaging:messages", stuck, "messages need somebody", is_urgent=stuck > 0))
    if page.may("collections.log_call"):
        listed = in_view(entries(page.entity), "mine", entity=page.entity, by=page.by, today=page.today)
        mine = listed.count()
        found.append(Queue("collections:worklist", mine, "customers to contact"))
        waiting = to_return(page.entity).count()
        found.append(Queue("collections:calls", waiting, "calls to return", is_urgent=waiting > 0))
    if page.may("invoicing.view"):
        to_upload = UploadTask.objects.filter(entity=page.entity, state=UploadTask.State.OPEN).count()
        found.append(Queue("invoicing:uploads", to_upload, "documents to upload"))
    if page.may("customers.view"):
        wrong = open_tasks(page.entity).count()
        found.append(Queue("customers:data_quality", wrong, "addresses return mail", is_urgent=wrong > 0))
    if page.may("core.view"):
        going = Run.objects.filter(entity=page.entity, state__in=(Run.State.WAITING, Run.State.RUNNING)).count()
        found.append(Queue("core:runs", going, "runs at work"))
    return found


def _cash_queues(page: Page) -> list[Queue]:
    """Payments and cheques to post, and money that waits; payments are urgent because the day must end without any."""
    left = payments_left(page.entity)
    return [
        Queue("cashapp:payments", left, "payments to post before close", is_urgent=left > 0),
        Queue("cashapp:cheques", cheques_to_deposit(page.entity), "cheques in the drawer"),
        Queue("cashapp:unapplied", sums_waiting(page.entity), "sums that wait to be applied"),
    ]
