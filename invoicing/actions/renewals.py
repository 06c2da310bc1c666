"""Renewing what goes on: quotes for the next term, and the run that renews whatever nobody gave notice on."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from hashlib import sha256

from django.db import transaction
from django.urls import reverse

from core.audit import audit
from core.errors import SameKeyOtherContent
from core.files import store_file
from core.models import LegalEntity, Run, User
from core.permissions import require
from core.runs import start_run
from customers.models import Customer, lock
from invoicing.actions.amendments import renew_contract
from invoicing.models import Amendment, Contract, RenewalQuote
from invoicing.papers.quotes import pdf_of_quote
from invoicing.queries.renewals import offer_of, overdue_notice
from invoicing.renewals import AUTOMATIC
from messaging.actions import Draft, queue_messages
from messaging.recipients import INVOICES, recipients_of

RENEWING = "renew_contracts"


@transaction.atomic
def quote_renewal(
    *,
    by: User,
    contract: Contract,
    percent: Decimal | None,
    quoted_on: date,
    valid_until: date,
    request_id: str,
) -> RenewalQuote:
    """Offer the next term: a PDF, kept as it is and put into the outbox. The same request makes one quote."""
    require(by, "invoicing.quote_renewal", contract.entity)
    lock(Customer(pk=contract.customer_id))
    if before := contract.quotes.filter(request_id=request_id).first():
        if before.valid_until != valid_until or percent not in (None, before.percent):
            raise SameKeyOtherContent(f"This form made “{before}” already, with other content. Open a new form.")
        return before
    current = Contract.objects.select_related("entity__logo", "customer__entity").get(pk=contract.pk)
    offer = offer_of(current, percent)

    content = pdf_of_quote(current, offer, quoted_on=quoted_on, valid_until=valid_until)
    stored = store_file(by, current.entity, f"Quote {current.number} {offer.term.first_on}.pdf", content)
    quote = RenewalQuote.objects.create(
        contract=current,
        file=stored,
        starts_on=offer.term.first_on,
        ends_on=offer.term.last_on,
        valid_until=valid_until,
        percent=offer.percent,
        net=offer.net,
        quoted_on=quoted_on,
        request_id=request_id,
        quoted_by=by,
    )

    after = {"from": offer.term.first_on, "percent": offer.percent, "net": f"{offer.net} {current.currency}"}
    audit(by, "renewal.quoted", current, entity=current.entity, after=after)
    _send(by, current, quote)
    return quote


@transaction.atomic
def start_renewing(*, by: User, entity: LegalEntity, contracts: Sequence[Contract], on: date) -> tuple[Run, bool]:
    """Lay down which contracts a run renews; the same contracts on the same day are the same run."""
    require(by, "invoicing.renew_contract", entity)
    keys = sorted(contract.pk for contract in contracts)
    run, is_new = start_run(
        by,
        entity,
        RENEWING,
        on,
        title=f"Renew {len(keys):,} contracts as of {on:%d %B %Y}",
        part=sha256(repr(keys).encode()).hexdigest()[:16],
        parameters={"contracts": keys},
        total=len(keys),
        link="/contracts/",
    )
    if is_new:
        audit(by, "run.started", run, entity=entity, after={"contracts": len(keys)})
    return run, is_new


@transaction.atomic
def renew_by_itself(*, by: User, contract: Contract, as_of: date) -> Amendment | None:
    """Renew a contract whose notice day has passed; nothing happens where that isn't so any more."""
    require(by, "invoicing.renew_contract", contract.entity)
    lock(Customer(pk=contract.customer_id))
    current = overdue_notice(contract.entity, as_of=as_of).filter(pk=contract.pk).first()
    if current is None:
        return None
    term = f"{current.ends_on}"
    return renew_contract(by=by, contract=current, source=AUTOMATIC, source_id=term, reason="Nobody gave notice.")


def _send(by: User, contract: Contract, quote: RenewalQuote) -> None:
    draft = Draft(
        kind="renewal_quote",
        key=f"{contract.number}:{quote.pk}",
        customer=contract.customer,
        recipients=recipients_of([contract.customer], INVOICES)[contract.customer_id],
        document=contract.number,
        document_url=reverse("invoicing:contract", args=[contract.pk]),
        context={"pk": quote.pk},
        files=[quote.file],
    )
    queue_messages(by=by, drafts=[draft])
