"""The notes of a made-up community, with photos, tags, comments, likes and collects, so many at a time."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from django.db import connection, transaction

from core.db.copy import copy, take_keys
from dev.synthetic.chance import shares, uneven
from dev.synthetic.round import FIELDS, Keys, Round, age
from dev.synthetic.world import World
from notes.models import Collect, Comment, Note, Photo

AT_A_TIME = 5_000
WRITERS = 2  # rounds that the database takes in while the next one is made
PHOTOS = (18, 30, 16, 10, 8, 6, 4, 3, 3, 2)  # notes in a hundred with none, one, two … nine
VISIBILITY = {"public": 94, "followers": 4, "private": 2}


def load(
    world: World, number: int, *, likes: int, collects: int, comments: int, readers: int
) -> Iterator[int]:
    """Commit round after round, and yield how many notes there are. `readers` are so many beside those who
    answer, or fewer where a note has everybody.

    Only public notes get reactions and readers. Raises ValueError for more than so few people can give.
    """
    random, others = world.random, len(world.people.keys) - 1
    kinds = random.choices(list(VISIBILITY), list(VISIBILITY.values()), k=number)
    if max(likes, collects) > others * kinds.count("public") / 2:
        raise ValueError("So few people and notes cannot have so many likes or collects.")
    weights = uneven(number, random)
    for place, visibility in enumerate(kinds):
        if visibility != Note.Visibility.PUBLIC:
            weights[place] = 0
    photos = random.choices(range(len(PHOTOS)), PHOTOS, k=number)
    reactions = (
        shares(total, weights, most)
        for total, most in ((likes, others), (collects, others), (comments, comments), (readers, others))
    )
    ages = sorted((age(random) for _ in range(number)), reverse=True)  # keys come in the order of publication
    plans = zip(kinds, ages, photos, *reactions, strict=True)
    with ThreadPoolExecutor(WRITERS) as writers:
        writing: deque[Future[int]] = deque()
        for start in range(0, number, AT_A_TIME):
            made = _made(world, [next(plans) for _ in range(min(AT_A_TIME, number - start))])
            if len(writing) == WRITERS:
                yield writing.popleft().result()
            writing.append(writers.submit(_write, made, start))
        while writing:
            yield writing.popleft().result()


def _made(world: World, plans: list[tuple[str, float, int, int, int, int, int]]) -> Round:
    """Return plans: a note's visibility, its age in days, and its numbers of photos, likes, collects, comments
    and other readers.
    """
    keys = Keys(
        note=iter(take_keys(Note, len(plans))),
        photo=iter(take_keys(Photo, sum(photos for _, _, photos, *_ in plans))),
        collect=iter(take_keys(Collect, sum(collects for *_, collects, _, _ in plans))),
        comment=iter(take_keys(Comment, sum(comments for *_, comments, _ in plans))),
    )
    made = Round(world, keys)
    for plan in plans:
        made.add_note(*plan)
    return made


def _write(made: Round, before: int) -> int:
    """Commit a round on a connection of its own; return how many notes there are so far."""
    try:
        with transaction.atomic():
            for model, fields in FIELDS.items():
                copy(model, fields, made.rows[model])
    finally:
        connection.close()
    return before + len(made.rows[Note])
