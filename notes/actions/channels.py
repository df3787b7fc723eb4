from collections.abc import Iterable

from django.db import transaction
from taggit.models import Tag

from notes.models import Channel
from redbook.text import slug


@transaction.atomic
def save_channel(*, channel: Channel, tags: Iterable[Tag]) -> None:
    """Store a curated channel with these tags. A new one gets the address that it keeps, of both its names."""
    channel.slug = channel.slug or slug(f"{channel.en} {channel.zh}")
    channel.save()
    channel.tags.set(tags)
