"""The classes of characters that search tells apart in folded text, as the inside of a bracket expression.

PostgreSQL and Python read the same text. Explicit ranges, because what counts as a letter differs between Python,
PostgreSQL and the system's locale, and with their versions; a character in none of the classes belongs to a word.
"""

# Scripts written without spaces: Thai, Lao, Myanmar, Khmer, Han, kana, Bopomofo and Hangul.
SPACELESS = (
    r"\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ecf\u0edc-\u0eff\u1000-\u103f\u1050-\u109d\u1100-\u11ff\u1780-\u17d3\u17d7"
    r"\u17dc\u17dd\u2e80-\u2fef\u3005-\u3007\u3021-\u302f\u3031-\u3035\u3038-\u303c\u3041-\u309a\u309d-\u309f"
    r"\u30a1-\u30fa\u30fc-\u312f\u3131-\u318e\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f"
    r"\ua9e0-\ua9ef\ua9fa-\ua9ff\uaa60-\uaa7f\uac00-\ud7ff\uf900-\ufaff\U00016fe0-\U0001b2ff\U00020000-\U0003ffff"
)
# Emoji, currencies, arrows: each found as itself.
SYMBOLS = (
    r"$\u00a2-\u00a6\u00a9\u00ae\u00b0\u0e3f\u20a0-\u20cf\u2100-\u214f\u2190-\u21ff\u2300-\u2307\u230c-\u2328"
    r"\u232b-\u2767\u2776-\u27bf\u2800-\u28ff\u2b00-\u2bff\u3004\u3012\u3013\u3020\u3036\u3037\U0001f000-\U0001f3fa"
    r"\U0001f400-\U0001fbff"
)
# Spaces, controls, punctuation, mathematical signs, skin tones, and marks that choose between pictures.
SEPARATORS = (
    r"\u0000-#%-/:-@\[-`{-\u00a1\u00a7\u00a8\u00ab-\u00ad\u00af\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7"
    r"\u02c2-\u02c5\u02d2-\u02df\u0375\u037e\u0384\u0385\u0387\u055a-\u055f\u0589\u058a\u05be\u05c0\u05c3\u05c6\u05f3"
    r"\u05f4\u0600-\u060d\u061b-\u061f\u066a-\u066d\u06d4\u06dd\u0700-\u070f\u07f7-\u07f9\u0830-\u083e\u085e\u0964"
    r"\u0965\u0970\u09fd\u0a76\u0af0\u0df4\u0e4f\u0e5a\u0e5b\u0f04-\u0f14\u0f3a-\u0f3d\u104a-\u104f\u10fb\u1360-\u1368"
    r"\u1400\u166e\u1680\u169b\u169c\u16eb-\u16ed\u1735\u1736\u17d4-\u17d6\u17d8-\u17da\u1800-\u180f\u1944\u1945"
    r"\u1c3b-\u1c3f\u1c7e\u1c7f\u2000-\u206f\u207a-\u207e\u208a-\u208e\u20d0-\u20ff\u2200-\u22ff\u2308-\u230b\u2329"
    r"\u232a\u2768-\u2775\u27c0-\u27ff\u2900-\u2aff\u2e00-\u2e7f\u3000-\u3003\u3008-\u3011\u3014-\u301f\u3030\u303d"
    r"-\u303f\u30a0\u30fb\ua4fe\ua4ff\ua60d-\ua60f\ue000-\uf8ff\ufd3e\ufd3f\ufe00-\ufe6f\ufeff\ufff0-\uffff"
    r"\U0001f3fb-\U0001f3ff\U000e0000-\U0010ffff"
)
NO_WORD = SPACELESS + SYMBOLS + SEPARATORS
MARKS = r"\u0300-\u036f"  # accents, dropped

WORD_MAX = 60  # characters of a word that count
