"""Puts the people of the demo community into the database: accounts, labels, follows."""

from datetime import datetime, timedelta
from random import Random

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile

from core.db.copy import copy
from core.text import normal_form
from dev.demo import community, photos
from notes.compose.tagging import tags_named
from people.actions.avatars import process_avatar, receive_avatar
from people.actions.moderators import appoint
from people.actions.people import YOUNG
from profiles.models import Campus, Follow, Label, Positioning, PositioningTopic, User

PASSWORD = "red-ribbon"  # noqa: S105  of the three sign-ins, which only the demo has
DOMAIN = "redbook.test"
CROWD = 150
HOME = 3  # one in so many of the crowd is on the demo creator's campus
LABELED = 45  # of the crowd
STAGES = {User.Stage.COLLEGE: 44, User.Stage.HIGH_SCHOOL: 36, User.Stage.ALUMNI: 12, "": 8}  # of the crowd
SHARES = 0.7  # of those who say their stage, how many have it counted in what creators read of their audience


class PeopleLoader:
    def __init__(self, now: datetime, random: Random) -> None:
        self.now = now
        self.random = random
        self.people: dict[str, User] = {}

    def load(self) -> dict[str, User]:
        """Load all people; return them by handle, those who post or comment first."""
        self._add_people()
        appoint(person=self.people[community.signins()["moderator"]])
        for person in community.people():
            if person.avatar:
                self._give_avatar(self.people[person.handle], person.avatar)
            for label, later in zip(person.labels, [*person.labels[1:], None], strict=False):
                self._declare(self.people[person.handle], label, later)
        self._label_crowd()
        self._add_follows()
        return self.people

    def _ago(self, days: float) -> datetime:
        return self.now - timedelta(days=days)

    def _add_people(self) -> None:
        campuses = {
            key: Campus.objects.named(campus.name, campus.city)
            for key, campus in community.campuses().items()
        }
        for person in community.people():
            facts = {"bio": person.bio, "campus": campuses[person.campus]}
            facts["shows_focus"] = person.handle == community.signins()["creator"]
            self._add_person(person.handle, person.name, person.stage, **facts)
        schools = [campuses[key] for key in community.schools()]
        Campus.objects.filter(pk__in=[school.pk for school in schools]).update(is_school=True)
        home = campuses[community.creator().campus]
        for number, (handle, name) in enumerate(community.crowd(CROWD, self.random)):
            stage = self.random.choices(list(STAGES), list(STAGES.values()))[0]
            campus = self.random.choice(list(campuses.values()))
            self._add_person(handle, name, stage, campus=campus if number % HOME else home)
        everyone = User.objects.bulk_create(self.people.values())
        EmailAddress.objects.bulk_create(
            EmailAddress(user=user, email=user.email, primary=True, verified=True) for user in everyone
        )

    def _add_person(self, handle: str, name: str, stage: str, **facts: object) -> None:
        if stage == User.Stage.HIGH_SCHOOL:
            facts |= YOUNG
        purpose = next((purpose for purpose, whose in community.signins().items() if whose == handle), None)
        self.people[handle] = User(
            handle=handle,
            name=name,
            email=f"{purpose or handle}@{DOMAIN}",
            password=make_password(PASSWORD if purpose else None),
            date_joined=self._ago(self.random.uniform(450, 600)),
            is_counted=True,
            stage=stage,
            shares_stage=bool(stage) and self.random.random() < SHARES,
            **facts,
        )

    def _give_avatar(self, user: User, picture: str) -> None:
        receive_avatar(person=user, file=SimpleUploadedFile("avatar.jpg", photos.jpeg(picture)))
        process_avatar(user.pk, User.objects.values_list("avatar_waiting", flat=True).get(pk=user.pk))

    def _declare(self, user: User, label: community.Label, later: community.Label | None) -> None:
        positioning = Positioning.objects.create(
            person=user,
            label=Label.objects.worded(label.wording),
            wording=label.wording,
            statement=label.statement,
            audience=label.audience,
            declared_at=self._ago(label.days),
            retired_at=self._ago(later.days) if later else None,
        )
        tags = {tag.name: tag for tag in tags_named(label.topics)}
        PositioningTopic.objects.bulk_create(
            PositioningTopic(positioning=positioning, tag=tags[normal_form(topic)], position=position)
            for position, topic in enumerate(label.topics)
        )

    def _label_crowd(self) -> None:
        labels = community.crowd_labels()
        for user in list(self.people.values())[-LABELED:]:
            self._declare(user, self.random.choice(labels), None)

    def _add_follows(self) -> None:
        follows = [
            (self._ago(self.random.uniform(0, 200)), follower.pk, self.people[person.handle].pk)
            for person in community.people()
            for follower in self.people.values()
            if follower.handle != person.handle and self.random.random() < person.reach
        ]
        copy(Follow, ["created_at", "follower", "followed"], sorted(follows))
