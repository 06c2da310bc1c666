"""What exists in the outbox."""

from messaging.models.events import DeliveryEvent
from messaging.models.messages import Message, MessageAttachment
from messaging.models.templates import Template, TemplateVersion

__all__ = ["DeliveryEvent", "Message", "MessageAttachment", "Template", "TemplateVersion"]
