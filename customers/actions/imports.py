"""Many customers at once: from a file through its preview, or from drafts that another program made. All or none."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from core import clock
from core.audit import audit, audit_many
from core.errors import Refused
from core.files import store_file
from core.heartbeat import Heartbeat
from core.models import LegalEntity, Run, User
from core.permissions import require
from core.runs import start_run
from core.series import take_numbers
from core.tables import LARGEST_TABLE, read_table
from customers.actions.terms import create_terms
from customers.checks import CodeTaken, InvalidData
from customers.drafts import CustomerDraft
from customers.importing.columns import guess_columns
from customers.importing.preview import preview_of
from customers.models import (
    Address,
    Contact,
    Customer,
    CustomerBankAccount,
    CustomerImport,
    CustomerNote,
    ImportMapping,
    PaymentTerms,
)
from customers.references import payment_reference

BATCH = 2000
PROGRESS = 500
KIND = "import_customers"


class Stopped(Refused):
    """Somebody has stopped the run; nothing came in."""

    code = "stopped"


@transaction.atomic
def upload_customers(*, by: User, entity: LegalEntity, name: str, content: bytes) -> CustomerImport:
    """Take in a file of customers; what is no table is refused here. Its columns are guessed by their headings."""
    require(by, "customers.import_customers", entity)
    table = read_table(name, content)

    stored = store_file(by, entity, name, content, max_bytes=LARGEST_TABLE)
    upload = CustomerImport.objects.create(
        entity=entity, file=stored, columns=guess_columns(table.headings), uploaded_by=by
    )

    after = {"file": stored.name, "rows": len(table.rows), "read_as": table.read_as}
    audit(by, "customers.uploaded", upload, entity=entity, after=after)
    return upload


@transaction.atomic
def choose_columns(
    *,
    by: User,
    upload: CustomerImport,
    columns: Mapping[str, str],
    decimal_sign: str,
    default_terms: PaymentTerms,
) -> CustomerImport:
    """Say which column holds what, and the terms of customers whose row names none."""
    require(by, "customers.import_customers", upload.entity)
    upload = _locked(upload)
    if upload.state == CustomerImport.State.IMPORTED:
        raise Refused(f"{upload.file.name} was imported already.")
    if "name" not in columns.values():
        raise InvalidData("Choose the column that holds the customer's name.")
    if doubled := sorted({key for key in columns.values() if list(columns.values()).count(key) > 1}):
        raise InvalidData(f"Two columns hold the same: {', '.join(doubled).replace('_', ' ')}. Choose one.")

    upload.columns, upload.decimal_sign, upload.default_terms = dict(columns), decimal_sign, default_terms
    upload.save(update_fields=["columns", "decimal_sign", "default_terms"])
    return upload


@transaction.atomic
def save_mapping(*, by: User, upload: CustomerImport, name: str) -> ImportMapping:
    """Keep the chosen columns under a name for the next file of the kind; the same name again replaces them."""
    require(by, "customers.import_customers", upload.entity)
    if not name.strip():
        raise InvalidData("Write a name for the columns.")
    mapping, _ = ImportMapping.objects.update_or_create(
        entity=upload.entity,
        name=name.strip()[:60],
        defaults={"columns": upload.columns, "decimal_sign": upload.decimal_sign, "saved_by": by},
    )
    audit(by, "mapping.saved", mapping, entity=upload.entity, after={"columns": upload.columns})
    return mapping


@transaction.atomic
def start_import(*, by: User, upload: CustomerImport, rows: int) -> Run:
    """Lay down that a worker makes customers of a file's rows; a file has one run until somebody stops it."""
    require(by, "customers.import_customers", upload.entity)
    upload = _locked(upload)
    on = upload.uploaded_at.astimezone(upload.entity.zone).date()
    before = Run.objects.filter(entity=upload.entity, kind=KIND, parameters__upload=upload.pk)

    run, is_new = start_run(
        by,
        upload.entity,
        KIND,
        on,
        title=f"Import customers from {upload.file.name}"[:160],
        part=f"{upload.pk}/{before.filter(state=Run.State.CANCELLED).count() + 1}",
        parameters={"upload": upload.pk},
        total=rows,
        link=reverse("customers:import_preview", args=[upload.pk]),
    )
    if is_new:
        audit(by, "run.started", run, entity=upload.entity, after={"file": upload.file.name})
    return run


