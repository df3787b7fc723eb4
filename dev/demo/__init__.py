"""The demo community: who lives on the campuses of a first run, and what they posted.

What people say stands in authors/ and people.toml, the pictures in photos.toml; `load.fill` puts it in the database.
"""
