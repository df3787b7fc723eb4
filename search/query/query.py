"""What is typed, as conditions on the lexemes of documents."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property
from typing import NamedTuple, Self

import regex

from search.asked import QUERY_MAX
from search.query import words
from search.query.latin import STEMMED
from search.query.split import Piece, allowed, folded, is_spaceless, pairs, pieces
from search.query.synonyms import synonyms
from search.query.tsquery import all_of, any_of, lexeme, most_of
from search.query.variants import spellings

PAIRS_MAX = 16  # that are looked for in titles
TERMS_MAX = 12  # words of a query that its results are ordered by
MOST, MOST_OF_MAX = 0.6, 5  # of the words that name something, heaviest first
_SYMBOL_WEIGHT = 0.3
_LETTERS_OR_DIGITS = regex.compile("[0-9]+|[^0-9]+")


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a query. `typed` is the condition that a document has it, `has` that it has it or a word that begins
    with it, where it is still being typed; `ranks` is the same of the words that notes are ranked by.

    `names` tells words that name something from those that only ask; `parts` are the conditions on a part of the word,
    `also` those that a document has another word for the same.
    """

    text: str
    typed: str
    has: str
    ranks: str
    weight: float
    names: bool
    parts: tuple[str, ...]
    also: tuple[str, ...] = ()


class Extent(IntEnum):
    """How much of a query a note must have: all of it, some, or some but not all."""

    ALL, SOME, REST = range(3)


class Demand(NamedTuple):
    """What a document must have; and what is asked of it where few documents have that, "" for nothing else."""

    first: str
    then: str


@dataclass(frozen=True)
class Query:
    """What is typed, up to QUERY_MAX characters; `conditions` are those that a document with all of it fulfils: none
    where nothing in it can be searched.
    """

    typed: str
    terms: tuple[Term, ...]
    conditions: tuple[str, ...]

    @classmethod
    def of(cls, typed: str, stems: Mapping[str, str], completions: Sequence[str] = ()) -> Self:
        """Return the query. `stems` has the English stem of each word of `latin_words` that has one, `completions` what
        `begun_word` may become.
        """
        typed = allowed(typed[:QUERY_MAX]).strip()
        found = list(pieces(folded(typed)))
        terms = tuple(
            term
            for at, piece in enumerate(found, start=1)
            for term in _terms(piece, stems, completions if at == len(found) else ())
        )
        return cls(typed, terms, tuple(_conditions(found, terms)))

    def meaning(self, also: Mapping[str, Sequence[str]]) -> Self:
        """Return the query with other conditions that some of its words are fulfilled by, and only these asked for all
        that is typed.
        """
        terms = tuple(_with_others(term, also.get(term.text, ())) for term in self.terms)
        return replace(self, terms=terms, conditions=tuple(term.typed for term in terms if term.names))

    def demand(self, extent: Extent) -> Demand:
        """Return what is asked of a document: all that is typed, then all words that name something, or others for the
        same, or that begin with the last one; or most of these, then one of them, or the characters of the only pair;
        or most without all.
        """
        every = all_of(any_of([term.has, *term.also]) for term in self._naming)
        if extent == Extent.ALL:
            return Demand(self.whole, "" if self._is_whole_named else every)
        if extent == Extent.REST:
            some = self.demand(Extent.SOME).first if self._falls_apart else ""
            return Demand(all_of([some, f"!{any_of([self.whole, every])}"]) if some else "", "")
        parts = self._parts
        if len(parts) > 1:
            most, one = most_of(parts, round(len(parts) * MOST)), any_of(parts)
            return Demand(most, one if one != most else "")
        return Demand(self._characters, "")

    @property
    def whole(self) -> str:
        """The condition that a document has all of it, "" where nothing in it can be searched."""
        return all_of(self.conditions)

    @property
    def ranking(self) -> tuple[Term, ...]:
        """The terms that results are ordered by: without those that only ask, where others name something."""
        telling = [term for term in self.terms if term.weight > words.LEAST] or self.terms
        return tuple(sorted(telling, key=lambda term: -term.weight)[:TERMS_MAX])

    @cached_property
    def pairs(self) -> list[str]:
        """Every two characters that stand together in scripts without spaces, as typed; and those of the only two."""
        runs = [
            piece.text for piece in pieces(self.typed.lower()) if piece.kind == "run" and len(piece.text) > 1
        ]
        found = [pair for run in runs for pair in pairs(run)]
        return [*found, *found[0]] if len(found) == 1 else found[:PAIRS_MAX]

    @property
    def _is_whole_named(self) -> bool:
        """Return whether a document with all words that name something has all that is typed, so that none follows; not
        where it may have another word for the same.
        """
        if any(term.also for term in self._naming):
            return False
        named = (term.parts if is_spaceless(term.text) else (term.has,) for term in self._naming)
        return set(self.conditions) <= {condition for parts in named for condition in parts}

    @property
    def _falls_apart(self) -> bool:
        """Return whether some of the words mean what all do: of two, only if a space parts them, unlike C语言."""
        return len(self._naming) > 1 and (len(self._parts) > 2 or len(self.typed.split()) > 1)

    @property
    def _characters(self) -> str:
        """The condition that a document has both characters of a query that is one pair of them; "" for another."""
        named = "".join(term.text for term in self._naming)
        return all_of(map(_pair, named)) if len(named) == 2 and is_spaceless(named) else ""

    @cached_property
    def _parts(self) -> list[str]:
        return list(dict.fromkeys(part for term in self._naming for part in term.parts))[:MOST_OF_MAX]

    @cached_property
    def _naming(self) -> list[Term]:
        """The terms that name something, those of most weight first; all where none does."""
        naming = [term for term in self.terms if term.names] or self.terms
        return sorted(naming, key=lambda term: -term.weight)


