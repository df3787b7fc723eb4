"""A site with one of everything, in Chinese where possible: every kind of page has content."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from moderation.appeals.keys import key_of
from moderation.models import Appeal, Report
from notes.collections.actions import follow_collection
from notes.comments.actions import like_comment, pin_comment
from notes.explore.epochs import write_epoch
from notes.models import HistoryEntry, Less, Note, PendingEdit
from notes.pins.actions import pin_note
from notes.series.actions import put_in_series, series_named
from notifications.digest.actions import save_digest
from notifications.digest.tokens import token_of
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
from tests.people.test_avatar import give_picture


@dataclass
class Site:
    author: User
    student: User  # new: no note, no label, address not confirmed
    open_pages: list[str]  # for everybody
    student_pages: list[str]
    author_pages: list[str]
    files: list[str]


def make_site() -> Site:
    closed = make_person("closed", name="关着的门", approves_followers=True)
    author, follower = make_person("alice", name="林夏"), make_person("bob", name="周末")
    student = make_person("newcomer", name="新同学", verified=False)
    Follow.objects.create(follower=follower, followed=author)
    FollowRequest.objects.create(follower=closed, followed=author)
    author.campus, author.bio = make_campus("临海大学", "临海"), "大二，爱喝茶。"
    author.stage, author.muted_words = User.Stage.HIGH_SCHOOL, ["考试", "#茶"]
    author.save()
    Follow.objects.create(follower=author, followed=follower)
    User.objects.filter(pk=follower.pk).update(takes_words=True)
    Follow.objects.create(follower=student, followed=follower)
    Follow.objects.create(follower=follower, followed=make_person("between", name="之间"))
    label = make_label(author, "窗边的座位", topics=["自习", "咖啡"])
    token = give_picture(author).avatar_token
    said = {"title": "靠窗的桌子", "body": "清晨七点。 #自习", "campus": author.campus, "place": "图书馆"}
    note = make_note(author, tags=["自习", "茶"], disclosure="gifted", partner="茶社", **said)
    photo = make_photo(author, note=note, with_files=True)
    make_note(author, "另一张桌子", visibility="followers")
    others = [make_note(follower, f"第 {number} 篇", tags=["茶"]) for number in range(3)]
    shelf = shelve(follower, "窗边", note, make_note(follower, "收着的"))
    own_shelf = shelve(author, "自己的", note, is_private=True)
    follow_collection(person=author, collection=shelf)
    write_epoch(made_at=timezone.now())
    draft = make_draft(author, "草稿")
    planned = make_draft(author, "定时", scheduled_for=timezone.now() + timedelta(days=2))
    make_draft(author, "没发出去", not_published=Note.NotPublished.HIDDEN)
    edited = make_note(author, "等照片")
    edit = PendingEdit.objects.create(note=edited, words={"title": "新的", "visibility": "public"})
    make_photo(author, pending_edit=edit, state="failed", reason="damaged")
    comment = make_comment(follower, note, "真好。")
    thanks = make_comment(author, note, "谢谢。", parent=comment)
    make_comment(follower, note, "不客气。", parent=comment, in_reply_to=thanks, edited_at=timezone.now())
    pin_comment(comment=comment)
    like_comment(person=student, comment=comment)
    pin_note(note=note)
    series = series_named(author=author, name="窗边")
    put_in_series(note=note, series=series)
    put_in_series(note=edited, series=series)
    Less.objects.create(note=others[1], person=author)
    HistoryEntry.objects.create(note=others[0], person=author, opened_at=timezone.now())
    version = edit_note(note, title="靠窗的桌子，二楼")
    make_month(2026, 10)
    decided = decision_about(note, facts="第二张照片里有电话号码。")
    appealed = decision_about(edited, facts="同一段话发了十次。", version=2)
    Appeal.objects.create(
        decision=appealed, text="是我自己写的。", answer="确实如此。", granted=True, decided_at=timezone.now()
    )
    Report.objects.create(
        reporter=student, note=note, reason="private", details="门牌号", closed_at=timezone.now()
    )
    Report.objects.create(reporter=student, person=closed, reason="harassment")
    page = note.get_absolute_url()
    save_digest(person=follower, is_on=True, hour=18, language="zh-hans")
    open_pages = [
        *(
            "/search/",
            "/search/?q=桌子",
            "/search/?q=桌子&time=week&photos=1&language=zh",
            "/search/?q=没有这样的",
        ),
        *("/search/?q=林&kind=people", "/search/?q=茶&kind=tags", "/search/?q=座位&kind=labels"),
        *("/search/?q=临海&kind=campuses", f"/search/?q=桌子&campus={author.campus.slug}"),
        f"/digest/{token_of(follower.pk)}/",
        *(
            "/",
            "/?sort=latest",
            "/?channel=茶",
            "/tags/茶/",
            "/about/",
            "/keys/",
            "/terms/",
            "/privacy/",
            "/rules/",
            "/transparency/",
            "/young-people/",
            "/support/",
            f"/appeals/{key_of(decided)}/",
        ),
        *(
            page,
            "/@alice/series/",
            series.get_absolute_url(),
            f"{page}?reply={comment.pk}",
            f"{page}why/",
            "/@alice/",
            "/@alice/followers/",
            "/@alice/following/",
        ),
        *(shelf.get_absolute_url(), "/@bob/collections/", "/@newcomer/collections/"),
        *("/@newcomer/", "/@newcomer/followers/", "/@newcomer/following/", "/nowhere/"),
        *(label.label.get_absolute_url(), author.campus.get_absolute_url(), "/tags/没有/"),
        *("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/accounts/inactive/"),
        *("/accounts/password/reset/done/", "/accounts/password/reset/key/done/", "/accounts/confirm-email/"),
        *("/accounts/confirm-email/nothing/", "/accounts/password/reset/key/1-nothing/"),
    ]
    student_pages = [
        *("/search/", "/search/?q=桌子&followed=1&sort=popular", "/search/?q=桌子&seen=yes"),
        *("/?seen=no", "/?sort=latest&seen=yes", "/search/saved/", "/search/saved/?q=桌子"),
        *(
            "/",
            "/following/",
            "/notes/new/",
            page,
            f"{page}why/",
            "/@alice/",
            "/settings/profile/",
            "/settings/label/",
        ),
        *(
            "/settings/label/?welcome=1",
            "/welcome/profile/",
            "/welcome/people/",
            "/?welcome=done",
            "/settings/privacy/",
            "/settings/languages/",
            "/settings/time-zone/",
            "/settings/privacy/blocked/",
            "/settings/privacy/muted/",
            "/settings/requests/",
            "/settings/data/",
            "/settings/data/leaving/",
            "/people/",
            "/insights/",
            "/insights/notes/",
            "/insights/label/",
            "/insights/audience/",
            "/insights/words/",
            "/settings/words/",
            "/@bob/words/",
            "/@newcomer/",
            "/notes/drafts/",
            "/history/",
            "/settings/less/",
            "/@newcomer/series/",
            "/history/delete/",
        ),
        *("/@newcomer/collections/", "/collections/", "/collections/new/", shelf.get_absolute_url()),
        *(f"{page}collections/", "/accounts/email/", "/accounts/password/change/", "/accounts/sessions/"),
        *("/settings/standing/", "/decisions/", "/reports/"),
        *("/accounts/logout/", "/accounts/reauthenticate/", "/about/", f"/report/?note={note.pk}"),
        *(f"/report/?comment={comment.pk}", "/@closed/", "/report/?person=alice"),
        f"/report/?collection={shelf.pk}",
    ]
    author_pages = [
        *(
            "/following/",
            page,
            "/",
            author.campus.get_absolute_url(),
            f"{page}why/",
            f"{page}edit/",
            f"{page}delete/",
            f"/comments/{thanks.pk}/edit/",
            f"{draft.get_absolute_url()}edit/",
            f"{planned.get_absolute_url()}edit/",
            planned.get_absolute_url(),
            edited.get_absolute_url(),
            f"{edited.get_absolute_url()}edit/",
            f"{edited.get_absolute_url()}edit/delete/",
        ),
        f"/photos/{photo.pk}/edit/",
        f"{page}history/",
        f"{page}history/{version.pk}/delete/",
        *(
            "/settings/standing/",
            "/decisions/",
            decided.get_absolute_url(),
            appealed.get_absolute_url(),
            "/history/",
            "/settings/less/",
            f"{others[1].get_absolute_url()}why/",
            "/@alice/series/",
            series.get_absolute_url(),
            f"{page}series/",
        ),
        *(f"/series/{series.pk}/{end}/" for end in ("edit", "notes", "delete")),
        "/series/new/",
        *("/@alice/", "/notes/drafts/", "/settings/label/", "/settings/profile/", "/notes/new/"),
        *(
            draft.get_absolute_url(),
            "/accounts/email/",
            "/settings/requests/",
            "/notifications/",
            "/settings/notifications/",
        ),
        *(f"{page}likes/", f"{page}mute/"),
        *("/@alice/collections/", "/collections/", own_shelf.get_absolute_url(), f"{page}collections/"),
        *(f"/collections/{own_shelf.pk}/{end}/" for end in ("edit", "order", "merge", "delete")),
        *("/people/", "/settings/privacy/muted/", "/settings/privacy/?school=1", "/tags/茶/"),
        *("/insights/", "/insights/notes/", f"/insights{page}", "/insights/label/"),
        *("/insights/audience/", "/insights/words/", "/settings/words/"),
    ]
    files = [f"{photo.base}320.jpg", f"/avatars/{token}-square96.jpg"]
    return Site(author, student, open_pages, student_pages, author_pages, files)
