"""However long a creator watches, no number of people can be inferred, from batches of readers or from words."""

from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from insights.actions.picking import freeze_words
from insights.models import FLOORS, Pick, SeenWord, Table, Word
from profiles.models import User
from tests.insights.attack import Batches, Closing, words_program
from tests.insights.crowd import make_followers, make_readers
from tests.insights.weeks_at_random import Play, Script, Story, at_random, other_consents

pytestmark = pytest.mark.django_db


def played(creator: User, script: Script, table: Table, drawn: Any) -> Story:
    """The story of a script, in a world that is gone afterwards."""
    with pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr("insights.actions.audience.randbelow", drawn)
        story = Play(creator, script, table).run()
        transaction.set_rollback(True)
    return story


def holds(story: Story, table: Table, own: list[Counter[str]] | None = None, known: int = 0) -> Batches:
    """The smallest and largest number of every group differ by the floor at least, and at least the floor without
    accounts of one's own is on each side.
    """
    floor = FLOORS[table][0]
    batches = Batches(story.closings, floor, own=own or ())
    for name, group in batches.groups().items():
        ends = batches.program.ends(group)
        assert ends, "What happened is one of the histories that fit."
        assert ends[1] - ends[0] >= floor, (name, ends)
        assert ends[0] >= floor - known, (name, ends)
    return batches


def of_no_single_person(batches: Batches, random: Random, most: int) -> None:
    """Of no single person it follows that they were counted, nor that they were not; of `most` crowds at random."""
    crowds = sorted(batches.crowds.items(), key=lambda each: (each[0][0], sorted(each[0][1])))
    for (side, could), number in random.sample(crowds, min(most, len(crowds))):
        ends = batches.program.ends(batches.of_crowd(side, could))
        assert ends
        assert ends[0] < number, (side, could)
        assert ends[1] >= 1, (side, could)


def attack(creator: User, seed: int, weeks: int, table: Table, *, few: int, replays: bool) -> int:
    """Play weeks at random and work out what follows; return how many batches closed. With `replays`, act out the
    histories in which the most and the fewest were counted: all that is shown is the same to the last byte.
    """
    random = Random(seed)
    script = at_random(random, weeks, few)
    story = played(creator, script, table, lambda below: random.randrange(below))
    if not story.closings:
        return 0
    batches = holds(story, table)
    of_no_single_person(batches, random, 40 if replays else 4)
    for sign in (1, -1) if replays else ():
        everybody = batches.total("first") | batches.total("second")
        found = batches.program.best(everybody, sign)
        assert found
        consents = other_consents(script, story, batches.chosen(found[1]))
        other = played(creator, Script(script.weeks, script.side, consents), table, lambda below: 0)
        assert sum(first + second for _week, first, second in other.closed) == found[0]
        assert other.shown == story.shown
    return len(story.closings)


@pytest.mark.parametrize("table", [Table.CAMPUS, pytest.param(Table.STAGE, marks=pytest.mark.long)])
def test_some_weeks_at_random(alice: User, table: Table) -> None:
    few = FLOORS[table][0]
    closed = [attack(alice, seed, 6, table, few=few, replays=seed == 9) for seed in (9, 10)]
    assert min(closed) >= 1, closed


