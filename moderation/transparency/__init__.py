"""What moderators decided, month by month, for everybody (docs/moderation.md)."""
