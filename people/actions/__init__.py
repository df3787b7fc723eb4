"""Writes to people that touch more than one row, one module per subject."""
