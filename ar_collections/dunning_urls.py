"""Addresses of strategies, of reminders, and of what a customer's page shows of them."""

from django.urls import path

from ar_collections.views import customer_dunning, dry_run, notices, strategies

urlpatterns = [
    path("strategies/", strategies.strategies_page, name="strategies"),
    path("strategies/set-up/", strategies.set_up, name="set_up_strategies"),
    path("strategies/<int:pk>/draft/", strategies.draft, name="draft_strategy"),
    path("strategies/versions/<int:pk>/", strategies.version_page, name="strategy_version"),
    path("strategies/versions/<int:pk>/change/", strategies.change_page, name="change_strategy"),
    path("strategies/versions/<int:pk>/try/", dry_run.try_page, name="try_strategy"),
    path("strategies/versions/<int:pk>/try/all/", dry_run.start_run, name="start_dry_run"),
    path("strategies/versions/<int:pk>/on/", strategies.on, name="switch_strategy_on"),
    path("strategies/versions/<int:pk>/off/", strategies.off, name="switch_strategy_off"),
    path("segments/<int:pk>/", strategies.segment_page, name="change_segment"),
    path("reminders/", notices.notices_page, name="notices"),
    path("reminders/preview/", notices.preview_page, name="preview"),
    path("reminders/preview/all/", notices.start_preview_run, name="start_preview"),
    path("reminders/<int:pk>/", notices.notice_page, name="notice"),
    path("customers/<int:pk>/reminders/", customer_dunning.of_customer, name="customer_dunning"),
    path("customers/<int:pk>/reminders/send/", customer_dunning.send, name="send_notice"),
    path("customers/<int:pk>/holds/new/", customer_dunning.hold_page, name="place_hold"),
    path("holds/<int:pk>/lift/", customer_dunning.lift, name="lift_hold"),
    path("customers/<int:pk>/segment/", customer_dunning.assign_page, name="assign_segment"),
    path("segments/assignments/<int:pk>/end/", customer_dunning.end, name="end_assignment"),
]
