"""The SQL that finds a viewer's muted words is what notes/models/muting.py writes in Python."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.text import normal_form, tidy_line
from notes.models.muting import _pattern

pytestmark = pytest.mark.django_db

# Letters of scripts that set words apart and of others, signs that mean something in a pattern, and forms that fold.
LETTERS = "aZé9ß茶考ﾃＡ½ .*+?()[]{}^$|\\/-#&~_'\"é\u0301你Öж١"
words = st.text(LETTERS, min_size=1, max_size=8).map(tidy_line).filter(lambda word: word.strip("# "))
# Tags are stored in normal form (`mute_words`).
muted = st.lists(
    st.one_of(words, words.map(lambda word: f"#{word.lstrip('#')}")).map(
        lambda word: normal_form(word) if word.startswith("#") else word
    ),
    min_size=1,
    max_size=4,
)
_BOTH = """
SELECT folded ~ lower(%(pattern)s), folded ~ muted_pattern(%(words)s::text[])
FROM (SELECT lower(normalize(%(text)s, NFKC)) AS folded) AS text
"""


@settings(
    max_examples=120,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example(words=["exam week", "#茶", "C++"], text="The EXAM  week of c++")
@example(words=["图书馆"], text="在图书馆里")
@example(words=["tea"], text="teapot")
@example(words=["#tea"], text="tea \x01tea\x01")
@given(words=muted, text=st.text(LETTERS + "\x01", max_size=20))
def test_both_find_the_same(words: list[str], text: str) -> None:
    texts = [text, *words, *(f"a{word}b" for word in words), *(f"\x01{word[1:]}\x01" for word in words)]
    with connection.cursor() as cursor:
        for each in texts:
            cursor.execute(_BOTH, {"pattern": _pattern(tuple(words)), "words": words, "text": each})
            by_python, by_sql = cursor.fetchone()
            assert by_python == by_sql, (words, each)
