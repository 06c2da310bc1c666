"""Addresses of collections."""

from django.urls import path

from ar_collections import charge_urls, dunning_urls, escalation_urls, finals_urls, statement_urls, suspension_urls
from ar_collections.views import calls, disputes, plans, promises, rules, worklist, worklist_bulk, worklist_views

app_name = "collections"

urlpatterns = [
    *statement_urls.urlpatterns,
    path("collections/rules/", rules.rules_page, name="rules"),
    path("worklist/", worklist.worklist_page, name="worklist"),
    path("worklist/views/keep/", worklist_views.keep_view, name="keep_worklist_view"),
    path("worklist/views/<int:pk>/drop/", worklist_views.drop_view, name="drop_worklist_view"),
    path("worklist/assign/", worklist_bulk.assign, name="assign_customers"),
    path("worklist/notice/", worklist_bulk.notice, name="bulk_notice"),
    path("worklist/<int:pk>/log/", worklist.log, name="log_from_worklist"),
    path("worklist/<int:pk>/claim/", worklist.claim, name="claim_customer"),
    path("worklist/<int:pk>/snooze/", worklist_bulk.snooze, name="snooze_customer"),
    path("calls/", calls.calls_page, name="calls"),
    path("calls/<int:pk>/take-back/", calls.take_back, name="take_back_call"),
    path("customers/<int:pk>/calls/", calls.of_customer, name="customer_calls"),
    path("customers/<int:pk>/calls/new/", calls.log_page, name="log_call"),
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
    path("plans/<int:pk>/signed-letter/", plans.attach, name="attach_signed_letter"),
    path("plans/<int:pk>/cancel/", plans.cancel, name="cancel_plan"),
    path("plans/requests/<int:pk>/approve/", plans.approve, name="approve_plan"),
    path("disputes/", disputes.disputes_page, name="disputes"),
    path("disputes/<int:pk>/", disputes.dispute_page, name="dispute"),
    path("disputes/<int:pk>/assign/", disputes.assign, name="assign_dispute"),
    path("disputes/<int:pk>/close/", disputes.close, name="close_dispute"),
    path("items/<int:pk>/disputes/", disputes.of_item, name="item_disputes"),
    path("items/<int:pk>/disputes/new/", disputes.open_page, name="open_dispute"),
    *charge_urls.urlpatterns,
    *dunning_urls.urlpatterns,
    *escalation_urls.urlpatterns,
    *finals_urls.urlpatterns,
    *suspension_urls.urlpatterns,
]
