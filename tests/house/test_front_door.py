"""What every answer carries, and who gets past the login page."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from core.models import User
from tests.conftest import PASSWORD

LOGIN = "/account/login/"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)


@pytest.fixture
def nora(system: User) -> User:
    return User.objects.create_user("nora@o2c.example", PASSWORD, name="Nora")


def sign_in(client: Client, password: str) -> int:
    return client.post(LOGIN, {"login": "nora@o2c.example", "password": password}).status_code


@pytest.mark.django_db
def test_every_page_carries_the_strict_headers(client: Client) -> None:
    headers = client.get(LOGIN).headers

    directives = {part.strip() for part in headers["Content-Security-Policy"].split(";")}
    assert directives == {part.strip() for part in POLICY.split(";")}
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client: Client, nora: User) -> None:
    sign_in(client, PASSWORD)

    cookie = client.cookies["o2c_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_a_person_signs_in_by_email_and_password(client: Client, nora: User) -> None:
    assert sign_in(client, PASSWORD) == 302
    assert client.session["_auth_user_id"] == str(nora.pk)


def test_five_wrong_passwords_lock_the_address_even_for_the_right_one(client: Client, nora: User) -> None:
    for _ in range(5):
        sign_in(client, "a wrong password")

    sign_in(client, PASSWORD)

    assert "_auth_user_id" not in client.session


def test_an_unknown_address_is_told_the_same_as_a_wrong_password(client: Client, nora: User) -> None:
    unknown = client.post(LOGIN, {"login": "nobody@o2c.example", "password": "a wrong password"})
    known = client.post(LOGIN, {"login": "nora@o2c.example", "password": "a wrong password"})

    assert unknown.context["form"].errors == known.context["form"].errors != {}


@pytest.mark.django_db
def test_nobody_opens_an_account_for_himself(client: Client) -> None:
    form = {"email": "mallory@o2c.example", "password1": PASSWORD, "password2": PASSWORD}

    client.post("/account/signup/", form)

    assert not User.objects.filter(email="mallory@o2c.example").exists()


@pytest.mark.parametrize("weak", ["short", "qwerty123456", "123456789012345", "nora@o2c.example"])
def test_weak_passwords_are_refused(weak: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(weak, User(email="nora@o2c.example", name="Nora"))
