"""The queue of cases."""

from moderation.admin.queue import views

__all__ = ["views"]
