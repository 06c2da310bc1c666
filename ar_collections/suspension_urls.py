"""Addresses of suspensions and of the meeting about them."""

from django.urls import path

from ar_collections.views import meetings, suspension, suspension_steps

urlpatterns = [
    path("suspensions/", suspension.suspensions_page, name="suspensions"),
    path("suspensions/policy/", suspension.policy_page, name="change_suspension_policy"),
    path("suspensions/meeting/", meetings.meeting_page, name="suspension_meeting"),
    path("suspensions/meeting/start/", meetings.start, name="start_meeting"),
    path("suspensions/meeting/<int:pk>/end/", meetings.end, name="end_meeting"),
    path("suspensions/owners/<int:pk>/note/", meetings.note, name="write_owner_note"),
    path("suspensions/<int:pk>/", suspension.suspension_page, name="suspension"),
    path("suspensions/<int:pk>/pack.pdf", suspension.pack, name="suspension_pack"),
    path("suspensions/<int:pk>/notice/", suspension_steps.notice, name="send_suspension_notice"),
    path("suspensions/<int:pk>/ask/", suspension_steps.ask, name="ask_suspension_approval"),
    path("suspensions/<int:pk>/extend/", suspension_steps.extend, name="ask_extension"),
    path("suspensions/<int:pk>/stop/", suspension_steps.stop, name="request_suspension"),
    path("suspensions/<int:pk>/confirm/", suspension_steps.confirm, name="confirm_suspension"),
    path("suspensions/<int:pk>/restored/", suspension_steps.restored, name="confirm_restoration"),
    path("suspensions/<int:pk>/proof/", suspension_steps.proof, name="record_proof"),
    path("suspensions/<int:pk>/end/", suspension_steps.end, name="end_suspension"),
    path("suspensions/<int:pk>/end-exemption/", suspension_steps.again, name="end_exemption"),
    path("suspensions/requests/<int:pk>/approve/", suspension_steps.approve, name="approve_suspension"),
    path("suspensions/extensions/<int:pk>/approve/", suspension_steps.approve_more_time, name="approve_extension"),
    path("customers/<int:pk>/suspensions/", suspension.of_customer, name="customer_suspensions"),
    path("customers/<int:pk>/suspensions/new/", suspension.open_page, name="open_suspension"),
]
