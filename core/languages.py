"""Detect the language of a text: by its script, and by function words where many languages share a script."""

import tomllib
import unicodedata
from collections import Counter
from pathlib import Path

import regex

UNKNOWN = ""
READ_MAX = 2000  # characters of a text: more would tell nothing new
SHARE = 0.6  # of all letters, for one script to be the text's
WIDE = 3  # letters of an alphabet that one Chinese, Japanese or Korean character stands for

# By its own name, for those who can read no other.
NAMES = {
    "en": "English",
    "zh": "中文",
    "ja": "日本語",
    "ko": "한국어",
    "es": "Español",
    "fr": "Français",
    "de": "Deutsch",
    "pt": "Português",
    "it": "Italiano",
    "nl": "Nederlands",
    "id": "Bahasa Indonesia",
    "vi": "Tiếng Việt",
    "tr": "Türkçe",
    "pl": "Polski",
    "ru": "Русский",
    "uk": "Українська",
    "el": "Ελληνικά",
    "ar": "العربية",
    "fa": "فارسی",
    "he": "עברית",
    "hi": "हिन्दी",
    "bn": "বাংলা",
    "ta": "தமிழ்",
    "th": "ไทย",
}

# Links, addresses and mentions say nothing of the language around them, and tags little.
_ADDRESS = regex.compile(r"https?://\S+|www\.\S+|(?<!\S)[^\s@]*@\S+")
_TAG = regex.compile(r"[#＃]\S+")
_SCRIPTS = {
    name: regex.compile(pattern)
    for name, pattern in {
        "kana": r"[\p{Hiragana}\p{Katakana}]",
        "zh": r"\p{Han}",
        "ko": r"\p{Hangul}",
        "latin": r"\p{Latin}",
        "cyrillic": r"\p{Cyrillic}",
        "arabic": r"\p{Arabic}",
        "el": r"\p{Greek}",
        "he": r"\p{Hebrew}",
        "hi": r"\p{Devanagari}",
        "bn": r"\p{Bengali}",
        "ta": r"\p{Tamil}",
        "th": r"\p{Thai}",
    }.items()
}
_LETTER = regex.compile(r"\p{L}")
_WIDE_SCRIPTS = {"kana", "zh", "ko"}
_KANA_SHARE, _KANA_LEAST = 0.1, 2  # の alone stands in Chinese too
_WORD = regex.compile(r"\p{L}+(?:['’]\p{L}+)?")
# Letters that no other language of NAMES in this script has.
_VIETNAMESE = regex.compile("[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")
_PERSIAN, _URDU = regex.compile("[پچژگکی]"), regex.compile("[ٹڈڑںےھ]")
_UKRAINIAN, _NOT_RUSSIAN = regex.compile("[іїєґ]"), regex.compile("[ђјљњћџѓќѕәғқңөұүһў]")

FUNCTION_WORDS = {
    language: frozenset(words.split())
    for language, words in tomllib.loads(
        (Path(__file__).parent / "function_words.toml").read_text(encoding="utf-8")
    ).items()
}
_LEAST_WORDS, _CLEAR = 2, 1.5  # so many of a language, and so many times those of the next


def language_of(text: str) -> str:
    """Return the two-letter code of the language that most of a text is written in, as in `NAMES`, or `UNKNOWN`."""
    text = unicodedata.normalize("NFC", text[:READ_MAX]).lower()
    text = _ADDRESS.sub(" ", text)
    said = _TAG.sub(" ", text)
    said = said if _LETTER.search(said) else text
    weights = {
        script: len(letters.findall(said)) * (WIDE if script in _WIDE_SCRIPTS else 1)
        for script, letters in _SCRIPTS.items()
    }
    if _is_japanese(weights["kana"], weights["zh"]):
        weights["ja"] = weights.pop("kana") + weights.pop("zh")
    script, most = max(weights.items(), key=lambda pair: pair[1])
    if not most or most < SHARE * sum(weights.values()):
        return UNKNOWN
    return _by_words(said) if script == "latin" else _by_letters(script, said)


def _is_japanese(kana: int, han: int) -> bool:
    return kana >= _KANA_LEAST * WIDE and kana >= _KANA_SHARE * (kana + han)


def _by_letters(script: str, said: str) -> str:
    if script == "arabic":
        return UNKNOWN if _URDU.search(said) else "fa" if _PERSIAN.search(said) else "ar"
    if script == "cyrillic":
        return UNKNOWN if _NOT_RUSSIAN.search(said) else "uk" if _UKRAINIAN.search(said) else "ru"
    return script if script in NAMES else UNKNOWN


def _by_words(said: str) -> str:
    """Return the language in Latin script whose function words clearly dominate the text."""
    words = [word.replace("’", "'") for word in _WORD.findall(said)]
    if sum(1 for word in words if _VIETNAMESE.search(word)) * 4 >= len(words):
        return "vi"
    found = Counter(
        {language: sum(word in known for word in words) for language, known in FUNCTION_WORDS.items()}
    )
    (first, most), (_second, next_most) = found.most_common(2)
    return first if most >= _LEAST_WORDS and most >= _CLEAR * next_most else UNKNOWN
