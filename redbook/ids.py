import secrets


def random_name() -> str:
    """128 random bits as 32 hex digits: a public file name that nobody guesses."""
    return secrets.token_hex(16)
