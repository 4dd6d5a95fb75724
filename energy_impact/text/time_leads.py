"""What the words before a time make of it: "as of 8 am", "since Friday", "after the attack on Friday"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from energy_impact.text.numbers import DASHES

if TYPE_CHECKING:
    from energy_impact.text.lexicon import Sentence, Tag

PEAK_GAP = 2
"""Words between "at the height" and the storm that it is the height of. (judgement)"""


def role_of(sentence: Sentence, first: int) -> str:
    """Return the role that the words before a token give to the time that begins there: "as_of", "until", else "at"."""
    for back in range(1, 4):
        least = sentence.ending("until", first - back + 1)
        if least is not None and least.value == "least":
            return "until"
        for group in ("as_of", "since", "by", "until", "after"):
            tag = sentence.ending(group, first - back + 1)
            if tag is not None and tag.value != "none" and not _is_near(sentence, tag):
                return "at" if group == "after" and _is_right_after(sentence, tag) else group
        if not (sentence.tagged(first - back, "time_filler") or sentence.word(first - back) in DASHES | {":"}):
            break
    return "at"


def _is_right_after(sentence: Sentence, event: Tag) -> bool:
    """Whether a count is right after an event, or at its height, so that the day of the event is that of the count."""
    leads = (sentence.ending("after", at) for at in (event.start, event.start - 1))
    if any(sentence.ending("peak", at) is not None for at in range(event.start - PEAK_GAP, event.start + 1)):
        return True
    return event.value == "right" or any(tag is not None and tag.value == "right" for tag in leads)


def _is_near(sentence: Sentence, tag: Tag) -> bool:
    """Whether a word such as "before" is part of "shortly before", which only says that a time is near."""
    filler = sentence.ending("time_filler", tag.end)
    return filler is not None and filler.start < tag.start