def _with_others(term: Term, conditions: Sequence[str]) -> Term:
    if not conditions:
        return term
    has = any_of([term.has, *conditions])
    return replace(term, typed=has, has=has, parts=(has,))


def _conditions(found: list[Piece], terms: tuple[Term, ...]) -> list[str]:
    """Return that a document has every pair of each run, every word and symbol; words that only ask count where
    nothing is named.
    """
    names = any(term.names for term in terms)
    conditions = [_pair(pair) for piece in found if piece.kind == "run" for pair in pairs(piece.text)]
    texts = {piece.text for piece in found if piece.kind != "run"}
    conditions += [
        term.typed
        for term in terms
        if term.text in texts and (term.names or not names or not term.text.isalpha())
    ]
    return conditions


def _terms(piece: Piece, stems: Mapping[str, str], completions: Sequence[str]) -> Iterable[Term]:
    if piece.kind == "run":
        return map(_of_run, words.of_run(piece.text))
    if piece.kind == "symbol":
        has = lexeme(piece.text)
        return [Term(piece.text, has, has, has, _SYMBOL_WEIGHT, False, (has,))]
    return [_of_word(piece, stems, completions)]


def _of_run(word: words.Word) -> Term:
    parts = tuple(map(_pair, pairs(word.text)))
    ranks = any_of(map(lexeme, words.ranked_by(word.text)))
    has = all_of(parts)
    return Term(word.text, has, has, ranks, word.weight, word.names, parts, _also(word.text))


def _of_word(piece: Piece, stems: Mapping[str, str], completions: Sequence[str]) -> Term:
    forms, word = [lexeme(piece.text)], words.of_latin(piece.text)
    stem = stems.get(piece.text, "")
    if stem:
        forms.append(lexeme(f"={stem}"))
    ranked = [*forms]
    if STEMMED.fullmatch(stem):
        forms.append(lexeme(stem))  # a word that is its own stem
    longer = [lexeme(piece.text, begins=True)] if completions else []
    parts = [lexeme(part) for part in _joined(piece)]
    apart = [all_of(parts)] if parts else []
    if parts and piece.text.isdigit():
        forms = ranked = apart  # 4-1 is not 41
    has = any_of([*forms, *map(lexeme, completions), *apart])
    return Term(
        text=piece.text,
        typed=any_of([*forms, *apart]),
        has=has,
        ranks=any_of([*ranked, *longer]),
        weight=word.weight,
        names=word.names,
        parts=(has, *parts),
        also=_also(piece.text),
    )


def _also(word: str) -> tuple[str, ...]:
    """Return the conditions that a document has another word for the same."""
    return tuple(
        all_of(map(_pair, pairs(other))) if is_spaceless(other) else lexeme(other) for other in synonyms(word)
    )


def _joined(piece: Piece) -> Sequence[str]:
    """Return what may stand apart in a note: wi and fi of wi-fi, 4 and 1 of 4-1, gre and 325 of gre325."""
    if "".join(piece.parts) == piece.text:
        return piece.parts
    parts = _LETTERS_OR_DIGITS.findall(piece.text) if piece.text.isalnum() else ()
    return parts if len(parts) > 1 else ()


def _pair(pair: str) -> str:
    """Return that a document has one of the spellings of one or two characters."""
    return any_of(map(lexeme, spellings(pair)))
