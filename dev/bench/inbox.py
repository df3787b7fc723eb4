"""What the reader of the bench is told: more than a page, by the site's own triggers, and some of it unread."""

from django.db import transaction

from notes.models import Collect, Comment, CommentLike, Like, Mention, Note
from notifications.actions import mark_read
from notifications.models import Notification, NotificationGroup
from profiles.models import Follow, User

GROUPS, UNREAD = 30, 10
CROWD = 150  # more than are counted


@transaction.atomic
def fill_inbox(person: User) -> None:
    """Have others like, save, answer and mention what the person posts, and follow them. Idempotent."""
    if Notification.objects.filter(person=person).exists():
        return
    crowd = list(User.objects.filter(is_active=True).exclude(pk=person.pk).order_by("pk")[:CROWD])
    own = list(Note.objects.public().filter(author=person).order_by("-pk")[:6])
    others = list(Note.objects.public().exclude(author=person).order_by("-pk")[:3])
    for number, note in enumerate(own):
        fans = crowd[: CROWD if number == 0 else 2 + number]
        Like.objects.bulk_create([Like(person=fan, note=note) for fan in fans], ignore_conflicts=True)
        Collect.objects.bulk_create(
            [Collect(person=fan, note=note) for fan in fans[:3]], ignore_conflicts=True
        )
        Comment.objects.create(
            note=note, author=crowd[number], body="Which table is this? I want to sit there too."
        )
    for number, note in enumerate(others):
        said = Comment.objects.create(note=note, author=person, body="The window seats are quiet until ten.")
        CommentLike.objects.bulk_create([CommentLike(comment=said, person=fan) for fan in crowd[:4]])
        for author in crowd[number : number + 2]:
            Comment.objects.create(note=note, author=author, parent=said, body="图书馆三楼也很安静。")
        named = Comment.objects.create(note=note, author=crowd[9], body=f"@{person.handle} look at this")
        Mention.objects.create(
            note=note, comment=named, author=crowd[9], person=person, handle=person.handle.lower()
        )
    follows = [Follow(follower=fan, followed=person) for fan in crowd[:3]]
    Follow.objects.bulk_create(follows, ignore_conflicts=True)
    groups = NotificationGroup.objects.filter(person=person).order_by("-newest")
    newest = list(groups.values_list("newest", flat=True))
    assert len(newest) >= GROUPS
    mark_read(person=person, newest=newest[UNREAD])
