"""Language detection: which languages are recognised, and which texts stay undetermined."""

from random import Random

import pytest

from core.languages import NAMES, UNKNOWN, language_of
from dev.demo import community
from notes.models.note import BODY_MAX

TOLD = {
    "en": [
        "Flowers instead of sleep, and it was worth it",
        "First week in the dorm: what I wish I had known about laundry",
        "Why I don’t study in the library",
        "OOTD for the first day #穿搭 #校园",
        "THE QUIET TABLE BY THE WINDOW",
    ],
    "zh": [
        "食堂",
        "深夜的图书馆",
        "今天去了 Blue Bottle，还不错",
        "學校旁邊的咖啡店",
        "#ootd 第一天穿什么 https://example.org/what-to-wear",
        "五月の花，和窗边的桌子",
        "期末周 day 3：靠窗的位子",
    ],
    "ja": ["図書館の窓際の席", "ラーメン屋さんへ行きました", "今日の東京大学は雨でした"],
    "ko": ["도서관 창가 자리", "오늘은 friend 와 카페에 갔어요"],
    "es": ["Una semana en la residencia y lo que más me gustó", "Mi rincón de la biblioteca"],
    "fr": [
        "Mon coin préféré de la bibliothèque et pourquoi je l’aime",
        "C’est la première semaine dans le dortoir",
    ],
    "de": [
        "Das Wochenende in Berlin und was ich mit dem Rad gesehen habe",
        "Mein Tisch am Fenster in der Bibliothek",
    ],
    "pt": [
        "Uma semana na residência e o que eu não sabia",
        "O meu canto da biblioteca não é grande, mas é meu",
    ],
    "it": [
        "La mia settimana in biblioteca e tutto quello che non ho fatto",
        "Il tavolo della cucina è per tutti",
    ],
    "nl": ["Het was een mooie week in de bibliotheek en ik heb niet veel gedaan"],
    "id": ["Hari ini saya ke kampus dan ternyata tidak ada kelas"],
    "vi": ["Hôm nay mình đi học ở thư viện", "Góc bàn cạnh cửa sổ"],
    "tr": ["Bugün kütüphanede çok güzel bir gün oldu ama yağmur da var"],
    "pl": ["Dziś w bibliotece nie było nikogo i to jest bardzo dobrze"],
    "ru": ["Стол у окна в библиотеке"],
    "uk": ["Мій стіл біля вікна і ще кава"],
    "el": ["Το τραπέζι δίπλα στο παράθυρο"],
    "ar": ["طاولة بجانب النافذة في المكتبة"],
    "fa": ["میز کنار پنجره در کتابخانه چقدر قشنگ است"],
    "he": ["השולחן ליד החלון בספרייה"],
    "hi": ["पुस्तकालय में खिड़की के पास की मेज़"],
    "bn": ["জানালার পাশের টেবিল"],
    "ta": ["ஜன்னலுக்கு அருகில் உள்ள மேசை"],
    "th": ["โต๊ะริมหน้าต่างในห้องสมุด"],
}
OPEN = [
    "",
    "🌸🌸🌸",
    "2026.11.27",
    "Matcha",
    "OOTD",
    "Kafka",
    "https://example.org/the-of-and-to",
    "@the_of_and",
    "The library at night, and what it is like to stay there 图书馆的夜晚，留下来是什么感觉，大家都知道吗",
    "Њујорк и ћевапи",
]


@pytest.mark.parametrize(
    ("language", "text"), [(code, text) for code, texts in TOLD.items() for text in texts]
)
def test_languages_are_told_apart(language: str, text: str) -> None:
    assert language_of(text) == language
    assert language_of(f"{text} 🌸 @alice") == language


@pytest.mark.parametrize("text", OPEN)
def test_what_says_too_little_is_left_open(text: str) -> None:
    assert language_of(text) == UNKNOWN


def test_every_language_has_an_example_and_a_name() -> None:
    assert set(TOLD) == set(NAMES)


def test_the_notes_of_the_demo_are_told_apart() -> None:
    """None is taken for another language, and few are left open."""
    notes = [note for person in community.authors() for note in person.notes]
    found = [
        (language_of(f"{note.title}\n{note.story}"), "zh" if note.is_chinese else "en") for note in notes
    ]
    wrong = [
        (pair, note.title)
        for pair, note in zip(found, notes, strict=True)
        if pair[0] not in {pair[1], UNKNOWN}
    ]
    assert wrong == []
    assert sum(told == UNKNOWN for told, _ in found) <= len(found) / 10


def test_any_text_is_read_in_time() -> None:
    random = Random(1)
    for letters in ("a", "的", "a ", "#", "@a", "http://", "".join(map(chr, range(32, 0x3000)))):
        assert language_of("".join(random.choices(letters, k=10 * BODY_MAX))) in {UNKNOWN, *NAMES}
