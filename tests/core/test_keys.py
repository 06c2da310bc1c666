"""Keys that people's browsers send: a row's, or nothing, and never an error of the database."""

import pytest
from django import forms
from django.db.models import QuerySet
from django.test import Client

from core.forms import offer_choices, offer_rows
from core.keys import key_in, keys_in
from core.models import LegalEntity, User

HUGE = "9" * 30


@pytest.mark.parametrize("written", ["", "-1", "1.0", "²", "12a", HUGE, "9" * 19])
def test_what_no_row_can_have_is_no_key(written: str) -> None:
    assert key_in(written) is None


def test_the_keys_among_many_words_are_kept_in_order() -> None:
    assert (key_in("007"), keys_in(["3", "x", "1", HUGE])) == (7, [3, 1])


@pytest.mark.parametrize(
    ("address", "ticked"),
    [("/cheques/slips/new/", "cheque"), ("/cash/accept/", "line"), ("/payments/collect/", "payment")],
)
def test_a_tick_that_is_no_row_chooses_nothing(
    address: str, ticked: str, uk: LegalEntity, clerk: User, client: Client
) -> None:
    client.force_login(clerk)

    assert client.post(address, {ticked: [HUGE]}).status_code in {200, 302, 422}


class Choice(forms.Form):
    person = forms.ModelChoiceField(User.objects.none())
    colour = forms.ChoiceField()
    name = forms.CharField()


def test_a_field_offers_the_rows_and_values_that_it_is_given(clerk: User) -> None:
    form, people = Choice(), User.objects.filter(pk=clerk.pk)

    offer_rows(form, "person", people)
    offer_choices(form, "colour", (each for each in [("r", "Red")]))

    assert '<option value="r">Red</option>' in str(form["colour"])
    assert clerk.name in str(form["person"])


def test_a_field_that_chooses_nothing_is_offered_nothing() -> None:
    nobody: QuerySet[User] = User.objects.none()
    with pytest.raises(TypeError, match="name chooses no row"):
        offer_rows(Choice(), "name", nobody)
    with pytest.raises(TypeError, match="name chooses no value"):
        offer_choices(Choice(), "name", [])
