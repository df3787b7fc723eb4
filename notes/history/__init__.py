"""The edit history of a published note: its earlier versions, which its author alone reads and can delete."""
