"""Compare /insights/ in English, digit by digit, with the recomputation."""

from typing import Any

from tests.insights import written
from tests.insights.elements import Element
from tests.insights.recomputed import Recomputed
from tests.insights.written import FEW, between, exact, of, on, percent, times

KINDS = {
    "readers": "Readers",
    "engaged": "Readers who answered, by the day of their first opening",
    "answers": "Readers who saved or commented",
    "shown": "Shown",
    "opened": "Opened",
    "hours": "Hours of reading",
    "reached": "Photos reached",
    "visits": "Profile visits",
    "won": "Followers won",
    "lost": "Followers lost",
}
PAIRS = {
    "Cover": ("cover", "Photo", "Text"),
    "Length": ("length", "Short", "Long"),
    "Photos": ("photos", "Few", "Many"),
}


class Overview:
    """The expected words of the overview, part by part."""

    def __init__(self, expected: Recomputed) -> None:
        self.of = expected
        self.topics = expected.topics()
        self.come_for = self.topics.get(expected.come_for(self.topics) or "")
        self.by_name = {topic["name"]: topic for topic in self.topics.values()}
        self.overall = expected.overall()

    def check(self, page: Element, where: str) -> None:
        assert page.one("h1.headline").text == self.headline(), where
        self.check_say_post_respond(page.one("dl.say-post-respond"), where)
        self.check_bars(page, where)
        self.check_findings(page, where)
        self.check_weeks(page, where)
        self.check_ranked(page, where)
        self.check_comparisons(page, where)
        self.check_questions(page, where)
        assert page.one("footer").texts("p.fine") == self.origin(), where
        assert page.one("footer").one("details").all("p")[-1].text == since(self.of), where

    def headline(self) -> str:
        label = self.of.label
        said = f"You say {label.wording}." if label else "You have no label yet."
        if self.come_for:
            return f"{said} Your readers come for {self.come_for['name']}."
        is_answered = self.overall and self.overall["part"]
        return (
            f"{said} {'Your readers answer all of it alike.' if is_answered else 'Nobody has answered yet.'}"
        )

    def check_say_post_respond(self, summary: Element, where: str) -> None:
        say, post, respond = (div.texts("dd") for div in summary.all("div"))
        assert say == self.said(), where
        assert post[0] in self.most_posted(), f"{where}: {post[0]}"
        assert post[1:] == self.about_notes(), where
        assert respond == self.answered(), where

    def said(self) -> list[str]:
        label = self.of.label
        if not label:
            return ["Choose your label", "Then this page can hold it against what you post."]
        number = len(self.of.rows.chapters[self.of.person])
        which = written.ORDINALS[number - 1]
        found = [f"Label: {label.wording}", f"Your label since {on(self.of.declared_on())}, {which}."]
        without = [name for slug, name in self.of.declared.items() if slug in self.of.without_note()]
        return [*found, f"No note in this period is about {', '.join(without)}."] if without else found

    def most_posted(self) -> set[str]:
        posted = [topic.get("posted") for topic in self.topics.values()]
        if not posted or max(share or 0 for share in posted) == 0:
            return {"Too few notes to say" if None in posted else "Notes without topics"}
        most = max(share for share in posted if share)
        return {
            f"Most often {topic['name']}" for topic in self.topics.values() if topic["posted"] > most - 1e-9
        }

    def about_notes(self) -> list[str]:
        focus, label = self.of.focus(), self.of.label
        count = f"{written.number_of(len(self.of.posted_notes), 'note', 'notes')} in this period."
        if focus is not None:
            return [written.in_ten(focus), count]
        if label and not self.of.declared:
            return ["Your label names no topics to hold your notes against.", count]
        return [count]

    def answered(self) -> list[str]:
        if not (self.overall and self.overall["part"]):
            return ["Not yet", "Likes, saves, comments and follows from your notes will show here."]
        everything = f"{of(self.overall)} readings were answered."
        if not self.come_for:
            nothing = "No topic is clearly answered more than the others."
            return ["To all of it alike", nothing, everything]
        lift, posted = times(self.come_for["lift"]), self.come_for.get("posted")
        of_notes = "" if posted is None else f", from {percent(posted)} of your notes."
        return [f"Most to {self.come_for['name']}", f"{lift} your average{of_notes}", everything]

    def check_bars(self, page: Element, where: str) -> None:
        section = page.section("topics")
        assert section
        if not self.topics:
            assert not section.all("table.mirror"), where
            return
        drawn = section.one("table.mirror").rows()
        for posted, name, lift in drawn:
            topic = self.by_name[name.removeprefix("In your label: ")]
            assert name.startswith("In your label: ") == topic["is_declared"], f"{where} {name}"
            assert [posted, lift] == [self.posted(topic), self.lift(topic) or FEW], f"{where} {name}"
        left_out = len(self.topics) - len(drawn)
        if left_out:
            verb = "topic is" if left_out == 1 else "topics are"
            assert f"{left_out} more {verb} in the file." in section.one("p.promise").text, where
        table = {row[0]: row[1:] for row in section.one("table.table").rows()}
        assert table == {name: self.topic_row(topic) for name, topic in self.by_name.items()}, where

    def topic_row(self, topic: dict[str, Any]) -> list[str]:
        missing = written.MISSING[topic["missing"]]
        counts = [exact(topic["notes"]), self.posted(topic), exact(topic["readers"])]
        return [*counts, of(topic["rate"]) or missing, self.lift(topic) or missing]

    def posted(self, topic: dict[str, Any]) -> str:
        return FEW if topic.get("posted") is None else percent(topic["posted"])

    def lift(self, topic: dict[str, Any]) -> str:
        return "" if topic["lift"] is None else times(topic["lift"])

    def check_findings(self, page: Element, where: str) -> None:
        section = page.section("findings")
        assert section
        found = {}
        for item in section.all("li"):
            found[item.one("h3").text] = item.all("p")[0].text
        assert found == {
            topic["name"]: self.finding(topic) for topic in self.topics.values() if topic["finding"]
        }, where

    def finding(self, topic: dict[str, Any]) -> str:
        lift = "" if topic["lift"] is None else f"{times(topic['lift'])} your average"
        posted = "" if topic.get("posted") is None else f"{percent(topic['posted'])} of your notes"
        return f"{written.FINDINGS[topic['finding']]} {' · '.join(filter(None, (lift, posted)))}"

    def check_weeks(self, page: Element, where: str) -> None:
        section, weeks = page.section("weeks"), self.of.shown_weeks()
        rates = [rate for *_counts, rate in weeks if rate]
        assert (section is not None) == bool(rates), where
        if section is None:
            return
        assert section.one("table").rows() == [
            [on(begins), exact(people), of(rate) or FEW, between(rate) if rate else FEW]
            for begins, people, _engaged, rate in weeks
        ], where
        values = [rate["value"] for rate in rates]
        first, last = percent(values[0]), percent(values[-1])
        said = f"from {first} to {last}, between {percent(min(values))} and {percent(max(values))}"
        drawn = section.one("svg.line")
        assert drawn.one("title").text == f"Share of readings that were answered, by week: {said}", where
        assert drawn.texts("text")[-1] == last, where

    def check_ranked(self, page: Element, where: str) -> None:
        for kind, order in (("best", self.of.best()), ("underrated", self.of.underrated())):
            section = page.section(kind)
            found = [_ranked(item) for item in section.all("li")] if section else []
            assert found == [self.ranked(pk, is_best=kind == "best") for pk in order], f"{where} {kind}"

    def ranked(self, pk: int, *, is_best: bool) -> list[str]:
        note = self.of.by_pk[pk]
        figures = self.of.figures(note)
        readers, rate = figures["readers"], figures["rate"]
        unit = "reader" if readers == 1 else "readers"
        said = f"answered by {of(rate)}" if is_best else f"{written.compact(readers)} {unit}"
        shown = f" · shown {written.compact(figures['shown'])}×" if figures["shown"] else ""
        number = f"{written.compact(readers)} {unit}" if is_best else f"{written.share(rate)} answered"
        found = written.counted(written.by_source(self.of.sources(note)))
        return [note.title, said + shown, *([found] if found else []), number]

    def check_comparisons(self, page: Element, where: str) -> None:
        section, wanted = page.section("comparisons"), self.of.comparisons()
        assert section
        tables = section.all("table.pair")
        assert len(tables) == len(wanted)
        for table, (title, (kind, *names)) in zip(tables, PAIRS.items(), strict=True):
            pair = wanted[kind]
            said = {None: "", True: " A difference", False: " No difference to see"}[pair["differs"]]
            assert table.one("caption").text == title + said, f"{where} {kind}"
            rates = [of(pair[side]) or FEW for side in ("first", "second")]
            found = [[row[0], row[-1]] for row in table.rows()]
            assert found == [list(each) for each in zip(names, rates, strict=True)], f"{where} {kind}"

    def check_questions(self, page: Element, where: str) -> None:
        section, wanted = page.section("questions"), self.of.questions()
        assert (section is not None) == bool(wanted), where
        if section is None:
            return
        order = sorted(wanted.items(), key=lambda each: (-each[1][0], self.of.topic_name(each[0])))
        assert section.texts("h3") == [
            f"{self.of.topic_name(slug)} {written.compact(people)} people asked"
            for slug, (people, _asked) in order
        ], where
        words = self.of.comments()
        asked = [words[pk] for _slug, (_people, pks) in order for pk in pks]
        assert section.texts("li") == asked, where

    def origin(self) -> list[str]:
        this = self.of
        first, last = on(this.shown_first), on(this.last)
        readers, notes = exact(this.different(this.notes)), exact(len(this.posted_notes))
        visits = sum(this.total("visits", note.pk) for note in this.notes)
        enter = "visit by people who were not signed in enters no share."
        if visits != 1:
            enter = "visits by people who were not signed in enter no share."
        cards = exact(sum(this.total("shown", note.pk) for note in this.notes))
        own = [exact(this.total(kind, this.person)) for kind in ("profile_visits", "won", "lost")]
        return [
            f"From {readers} readers of {notes} notes, {first} to {last}."
            + (f" {exact(visits)} {enter}" if visits else ""),
            f"Cards shown: {cards}. Visits to your profile: {own[0]}. Followers won: {own[1]}, lost: {own[2]}.",
            seen_by(this),
        ]


def _ranked(item: Element) -> list[str]:
    return [item.one("h3").text, *item.texts("p")]


def seen_by(this: Recomputed) -> str:
    promise = "Only you can see this page. Your readers are counted, never named."
    if not this.rows.by_author[this.person]:
        return promise
    return f"{promise} Counted every night, up to the end of {on(this.last)}."


def since(this: Recomputed) -> str:
    has_begun = this.days or this.notes
    days = {
        kind: max(this.shown_first, day) if has_begun else day for kind, day in this.rows.measured.items()
    }
    return " · ".join(f"{name} {on(days[kind])}" for kind, name in KINDS.items() if kind in days)
