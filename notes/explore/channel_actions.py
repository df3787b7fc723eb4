from collections.abc import Iterable

from django.db import transaction
from taggit.models import Tag

from core.text import slug
from notes.models import Channel


@transaction.atomic
def save_channel(*, channel: Channel, tags: Iterable[Tag]) -> None:
    """Save a curated channel with these tags. The slug of a new channel is made from both names and never changes."""
    channel.slug = channel.slug or slug(f"{channel.en} {channel.zh}")
    channel.save()
    channel.tags.set(tags)
