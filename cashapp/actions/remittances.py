"""Remittances: taken in, tied to the bank line that is their money, taken apart again, or given up."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from cashapp.actions.applying import Use, apply_receipts
from cashapp.actions.matching import keep_back, match_lines
from cashapp.actions.sharing import Sharing
from cashapp.answers import applied_as_data, payments_of, reasons_of, task_of
from cashapp.errors import AlreadyTied, ReasonMissing, WrongLine
from cashapp.matching import Decision, MatchProposal, MatchRule, OpenIndex, match_line
from cashapp.models import (
    BankStatementLine,
    MatchTask,
    Remittance,
    RemittanceLine,
    RemittanceMapping,
    RemittanceTie,
)
from cashapp.queries.matching import bank_line_of, load_index
from cashapp.queries.money import live_receipts
from cashapp.queries.remittance_mappings import advices_of
from cashapp.queries.remittances import customers_of, remittances_of_line, stated_for
from cashapp.remittances import LARGEST_FILE, Advice, RemittanceRefused
from cashapp.remittances.mapping import RemittanceColumns, table_rows
from cashapp.taking_in import content_hash, line_rows, recognise, recognised_items, remittance_row
from cashapp.taskbook import State, keep_answers, take_tasks
from cashapp.tiebook import tie_remittances, write_ties
from core import clock
from core.audit import audit
from core.files import store_file
from core.models import LegalEntity, StoredFile, User
from core.money import ZERO, Money
from core.permissions import require
from customers.models import lock
from ledger.models import OpenItem

BATCH = 2000


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of one payment of a file."""

    remittance: Remittance
    is_new: bool


@transaction.atomic
def upload_remittance(*, by: User, entity: LegalEntity, name: str, content: bytes) -> StoredFile:
    """Keep a file or a text until its preview is accepted; what tells of no payment is refused here.

    A table whose headings say nothing is kept: a person says what its columns mean.
    """
    require(by, "cashapp.upload_remittance", entity)
    try:
        advices_of(entity, content, name)
    except RemittanceRefused:
        if not table_rows(content, name):
            raise

    stored = store_file(by, entity, name, content, max_bytes=LARGEST_FILE)

    audit(by, "remittance.uploaded", stored, entity=entity, after={"file": stored.name, "bytes": stored.size})
    return stored


@transaction.atomic
def take_in_remittance(
    *,
    by: User,
    entity: LegalEntity,
    name: str,
    content: bytes,
    source: str = Remittance.Source.UPLOADED,
    file: StoredFile | None = None,
    columns: RemittanceColumns | None = None,
) -> list[TakenIn]:
    """Take in every payment that a file explains, each once, and tie those whose money is there.

    `file` is given where the content was kept before, `columns` where a person said what a table's columns mean.
    """
    require(by, "cashapp.take_in_remittance", entity)
    advices = columns.read(table_rows(content, name), name) if columns else advices_of(entity, content, name)
    known = _known(entity, advices)
    taken: list[TakenIn] = []
    for advice in advices:
        before = known.get(content_hash(advice))
        if before is None:
            file = file or store_file(by, entity, name, content, max_bytes=LARGEST_FILE)
            before = known[content_hash(advice)] = _store(by, entity, advice, file, source)
            taken.append(TakenIn(before, is_new=True))
        else:
            taken.append(TakenIn(before, is_new=False))

    new = [each.remittance for each in taken if each.is_new]
    ties = tie_remittances(by, entity, new)

    for tie in ties:
        _use(by, tie)
    return taken


