"""Addresses of direct debits."""

from django.urls import path

from directdebit.views import creditors, follow_ups, hooks, mandates, providers, returns, runs

app_name = "directdebit"

urlpatterns = [
    path("mandates/", mandates.mandates, name="mandates"),
    path("mandates/<int:pk>/", mandates.mandate, name="mandate"),
    path("mandates/<int:pk>/release/", mandates.release, name="release_mandate"),
    path("mandates/<int:pk>/pause/", mandates.pause, name="pause_mandate"),
    path("mandates/<int:pk>/resume/", mandates.resume, name="resume_mandate"),
    path("mandates/<int:pk>/cancel/", mandates.cancel, name="cancel_mandate"),
    path("customers/<int:pk>/mandates/", mandates.of_customer, name="of_customer"),
    path("customers/<int:pk>/mandates/new/", mandates.new_mandate, name="draft_mandate"),
    path("creditors/", creditors.creditors, name="creditors"),
    path("creditors/new/", creditors.new_creditor, name="add_creditor"),
    path("creditors/<int:pk>/end/", creditors.end, name="end_creditor"),
    path("creditors/<int:pk>/lodge/", mandates.lodge, name="lodge_mandates"),
    path("collection-runs/", runs.runs, name="runs"),
    path("collection-runs/preview/", runs.preview, name="preview"),
    path("collection-runs/prepare/", runs.prepare, name="prepare_run"),
    path("collection-runs/<int:pk>/", runs.run, name="run"),
    path("collection-runs/<int:pk>/submit/", runs.submit, name="submit_collections"),
    path("collection-runs/<int:pk>/drop/", runs.drop, name="drop_run"),
    path("debits/<int:pk>/", runs.collection, name="collection"),
    path("submissions/<int:pk>/", runs.submission, name="submission"),
    path("submissions/<int:pk>/take/", runs.take, name="take_submission"),
    path("submissions/<int:pk>/settle/", runs.settle, name="settle_submission"),
    path("collection-runs/<int:pk>/present-again/", follow_ups.add_to_run, name="present_again"),
    path("creditors/<int:pk>/return-fees/", follow_ups.policy, name="change_return_policy"),
    path("creditors/<int:pk>/log/", providers.log, name="provider_log"),
    path("provider-requests/<int:pk>/ask-again/", providers.again, name="ask_again"),
    path("returned-debits/", returns.returns, name="returns"),
    path("returned-debits/upload/", returns.upload, name="upload_report"),
    path("returned-debits/files/<int:pk>/", returns.file_page, name="return_file"),
    path("returned-debits/files/<int:pk>/take-in/", returns.take_in, name="take_in_report"),
    path("returned-debits/<int:pk>/", returns.one, name="return"),
    path("returned-debits/<int:pk>/assign/", returns.assign, name="assign_return"),
    path("returned-debits/<int:pk>/set-aside/", returns.set_aside, name="set_aside_return"),
    path("debit-follow-ups/", follow_ups.follow_ups, name="follow_ups"),
    path("debit-follow-ups/<int:pk>/finish/", follow_ups.finish, name="finish_follow_up"),
    path("hooks/direct-debit/paysuite/<slug:code>/<slug:token>/", hooks.access_paysuite_hook, name="paysuite_hook"),
    path("hooks/direct-debit/gocardless/<slug:code>/", hooks.gocardless_hook, name="gocardless_hook"),
]
