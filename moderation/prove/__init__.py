"""Compute again what lowers notes and people, from rows and the documented formula, and compare it with what the site
stores and shows (docs/prove.md).

Only served.py asks the site. Everything else here reads rows with SQL of its own, and decisions in the place of the
columns that decisions fill: what a column hides without a decision is missing here.
"""
