"""Verifying a customer's bank account: the one page that shows its number in full."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from core.forms import carry_out, shown
from core.pages import PageRequest, staff_page
from customers.actions import verify_bank_account
from customers.forms import VerificationForm
from customers.models import CustomerBankAccount
from customers.views.opened import opened_row


@staff_page("customers.view")
def verify(request: PageRequest, pk: int) -> HttpResponse:
    """Say how one made sure that the account is the customer's."""
    rows = CustomerBankAccount.objects.select_related("added_by", "supersedes", "verified_by")
    account = opened_row(request, rows, pk, "customers.verify_bank_account")
    form = VerificationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if carry_out(form, verify_bank_account, by=request.page.by, account=account, **form.cleaned_data):
            messages.success(request, f"Account {account} is verified. Money may be drawn from it and paid to it.")
            return redirect("customers:details", account.customer_id)
    context = {
        "customer": account.customer,
        "account": account,
        "is_own": account.added_by_id == request.page.by.pk,
    }
    return shown(request, "customers/verify_bank_account.html", context, form)
