"""Addresses of customers. The account itself, /customers/<pk>/, is in reporting, which sees all that it shows."""

from django.urls import path

from customers.views import bank_accounts, belongings, credit, data_quality, imports, lists, pages, requirements, terms

app_name = "customers"

urlpatterns = [
    path("customers/", lists.customers, name="customers"),
    path("customers/find/", lists.find, name="find"),
    path("customers/views/save/", lists.keep_view, name="save_view"),
    path("customers/views/<int:pk>/drop/", lists.drop_view, name="drop_view"),
    path("customers/new/", pages.create, name="create_customer"),
    path("customers/duplicates/", pages.duplicates, name="duplicates"),
    path("customers/data-quality/", data_quality.data_quality, name="data_quality"),
    path("customers/data-quality/<int:pk>/resolve/", data_quality.resolve, name="resolve_task"),
    path("customers/import/", imports.upload, name="import_customers"),
    path("customers/import/<int:pk>/columns/", imports.columns, name="import_columns"),
    path("customers/import/<int:pk>/", imports.preview, name="import_preview"),
    path("customers/import/<int:pk>/carry-in/", imports.carry_in, name="import_upload"),
    path("customers/<int:pk>/details/", pages.details, name="details"),
    path("customers/<int:pk>/change/", pages.change, name="change_customer"),
    path("customers/<int:pk>/requirements/", requirements.requirements, name="change_requirements"),
    path("customers/<int:pk>/parent/", pages.parent, name="set_parent"),
    path("customers/<int:pk>/deactivate/", pages.deactivate, name="deactivate_customer"),
    path("customers/<int:pk>/reactivate/", pages.reactivate, name="reactivate_customer"),
    path("customers/<int:pk>/hold/", credit.place, name="place_credit_hold"),
    path("customers/<int:pk>/release/", credit.release, name="release_credit_hold"),
    path("credit-policy/", credit.policy, name="change_credit_policy"),
    path("customers/<int:pk>/contacts/new/", belongings.new_contact, name="add_contact"),
    path("customers/<int:pk>/addresses/new/", belongings.new_address, name="add_address"),
    path("customers/<int:pk>/bank-accounts/new/", belongings.new_bank_account, name="add_bank_account"),
    path("customers/<int:pk>/certificates/new/", belongings.new_certificate, name="record_certificate"),
    path("customers/<int:pk>/files/new/", belongings.new_file, name="attach_file"),
    path("customers/<int:pk>/notes/new/", belongings.new_note, name="add_note"),
    path("contacts/<int:pk>/", belongings.contact, name="change_contact"),
    path("contacts/<int:pk>/end/", belongings.drop_contact, name="end_contact"),
    path("addresses/<int:pk>/", belongings.address, name="change_address"),
    path("addresses/<int:pk>/end/", belongings.drop_address, name="end_address"),
    path("customer-bank-accounts/<int:pk>/end/", belongings.drop_bank_account, name="end_bank_account"),
    path("customer-bank-accounts/<int:pk>/verify/", bank_accounts.verify, name="verify_bank_account"),
    path("terms/", terms.terms, name="terms"),
    path("terms/new/", terms.new_terms, name="create_terms"),
    path("terms/<int:pk>/", terms.one_terms, name="change_terms"),
]
