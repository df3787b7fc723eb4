"""Mute words and tags, and dismiss suggested people."""

from django.db import IntegrityError, transaction

from core.text import normal_form
from profiles.models import Dismissal, User
from profiles.models.user import MUTED_LETTERS_MAX, MUTED_MAX


class TooManyMuted(Exception):
    """The limit of muted words and tags is reached."""


@transaction.atomic
def mute_words(*, person: User, words: list[str]) -> None:
    """Mute each word, or tag if it begins with #. Idempotent; case and width do not matter. Tags are stored in normal
    form, as the database compares them.

    Raises TooManyMuted if not all of them fit; then none is muted.
    """
    muted = {normal_form(word): word for word in _lock(person)}
    before = len(muted)
    for word in words:
        normal = normal_form(word)
        muted.setdefault(normal, normal if word.startswith("#") else word)
    if len(muted) == before:
        return
    if len(muted) > MUTED_MAX or sum(map(len, muted.values())) > MUTED_LETTERS_MAX:
        raise TooManyMuted
    User.objects.filter(pk=person.pk).update(muted_words=[*muted.values()])


@transaction.atomic
def unmute_word(*, person: User, word: str) -> None:
    kept = [other for other in _lock(person) if normal_form(other) != normal_form(word)]
    User.objects.filter(pk=person.pk).update(muted_words=kept)


def dismiss(*, person: User, dismissed: User) -> None:
    """Stop suggesting a person. Raises IntegrityError if they are deleted at the same moment."""
    if person == dismissed:
        raise IntegrityError("A person cannot be suggested to themselves.")
    with transaction.atomic():
        Dismissal.objects.bulk_create([Dismissal(person=person, dismissed=dismissed)], ignore_conflicts=True)


def _lock(person: User) -> list[str]:
    """Lock the person and return their muted words."""
    held = User.objects.select_for_update(no_key=True, of=["self"])
    return held.values_list("muted_words", flat=True).get(pk=person.pk)
