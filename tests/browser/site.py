"""A site with content on every page: several pages of notes, and every state that a note can be in."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from imaging import snap
from moderation.models import Appeal, Report
from notes.collections.actions import follow_collection, sort_save
from notes.comments.actions import delete_comment, like_comment, pin_comment
from notes.explore.epochs import write_epoch
from notes.models import Collection, HistoryEntry, Less, Note, Photo
from notes.models.note import TONES
from notes.moderation import hide_note
from notes.pins.actions import pin_note
from notes.reactions.actions import collect, like
from notes.series.actions import put_in_series, series_named
from profiles.models import Follow, FollowRequest, User
from tests.builders import (
    edit_note,
    make_campus,
    make_comment,
    make_draft,
    make_label,
    make_note,
    make_person,
    make_photo,
)
from tests.moderation.decisions import decision_about
from tests.moderation.transparency.months import make_month
from tests.notes.collections.shelving import shelve

ALT = "A window seat in the morning"
SHAPES = [(1600, 1067), (1200, 1600), (1400, 1400), (2400, 800), (900, 2000)]


@dataclass
class Site:
    author: User
    student: User
    eighteen: Note
    text: Note
    hidden: Note
    draft: Note
    collection: Collection

    @property
    def public_pages(self) -> list[str]:
        return [
            "/",
            "/?sort=latest",
            "/?channel=studyspot",
            "/tags/studyspot/",
            "/labels/campus-plog-master/",
            "/campuses/linhai-university/",
            self.eighteen.get_absolute_url(),
            self.text.get_absolute_url(),
            self.author.get_absolute_url(),
            "/search/",
            "/search/?q=noon",
            "/search/?q=alice&kind=people",
            "/search/?q=nothing+like+it&time=week",
            "/search/?q=alcie&kind=tags",
            f"{self.author.get_absolute_url()}collections/",
            self.collection.get_absolute_url(),
            "/accounts/login/",
            "/accounts/signup/",
            "/accounts/password/reset/",
            "/about/",
            "/terms/",
            "/privacy/",
            "/rules/",
            "/transparency/",
            "/young-people/",
            "/support/",
            "/notes/404404/",
        ]

    @property
    def authors_pages(self) -> list[str]:
        own = self.author.get_absolute_url()
        return [
            "/",
            "/following/",
            "/search/",
            "/search/?q=noon&sort=latest&photos=1",
            "/search/?q=library&kind=labels",
            "/search/?q=noon&seen=no",
            "/?sort=latest&seen=yes",
            "/search/saved/?q=noon",
            "/search/saved/?q=nothing+like+it",
            own,
            "/notes/drafts/",
            "/history/",
            "/settings/less/",
            f"{own}series/",
            self.author.series.get().get_absolute_url(),
            "/series/new/",
            f"/series/{self.author.series.get().pk}/edit/",
            f"/series/{self.author.series.get().pk}/notes/",
            f"/notes/{self.eighteen.pk}/series/",
            f"{own}collections/",
            "/collections/",
            "/collections/new/",
            f"/collections/{self.collection.pk}/edit/",
            f"/collections/{self.collection.pk}/order/",
            f"/collections/{self.collection.pk}/merge/",
            f"{self.text.get_absolute_url()}collections/",
            f"{own}followers/",
            f"{own}following/",
            "/notes/new/",
            self.eighteen.get_absolute_url(),
            f"{self.eighteen.get_absolute_url()}edit/",
            f"{self.eighteen.get_absolute_url()}delete/",
            self.hidden.get_absolute_url(),
            f"{self.text.get_absolute_url()}why/",
            f"{self.draft.get_absolute_url()}edit/",
            f"/photos/{self.eighteen.cover_id}/edit/",
            f"{self.eighteen.get_absolute_url()}history/",
            "/settings/profile/",
            "/settings/privacy/",
            "/settings/languages/",
            "/settings/time-zone/",
            "/settings/standing/",
            "/decisions/",
            *(decision.get_absolute_url() for decision in self.author.decisions.order_by("pk")),
            "/reports/",
            "/settings/privacy/blocked/",
            "/settings/privacy/muted/",
            "/settings/requests/",
            "/settings/data/",
            "/settings/data/leaving/",
            "/people/",
            "/@closed/",
            f"/report/?note={self.text.pk}",
            f"/report/?person={self.student.handle}",
            "/insights/",
            "/insights/notes/",
            f"/insights/notes/{self.eighteen.pk}/",
            "/insights/label/",
            "/insights/audience/",
            "/insights/words/",
            "/settings/words/",
            "/settings/label/",
            "/settings/label/delete/",
            f"{own}?label={self.author.positionings.order_by('declared_at')[0].pk}",
            "/accounts/email/",
            "/accounts/password/change/",
            "/accounts/sessions/",
            "/accounts/logout/",
        ]


def fill(cards: int = 30) -> Site:
    """`cards` is how many notes there are beside those of the Site: a page of Explore holds 24."""
    campus = make_campus()
    author = make_person("alice", name="Alice An", campus=campus, bio="Slow mornings, loud libraries.")
    student = make_person("bob", name="鲍博")
    long_ago = timezone.now() - timedelta(days=90)
    make_label(author, "Library cat", declared_at=long_ago)
    make_label(author, "Campus plog master", topics=["plog", "studyspot"], statement="One honest day a week.")
    make_label(student, "安静的读书人", topics=["reading"])
    closed = make_person("closed", name="Clara Close", approves_followers=True)
    FollowRequest.objects.create(follower=closed, followed=author)
    Follow.objects.create(follower=student, followed=author)
    Follow.objects.create(follower=author, followed=student)

    hidden = make_note(author, "What I should not have posted", tags=["studyspot"])
    hide_note(note=hidden, by=None, reason="It names somebody else’s room.")
    make_month(2026, 9, reports=77)
    make_month(2026, 10)
    decision_about(hidden, facts="It names somebody else’s room. " * 12)
    answered = decision_about(
        make_note(author, "Once was enough"), step="note", facts="Ten times the same words."
    )
    Appeal.objects.create(
        decision=answered,
        text="W" * 300 + " words",
        answer="They were. " * 40,
        granted=False,
        decided_at=timezone.now(),
    )
    Report.objects.create(
        reporter=author, note=hidden, reason="private", details="A door number", closed_at=timezone.now()
    )
    draft = make_draft(author, "Half a thought")
    make_photo(author, note=draft, state=Photo.State.FAILED, roles=[], reason="damaged")
    make_note(author, "For those who follow me", visibility=Note.Visibility.FOLLOWERS)
    _cards(student, cards)
    text = make_note(student, "A note without a photo, in as many words as fit", tags=["studyspot"])
    eighteen = make_note(
        author,
        "Eighteen mornings in the same seat",
        body="Nine of them with @bob. #studyspot\n\nThe tea was warm.",
        tags=["studyspot", "library"],
        campus=campus,
        place="Room 412",
        disclosure=Note.Disclosure.GIFTED,
        partner="Leaf Tea",
    )
    _photos(eighteen)
    _answers(eighteen, author, student)
    collection = _collections(author, student, eighteen, text)
    edit_note(eighteen, title="Eighteen mornings in one seat")
    pin_note(note=eighteen)
    series = series_named(author=author, name="Mornings by the window")
    for note in (eighteen, *Note.objects.filter(author=author, status="published").exclude(pk=eighteen.pk)):
        put_in_series(note=note, series=series)
    Less.objects.create(note=text, person=author)
    for days, note in enumerate(Note.objects.filter(author=student).order_by("pk")[:9]):
        opened_at = timezone.now() - timedelta(days=days // 3)
        HistoryEntry.objects.create(note=note, person=author, opened_at=opened_at)
    write_epoch(made_at=timezone.now())
    return Site(author, student, eighteen, text, hidden, draft, collection)


def _collections(author: User, student: User, *notes: Note) -> Collection:
    """Collections of the author, one of them for everyone, and one that they follow."""
    shelve(author, "Mornings", *notes, is_private=True)
    sort_save(person=author, note=notes[0], add=[], remove=[], remark="For exam week")
    follow_collection(person=author, collection=shelve(student, "想去坐坐的地方", *notes))
    return shelve(author, "Places to sit, in thirty-five letters", *notes)


def _photos(note: Note) -> None:
    """Of mixed shapes, a landscape first. The files of a shape are made once: photos may share a folder."""
    folders: dict[tuple[int, int], str] = {}
    for position in range(18):
        width, height = shape = SHAPES[position % len(SHAPES)]
        shared = {"folder": folders[shape]} if shape in folders else {"with_files": True}
        photo = make_photo(
            note.author,
            note=note,
            position=position,
            width=width,
            height=height,
            snap=snap(width, height),
            tone=TONES[position % len(TONES)],
            alt=ALT,
            **shared,
        )
        folders[shape] = photo.folder
        note.cover = note.cover or photo
    note.save()


def _cards(author: User, cards: int) -> None:
    """Notes enough for several pages, every third with a cover."""
    first = make_photo(author, with_files=True)
    for number in range(cards):
        title = f"{number} things to do before noon" if number % 2 else f"中午以前可以做的{number}件事"
        note = make_note(author, title, tags=["studyspot"] if number % 5 == 0 else [])
        if number % 3 == 0:
            snap = 18 + number % 15
            note.cover = make_photo(
                author, note=note, folder=first.folder, width=1200, height=50 * snap, snap=snap, alt=ALT
            )
            note.save()


def _answers(note: Note, author: User, student: User) -> None:
    for person in (author, student):
        like(person=person, note=note)
        collect(person=person, note=note)
    for number in range(21):
        make_comment(student, note, f"Thought number {number}")
    opened = make_comment(student, note, "Which seat is it?")
    earlier = None
    for person in (author, student, author):
        earlier = make_comment(person, note, "The one by @alice", parent=opened, in_reply_to=earlier)
    like_comment(person=student, comment=opened)
    pin_comment(comment=opened)
    gone = make_comment(author, note, "Nothing")
    make_comment(student, note, "What did it say?", parent=gone)
    delete_comment(comment=gone)
