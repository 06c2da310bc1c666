"""Files that nobody uploads: a drop folder and an API post, each taken in once by a run of its own."""

import os
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from cashapp.actions.statement_files import Arrival, receive_statement_file, take_in_statement_file
from cashapp.actions.statements import save_mapping
from cashapp.drop_folder import take_in_folder
from cashapp.models import BankStatement, BankStatementLine, StatementFile
from cashapp.statements import StatementRefused
from cashapp.statements.mapping import ColumnMapping
from cashapp.tasks import take_in_statements
from core.actions import issue_token
from core.errors import NotAllowed
from core.models import AuditEvent, BankAccount, LegalEntity, Run, User
from core.permissions import system_user
from tests.cashapp.statements.samples import MT940

State = StatementFile.State
SignedIn = Callable[[User], Client]
TokenClient = Callable[..., APIClient]
CSV = b"When;What;How much\n12.05.2026;INV-1;100,00\n13.05.2026;INV-2;50,00\n"
MAPPING = ColumnMapping(
    name="House bank", booked_on="When", date_format="DD.MM.YYYY", amount="How much", decimal=",", text=("What",)
)


@pytest.fixture
def folder(tmp_path: Path, uk: LegalEntity) -> Path:
    (tmp_path / uk.code).mkdir()
    return tmp_path


@pytest.fixture
def drop(folder: Path, uk: LegalEntity) -> Callable[..., Path]:
    """Leave a file in the company's folder: drop("may.sta", b"…")."""

    def leave(name: str, content: bytes) -> Path:
        path = folder / uk.code / name
        path.write_bytes(content)
        return path

    return leave


def take(folder: Path) -> int:
    return take_in_folder(system_user(), folder, settled_seconds=0).files


def arrival(content: bytes = MT940.encode(), name: str = "may.sta", **more: object) -> Arrival:
    return Arrival(name=name, content=content, origin=StatementFile.Origin.API, **more)  # type: ignore[arg-type]


def test_a_dropped_statement_is_imported_and_moved_with_its_sentence(
    uk: LegalEntity, bank_account: BankAccount, folder: Path, drop: Callable[..., Path]
) -> None:
    path = drop("may.sta", MT940.encode())

    assert take(folder) == 1

    received = StatementFile.objects.get()
    assert (received.state, received.new_lines, received.known_lines) == (State.TAKEN, 3, 0)
    assert received.run and received.run.state == Run.State.DONE
    assert BankStatementLine.objects.count() == 3
    assert not path.exists()
    done = folder / uk.code / "done"
    assert (done / "may.sta").read_bytes() == MT940.encode()
    assert (done / "may.sta.txt").read_text() == "3 new lines, 0 known before.\n"
    assert Run.objects.filter(kind="match_lines").count() == 1


def test_the_same_content_under_another_name_is_taken_in_once(
    uk: LegalEntity, bank_account: BankAccount, folder: Path, drop: Callable[..., Path]
) -> None:
    for name in ("may.sta", "may.sta", "copy of may.sta"):
        drop(name, MT940.encode())
        take(folder)

    assert StatementFile.objects.count() == BankStatement.objects.count() == 1
    done = sorted(path.name for path in (folder / uk.code / "done").iterdir() if path.suffix != ".txt")
    assert len(done) == 3 and not list((folder / uk.code).glob("*.sta"))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("scan.pdf", b"%PDF-1.7 x", "is a PDF"),
        ("nothing.csv", b"", "is empty"),
        ("may.sta", MT940.replace("1225,00", "1226,00").encode(), "is unexplained"),
        ("other.sta", MT940.replace("GB33BUKB20201555555555", "GB94BARC10201530093459").encode(), "none of"),
        ("table.csv", CSV, "are only guessed"),
    ],
)
def test_what_cannot_be_imported_is_moved_aside_with_the_reason(
    uk: LegalEntity,
    bank_account: BankAccount,
    folder: Path,
    drop: Callable[..., Path],
    name: str,
    content: bytes,
    sentence: str,
) -> None:
    drop(name, content)

    take(folder)

    assert sentence in (folder / uk.code / "refused" / f"{name}.txt").read_text()
    received = StatementFile.objects.get()
    assert received.state == State.REFUSED and sentence in received.message
    assert not BankStatement.objects.exists()
    assert AuditEvent.objects.filter(event="statement_file.refused").exists()


def test_a_refused_file_is_tried_again_when_its_columns_are_known(
    clerk: User, uk: LegalEntity, bank_account: BankAccount, folder: Path, drop: Callable[..., Path]
) -> None:
    drop("table.csv", CSV)
    take(folder)
    save_mapping(by=clerk, entity=uk, mapping=MAPPING, bank_account=bank_account)

    drop("table.csv", CSV)
    take(folder)

    received = StatementFile.objects.get()
    assert (received.state, received.new_lines, received.attempts) == (State.TAKEN, 2, 2)


def test_unfinished_uploads_links_and_folders_are_left_alone(
    uk: LegalEntity, bank_account: BankAccount, folder: Path, drop: Callable[..., Path], tmp_path: Path
) -> None:
    secret = tmp_path / "secret.sta"
    secret.write_bytes(MT940.encode())
    (folder / uk.code / "link.sta").symlink_to(secret)
    drop("may.sta.part", MT940.encode())
    drop(".hidden.sta", MT940.encode())
    fresh = drop("fresh.sta", MT940.encode())
    old = time.time() - 60
    os.utime(folder / uk.code / "may.sta.part", (old, old))

    assert take_in_folder(system_user(), folder).files == 0
    assert fresh.exists() and not StatementFile.objects.exists()


