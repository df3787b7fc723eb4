"""The pages to measure, each with its viewer."""

from dataclasses import dataclass, replace

from django.core.management import call_command
from django.db.models import Count, Q
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from taggit.models import Tag

from dev.bench.inbox import fill_inbox
from insights.actions.summing import sum_all
from notes.explore.epochs import write_epoch
from notes.models import Comment, CommentLike, Note
from profiles.models import Campus, Label, User
from search.documents.writing import write_due
from search.models import Name
from search.names.writing import write_names

COMMENTS = 20
BROWSERS = "gzip, deflate, br, zstd"  # the codings that they all take


@dataclass(frozen=True)
class Subject:
    """A page to measure. `limit`: how many times the CPU of the bare page it may take; None where none is set.
    `ahead`: as browsers ask for what may be wanted later, so that nothing of it is counted. `cold`: none of its
    cards was rendered before. `accepts`: the codings that the page may be compressed with.
    """

    name: str
    path: str
    limit: float | None = None
    signed_in: bool = False
    ahead: bool = False
    cold: bool = False
    accepts: str = BROWSERS

    @property
    def uncounted(self) -> "Subject":
        """The same page, of which nothing is counted."""
        return replace(self, name=f"{self.name}, not counted", ahead=True)

    @property
    def with_new_cards(self) -> "Subject":
        """The same page, all of whose cards this process has not rendered before."""
        return replace(self, name=f"{self.name}, cards new", cold=True, limit=3.5)

    @property
    def codings(self) -> list["Subject"]:
        """The same page as it is, and by the codings of older browsers."""
        names = {"identity": "not compressed", "gzip": "by gzip", "br": "by brotli"}
        return [replace(self, name=f"{self.name}, {name}", accepts=coding) for coding, name in names.items()]


CONSTANT = Subject("constant 30 kB page", "/bench/constant/")
BARE = Subject("bare page of 24 notes", "/bench/bare/")


def fill() -> None:
    """Load 10,000 notes into an empty database, and write the epoch and the sums that a worker would write."""
    call_command("prepare")
    if not Note.objects.exists():
        call_command("synthesize", notes=10_000)
    said = Comment.objects.filter(note=fullest_note())
    people = User.objects.order_by("pk")[:3]
    likes = [CommentLike(comment=comment, person=person) for comment in said for person in people]
    CommentLike.objects.bulk_create(likes, ignore_conflicts=True)
    fill_inbox(viewer())
    write_epoch(made_at=timezone.now())
    sum_all()
    while write_due(seconds=60):
        pass
    write_names(kind=Name.Kind.PERSON, after=0, seconds=3600)


def fullest_note() -> Note:
    """Return the most liked public note with a page of comments, which are all liked."""
    public = Note.objects.public().filter(comment_count=COMMENTS, cover__isnull=False)
    return public.order_by("-like_count", "pk")[0]


def subjects() -> list[Subject]:
    """Return the baselines, then each page at its fullest: the note, profile and tag with the most to show."""
    note = fullest_note()
    own = viewer()
    authors = User.objects.exclude(pk=own.pk).annotate(number=Count("notes"))
    author = authors.order_by("-number", "pk")[0]
    tag = Tag.objects.annotate(number=Count("notes_taggednote_items")).order_by("-number", "pk")[0]
    of_note, of_tag = note.get_absolute_url(), reverse("tag", args=[tag.slug])
    campus = Campus.objects.annotate(number=Count("notes")).order_by("-number", "pk")[0]
    holders = Count("positionings", filter=Q(positionings__retired_at__isnull=True))
    label = Label.objects.shown().annotate(number=holders).order_by("-number", "pk")[0]
    return [
        CONSTANT,
        BARE,
        explore := Subject("explore, anonymous", "/", 2),
        explore.uncounted,
        explore.with_new_cards,
        *explore.codings,
        Subject("explore, signed in", "/", 2.5, signed_in=True),
        latest := Subject("latest, signed in", "/?sort=latest", 3, signed_in=True),
        latest.uncounted,
        latest.with_new_cards,
        Subject("channel, signed in", f"/?channel={tag.slug}", 3, signed_in=True),
        Subject("following", "/following/", 3, signed_in=True),
        Subject("campus, signed in", campus.get_absolute_url(), 3, signed_in=True),
        Subject("label, signed in", label.get_absolute_url(), 3, signed_in=True),
        note_page := Subject("a note with 20 comments, anonymous", of_note, 2.2),
        *note_page.codings,
        opened := Subject("a note with 20 comments, signed in", of_note, 2.2, signed_in=True),
        opened.uncounted,
        opened.with_new_cards,
        Subject("profile, anonymous", author.get_absolute_url(), 3),
        profile := Subject("profile, signed in", author.get_absolute_url(), 3, signed_in=True),
        profile.with_new_cards,
        Subject("one's own profile", own.get_absolute_url(), 3, signed_in=True),
        Subject("inbox with a full page", "/notifications/", 2, signed_in=True),
        Subject("tag, anonymous", of_tag, 3),
        Subject("tag, signed in", of_tag, 3, signed_in=True),
        *searches(),
        Subject("one's Mirror", "/insights/?period=all", 3, signed_in=True),
        Subject("one's notes in the Mirror", "/insights/notes/?period=all", 3, signed_in=True),
    ]


def searches() -> list[Subject]:
    """Return searches that fill their pages, in both languages."""
    english, chinese, name = (
        reverse("search", query={"q": words, "kind": kind})
        for words, kind in (("coffee", ""), ("图书馆", "notes"), ("lin", "people"))
    )
    return [
        Subject("search, anonymous", english, 2),
        Subject("search, signed in", english, 2, signed_in=True),
        Subject("search for notes in Chinese, signed in", chinese, 2, signed_in=True),
        Subject("search for people, signed in", name, 2, signed_in=True),
    ]


def signed_in() -> Client:
    client = Client(headers={"Host": "127.0.0.1"})
    client.force_login(viewer())
    return client


def viewer() -> User:
    """Return the person who follows the most people."""
    return User.objects.order_by("-following_count", "pk")[0]
