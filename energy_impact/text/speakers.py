"""Who states what a sentence says, in its own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from energy_impact.text.lexicon import Sentence

_LONGEST = 8
"""Words of the longest name of a speaker with an office."""
_ACRONYM = 2
"""Letters of the shortest name."""


def speaker_of(sentence: Sentence, before: str | None) -> str | None:
    """
    Return who states a sentence, as it words them; None where it names nobody.

    `before` is who stated the sentence before, whom "he said" means.
    """
    for first, end in _spans(sentence):
        words = [token.text for token in sentence.tokens[first:end]]
        if words:
            return " ".join(words)
    said = [at for tag in sentence.of("said") for at in (tag.start - 1, tag.end)]
    return before if any(sentence.at("pronoun", at) for at in said) else None


def _spans(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """Yield the tokens that name a speaker: after "according to" and "said", then before "said"."""
    for tag in sentence.of("source_before"):
        yield _forward(sentence, tag.end)
    for tag in sentence.of("said"):
        yield _forward(sentence, tag.end)
        yield _backward(sentence, tag.start)


def _forward(sentence: Sentence, at: int) -> tuple[int, int]:
    at += _skipped(sentence, at)
    end = at
    while end < min(at + _LONGEST, len(sentence.tokens)) and _may_name(sentence, end):
        end += 1
    return at, end


def _skipped(sentence: Sentence, at: int) -> int:
    """Return how many words such as "the" stand before a name."""
    return (
        1
        if sentence.tagged(at, "article", "only", "place_before") and not sentence.tagged(at, "title", "office")
        else 0
    )


def _backward(sentence: Sentence, end: int) -> tuple[int, int]:
    end -= end > 0 and sentence.word(end - 1) == ","
    at = end
    while at > max(0, end - _LONGEST) and _may_name(sentence, at - 1):
        at -= 1
    return at, end


def _may_name(sentence: Sentence, at: int) -> bool:
    """Whether a word may be part of a name with its office: "Mayor Jane Lee", "голова ОВА"."""
    if sentence.tagged(at, "title", "office"):
        return True
    token = sentence.tokens[at]
    first = at == 0 and not (len(sentence.tokens) > 1 and sentence.tokens[1].capital)
    named = token.capital and bool(token.word) and len(token.text) >= _ACRONYM and not first
    return named and not sentence.tagged(at, "weekday", "month", "pronoun", "part_of_day", "relative_day", "number")
