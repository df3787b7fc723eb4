"""Writes to notes that touch more than one row, one module per subject."""
