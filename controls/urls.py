"""Addresses of the controls."""

from django.urls import path

from controls.views import approvals, limits, policies

app_name = "controls"

urlpatterns = [
    path("approvals/", approvals.approvals, name="approvals"),
    path("approvals/<int:pk>/", approvals.approval, name="approval"),
    path("approvals/<int:pk>/decline/", approvals.decline, name="decline_request"),
    path("approvals/<int:pk>/withdraw/", approvals.withdraw, name="withdraw_request"),
    path("policies/", policies.policies_page, name="policies"),
    path("policies/new/", policies.write, name="write_policy"),
    path("policies/<int:pk>/", policies.policy_page, name="policy"),
    path("policies/<int:pk>/change/", policies.change, name="change_policy"),
    path("policies/<int:pk>/read/", policies.confirm, name="confirm_reading"),
    path("policies/<int:pk>/end/", policies.end, name="end_policy"),
    path("limits/", limits.limits, name="limits"),
    path("limits/new/", limits.new_limit, name="set_limit"),
    path("limits/set-up/", limits.set_up, name="set_up_limits"),
    path("limits/<int:pk>/end/", limits.drop_limit, name="end_limit"),
]
