"""Sealed cases: suspected sexual abuse of children, for two named roles alone (docs/moderation.md)."""
