"""The sentences below You say, You post and They respond."""

from django.utils.translation import gettext, ngettext

from core.text import isolated
from insights.numbers import exact, focus_in_words, listed, of_readings, on, ordinal, percent, times
from insights.reports import Mirror


def about_label(shown: Mirror) -> list[str]:
    """Return since when the label is in force, and which of its topics have no note."""
    if not shown.wording:
        return [gettext("Then this page can hold it against what you post.")]
    parts = {"day": on(shown.declared), "which": ordinal(shown.chapter_number)}
    found = [gettext("Your label since %(day)s, %(which)s.") % parts]
    if shown.without_note:
        topics = listed(isolated(name) for _slug, name in shown.without_note)
        found.append(gettext("No note in this period is about %(topics)s.") % {"topics": topics})
    return found


def about_notes(shown: Mirror) -> list[str]:
    """Return how many of the notes are about the label's topics, and how many notes there are."""
    found = []
    declares_topics = shown.without_note or any(topic.is_declared for topic in shown.topics)
    if shown.focus is not None:
        found.append(focus_in_words(shown.focus))
    elif shown.wording and not declares_topics:
        found.append(gettext("Your label names no topics to hold your notes against."))
    counted = ngettext("%(counter)s note in this period.", "%(counter)s notes in this period.", shown.notes)
    return [*found, counted % {"counter": exact(shown.notes)}]


def about_answers(shown: Mirror) -> list[str]:
    """Return which topic is answered most, and how much is answered overall."""
    if not (shown.overall and shown.overall.part):
        return [gettext("Likes, saves, comments and follows from your notes will show here.")]
    everything = gettext("%(rate)s readings were answered.") % {"rate": of_readings(shown.overall)}
    best = shown.come_for
    if best is None or best.lift is None:
        return [gettext("No topic is clearly answered more than the others."), everything]
    if best.posted is None:
        return [gettext("%(times)s your average") % {"times": times(best.lift)}, everything]
    parts = {"times": times(best.lift), "share": percent(best.posted)}
    return [gettext("%(times)s your average, from %(share)s of your notes.") % parts, everything]
