"""What a misspelt name may have been meant to be. Pure."""

from collections.abc import Iterator

SHORTEST, LONGEST = 4, 30
"""From how many letters on one slip is looked for, and up to how many."""
SHORTEST_TWICE, LONGEST_TWICE = 6, 13
"""The same for two: their forms grow with the square of the length, and each is looked up."""
ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz",
    "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґ",
    "αβγδεζηθικλμνξοπρσςτυφχψω",
    "אבגדהוזחטיכלמנסעפצקרשתםןץףך",
    "ابتثجحخدذرزسشصضطظعغفقكلمنهويةى",
)


def slips(folded: str) -> Iterator[set[str]]:
    """Yield what a normalized name may be a slip of: first all forms one slip away, then likely ones two away."""
    if SHORTEST <= len(folded) <= LONGEST:
        once = edits(folded, alphabet_of(folded))
        yield once
        if SHORTEST_TWICE <= len(folded) <= LONGEST_TWICE:
            yield {form for near in common(folded) for form in edits(near, alphabet_of(folded))} - once


def alphabet_of(folded: str) -> str:
    """Return the alphabet of the first letter, and the space; of a script without one only the space."""
    return next((letters for letters in ALPHABETS if folded[:1] in letters), "") + " "


def edits(word: str, letters: str) -> set[str]:
    """Return all forms with one letter missing, turned round with the next, changed or added (P. Norvig, 2007)."""
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    missing = {left + right[1:] for left, right in halves if right}
    turned = {left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1}
    changed = {left + letter + right[1:] for left, right in halves if right for letter in letters}
    added = {left + letter + right for left, right in halves for letter in letters}
    return {" ".join(form.split()) for form in missing | turned | changed | added} - {word, ""}


def common(word: str) -> set[str]:
    """Return the forms with the commonest slips undone: a letter too many, or two of them turned round."""
    halves = [(word[:at], word[at:]) for at in range(len(word))]
    missing = {left + right[1:] for left, right in halves}
    return missing | {left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1}