def test_one_file_that_breaks_stops_no_other(
    uk: LegalEntity,
    bank_account: BankAccount,
    folder: Path,
    drop: Callable[..., Path],
) -> None:
    unreadable = drop("a.sta", MT940.encode() + b"\n")
    unreadable.unlink()
    unreadable.mkdir()
    drop("b.sta", MT940.encode())

    assert take(folder) == 1 and BankStatement.objects.count() == 1


def test_a_run_whose_worker_died_is_taken_up_and_done_once(
    clerk: User, uk: LegalEntity, bank_account: BankAccount
) -> None:
    received = receive_statement_file(by=clerk, entity=uk, arrival=arrival())
    Run.objects.filter(pk=received.run_id or 0).update(created_at="2026-01-01T00:00Z")

    take_in_statements()
    take_in_statements()

    received.refresh_from_db()
    assert received.state == State.TAKEN and BankStatement.objects.count() == 1
    assert take_in_statement_file(by=clerk, received=received) == []


def test_the_beat_looks_into_the_folder_of_the_settings(
    uk: LegalEntity, bank_account: BankAccount, folder: Path, drop: Callable[..., Path], settings: Any
) -> None:
    settings.STATEMENT_FOLDER = str(folder)
    path = drop("may.sta", MT940.encode())
    os.utime(path, (time.time() - 60,) * 2)

    assert take_in_statements() == 1
    assert BankStatement.objects.count() == 1


def test_who_may_not_import_may_not_bring_files(auditor: User, uk: LegalEntity, bank_account: BankAccount) -> None:
    with pytest.raises(NotAllowed):
        receive_statement_file(by=auditor, entity=uk, arrival=arrival())
    assert not StatementFile.objects.exists()


def test_a_mapping_that_is_not_there_is_refused(clerk: User, uk: LegalEntity) -> None:
    with pytest.raises(StatementRefused, match="no mapping “Nobody”"):
        receive_statement_file(by=clerk, entity=uk, arrival=arrival(CSV, "t.csv", mapping_name="Nobody"))


ADDRESS = "/api/v1/statement-files/"


def post(client: APIClient, content: bytes = MT940.encode(), key: str = "", **fields: Any) -> Any:
    data = {"file": SimpleUploadedFile("may.sta", content), **fields}
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(ADDRESS, data, format="multipart", headers=headers)


@pytest.fixture
def token_client() -> TokenClient:
    """A program with a person's token: token_client(clerk, "statements:write")."""

    def make(person: User, *scopes: str) -> APIClient:
        _, secret = issue_token(by=person, name="bank", scopes=list(scopes))
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
        return client

    return make


def test_a_program_posts_a_file_once_and_asks_what_became_of_it(
    token_client: TokenClient,
    clerk: User,
    uk: LegalEntity,
    bank_account: BankAccount,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    client = token_client(clerk, "statements:write", "statements:read")

    with django_capture_on_commit_callbacks(execute=True):
        first = post(client, key="k1")
    again = post(client, key="k1")
    other = post(client, content=MT940.encode() + b"\n", key="k1")

    assert (first.status_code, again.status_code, other.status_code) == (202, 202, 409)
    assert first.json() == again.json()
    told = client.get(f"{ADDRESS}{first.json()['id']}/").json()
    assert (told["state"], told["new_lines"], told["entity"]) == ("taken", 3, "UK")
    assert Decimal(told["statements"][0]["closing"]) == 1225
    assert client.get(ADDRESS, {"state": "taken"}).json()["results"]


@pytest.mark.parametrize(
    ("content", "fields", "status"),
    [(b"%PDF-1.7", {}, 409), (MT940.encode(), {"mapping": "Nobody"}, 409), (MT940.encode(), {"bank_account": 0}, 400)],
)
def test_what_is_no_statement_is_refused_at_once(
    token_client: TokenClient,
    clerk: User,
    uk: LegalEntity,
    content: bytes,
    fields: dict[str, Any],
    status: int,
) -> None:
    answer = post(token_client(clerk, "statements:write"), content, **fields)

    assert answer.status_code == status
    assert not StatementFile.objects.exists()


def test_a_token_needs_the_scope_and_its_person_the_role(
    token_client: TokenClient, clerk: User, auditor: User, uk: LegalEntity
) -> None:
    assert post(token_client(clerk, "receipts:write")).status_code == 403
    assert post(token_client(auditor, "statements:write")).status_code == 403


def test_the_page_lists_every_file_with_its_state(
    signed_in: SignedIn,
    auditor: User,
    uk: LegalEntity,
    bank_account: BankAccount,
    folder: Path,
    drop: Callable[..., Path],
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    drop("may.sta", MT940.encode())
    drop("scan.pdf", b"%PDF-1.7 x")
    take(folder)
    browser = signed_in(auditor)

    with django_assert_max_num_queries(25):
        page = browser.get(reverse("cashapp:statement_files")).content.decode()
    refused = browser.get(reverse("cashapp:statement_files"), {"state": "refused"}).content.decode()

    assert "may.sta" in page and "3 new lines" in page and "is a PDF" in page
    assert "may.sta" not in refused and "scan.pdf" in refused
