"""What of a text was not read, as it is in another language."""

from __future__ import annotations

import re
from collections import Counter

from energy_impact.text.lexicon import LANGUAGES, SAMPLE, lexicon_of

FEWEST, COMMON = 8, 0.07
"""Words from which the language of a text shows, and least share of common words in one that is known. (judgement)"""
OTHER = 3
"""Common words of another language that a sentence has, and as many more than of the one read. (judgement)"""
_WORD = re.compile(r"[^\W\d_]+")
_PARTS = re.compile(r"[.!?\n]")


def unread(text: str, language: str, *, found: bool) -> str:
    """
    Return what was not read of the start of a text, read in a language, for its language; empty if it all was.

    Only a text in which nothing was `found` may be in none of the languages.

    Examples
    --------
    >>> unread("6 000 foyers sont privés d'électricité à Paris ce matin", "en", found=False)
    'not read: its language is none of de, en, ru, uk'
    """
    start = text[:SAMPLE]
    words, common = _common(start)
    if not found and words >= FEWEST and max(common.values()) < COMMON * words:
        return f"not read: its language is none of {', '.join(LANGUAGES)}"
    parts = (_common(part)[1] for part in _PARTS.split(start))
    mixed = any(max(common.values()) >= common[language] + OTHER for common in parts)
    return f"read as {language}: parts in another language were not" if mixed else ""


def _common(text: str) -> tuple[int, dict[str, int]]:
    """Return how many words a text has, and how many common ones of each language."""
    counts = Counter(_WORD.findall(text.lower()))
    return counts.total(), {
        language: sum(counts[word] for word in lexicon_of(language).common) for language in LANGUAGES
    }
