"""Every write to notes that touches more than one row, one module a subject."""