@pytest.mark.long
@pytest.mark.parametrize("table", Table)
@pytest.mark.parametrize("seed", range(10, 18))
def test_months_at_random(alice: User, table: Table, seed: int) -> None:
    assert attack(alice, seed, 40, table, few=FLOORS[table][0] // 2, replays=True)


@pytest.mark.parametrize(
    ("table", "own", "is_silent"),
    [
        pytest.param(Table.STAGE, 3, False, marks=pytest.mark.long),
        pytest.param(Table.STAGE, 10, False, marks=pytest.mark.long),
        (Table.STAGE, 10, True),
        (Table.CAMPUS, 10, False),
        pytest.param(Table.CAMPUS, 10, True, marks=pytest.mark.long),
    ],
)
def test_with_accounts_of_ones_own(alice: User, table: Table, own: int, is_silent: bool) -> None:
    """Of others each account that was counted takes one from the fewest that there are on its side. How far their
    numbers are known stays, also where the accounts are readers who never turn it on.
    """
    script = at_random(Random(5), 6, 40)
    mine = set(range(len(script.side), len(script.side) + own))
    for number, person in enumerate(sorted(mine)):
        script.side[person] = True
        script.weeks[0].append(("come", person))
        if not is_silent:
            script.consents[number % 4].append((person, True))
    story = played(alice, script, table, lambda below: 0)
    assert story.closings
    entered: set[int] = set()
    counts = []
    for week, _first, _second in story.closed:
        said = {person for some in script.consents[: week + 1] for person, _is_on in some}
        counts.append(Counter(first=len(said & mine - entered)))
        entered |= said & mine
    story.closings = [
        Closing(closing.share, closing.first - mine, closing.second - mine) for closing in story.closings
    ]
    of_no_single_person(holds(story, table, counts, 0 if is_silent else own), Random(5), 4)


def test_the_program_finds_what_is_not_protected() -> None:
    """Where every reader was counted, both numbers follow: the attack sees that, so that it sees enough."""
    everybody = Closing(5, frozenset(range(20)), frozenset(range(20, 40)))
    batches = Batches([everybody], 20)
    assert [batches.program.ends(group) for group in batches.groups().values()] == [(20, 20)] * 4


# Words


def pick_at_random(random: Random, creator: User, followers: list[User]) -> None:
    """Some of them change what they picked; most like the same few words."""
    words = list(Word.objects.values_list("pk", flat=True).order_by("pk"))
    liked = words[: random.choice([3, 8, 14])]
    for follower in random.sample(followers, len(followers) * 2 // 3):
        Pick.objects.filter(picker=follower).delete()
        number = random.choice([0, 1, 2, 3, 3])
        chosen = random.sample(liked if random.random() < 0.9 else words, number)
        Pick.objects.bulk_create(
            Pick(picker=follower, creator=creator, place=place, word_id=word)
            for place, word in enumerate(chosen)
        )


def attack_words(creator: User, seed: int, weeks: int) -> int:
    """Freeze words at random weeks, and work out how many may have picked each; return how many were shown."""
    random, shown_ever = Random(seed), 0
    User.objects.filter(pk=creator.pk).update(takes_words=True)
    creator.refresh_from_db()
    followers: list[User] = []
    words = list(Word.objects.values_list("pk", flat=True).order_by("pk"))
    before: set[int | None] = set()
    for _week in range(weeks):
        followers += make_followers(creator, random.choice([5, 15, 40]))
        for gone in random.sample(followers, len(followers) // 20):
            followers.remove(gone)
            gone.delete()
        pick_at_random(random, creator, followers)
        freeze_words(creator=creator)
        shown = set(SeenWord.objects.filter(creator=creator).values_list("word", flat=True))
        if shown and shown != before:
            shown_ever += len(shown)
            places = [place for place, word in enumerate(words) if word in shown]
            program, counts = words_program(len(words), places, len(followers))
            hidden = [place for place in range(len(words)) if place not in places]
            for place in [*places, *hidden[:2]]:
                ends = program.ends({counts[place]: 1})
                assert ends
                assert ends[1] - ends[0] >= 10, (words[place], ends, len(followers))
        before = shown
    return shown_ever


def test_some_weeks_of_words(alice: User) -> None:
    assert attack_words(alice, 1, 4) >= 3


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10, 20))
def test_months_of_words(alice: User, seed: int) -> None:
    attack_words(alice, seed, 20)


@pytest.mark.parametrize("others", [0, 1, 4])
def test_ten_accounts_of_ones_own_find_how_many_others_picked(alice: User, others: int) -> None:
    """What docs/insights.md says that follows from them, and no floor forbids."""
    User.objects.filter(pk=alice.pk).update(takes_words=True)
    alice.refresh_from_db()
    word, another = Word.objects.all()[:2]
    own = make_followers(alice, 20)
    rest = make_followers(alice, 10)
    picks = dict.fromkeys(own[10:], another) | dict.fromkeys(rest[:others], word)
    Pick.objects.bulk_create(
        Pick(picker=each, creator=alice, place=0, word=picked) for each, picked in picks.items()
    )
    added = 0
    while not SeenWord.objects.filter(word=word).exists():
        Pick.objects.create(picker=own[added], creator=alice, place=0, word=word)
        freeze_words(creator=alice)
        added += 1
    assert 10 - added == others


def test_twenty_accounts_of_one_week_pick_and_show_nothing_of_others(alice: User) -> None:
    """Once they are old enough they make words show; of the others' picks nothing follows from that."""
    User.objects.filter(pk=alice.pk).update(takes_words=True)
    alice.refresh_from_db()
    own = make_followers(alice, 20, date_joined=timezone.now() - timedelta(days=8))
    words = list(Word.objects.all()[:2])
    for number, account in enumerate(own):
        Pick.objects.create(picker=account, creator=alice, place=0, word=words[number % 2])
    freeze_words(creator=alice)
    assert not SeenWord.objects.exists(), "Twenty who could pick are too few."
    make_followers(alice, 10)
    make_readers(list(alice.notes.all()), 10)
    freeze_words(creator=alice)
    assert SeenWord.objects.count() == 2
