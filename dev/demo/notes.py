"""Puts the notes of the demo community into the database, with photos, comments, likes, collects and follows."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from taggit.models import Tag

from core.db.copy import copy
from core.languages import language_of
from core.text import normal_form, tags_in, title_width
from dev.demo import community, photos
from notes.compose.tagging import tags_named
from notes.explore.channel_actions import save_channel
from notes.mentions.actions import record_mentions
from notes.models import (
    Channel,
    Collect,
    Collection,
    CollectPlace,
    Comment,
    CommentLike,
    Like,
    Note,
    Photo,
    TaggedNote,
)
from notes.pins.actions import pin_note
from profiles.models import Follow, User


class NoteLoader:
    """What notes are loaded from: `people` by handle; `pictures` by name, photos with files but without a note."""

    def __init__(
        self, now: datetime, random: Random, people: dict[str, User], pictures: dict[str, Photo]
    ) -> None:
        self.now = now
        self.random = random
        self.people = people
        self.pictures = pictures
        self.notes: list[tuple[community.Note, Note]] = []

    def load(self) -> None:
        self._add_notes()
        self._add_photos()
        self._add_tags()
        self._add_channels()
        self._add_comments()
        self._add_reactions()
        self._add_pins()
        self._add_collections()
        self._add_follows()
        self._add_mentions()

    def _ago(self, days: float) -> datetime:
        return self.now - timedelta(days=days)

    def _key(self) -> uuid.UUID:
        return uuid.UUID(int=self.random.getrandbits(128))

    def _add_notes(self) -> None:
        told = [(note, person) for person in community.people() for note in person.notes]
        for note, person in sorted(told, key=lambda pair: -pair[0].days):
            self.notes.append((note, self._note(note, self.people[person.handle])))
        Note.objects.bulk_create(note for _, note in self.notes)

    def _note(self, told: community.Note, author: User) -> Note:
        written = self._ago(told.days)
        published = written if told.status == Note.Status.PUBLISHED else None
        return Note(
            author=author,
            key=self._key(),
            title=told.title,
            title_width=title_width(told.title),
            body=told.story,
            language=language_of(f"{told.title}\n{told.story}"),
            campus=author.campus,
            place=told.place,
            visibility=told.visibility,
            status=told.status,
            disclosure=told.disclosure,
            partner=told.partner,
            text_tone=told.tone,
            positioning=author.positionings.filter(declared_at__lte=written).order_by("declared_at").last(),
            created_at=written,
            published_at=published,
        )

    def _add_photos(self) -> None:
        made = Photo.objects.bulk_create(
            self._photo(name, position, told, note)
            for told, note in self.notes
            for position, name in enumerate(told.photos)
        )
        covers = {photo.note_id: photo for photo in made if photo.position == 0}
        pictured = [note for _, note in self.notes if note.pk in covers]
        for note in pictured:
            note.cover = covers[note.pk]
        Note.objects.bulk_update(pictured, ["cover"])

    def _photo(self, name: str, position: int, told: community.Note, note: Note) -> Photo:
        picture, words = self.pictures[name], photos.pictures()[name]
        return Photo(
            owner=note.author,
            note=note,
            position=position,
            state=picture.state,
            folder=picture.folder,
            width=picture.width,
            height=picture.height,
            tone=picture.tone,
            snap=picture.snap,
            roles=picture.roles,
            alt=words.zh if told.is_chinese else words.en,
            created_at=note.created_at,
        )

    def _add_tags(self) -> None:
        for told, note in self.notes:
            names = dict.fromkeys(normal_form(tag) for tag in (*told.tags, *tags_in(told.story)))
            TaggedNote.objects.bulk_create(
                TaggedNote(content_object=note, tag=tag) for tag in tags_named(list(names))
            )

    def _add_channels(self) -> None:
        for position, told in enumerate(community.channels(), 1):
            channel = Channel(en=told.en, zh=told.zh, position=position)
            save_channel(channel=channel, tags=Tag.objects.filter(name__in=told.tags))

    def _add_comments(self) -> None:
        said = [
            (comment, self._comment(comment, note, at))
            for told, note in self.notes
            for comment, at in self._spread(told)
        ]
        said.sort(key=lambda pair: pair[1].created_at)
        Comment.objects.bulk_create(row for _, row in said)
        Comment.objects.bulk_create(reply for comment, row in said for reply in self._replies(comment, row))
        self._like_comments([row for _, row in said])

    def _like_comments(self, comments: list[Comment]) -> None:
        """Have some readers like most comments, and nobody their own."""
        chance, readers = Random(len(comments)), list(self.people.values())  # noqa: S311
        CommentLike.objects.bulk_create(
            CommentLike(comment=comment, person=reader)
            for comment in comments
            for reader in chance.sample(readers, min(len(readers), chance.choice((0, 1, 2, 4, 9))))
            if reader.pk != comment.author_id
        )

    def _spread(self, told: community.Note) -> Iterator[tuple[community.Comment, datetime]]:
        """Yield the comments in order, the first soon after publication, all within two days of it."""
        span, number = min(told.days, 2.0), len(told.comments)
        for place, comment in enumerate(told.comments, 1):
            yield comment, self._ago(told.days - span * (place / (number + 1)) ** 1.5)

    def _replies(self, comment: community.Comment, parent: Comment) -> Iterator[Comment]:
        at = parent.created_at
        for reply in comment.replies:
            at += min(timedelta(minutes=self.random.uniform(3, 240)), (self.now - at) * 0.6)
            yield self._comment(reply, parent.note, at, parent)

    def _comment(
        self, said: community.Comment, note: Note, at: datetime, parent: Comment | None = None
    ) -> Comment:
        author = self.people[said.handle]
        return Comment(
            author=author, note=note, body=said.body, key=self._key(), parent=parent, created_at=at
        )

    def _add_reactions(self) -> None:
        """Add likes, and saves by some of the people who liked."""
        likes: list[tuple[datetime, int, int]] = []
        collects: list[tuple[datetime, int, int]] = []
        everyone = [user.pk for user in self.people.values()]
        for told, note in self.notes:
            likers = self.random.sample([pk for pk in everyone if pk != note.author_id], told.likes)
            likes += [(self._after(told), pk, note.pk) for pk in likers]
            collects += [(self._after(told), pk, note.pk) for pk in likers[: told.collects]]
        copy(Like, ["created_at", "person", "note"], sorted(likes))
        copy(Collect, ["created_at", "person", "note"], sorted(collects))

    def _add_follows(self) -> None:
        """Add follows from a note's page, by people who like the note and did not follow its author yet."""
        following = set(Follow.objects.values_list("followed", "follower"))
        follows: list[tuple[datetime, int, int, int]] = []
        for told, note in self.notes:
            if not told.follows:
                continue
            liking = Like.objects.filter(note=note).order_by("person").values_list("person", "created_at")
            fresh = [(pk, at) for pk, at in liking if (note.author_id, pk) not in following]
            for pk, at in self.random.sample(fresh, min(told.follows, len(fresh))):
                following.add((note.author_id, pk))
                follows.append((at + (self.now - at) * 0.01, pk, note.author_id, note.pk))
        copy(Follow, ["created_at", "follower", "followed", "from_note"], sorted(follows))

    def _add_mentions(self) -> None:
        for _, note in self.notes:
            record_mentions(note=note)
            for comment in Comment.objects.filter(note=note, body__contains="@").order_by("pk"):
                record_mentions(note=note, comment=comment)

    def _after(self, told: community.Note) -> datetime:
        """Return a random time of an opening, mostly in the note's first day."""
        days = self.random.expovariate(1 / 0.7)
        return self._ago(told.days - (days if days < told.days else self.random.uniform(0, told.days)))

    def _add_pins(self) -> None:
        """Pin the two best liked notes of each person that a newcomer signs in as."""
        for handle in community.signins().values():
            listed = Note.objects.public().filter(author__handle=handle)
            for note in listed.order_by("-like_count", "pk")[:2]:
                pin_note(note=note)

    def _add_collections(self) -> None:
        """Put notes that people saved into their collections."""
        for told in community.collections():
            kept = Collect.objects.filter(
                person__handle=told.owner, note__tags__name__in=told.tags
            ).distinct()
            collection = Collection.objects.create(
                owner=self.people[told.owner],
                name=told.name,
                description=told.description,
                is_private=told.is_private,
            )
            CollectPlace.objects.bulk_create(
                CollectPlace(collection=collection, collect=each) for each in kept.order_by("pk")
            )
