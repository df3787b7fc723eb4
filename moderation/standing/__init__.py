"""What lowers a person and their notes now, as they read it (docs/prove.md has all that can)."""
