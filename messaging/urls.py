"""Addresses of the outbox."""

from django.urls import path

from messaging.views import hooks, letters, message, outbox, templates

app_name = "messaging"

urlpatterns = [
    path("hooks/email/<slug:provider>/", hooks.email_hook, name="email_hook"),
    path("messages/", outbox.messages_page, name="messages"),
    path("messages/letters/", letters.letters_page, name="letters"),
    path("messages/letters/join/", letters.join, name="start_printing"),
    path("messages/letters/batches/<int:pk>/", letters.batch_page, name="print_batch"),
    path("messages/letters/batches/<int:pk>/confirm/", letters.confirm_printed_batch, name="confirm_batch"),
    path("messages/letters/confirm/", letters.confirm_printed, name="confirm_letters"),
    path("messages/templates/", templates.templates_page, name="templates"),
    path("messages/templates/<slug:kind>/<slug:language>/", templates.template_page, name="template"),
    path("messages/templates/<slug:kind>/<slug:language>/mail/", templates.template_as_mail, name="template_as_mail"),
    path("messages/template-versions/<int:pk>/", templates.template_version, name="template_version"),
    path("messages/<int:pk>/", message.message_page, name="message"),
    path("messages/<int:pk>/as-sent/", message.as_sent, name="as_sent"),
    path("messages/<int:pk>/mail.eml", message.mail_file, name="mail_file"),
    path("messages/<int:pk>/cancel/", message.cancel, name="cancel_message"),
    path("messages/<int:pk>/confirm/", message.confirm, name="confirm_message"),
    path("messages/<int:pk>/release/", message.release, name="release_message"),
    path("messages/<int:pk>/resend/", message.resend, name="resend_message"),
]
