"""Ready-made reasons: sentences for each rule that a moderator picks, said in the language of the person addressed."""

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from moderation.models import Case, Report, Step


class Sentence(NamedTuple):
    """`key` is "<rule>-<number>", of rule "none" for those who reported something that stays."""

    key: str
    rule: str
    en: str
    zh: str

    def said_in(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en


@cache
def sentences() -> dict[str, Sentence]:
    """Return all of them by key, in their order."""
    said = tomllib.loads((Path(__file__).parent / "sentences.toml").read_text())
    made = (
        Sentence(f"{rule}-{number}", rule, **words)
        for rule, lines in said.items()
        for number, words in enumerate(lines, 1)
    )
    return {sentence.key: sentence for sentence in made}


def with_sentence(facts: str, sentence: Sentence | None, language: str) -> str:
    """Return the facts with the sentence before them, unless they say it already."""
    if sentence is None or sentence.en in facts or sentence.zh in facts:
        return facts
    return f"{sentence.said_in(language)}\n{facts}".strip()


def language_of(code: str | None) -> str:
    """Return the language to write to a person in who chose this one, "" if none."""
    return code or settings.LANGUAGE_CODE


def addressed_in(cases: Iterable[int], step: str) -> dict[int, str]:
    """Return for each case the language of who reads the facts: the author, without action who reported last."""
    pks = list(cases)
    if step == Step.NONE:
        reports = Report.objects.filter(case__in=pks, reporter__isnull=False).order_by("case", "-pk")
        found = dict(reports.distinct("case").values_list("case", "reporter__language"))
    else:
        found = dict(Case.objects.filter(pk__in=pks).values_list("pk", "subject__language"))
    return {pk: language_of(found.get(pk)) for pk in pks}
