"""What the links in digests prove: that they turn the digest of one person off, and nothing else."""

from django.core import signing

_SALT = "notifications.digest.unsubscribe"


def token_of(person_id: int) -> str:
    """Return the token of a person. It does not expire: a mail may be read years later."""
    return signing.Signer(salt=_SALT).sign(str(person_id))


def person_of(token: str) -> int | None:
    """Return the id of the person, or None for what is no token of ours."""
    try:
        return int(signing.Signer(salt=_SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
