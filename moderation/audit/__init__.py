"""The audit log as moderation writes and reads it; the table is core.models.AuditEntry, for floors below log too."""
