import secrets


def random_name() -> str:
    """128 random bits as 32 hex digits: a public file name that nobody guesses."""
    return secrets.token_hex(16)


def random_folder() -> str:
    """A folder in storage that nobody else has, 32 characters long, below one of 256.

    So a sweep takes them a part at a time, and no listing grows with the whole site.
    """
    name = random_name()
    return f"{name[:2]}/{name[3:]}"