@transaction.atomic
def import_upload(*, by: User, upload: CustomerImport, beat: Heartbeat | None = None) -> CustomerImport:
    """Make customers of all rows of an uploaded file; with one row wrong, of none. Tells a run's beat how far it is."""
    require(by, "customers.import_customers", upload.entity)
    upload = _locked(upload)
    if upload.state == CustomerImport.State.IMPORTED:
        return upload
    preview = preview_of(upload)
    if preview.wrong:
        raise InvalidData(
            f"{preview.wrong} of {len(preview.rows)} rows in {upload.file.name} are wrong, so nothing was imported. "
            "Correct the file and upload it again."
        )

    drafts = [row.draft for row in preview.rows if row.draft]
    made = import_customers(by=by, entity=upload.entity, drafts=drafts, beat=beat)
    upload.state, upload.created_count = CustomerImport.State.IMPORTED, len(made)
    upload.save(update_fields=["state", "created_count"])

    audit(by, "customers.imported", upload, entity=upload.entity, after={"customers": len(made)})
    return upload


@transaction.atomic
def import_customers(
    *, by: User, entity: LegalEntity, drafts: Sequence[CustomerDraft], beat: Heartbeat | None = None
) -> list[Customer]:
    """Make many customers with contacts, addresses and bank accounts in a handful of statements, in order."""
    require(by, "customers.import_customers", entity)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=entity.pk)
    codes = _codes_for(entity, drafts)
    terms = _terms_for(by, entity, drafts)
    references = set(Customer.objects.filter(entity=entity).values_list("payment_reference", flat=True))

    moment = clock.now()
    customers = []
    for draft, code in zip(drafts, codes, strict=True):
        reference = payment_reference(code, references)
        references.add(reference)
        customers.append(_customer(entity, draft, code, reference, terms, moment))
    made = []
    for start in range(0, len(customers), PROGRESS):
        part = Customer.objects.bulk_create(customers[start : start + PROGRESS])
        _add_belongings(by, entity, list(zip(part, drafts[start : start + PROGRESS], strict=True)))
        made += part
        _tell(beat, len(part))
    _link_parents(entity, list(zip(made, drafts, strict=True)))

    audit_many(by, "customer.created", made, entity=entity, after_each=lambda row: {"code": row.code, "name": row.name})
    return made


def _tell(beat: Heartbeat | None, done: int) -> None:
    if beat is not None:
        beat.count(done)
        if beat.is_cancelled:
            raise Stopped("The import was stopped. Nothing came in.")


def _locked(upload: CustomerImport) -> CustomerImport:
    rows = CustomerImport.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("entity", "file", "default_terms").get(pk=upload.pk)


def _codes_for(entity: LegalEntity, drafts: Sequence[CustomerDraft]) -> list[str]:
    given = [draft.code for draft in drafts if draft.code]
    if len(set(given)) < len(given):
        doubled = next(code for code in given if given.count(code) > 1)
        raise CodeTaken(f"The code {doubled} stands more than once in the file.")
    taken = set(Customer.objects.filter(entity=entity).values_list("code", flat=True))
    if both := sorted(taken.intersection(given)):
        raise CodeTaken(f"{len(both)} customers exist already, such as {both[0]}.")
    taken.update(given)
    missing = len(drafts) - len(given)
    fresh: list[str] = []
    while len(fresh) < missing:
        numbers = take_numbers(entity, "customer", clock.today(entity), missing - len(fresh))
        fresh += [code for code in numbers if code not in taken]
    numbers_left = iter(fresh)
    return [draft.code or next(numbers_left) for draft in drafts]


