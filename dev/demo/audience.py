"""Who the demo creator's readers are, and the words they pick for her: consents, follows and picks, as in use.

Her weeks are then closed by the job's own action, so that nothing that is shown is made up.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from random import Random

from taggit.models import Tag

from core.db.copy import copy
from dev.demo import community
from insights.actions.picking import open_to_words, pick_words
from insights.actions.weeks import close_all
from insights.models import Word
from insights.word_keys import Key
from notes.models import NoteReader
from profiles.models import Follow, User

SHARES_CAMPUS = 0.7  # of those who have their stage counted
FOLLOWERS = 50  # of her regular readers, who follow her too
READ_MIN = 3
# What she is found to be, by how many pick it. "tidy" and "dorm" stay below what is shown.
WORDS = {"exact": 24, "calm": 18, "funny": 14, "ordinary days": 12, "answers questions": 7, "tidy": 4}
TOPICS = {"study spots": 20, "daily life": 13, "dorm": 5}


class AudienceLoader:
    def __init__(self, now: datetime, random: Random, people: Mapping[str, User]) -> None:
        self.now = now
        self.random = random
        self.people = people
        self.creator = people[community.signins()["creator"]]

    def load(self) -> None:
        sharing = [person.pk for person in self.people.values() if person.shares_stage and person.campus_id]
        chosen = [pk for pk in sharing if self.random.random() < SHARES_CAMPUS]
        User.objects.filter(pk__in=chosen).update(shares_campus=True)
        open_to_words(creator=self.creator, is_open=True)
        self.creator.refresh_from_db()
        followers = self._followers()
        for follower, keys in self._picks(followers):
            pick_words(picker=follower, creator=self.creator, keys=keys)
        close_all()

    def _followers(self) -> list[User]:
        """Yield some of those who have read several of her notes, none in high school; who does not follow yet does
        now.
        """
        read: dict[int, int] = {}
        rows = NoteReader.objects.filter(note__author=self.creator, person__is_staff=False)
        for pk in rows.exclude(person__stage=User.Stage.HIGH_SCHOOL).values_list("person", flat=True):
            read[pk] = read.get(pk, 0) + 1
        regular = sorted(pk for pk, number in read.items() if number >= READ_MIN)
        chosen = self.random.sample(regular, min(FOLLOWERS, len(regular)))
        known = set(Follow.objects.filter(followed=self.creator).values_list("follower", flat=True))
        new = [pk for pk in chosen if pk not in known]
        days = sorted(self.random.uniform(8, 90) for _follower in new)
        follows = [
            (self.now - timedelta(days=ago), pk, self.creator.pk)
            for ago, pk in zip(reversed(days), new, strict=True)
        ]
        copy(Follow, ["created_at", "follower", "followed"], follows)
        return [person for person in self.people.values() if person.pk in set(chosen)]

    def _picks(self, followers: list[User]) -> Iterator[tuple[User, list[Key]]]:
        """Yield at most three words for each follower, so that each word reaches its planned count where possible."""
        words = {word.en: Key(word.pk, None) for word in Word.objects.filter(en__in=WORDS)}
        topics = {tag.name: Key(None, tag.pk) for tag in Tag.objects.filter(name__in=TOPICS)}
        picks: dict[int, list[Key]] = {person.pk: [] for person in followers}
        for name, number in (WORDS | TOPICS).items():
            free = [pk for pk, keys in picks.items() if len(keys) < 3]
            for pk in self.random.sample(free, min(number, len(free))):
                picks[pk].append((words | topics)[name])
        for person in followers:
            if picks[person.pk]:
                yield person, picks[person.pk]
