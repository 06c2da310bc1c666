"""Reports that nobody uploads: programs post them or leave them in a folder, and ask what became of them."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from rest_framework.test import APIClient

from core.actions import issue_token
from core.models import LegalEntity, User
from directdebit.models import Collection, ReturnedDebit, ReturnReport
from directdebit.return_folder import take_in_report_folder
from directdebit.return_runs import book_new
from directdebit.tasks import take_in_reports
from tests.directdebit.returns.reports import addacs, auddis, message

READ, WRITE = "returned-debits:read", "returned-debits:write"


def program(by: User, *scopes: str) -> APIClient:
    """A program that acts as a person."""
    _, secret = issue_token(by=by, name="Bank link", scopes=list(scopes))
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


def posted(client: APIClient, content: bytes, name: str = "addacs.xml") -> Any:
    file = SimpleUploadedFile(name, content, "application/xml")
    return client.post(reverse("return-report-list"), {"file": file}, format="multipart")


def test_a_program_posts_a_report_and_asks_what_became_of_it(
    paid: Collection, clerk: User, system: User, django_capture_on_commit_callbacks: Any
) -> None:
    link = program(clerk, READ, WRITE)
    content = addacs(message("A", "0", "CASTLE-001"), message("A", "1", "STRANGER-1"))

    first = posted(link, content)
    again = posted(link, content, "the-same.xml")
    book_new(system, first.json()["id"])

    assert (first.status_code, first.json()["told"], again.json()["id"]) == (202, 2, first.json()["id"])
    told = link.get(reverse("returned-debit-list"), {"report": first.json()["id"]}).json()["results"]
    assert [(each["mandate_reference"], each["state"], each["customer"]) for each in told] == [
        ("CASTLE-001", "booked", "C-10001"), ("STRANGER-1", "waiting", None),
    ]  # fmt: skip
    waiting = link.get(reverse("returned-debit-list"), {"state": "waiting"}).json()["results"]
    assert "No mandate of" in waiting[0]["why"]
    assert ReturnReport.objects.count() == 1


def test_what_is_no_report_is_refused_and_nothing_is_kept(books: LegalEntity, clerk: User) -> None:
    answer = posted(program(clerk, WRITE), b"<letter/>", "letter.xml")

    assert (answer.status_code, answer.json()["code"]) == (409, "report_refused")
    assert not ReturnReport.objects.exists()


def test_who_may_not_take_reports_in_or_sees_another_company_is_refused(
    paid: Collection, clerk: User, collector: User, stranger: User
) -> None:
    content = addacs(message("A", "0", "CASTLE-001"))
    assert posted(program(collector, WRITE), content).status_code == 403
    assert posted(program(clerk, READ), content).status_code == 403
    made = posted(program(clerk, WRITE), content).json()["id"]

    other = program(stranger, READ)
    assert other.get(reverse("return-report-detail", args=[made])).status_code == 404
    assert other.get(reverse("returned-debit-list")).json()["results"] == []
    assert other.get(reverse("returned-debit-list"), {"sate": "waiting"}).status_code == 400


def test_a_list_of_returns_asks_no_more_questions_the_longer_it_is(
    paid: Collection, clerk: User, system: User, django_assert_max_num_queries: Any
) -> None:
    link = program(clerk, READ, WRITE)
    posted(link, addacs(*(message("A", "1", f"STRANGER-{number}") for number in range(30))))
    book_new(system)

    with django_assert_max_num_queries(12):
        assert len(link.get(reverse("returned-debit-list")).json()["results"]) == 30
    with django_assert_max_num_queries(12):
        assert link.get(reverse("return-report-list")).json()["results"][0]["told"] == 30


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "UK" / "debit-reports").mkdir(parents=True)
    return tmp_path


def dropped(folder: Path, name: str, content: bytes) -> Path:
    path = folder / "UK" / "debit-reports" / name
    path.write_bytes(content)
    os.utime(path, (0, 0))
    return path


def test_what_lies_in_the_folder_comes_in_once_and_says_what_became_of_it(
    folder: Path, paid: Collection, system: User
) -> None:
    dropped(folder, "addacs.xml", addacs(message("A", "0", "CASTLE-001")))
    dropped(folder, "letter.txt", b"Good morning.")
    (report,) = take_in_report_folder(system, folder)
    dropped(folder, "again.xml", addacs(message("A", "0", "CASTLE-001")))
    assert take_in_report_folder(system, folder) == [report]

    own = folder / "UK" / "debit-reports"
    assert "1 told for the first time" in (own / "done" / "addacs.xml.txt").read_text()
    assert (own / "refused" / "letter.txt.txt").read_text().startswith("letter.txt")
    assert ReturnedDebit.objects.count() == 1


def test_beat_looks_into_the_folder(folder: Path, paid: Collection, settings: Any) -> None:
    settings.STATEMENT_FOLDER = str(folder)
    dropped(folder, "auddis.xml", auddis(message("N", "5", "CASTLE-001")))

    assert take_in_reports() == 1
    assert ReturnReport.objects.get().format == "AUDDIS"
