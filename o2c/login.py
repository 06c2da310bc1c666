"""How people sign in: only those who were let in, with a second factor if they like."""

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest


class StaffAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Accounts are opened by an administrator, never by whoever finds the login page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """Draws the key of the authenticator app as a plain path, which the Content-Security-Policy lets through."""

    def build_totp_svg(self, url: str) -> str:
        return segno.make(url, micro=False).svg_inline(scale=4, border=0, omitsize=True)
