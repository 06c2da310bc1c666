"""Callbacks of Access PaySuite are hints: an object's name and nothing of the payer."""

import json

import pytest

from directdebit.providers.callbacks import NotACallback, callbacks_in, token_of

UNPAID = {
    "Entity": "payment",
    "Id": "36bb4f4f",
    "NewStatus": "Unpaid",
    "ChangeDate": "2026-05-15T00:00:00.000",
    "ChangeType": "BACS",
    "Source": "ARUDD",
    "ReportCode": "0",
    "AccountNumber": "55779911",
}


def test_a_callback_keeps_the_object_and_the_code_and_no_bank_details() -> None:
    (told,) = callbacks_in(json.dumps(UNPAID).encode())

    assert (told.about, told.identifier, told.codes, told.code) == ("payment", "36bb4f4f", "ARUDD", "0")
    assert "55779911" not in repr(told)


def test_the_same_callback_has_the_same_key_and_the_next_status_another() -> None:
    first, again, later = callbacks_in(json.dumps([UNPAID, UNPAID, {**UNPAID, "NewStatus": "Represented"}]).encode())

    assert first.key == again.key != later.key


def test_kinds_that_no_paper_names_are_kept() -> None:
    (told,) = callbacks_in(b'{"Entity": "BulkPayment", "Id": "1"}')
    assert told.about == "bulkpayment"


@pytest.mark.parametrize("body", [b"", b"1", b"{}", b'{"Entity": "payment"}', b"[" * 100_000])
def test_what_names_no_object_is_no_callback(body: bytes) -> None:
    with pytest.raises(NotACallback):
        list(callbacks_in(body))


def test_the_address_of_an_account_is_its_own() -> None:
    assert token_of("uk", "secret") != token_of("de", "secret") != token_of("de", "other")
