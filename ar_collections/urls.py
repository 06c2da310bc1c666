"""Addresses of collections."""

from django.urls import path

from ar_collections import dunning_urls
from ar_collections.views import disputes, plans, promises, statements

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
    path("customers/<int:pk>/plans/", plans.of_customer, name="customer_plans"),
    path("customers/<int:pk>/plans/open/", plans.open_page, name="open_plan"),
    path("customers/<int:pk>/plans/new/", plans.propose_page, name="propose_plan"),
    path("plans/", plans.plans_page, name="plans"),
    path("plans/<int:pk>/", plans.plan_page, name="plan"),
    path("plans/<int:pk>/cancel/", plans.cancel, name="cancel_plan"),
    path("plans/requests/<int:pk>/approve/", plans.approve, name="approve_plan"),
    path("disputes/", disputes.disputes_page, name="disputes"),
    path("disputes/<int:pk>/", disputes.dispute_page, name="dispute"),
    path("disputes/<int:pk>/assign/", disputes.assign, name="assign_dispute"),
    path("disputes/<int:pk>/close/", disputes.close, name="close_dispute"),
    path("items/<int:pk>/disputes/", disputes.of_item, name="item_disputes"),
    path("items/<int:pk>/disputes/new/", disputes.open_page, name="open_dispute"),
    *dunning_urls.urlpatterns,
]
