"""Contracts whose term ends soon, and those that go on by themselves because nobody gave notice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import DateField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet

from core.models import LegalEntity
from invoicing.amending import AmendmentRefused
from invoicing.models import Amendment, Contract, ContractLine, PriceTier, RenewalQuote
from invoicing.notice import latest_notice_on
from invoicing.queries.amending import lines_of
from invoicing.queries.charging import tiers_of
from invoicing.renewals import AUTOMATIC, Offer, offer_for

AHEAD = timedelta(days=90)
Kind = Amendment.Kind


@dataclass(frozen=True, slots=True)
class Renewal:
    """A line of the worklist: a contract near its end, and what its next term comes to."""

    contract: Contract
    offer: Offer | None
    quote: RenewalQuote | None
    notice_by: date | None

    @property
    def is_automatic(self) -> bool:
        """Whether it goes on unless somebody gives notice."""
        return self.contract.renews


def renewals_due(entity: LegalEntity, *, as_of: date, ahead: timedelta = AHEAD) -> QuerySet[Contract]:
    """Active contracts whose term ends within so many days, without those that were ended or declined."""
    rows = Contract.objects.filter(entity=entity, ends_on__range=(as_of, as_of + ahead))
    return _undecided(rows).select_related("customer", "entity").order_by("ends_on", "pk")


def overdue_notice(entity: LegalEntity, *, as_of: date) -> QuerySet[Contract]:
    """Contracts that renew by themselves: the last day for notice is behind us and nobody gave any."""
    last_day = ExpressionWrapper(F("ends_on") - F("notice_days"), output_field=DateField())
    rows = Contract.objects.filter(entity=entity, renews=True).annotate(notice_by=last_day)
    return _undecided(rows.filter(notice_by__lt=as_of)).order_by("pk")


def as_worklist(contracts: Sequence[Contract]) -> list[Renewal]:
    """The contracts with what their next term comes to and the latest quote, in a fixed number of statements."""
    by_contract = _lines_by_contract(contracts)
    tiers = tiers_of([line for lines in by_contract.values() for line in lines])
    quotes = _latest_quotes(contracts)
    return [
        Renewal(one, _offer(one, by_contract[one.pk], tiers), quotes.get(one.pk), latest_notice_on(one))
        for one in contracts
    ]


def offer_of(contract: Contract, percent: Any = None) -> Offer:
    """What the next term of one contract comes to, at its own index or at another percentage."""
    lines = lines_of(contract)
    tiers = tiers_of(lines)
    return offer_for(contract, lines, {line.position: tiers.get(line.pk, ()) for line in lines}, percent)


def renewed_since(moment: datetime, contracts: Sequence[int]) -> QuerySet[Amendment]:
    """What was agreed for contracts that renewed by themselves, whichever worker of a run it was."""
    return Amendment.objects.filter(contract__in=contracts, source=AUTOMATIC, recorded_at__gte=moment)


def _undecided(rows: QuerySet[Contract]) -> QuerySet[Contract]:
    """Without contracts that somebody gave notice on, ended early or bought out."""
    ended = Q(kind=Kind.EARLY_END, effective_on=OuterRef("ends_on") + timedelta(days=1))
    bought = Q(kind=Kind.BUY_OUT, effective_on=OuterRef("ends_on"))
    over = Amendment.objects.filter(ended | bought, contract=OuterRef("pk"))
    rows = rows.filter(activated_at__isnull=False, notice_given_on=None)
    return rows.exclude(kind=Contract.Kind.ORDER).exclude(Exists(over))


def _lines_by_contract(contracts: Sequence[Contract]) -> dict[int, list[ContractLine]]:
    found: dict[int, list[ContractLine]] = {contract.pk: [] for contract in contracts}
    own = {contract.pk: contract for contract in contracts}
    rows = ContractLine.objects.filter(contract__in=list(own)).select_related("product")
    for line in rows.order_by("contract_id", "position"):
        line.contract = own[line.contract_id]
        found[line.contract_id].append(line)
    return found


def _offer(contract: Contract, lines: Sequence[ContractLine], tiers: Any) -> Offer | None:
    by_position: dict[int, Sequence[PriceTier]] = {line.position: tiers.get(line.pk, ()) for line in lines}
    try:
        return offer_for(contract, lines, by_position)
    except AmendmentRefused:
        return None


def _latest_quotes(contracts: Sequence[Contract]) -> dict[int, RenewalQuote]:
    """The last quote for the term to come; one for a term that has begun says nothing of the next."""
    ends = {contract.pk: contract.ends_on for contract in contracts}
    rows = RenewalQuote.objects.filter(contract__in=list(ends)).select_related("file").order_by("pk")
    return {row.contract_id: row for row in rows if (last := ends[row.contract_id]) and row.starts_on > last}
