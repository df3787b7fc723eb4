"""Put the people and notes of the relevance set into the database."""

from datetime import timedelta
from itertools import chain

from django.db import transaction
from django.utils import timezone

from core.languages import language_of
from core.text import normal_form, tags_in, title_width
from dev.demo import community
from notes.compose.tagging import tags_named
from notes.models import Note, TaggedNote
from people.actions.labels import declare_label
from profiles.models import Campus, User
from search.documents.writing import write_due
from tests.search import relevance


@transaction.atomic
def load() -> None:
    """Load all of it: open notes and closed ones, their authors, and the labels that these have now."""
    campuses = {
        campus.name: Campus.objects.named(campus.name, campus.city)
        for campus in (community.campuses() | relevance.campuses()).values()
    }
    people = _people(campuses)
    _notes(people, campuses)
    assert not write_due(seconds=60)


def _people(campuses: dict[str, Campus]) -> dict[str, User]:
    names = {key: campus.name for key, campus in community.campuses().items()}
    rows = [(person.handle, person.name, person.bio, names[person.campus]) for person in community.people()]
    rows += [(writer.handle, writer.name, "", writer.campus) for writer in relevance.writers()]
    made = User.objects.bulk_create(
        User(handle=handle, name=name, bio=bio, campus=campuses[campus], email=f"{handle}@campus.test")
        for handle, name, bio, campus in rows
    )
    people = {person.handle: person for person in made}
    labels = [(person.handle, person.labels[-1]) for person in community.people() if person.labels]
    for handle, label in labels:
        declare_label(
            person=people[handle], wording=label.wording, topics=label.topics, statement=label.statement
        )
    for writer in relevance.writers():
        if writer.label:
            declare_label(person=people[writer.handle], wording=writer.label, topics=writer.topics)
    return people


def _notes(people: dict[str, User], campuses: dict[str, Campus]) -> None:
    now = timezone.now()
    texts = relevance.texts()
    notes = Note.objects.bulk_create(
        Note(
            author=people[text.by],
            title=text.title,
            title_width=title_width(text.title),
            body=text.story,
            language=language_of(f"{text.title}\n{text.story}"),
            campus=campuses[text.campus],
            place=text.place,
            visibility=text.visibility,
            status=text.status,
            published_at=None if text.status == Note.Status.DRAFT else now - timedelta(days=text.days),
        )
        for text in texts
    )
    names = [{normal_form(tag) for tag in (*text.tags, *tags_in(text.story))} for text in texts]
    tags = {tag.name: tag for tag in tags_named(sorted(set(chain(*names))))}
    TaggedNote.objects.bulk_create(
        TaggedNote(content_object=note, tag=tags[name])
        for note, its_names in zip(notes, names, strict=True)
        for name in sorted(its_names)
    )
