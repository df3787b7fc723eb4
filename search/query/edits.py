"""How far apart two words are, in slips of the keys."""

SHORT, LONG = 5, 8  # letters


def distance(typed: str, word: str) -> int:
    """Return the number of letters to add, leave out, replace, or swap with the next one (optimal string alignment)."""
    before: list[int] = []
    last = list(range(len(word) + 1))
    for row, letter in enumerate(typed, start=1):
        now = [row]
        for at, other in enumerate(word, start=1):
            now.append(min(last[at] + 1, now[at - 1] + 1, last[at - 1] + (letter != other)))
            if row > 1 < at and letter == word[at - 2] and typed[row - 2] == other:
                now[at] = min(now[at], before[at - 2] + 1)
        before, last = last, now
    return last[-1]


def slips_between(typed: str, word: str) -> int:
    """Return how many slips lead from a word to what is typed: one; or two, in a long word whose first letter is right
    and of which no more than one letter is missing or too many. 0 for more, or none: with two, most short words become
    another, as stress becomes dress; and with another letter so does a word of five, as cafe becomes came.
    """
    slips = distance(typed, word)
    if len(typed) == len(word) <= SHORT and sorted(typed) != sorted(word):
        return 0
    is_long = len(typed) >= LONG and typed[0] == word[0] and abs(len(typed) - len(word)) < 2
    return slips if slips == 1 or (slips == 2 and is_long) else 0
