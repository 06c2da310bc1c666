"""The customer's link to an invoice: made when its mail is queued, used without a login, revoked by a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from core import clock
from core.audit import audit, audit_many
from core.errors import NotAllowed
from core.models import LegalEntity, User
from core.permissions import require
from invoicing.models import CreditNote, Invoice, InvoiceLink, LinkAccess
from invoicing.models.links import hash_of


@dataclass(frozen=True, slots=True)
class Sharing:
    """Gives links to invoices of a company, for a person who may send what they open."""

    by: User
    entity: LegalEntity

    def give_links(self, invoices: Sequence[Invoice]) -> None:
        """One for each; an invoice that has a link keeps it, good for as long again."""
        expires_at = clock.now() + timedelta(days=settings.LINK_DAYS)
        in_use = InvoiceLink.objects.filter(invoice__in=[invoice.pk for invoice in invoices], revoked_at=None)
        shared = set(in_use.values_list("invoice_id", flat=True))
        if shared:
            in_use.filter(expires_at__lt=expires_at).update(expires_at=expires_at)
        if fresh := [invoice for invoice in invoices if invoice.pk not in shared]:
            self._make_links(fresh, expires_at)

    def _make_links(self, invoices: Sequence[Invoice], expires_at: datetime) -> None:
        links = [InvoiceLink(invoice=invoice, made_by=self.by, expires_at=expires_at) for invoice in invoices]
        for link in links:
            link.key_hash = hash_of(link.key)
        InvoiceLink.objects.bulk_create(links, ignore_conflicts=True, batch_size=1000)
        audit_many(self.by, "invoice.link_given", invoices, entity=self.entity)


@transaction.atomic
def share_invoices(*, by: User, entity: LegalEntity, invoices: Sequence[Invoice]) -> None:
    """Give each of the invoices a link that opens it; one that has a link keeps it, good for as long again."""
    require(by, "invoicing.share_invoice", entity)
    Sharing(by, entity).give_links(invoices)


@transaction.atomic
def revoke_link(*, by: User, link: InvoiceLink) -> InvoiceLink:
    """Shut a link for good. The next mail about the invoice carries another one."""
    require(by, "invoicing.revoke_link", link.invoice.entity)
    link = _locked(link)
    if link.revoked_at:
        return link

    link.revoked_by, link.revoked_at = by, clock.now()
    link.save(update_fields=["revoked_by", "revoked_at"])

    audit(by, "invoice.link_revoked", link.invoice, entity=link.invoice.entity)
    return link


@transaction.atomic
def record_access(
    *,
    by: User,
    link: InvoiceLink,
    kind: str,
    network: str,
    user_agent: str,
    colleague: User | None,
    credit_note: CreditNote | None = None,
) -> LinkAccess:
    """Write down that somebody used a link. A colleague who looks is named and doesn't count as the customer."""
    if not by.is_system:
        raise NotAllowed("Only the page behind a link says who used it.")
    return LinkAccess.objects.create(
        link=link, credit_note=credit_note, kind=kind, network=network, user_agent=user_agent[:200], by=colleague
    )


def _locked(link: InvoiceLink) -> InvoiceLink:
    rows = InvoiceLink.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("invoice__entity", "invoice__customer").get(pk=link.pk)
