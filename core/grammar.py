"""Patterns of tags, mentions, characters and lines, shared by the server and its scripts."""

# Invisible characters that a text loses nothing by: soft hyphen, zero-width spaces, direction embeddings, overrides and
# isolates, invisible operators, annotations, language tags.
DROPPED = r"[\u00AD\u034F\u180E\u200B\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFC\U000E0001]"
# A marker of direction counts where the text has letters that run from the right.
DIRECTION_MARK = r"[\u061C\u200E\u200F]"
RIGHT_TO_LEFT = (
    r"[\u0590-\u061B\u061D-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\U00010800-\U00010FFF\U0001E800-\U0001EFFF]"
)

_PICTURE = r"\p{Extended_Pictographic}"
_TONE = r"\U0001F3FB-\U0001F3FF"
_JOINING = "".join(
    rf"\p{{scx={script}}}"
    for script in (
        *(
            "Arab",
            "Syrc",
            "Nkoo",
            "Mand",
            "Mong",
            "Phag",
            "Deva",
            "Beng",
            "Guru",
            "Gujr",
            "Orya",
            "Taml",
            "Telu",
        ),
        *("Knda", "Mlym", "Sinh", "Tibt", "Mymr", "Khmr", "Bali", "Java"),
    )
)
# ZWNJ and ZWJ shape letters of some scripts, and ZWJ joins pictures; tag characters end in a flag.
JOINERS = (
    rf"(?<![{_JOINING}])\u200C"
    rf"|(?<![{_JOINING}])(?<!{_PICTURE}[\uFE0F{_TONE}]?)\u200D"
    rf"|(?<={_PICTURE}[\uFE0F{_TONE}]?)\u200D(?!{_PICTURE})"
)
TAG_CHARACTERS = (
    r"(\U0001F3F4[\U000E0030-\U000E0039\U000E0061-\U000E007A]{1,6}\U000E007F)|[\U000E0000-\U000E007F]"
)
LINE_BREAK = r"\r\n?|[\u000B\u000C\u001C-\u001F\u0085\u2028\u2029]"

# Latin letters, digits and _ hold a sign that follows them: C#, 3#, a@b.
_HOLDS = r"\p{Script=Latin}\p{N}_"
_WORD = r"(?:(?![\uFE0E\uFE0F\u20E3])[\p{L}\p{N}\p{M}_])"
# What may stand between the letters of one tag: hyphens, joiners, and the middle dots and wave dashes of each script.
BETWEEN = (
    r"[\-\u00B7\u0387\u05BE\u05F3\u05F4\u0F0B\u0F0C\u200C\u200D\u2010\u2011\u2027"
    r"\u301C\u3003\u309B\u309C\u30A0\u30FB\uFF5E\uFF65]"
)
NAME = rf"(?:(?=[\p{{L}}\p{{N}}_]){_WORD}+(?:{BETWEEN}+{_WORD}+)*)"
HANDLE = r"[A-Za-z0-9_]{3,30}(?![A-Za-z0-9_])"
# What a tag of Xiaohongshu becomes when it is copied: #name[话题]#
COPIED = r"\[(?:话题|話題|[Tt]opic)\][#＃]"
_SIGNED = rf"(?:[#＃]{NAME}(?:{COPIED})?|[@＠]{HANDLE})"
# A run of tags and mentions: the first does not follow what holds its sign, the others may follow one another.
SIGNED_RUN = rf"(?<![{_HOLDS}&#＃@＠])(?<![{_HOLDS}]\.){_SIGNED}+"
SIGNED = rf"[#＃](?<tag>{NAME})(?:{COPIED})?|[@＠](?<handle>{HANDLE})"

# Addresses of pages, mailboxes and people elsewhere: nothing in them is a tag or a mention.
_IN_LINK = r"[^\s<>\u0022\u201C\u201D\u2018\u2019，。！？；：、…（）《》「」『』【】]"
_HOST = r"(?:[A-Za-z0-9\-]+\.)+(?:[a-z]{2,}|[A-Z]{2,})(?![A-Za-z0-9])"
_LOCAL = r"[^\s@＠<>()（），。！？；：、\u0022]"
LINK = "|".join(
    [
        rf"(?<![A-Za-z0-9+.\-])[A-Za-z][A-Za-z0-9+.\-]*:\/\/{_IN_LINK}*",
        rf"(?<![A-Za-z0-9.@\-]){_HOST}(?:[/?#:]{_IN_LINK}*)?",
        r"(?<![A-Za-z0-9.@_~\-])[A-Za-z0-9._~\-]+\/[!-~]*",
        r"(?<![^\s])\/[!-~]+",
        rf"(?<!{_LOCAL}){_LOCAL}{{1,64}}[@＠]{_HOST}",
        rf"[@＠][A-Za-z0-9_.\-]+[@＠]{_HOST}",
        rf"[@＠]{_HOST}",
    ]
)
SCAN = rf"(?<link>{LINK})|(?<run>{SIGNED_RUN})"

# In the field for tags.
TAG_SEPARATOR = r"[,，、;；،؛､\n\r\t]"
SIGN_APART = rf"(?<![{_HOLDS}])[#＃]"
SIGN = r"[#＃]"

# What is counted as part of the character before it: marks, joiners, tones, joined pictures, second halves of flags,
# later parts of Hangul syllables and Indic conjuncts.
_LINKER = r"\u094D\u09CD\u0ACD\u0B4D\u0C4D\u0D4D\u1039\u17D2\u1A60\u1B44\u1BAB\uA9C0\uAAF6"
_ATTACHED = (
    rf"\p{{M}}\u200C\u200D{_TONE}\uFF9E\uFF9F\u0E33\u0EB3\U000E0020-\U000E007F"
    r"\u1160-\u11FF\uD7B0-\uD7C6\uD7CB-\uD7FB"
)
FLAG = r"[\U0001F1E6-\U0001F1FF]{2}"
JOINED = rf"(?<={_PICTURE}[\uFE0F{_TONE}]?\u200D){_PICTURE}"
CONJUNCT = rf"(?<=[{_LINKER}][\u200D\p{{M}}]?)\p{{L}}|(?<=[\u1100-\u115F])[\u1100-\u115F]"
CHARACTERS = [(FLAG, "x"), (JOINED, ""), (CONJUNCT, ""), (rf"[{_ATTACHED}]", "")]
# Half-widths: pictures, flags and keycaps are two, whatever they are made of; what adds no width is none.
HALF_WIDTHS = [
    (FLAG, "\u4e00"),
    (JOINED, ""),
    (r"[0-9#*]\uFE0F?\u20E3", "\u4e00"),
    (rf"{_PICTURE}(?=[\uFE0F\u200D{_TONE}])", "\u4e00"),
    (rf"[\p{{Mn}}\p{{Me}}\p{{Cf}}{_TONE}\u1160-\u11FF\uD7B0-\uD7C6\uD7CB-\uD7FB]", ""),
]
TIDY = [
    (LINE_BREAK, "\n"),
    (DROPPED, ""),
    (TAG_CHARACTERS, r"\1"),
    (JOINERS, ""),
    (rf"([#＃]{NAME}){COPIED}(?=[\p{{L}}\p{{N}}_])", r"\1 "),
    (rf"([#＃]{NAME}){COPIED}", r"\1"),
]
