from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Accounts are opened by an administrator, never by whoever finds the login page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
