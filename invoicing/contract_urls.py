"""Addresses of products, contracts, renewals and what comes in for them."""

from django.urls import path

from invoicing.views import amendments, contract_forms, contracts, intake, products, renewals

contract_patterns = [
    path("products/", products.products, name="products"),
    path("products/find/", products.find, name="find_products"),
    path("products/new/", products.new_product, name="add_product"),
    path("products/<int:pk>/", products.product, name="change_product"),
    path("products/<int:pk>/deactivate/", products.deactivate, name="deactivate_product"),
    path("products/<int:pk>/reactivate/", products.reactivate, name="reactivate_product"),
    path("contracts/", contracts.contracts, name="contracts"),
    path("contracts/new/", contract_forms.draft, name="draft_contract"),
    path("contracts/new/line/", contract_forms.line_row, name="contract_line_row"),
    path("contracts/<int:pk>/", contracts.contract, name="contract"),
    path("contracts/<int:pk>/change/", contract_forms.change, name="change_contract"),
    path("contracts/<int:pk>/discard/", contracts.discard, name="discard_contract"),
    path("contracts/<int:pk>/activate/", contracts.activate, name="activate_contract"),
    path("contracts/<int:pk>/amend/<slug:kind>/", amendments.amend, name="amend_contract"),
    path("contracts/<int:pk>/usage/", amendments.usage, name="record_usage"),
    path("contracts/<int:pk>/notice/", contracts.notice, name="give_notice"),
    path("contracts/<int:pk>/notice/withdraw/", contracts.take_notice_back, name="withdraw_notice"),
    path("contracts/<int:pk>/files/", contracts.attach, name="attach_contract_file"),
    path("contracts/<int:pk>/quote/", renewals.quote, name="quote_renewal"),
    path("contracts/<int:pk>/renew/", renewals.renew, name="renew_contract"),
    path("renewals/", renewals.renewals, name="renewals"),
    path("contracts/bring-in/", intake.upload, name="bring_in_contracts"),
    path("contracts/bring-in/<int:pk>/", intake.preview, name="intake_preview"),
    path("contracts/bring-in/<int:pk>/columns/", intake.columns, name="intake_columns"),
    path("contracts/bring-in/<int:pk>/start/", intake.start, name="start_bringing_in"),
]
