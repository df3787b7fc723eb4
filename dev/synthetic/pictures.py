"""The few pictures that the notes of a made-up community share: prints of our own."""

from random import Random

from core.ids import random_name
from dev.demo.photos import render_prints
from dev.demo.prints import DRAWINGS, PALETTES
from imaging import Rendered
from notes.models import Photo
from notes.photos.actions import store

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
