"""What exists in the outbox."""

from messaging.models.events import DeliveryEvent
from messaging.models.letters import PrintBatch
from messaging.models.messages import Message, MessageAttachment
from messaging.models.reports import MailReport
from messaging.models.templates import Template, TemplateVersion

__all__ = ["DeliveryEvent", "MailReport", "Message", "MessageAttachment", "PrintBatch", "Template", "TemplateVersion"]
