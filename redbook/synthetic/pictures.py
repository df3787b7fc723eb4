"""The few pictures that the notes of a made-up community share: prints of our own."""

from random import Random

from notes.actions.photos import store
from notes.models import Photo
from notes.photos import Rendered
from redbook.demo.photos import render_prints
from redbook.demo.prints import DRAWINGS, PALETTES
from redbook.ids import random_name

HEIGHTS = (810, 1080, 1440)  # of 1,080 wide


def stored(number: int, random: Random) -> list[Photo]:
    """Store up to this many photos to copy from, each with its files in a folder of its own."""
    every = [
        (name, palette, height) for name in sorted(DRAWINGS) for palette in PALETTES for height in HEIGHTS
    ]
    return [_stored(rendered) for rendered in render_prints(random.sample(every, min(number, len(every))))]


def _stored(rendered: Rendered) -> Photo:
    photo = Photo(folder=random_name(), state=Photo.State.READY)
    for field, fact in store(photo, rendered).items():
        setattr(photo, field, fact)
    return photo
