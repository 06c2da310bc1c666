"""Addresses of duplicate payments and of payments of refunds."""

from django.urls import path

from refunds.views import batches, duplicates, payments

app_name = "refunds"

urlpatterns = [
    path("refund-payments/", batches.to_pay, name="to_pay"),
    path("refund-payments/channels/", batches.channels, name="channels"),
    path("refund-payments/files/", batches.files, name="files"),
    path("refund-payments/files/make/", batches.prepare, name="prepare_batch"),
    path("refund-payments/files/<int:pk>/", batches.batch, name="batch"),
    path("refund-payments/files/<int:pk>/release/", batches.release, name="release_batch"),
    path("refund-payments/files/<int:pk>/cancel/", batches.cancel, name="cancel_batch"),
    path("refund-payments/files/<int:pk>/take/", batches.take, name="take_batch"),
    path("refund-payments/files/<int:pk>/clear/", payments.clear_file, name="clear_file"),
    path("refund-payments/<int:pk>/clear/", payments.clear, name="clear_payment"),
    path("refund-payments/<int:pk>/fail/", payments.fail, name="fail_payment"),
    path("refund-payments/refunds/<int:pk>/card/", payments.card, name="record_card_refund"),
    path("refund-payments/refunds/<int:pk>/take-back/", payments.take_back, name="take_back_refund"),
    path("refund-payments/refunds/<int:pk>/state/", payments.state, name="state_of_refund"),
    path("duplicate-payments/", duplicates.duplicates_page, name="duplicates"),
    path("duplicate-payments/look/", duplicates.look, name="find_duplicates"),
    path("duplicate-payments/<int:pk>/keep/", duplicates.keep, name="keep_duplicate"),
]
