"""Addresses of collections."""

from django.urls import path

from ar_collections.views import disputes, promises, statements

app_name = "collections"

urlpatterns = [
    path("customers/<int:pk>/statement/", statements.statement_page, name="statement"),
    path("customers/<int:pk>/statement/send/", statements.send, name="send_statement"),
    path("customers/<int:pk>/statement.pdf", statements.statement_pdf, name="statement_pdf"),
    path("customers/<int:pk>/statement.xlsx", statements.statement_xlsx, name="statement_xlsx"),
    path("customers/<int:pk>/promises/", promises.of_customer, name="customer_promises"),
    path("customers/<int:pk>/promises/new/", promises.record_page, name="record_promise"),
    path("promises/", promises.promises_page, name="promises"),
    path("promises/kept/", promises.reliability_page, name="reliability"),
    path("promises/<int:pk>/", promises.promise_page, name="promise"),
    path("promises/<int:pk>/withdraw/", promises.withdraw, name="withdraw_promise"),
    path("disputes/", disputes.disputes_page, name="disputes"),
    path("disputes/<int:pk>/", disputes.dispute_page, name="dispute"),
    path("disputes/<int:pk>/close/", disputes.close, name="close_dispute"),
    path("items/<int:pk>/disputes/", disputes.of_item, name="item_disputes"),
    path("items/<int:pk>/disputes/new/", disputes.open_page, name="open_dispute"),
]
    path("disputes/<int:pk>/assign/", disputes.assign, name="assign_dispute"),
