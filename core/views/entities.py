"""Companies of the group and their bank accounts."""

from __future__ import annotations

from copy import copy

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from core.actions.entities import add_bank_account, change_bank_account, change_entity
from core.actions.logos import change_logo, drop_logo
from core.files import file_response
from core.forms import RowForm, carry_out, shown
from core.models import BankAccount, LegalEntity
from core.pages import PageRequest, staff_page
from core.scoping import get_visible


class EntityForm(RowForm):
    """What may change about a company; its code and currency stay."""

    class Meta:
        model = LegalEntity
        fields = (
            "name",
            "legal_name",
            "tax_number",
            "registration_number",
            "address_lines",
            "email",
            "phone",
            "website",
            "country",
            "subdivision",
            "time_zone",
            "language",
            "accent_colour",
        )
        labels = {"email": "E-mail", "language": "Language of documents"}
        widgets = {"address_lines": forms.Textarea(attrs={"rows": 4})}


class LogoForm(forms.Form):
    """A picture for documents."""

    picture = forms.FileField(help_text="PNG or JPEG, up to 1 MB. Wide pictures print best.")


class BankAccountForm(RowForm):
    """One of our accounts at a bank."""

    class Meta:
        model = BankAccount
        fields = (
            "name",
            "currency",
            "bank_name",
            "iban",
            "bic",
            "account_number",
            "sort_code",
            "is_default",
            "is_active",
        )
        labels = {
            "iban": "IBAN",
            "bic": "BIC",
            "is_default": "Print on invoices in its currency",
            "is_active": "In use",
        }


@staff_page("core.view")
def entities(request: PageRequest) -> HttpResponse:
    """Companies in which the person holds a role."""
    return render(request, "core/entities.html", {"entities": request.page.entities})


@staff_page("core.view")
def entity(request: PageRequest, code: str) -> HttpResponse:
    """One company: what its documents say about it, and its bank accounts."""
    by = request.page.by
    company = get_visible(LegalEntity, by, code=code)
    request.page.ask_first("core.change_entity", company)
    form = EntityForm(request.POST or None, instance=copy(company))
    if request.method == "POST" and form.is_valid():
        if carry_out(form, change_entity, by=by, entity=company, **form.cleaned_data):
            messages.success(request, f"{company.name} is saved. Documents that were sent stay as they are.")
            return redirect("core:entity", code)
    context = {"company": company, "accounts": company.bank_accounts.all(), "logo_form": LogoForm()}
    return shown(request, "core/entity.html", context, form)


@staff_page("core.view")
def logo(request: PageRequest, code: str) -> HttpResponse:
    """The company's logo as a picture; a new one, or none, by POST."""
    by = request.page.by
    company = get_visible(LegalEntity.objects.select_related("logo"), by, code=code)
    request.page.ask_first("core.change_entity", company)
    if request.method == "POST":
        return _changed_logo(request, company)
    if company.logo is None:
        raise Http404(f"{company.name} has no logo.")
    return file_response(company.logo, download=False)


def _changed_logo(request: PageRequest, company: LegalEntity) -> HttpResponse:
    by = request.page.by
    if "drop" in request.POST:
        drop_logo(by=by, entity=company)
        messages.success(request, "New documents carry the name alone.")
        return redirect("core:entity", company.code)
    form = LogoForm(request.POST, request.FILES)
    if form.is_valid():
        picture = form.cleaned_data["picture"]
        if carry_out(form, change_logo, by=by, entity=company, name=picture.name, content=picture.read()):
            messages.success(request, "New documents carry the logo.")
            return redirect("core:entity", company.code)
    return shown(request, "core/logo.html", {"company": company}, form)


@staff_page("core.change_entity")
def new_bank_account(request: PageRequest, code: str) -> HttpResponse:
    """Add an account."""
    by = request.page.by
    company = get_visible(LegalEntity, by, code=code)
    form = BankAccountForm(request.POST or None, initial={"currency": company.currency})
    if form.is_valid():
        account = carry_out(form, add_bank_account, by=by, entity=company, **form.cleaned_data)
        if account:
            messages.success(request, f"{account} is added.")
            return redirect("core:entity", code)
    return shown(request, "core/bank_account.html", {"company": company}, form)


@staff_page("core.change_entity")
def bank_account(request: PageRequest, pk: int) -> HttpResponse:
    """Change an account."""
    by = request.page.by
    account = get_visible(BankAccount.objects.select_related("entity"), by, pk=pk)
    form = BankAccountForm(request.POST or None, instance=copy(account))
    if request.method == "POST" and form.is_valid():
        if carry_out(form, change_bank_account, by=by, account=account, **form.cleaned_data):
            messages.success(request, f"{account} is saved.")
            return redirect("core:entity", account.entity.code)
    return shown(request, "core/bank_account.html", {"company": account.entity, "account": account}, form)
