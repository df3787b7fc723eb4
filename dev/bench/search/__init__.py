"""What search costs in PostgreSQL, however many notes there are (docs/search.md)."""
