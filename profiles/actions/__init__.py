"""Every write to people that touches more than one row, one module a subject."""
