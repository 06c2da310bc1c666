"""Taking in what banks and providers tell about direct debits: each thing is written down once, and booked after."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.db import transaction

from core.audit import audit
from core.files import store_file
from core.models import LegalEntity, StoredFile, User
from core.permissions import require
from directdebit.models import ReturnedDebit, ReturnReport
from directdebit.queries.finding import collections_of_batch
from directdebit.returns import Advice, Report, read_report
from directdebit.returns.advice import fingerprints
from directdebit.returns.recognise import LARGEST_REPORT


@transaction.atomic
def upload_report(*, by: User, entity: LegalEntity, name: str, content: bytes) -> StoredFile:
    """Keep a report until its preview is accepted; what is no report is refused here."""
    require(by, "directdebit.upload_report", entity)
    read_report(content, name)

    stored = store_file(by, entity, name, content, max_bytes=LARGEST_REPORT)

    audit(by, "report.uploaded", stored, entity=entity, after={"file": stored.name, "bytes": stored.size})
    return stored


@transaction.atomic
def take_in_report(*, by: User, entity: LegalEntity, file: StoredFile) -> ReturnReport:
    """Write down everything that a report tells. The same file again is the report that is there already."""
    require(by, "directdebit.take_in_report", entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    known = ReturnReport.objects.filter(entity=entity, content_hash=file.sha256).first()
    if known:
        return known

    read = read_report(file.read(), file.name)
    report = _report(by, entity, file, read)
    report.save(force_insert=True)
    advices = list(_each(entity, read.advices))
    made = _write_down(entity, advices, ReturnedDebit.Source.FILE, report)

    after = {"file": file.name, "told": len(advices), "new": made}
    audit(by, "report.taken_in", report, entity=entity, after=after)
    return report


@transaction.atomic
def receive_report(*, by: User, entity: LegalEntity, name: str, content: bytes) -> ReturnReport:
    """Take in a report that a program brings. The same content again is the report that is there already."""
    require(by, "directdebit.receive_report", entity)
    digest = hashlib.sha256(content).hexdigest()
    known = ReturnReport.objects.filter(entity=entity, content_hash=digest).first()
    if known:
        return known

    return take_in_report(by=by, entity=entity, file=upload_report(by=by, entity=entity, name=name, content=content))


@transaction.atomic
def record_advices(*, by: User, entity: LegalEntity, advices: Sequence[Advice], source: str) -> list[ReturnedDebit]:
    """Write down what a provider tells, each thing once however often it is asked."""
    require(by, "directdebit.record_advices", entity)
    made = _write_down(entity, advices, source, None)
    found = ReturnedDebit.objects.filter(entity=entity, key__in=list(fingerprints(advices)))

    if made:
        for returned in found:
            audit(by, "return.told", returned, entity=entity, after={"by": source, "code": returned.code})
    return list(found)


def _each(entity: LegalEntity, advices: Sequence[Advice]) -> Iterator[Advice]:
    """One for each collection: what is told of a whole file or batch is told of everything in it."""
    for advice in advices:
        whole = advice.batch_reference and not advice.collection_reference
        inside = list(collections_of_batch(entity, advice.batch_reference)) if whole else []
        for one in inside:
            yield replace(
                advice,
                collection_reference=one.reference,
                amount=one.amount,
                currency=one.currency,
                collected_on=one.collect_on,
            )
        if not inside:
            yield advice


def _report(by: User, entity: LegalEntity, file: StoredFile, read: Report) -> ReturnReport:
    return ReturnReport(
        entity=entity,
        file=file,
        content_hash=file.sha256,
        format=read.format[:40],
        identifier=read.identifier[:80],
        service=read.service[:80],
        made_on=read.made_on,
        findings=list(read.findings),
        taken_in_by=by,
    )


def _write_down(entity: LegalEntity, advices: Sequence[Advice], source: str, report: ReturnReport | None) -> int:
    """How many were new: what has the same key is known, whichever file it stood in."""
    rows = [
        _row(entity, advice, key, source, report) for advice, key in zip(advices, fingerprints(advices), strict=True)
    ]
    before = ReturnedDebit.objects.filter(entity=entity, key__in=[row.key for row in rows]).count()
    ReturnedDebit.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    return len(rows) - before


def _row(entity: LegalEntity, advice: Advice, key: str, source: str, report: ReturnReport | None) -> ReturnedDebit:
    return ReturnedDebit(
        entity=entity,
        report=report,
        key=key,
        source=source,
        kind=advice.kind,
        codes=advice.codes,
        code=advice.code[:20],
        words=advice.words[:200],
        mandate_reference=advice.mandate_reference[:80],
        collection_reference=advice.collection_reference[:80],
        batch_reference=advice.batch_reference[:80],
        claim_reference=advice.claim_reference[:80],
        amount=advice.amount,
        currency=advice.currency,
        collected_on=advice.collected_on,
        effective_on=advice.effective_on,
        fee=advice.fee,
        payer=advice.payer[:140],
        payer_account=advice.payer_account,
        place=advice.place[:200],
    )
