import secrets


def random_name() -> str:
    """Return 128 random bits as 32 hex digits: an unguessable public file name."""
    return secrets.token_hex(16)


def random_folder() -> str:
    """Return the name of a new folder in storage, 32 characters long, below one of 256.

    So a sweep can take them one part at a time, and no listing grows with the whole site.
    """
    name = random_name()
    return f"{name[:2]}/{name[3:]}"