@transaction.atomic
def save_remittance_mapping(
    *, by: User, entity: LegalEntity, name: str, columns: RemittanceColumns
) -> RemittanceMapping:
    """Keep how a payer's table is read under a name; the same name again replaces it."""
    require(by, "cashapp.save_remittance_mapping", entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    if not name.strip():
        raise RemittanceRefused("Give the columns a name, such as the payer's.")
    before = RemittanceMapping.objects.filter(entity=entity, name=name.strip()[:80]).first()
    if before and before.columns == columns.as_dict():
        return before

    kept = {"columns": columns.as_dict(), "saved_by": by}
    saved, _ = RemittanceMapping.objects.update_or_create(entity=entity, name=name.strip()[:80], defaults=kept)

    old = {"columns": before.columns} if before else None
    audit(by, "remittance_mapping.saved", saved, entity=entity, before=old, after={"columns": saved.columns})
    return saved


@transaction.atomic
def tie_remittance(*, by: User, remittance: Remittance, line: BankStatementLine) -> RemittanceTie:
    """Say that a bank line is the money of a remittance. What it then pays is matched anew."""
    entity = remittance.entity
    require(by, "cashapp.tie_remittance", entity)
    remittance = _locked(remittance)
    take_tasks([line])
    if (tie := _live(remittance)) is not None and tie.line_id == line.pk:
        return tie
    _refuse_tie(remittance, line, tie)

    words = f"{by.name}, {clock.today(entity):%d %b %Y}"
    (made,) = write_ties(
        by, entity, [RemittanceTie(remittance=remittance, line=line, words=words, tied_by=by, tied_at=clock.now())]
    )
    _recognise_again(remittance)
    _use(by, made)
    return made


@transaction.atomic
def untie_remittance(*, by: User, remittance: Remittance, reason: str) -> Remittance:
    """Take a remittance and its bank line apart: they are never tied again by themselves."""
    require(by, "cashapp.untie_remittance", remittance.entity)
    remittance = _locked(remittance)
    tie = _live(remittance)
    if tie is None:
        return remittance
    if not reason.strip():
        raise ReasonMissing(f"Say why {remittance} is not about {tie.line}.")
    if receipts := live_receipts(tie.line):
        raise AlreadyTied(f"{tie.line} is booked by it as {receipts[0]}. Undo that first.")

    tie.ended_at, tie.ended_by, tie.end_reason = clock.now(), by, reason.strip()[:200]
    tie.save(update_fields=["ended_at", "ended_by", "end_reason"])

    audit(by, "remittance.untied", remittance, entity=remittance.entity, before={"line": str(tie.line)}, reason=reason)
    _match_again(by, tie.line)
    return remittance


@transaction.atomic
def give_up_remittance(*, by: User, remittance: Remittance, reason: str) -> Remittance:
    """Stop waiting for the money of a remittance."""
    require(by, "cashapp.give_up_remittance", remittance.entity)
    remittance = _locked(remittance)
    if remittance.is_given_up:
        return remittance
    if not reason.strip():
        raise ReasonMissing(f"Say why nobody waits for the money of {remittance} any more.")
    if (tie := _live(remittance)) is not None:
        raise AlreadyTied(f"{remittance} is tied to {tie.line}. Take them apart first.")

    remittance.given_up_at, remittance.given_up_by = clock.now(), by
    remittance.given_up_reason = reason.strip()[:200]
    remittance.save(update_fields=["given_up_at", "given_up_by", "given_up_reason"])

    audit(by, "remittance.given_up", remittance, entity=remittance.entity, reason=reason)
    return remittance


# Taking in -----------------------------------------------------------------------------------------------------------


def _known(entity: LegalEntity, advices: Sequence[Advice]) -> dict[str, Remittance]:
    hashes = [content_hash(advice) for advice in advices]
    return {row.content_hash: row for row in Remittance.objects.filter(entity=entity, content_hash__in=hashes)}


def _store(by: User, entity: LegalEntity, advice: Advice, file: StoredFile, source: str) -> Remittance:
    recognised = recognise(advice, entity)
    row = remittance_row(
        advice,
        entity,
        recognised,
        clock.today(entity),
        file=file,
        source=source,
        taken_in_by=by,
        taken_in_at=clock.now(),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # somebody else took the same in at this moment
        return Remittance.objects.get(entity=entity, content_hash=row.content_hash)
    RemittanceLine.objects.bulk_create(line_rows(advice, row, recognised), batch_size=BATCH)
    after = {"file": file.name, "trace": row.trace, "total": row.total, "lines": len(advice.lines)}
    audit(by, "remittance.taken_in", row, entity=entity, after=after)
    return row


def _recognise_again(remittance: Remittance) -> None:
    """Find the documents that were not there when the remittance came."""
    missing = list(remittance.lines.filter(item=None).order_by("position"))
    if not missing:
        return
    named = [(line.number, line.purchase_order) for line in missing]
    items = recognised_items(remittance.entity, remittance.customer, named)
    for line, item in zip(missing, items, strict=True):
        line.item = item
    RemittanceLine.objects.bulk_update([line for line in missing if line.item], ["item"], batch_size=BATCH)


def _locked(remittance: Remittance) -> Remittance:
    rows = Remittance.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("entity", "customer").get(pk=remittance.pk)


def _live(remittance: Remittance) -> RemittanceTie | None:
    rows = remittance.ties.filter(ended_at=None).select_related("line__bank_account__entity", "remittance__entity")
    return rows.first()


def _refuse_tie(remittance: Remittance, line: BankStatementLine, tie: RemittanceTie | None) -> None:
    if remittance.is_given_up:
        raise AlreadyTied(f"{remittance} was given up: {remittance.given_up_reason}.")
    if tie is not None:
        raise AlreadyTied(f"{remittance} is tied to {tie.line}. Take them apart first.")
    if line.bank_account.entity_id != remittance.entity_id or line.amount <= 0:
        raise WrongLine(f"{line} is no money that came in for {remittance.entity.name}.")
    if line.currency != remittance.currency:
        raise WrongLine(f"{line} is in another currency than {remittance}, which is in {remittance.currency}.")
    _refuse_more_than_the_line(remittance, line)


def _refuse_more_than_the_line(remittance: Remittance, line: BankStatementLine) -> None:
    """Several remittances may be about one line, as long as they don't come to more than it."""
    others = [tie.remittance for tie in remittances_of_line(line)]
    if not others:
        return
    totals = [each.total for each in (*others, remittance)]
    if None in totals:
        raise AlreadyTied(f"{line} has a remittance already: {others[0]}. Of two, both must say their total.")
    said = sum((total for total in totals if total is not None), ZERO)
    if said > line.amount:
        raise AlreadyTied(
            f"{line} has {', '.join(map(str, others))} already. With {remittance} they come to "
            f"{Money(said, line.currency)}, and the bank booked {Money(line.amount, line.currency)}."
        )


# Using what it says --------------------------------------------------------------------------------------------------


def _use(by: User, tie: RemittanceTie) -> None:
    """Match the line by its remittance: post what waits, apply what is on account, propose the rest."""
    line, entity = tie.line, tie.remittance.entity
    customers = {each for beside in remittances_of_line(line) for each in customers_of(beside.remittance)}
    if not customers:
        return
    index = load_index(entity, clock.today(entity), customers)
    proposal = match_line(bank_line_of(line, stated_for([line]).get(line.pk)), index)
    if proposal.rule is not MatchRule.REMITTANCE:
        return
    task = take_tasks([line])[line.pk]
    if task.state == State.TO_MATCH:
        match_lines(by=by, entity=entity, lines=[line], index=index)
    elif task.state == State.CHECK:
        _use_later(by, line, proposal)


def _use_later(by: User, line: BankStatementLine, proposal: MatchProposal) -> None:
    """The money came before the remittance: it is on account, or with nobody."""
    keep_answers([task_of(line, proposal)])
    receipt = next(iter(live_receipts(line)), None)
    is_whole = receipt is not None and receipt.item.open_amount == receipt.amount
    if receipt is None or not is_whole or proposal.decision is not Decision.POSTED:
        return
    if receipt.item.customer_id != proposal.customer_id:
        return
    lock(receipt.item.customer)
    wanted = [int(str(each.document.id)) for each in proposal.applied]
    items = {item.pk: item for item in OpenItem.objects.filter(pk__in=wanted).select_related("customer__entity")}
    pays, reasons = payments_of(applied_as_data(proposal.applied), items), reasons_of(proposal)
    own = [payment for payment in pays if payment.item.customer_id == receipt.item.customer_id]
    on = max(clock.today(receipt.entity), receipt.received_on)
    apply_receipts(by=by, entity=receipt.entity, uses=[Use(receipt, own, on, reasons)])
    shares = Sharing(by, on, reasons).out(receipt, pays)
    keep_back(by=by, receipts=shares, proposal=proposal, on=on)


def _match_again(by: User, line: BankStatementLine) -> None:
    """What is proposed for the line stood on the remittance; without it the line is answered anew."""
    task = MatchTask.objects.filter(pk=line.pk, state=State.TO_MATCH).first()
    if task is None:
        return
    index: OpenIndex = load_index(line.bank_account.entity, clock.today(line.bank_account.entity))
    match_lines(by=by, entity=line.bank_account.entity, lines=[line], index=index)
