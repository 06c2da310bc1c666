"""Addresses of the accountants' pages."""

from django.urls import path

from ledger.views import accounts, journal, periods, revaluations

app_name = "ledger"

urlpatterns = [
    path("ledger/accounts/", accounts.accounts_page, name="accounts"),
    path("ledger/accounts.xlsx", accounts.accounts_workbook, name="accounts_xlsx"),
    path("ledger/accounts/<str:code>/", accounts.account_page, name="account"),
    path("ledger/accounts/<str:code>.xlsx", accounts.account_workbook, name="account_xlsx"),
    path("ledger/journal/", journal.journal_page, name="journal"),
    path("ledger/entries/<int:pk>/", journal.entry_page, name="entry"),
    path("ledger/items/<int:pk>/", journal.item_page, name="item"),
    path("ledger/revaluation/", revaluations.revaluation_page, name="revaluation"),
    path("ledger/periods/", periods.periods_page, name="periods"),
    path("ledger/periods/<int:pk>/soft-lock/", periods.soft_lock, name="soft_lock_period"),
    path("ledger/periods/<int:pk>/close/", periods.close, name="close_period"),
    path("ledger/periods/<int:pk>/reopen/", periods.reopen, name="reopen_period"),
]