def _terms_for(by: User, entity: LegalEntity, drafts: Sequence[CustomerDraft]) -> dict[int, PaymentTerms]:
    """Plain terms for every number of days that the drafts name; those that are missing are agreed now."""
    wanted = {draft.terms for draft in drafts if isinstance(draft.terms, int)}
    plain = PaymentTerms.objects.filter(
        entity=entity, net_days__in=wanted, end_of_month=False, discount_percent=0, is_active=True
    )
    found = {terms.net_days: terms for terms in plain.order_by("-pk")}
    taken = set(PaymentTerms.objects.filter(entity=entity).values_list("code", flat=True))
    for days in sorted(wanted - set(found)):
        name = f"{days} days net" if days else "Due at once"
        code = f"NET{days}" if f"NET{days}" not in taken else f"NET{days}-PLAIN"
        found[days] = create_terms(by=by, entity=entity, code=code, name=name, net_days=days)
    return found


def _customer(
    entity: LegalEntity,
    draft: CustomerDraft,
    code: str,
    reference: str,
    terms: Mapping[int, PaymentTerms],
    moment: datetime,
) -> Customer:
    return Customer(
        entity=entity,
        code=code,
        name=draft.name,
        terms=terms[draft.terms] if isinstance(draft.terms, int) else draft.terms,
        currency=draft.currency or entity.currency,
        language=draft.language or entity.language,
        credit_limit=draft.credit_limit,
        tax_status=draft.tax_status,
        tax_number=draft.tax_number,
        registration_number=draft.registration_number,
        delivery=draft.delivery,
        purchase_order_required=draft.purchase_order_required,
        segment=draft.segment,
        payment_reference=reference,
        created_at=moment,
    )


def _add_belongings(by: User, entity: LegalEntity, pairs: Sequence[tuple[Customer, CustomerDraft]]) -> None:
    contacts = [
        Contact(
            customer=customer,
            name=contact.name,
            email=contact.email,
            phone=contact.phone,
            role=contact.role,
            receives_invoices=contact.receives_documents,
            receives_statements=contact.receives_documents,
            created_at=customer.created_at,
        )
        for customer, draft in pairs
        for contact in draft.contacts
    ]
    Contact.objects.bulk_create(contacts, batch_size=BATCH)
    addresses = [
        Address(
            customer=customer,
            lines=draft.address.lines,
            postcode=draft.address.postcode,
            city=draft.address.city,
            region=draft.address.region,
            country=draft.address.country,
        )
        for customer, draft in pairs
        if draft.address
    ]
    Address.objects.bulk_create(addresses, batch_size=BATCH)
    _add_accounts_and_notes(by, pairs)


def _add_accounts_and_notes(by: User, pairs: Sequence[tuple[Customer, CustomerDraft]]) -> None:
    accounts = [
        CustomerBankAccount(
            customer=customer,
            iban=draft.iban,
            account_number=draft.account_number,
            source=CustomerBankAccount.Source.IMPORT,
            added_by=by,
            added_at=customer.created_at,
        )
        for customer, draft in pairs
        if draft.iban or draft.account_number
    ]
    CustomerBankAccount.objects.bulk_create(accounts, batch_size=BATCH)
    notes = [CustomerNote(customer=customer, text=draft.note, written_by=by) for customer, draft in pairs if draft.note]
    CustomerNote.objects.bulk_create(notes, batch_size=BATCH)


def _link_parents(entity: LegalEntity, pairs: Sequence[tuple[Customer, CustomerDraft]]) -> None:
    wanted = {draft.parent_code for _, draft in pairs if draft.parent_code}
    if not wanted:
        return
    parents = {row.code: row for row in Customer.objects.filter(entity=entity, code__in=wanted)}
    if missing := sorted(wanted - set(parents)):
        raise InvalidData(f"There is no customer {missing[0]} that could be a parent.")
    children = []
    for customer, draft in pairs:
        if draft.parent_code:
            customer.parent = parents[draft.parent_code]
            children.append(customer)
    Customer.objects.bulk_update(children, ["parent"], batch_size=BATCH)
