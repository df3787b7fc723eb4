"""Copies of what was reported, from the report until 30 days after its case (docs/moderation.md)."""
