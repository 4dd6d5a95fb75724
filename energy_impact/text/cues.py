"""What a sentence says of services: who is out, who is back, and of which service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from energy_impact.text.distance import distance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from energy_impact.text.lexicon import Sentence, Tag
    from energy_impact.text.numbers import Amount

REACH, VERB_REACH = 5, 14
"""Tokens between a word such as "without", or a verb such as "failed", and the service it speaks of. (judgement)"""
ASIDE = 7
"""Tokens of the longest aside on who speaks, with its commas. (judgement)"""
LEAVES = 6.0
"""Cost of leaving the bracket that an amount stands in. (judgement)"""
FARTHEST, ALONE = 24.0, 45.0
"""Cost from which a cue no longer speaks of an amount, and that where all cues say the same. (judgement)"""


@dataclass(frozen=True)
class Cue:
    """
    Words that say what happened to a service.

    Attributes
    ----------
    first, end : int
        Its tokens, from `first` up to `end`.
    state : str
        "out", "back", "drained", "departed", or "degraded" for a service that is poor but there.
    systems : tuple of str
        Services named with it, the first of them first; empty where none is.
    negated : bool
        Whether a negation flipped its state.
    vague : bool
        Whether its words, such as "affected", may speak of any service.
    """

    first: int
    end: int
    state: str
    systems: tuple[str, ...]
    negated: bool = False
    vague: bool = False


def cues(sentence: Sentence) -> list[Cue]:
    """Return the cues of a sentence, in order."""
    negations = sentence.of("negation")
    found: list[Cue] = []
    for tag in sentence.of("lack"):
        within = any(n.start <= tag.start < n.end and n.end - n.start > tag.end - tag.start for n in negations)
        if not within and sentence.nobody(tag.start) is None:
            near = _services(sentence, tag, right_only=True)
            found += [_cue(sentence, tag, "out", near)] if near else []
    for state in ("out", "back"):
        for tag in sentence.of(state):
            if tag.value == "none" or (state == "out" and _in_back(sentence, tag)):
                continue
            open_ = tag.value in {"any", "weak"}
            near = _services(sentence, tag) if open_ else []
            near = [] if state == "out" and open_ and _all_back(sentence, near) else near
            systems = _named(near) if open_ else (tag.value,)
            if near or tag.value != "weak" or (state == "back" and _flows(sentence, tag)):
                found.append(_cue(sentence, tag, state, near, systems))
    for state in ("drained", "departed", "degraded"):
        found += [Cue(tag.start, tag.end, state, ("heat",)) for tag in sentence.of(state)]
    return sorted(_without_inner(found), key=lambda cue: cue.first)


def _flows(sentence: Sentence, again: Tag) -> bool:
    """Whether a verb such as "flows" opens the clause that "again" ends, and says so of a service named before."""
    ends = again.end >= len(sentence.tokens) or sentence.word(again.end) in {".", ",", ";"}
    verbs = [tag.end for tag in sentence.of("flows") if tag.end <= again.start]
    return ends and bool(verbs) and not any(sentence.word(at) in {",", ";"} for at in range(verbs[-1], again.start))


def _cue(sentence: Sentence, tag: Tag, state: str, near: Sequence[Tag], systems: tuple[str, ...] | None = None) -> Cue:
    first = min([tag.start, *(s.start for s in near)])
    end = max([tag.end, *(s.end for s in near)])
    near_tag, near_first = range(max(first, tag.start - 2), tag.start + 1), range(max(0, first - 1), first + 1)
    negated = any(sentence.negation(at) for at in (*near_tag, *near_first))
    flipped = {"out": "back", "back": "out"}[state] if negated else state
    named = _named(near) if systems is None else systems
    return Cue(first, end, flipped, named, negated, tag.value == "any")


def is_service(sentence: Sentence, tag: Tag) -> bool:
    """Whether a word names a service by itself, and not a thing of it, as in "two water plants"."""
    before = sentence.lexicon.endings and sentence.ending("launched", tag.start) is None
    length = sentence.at("ago_unit", tag.end) is not None
    whole = sentence.at("other", tag.start)
    longer = whole if whole is not None and whole.end > tag.end else None
    after = None if length else sentence.at("other", tag.end)
    thing = longer or after or (before and sentence.ending("other", tag.start))
    return not thing or sentence.tagged(tag.end, "out", "back", "lack")


def _in_back(sentence: Sentence, tag: Tag) -> bool:
    """Whether words such as "to reconnect" are part of longer ones that say the opposite: "managed to reconnect"."""
    tags = sentence.of("back")
    return any(back.start <= tag.start and tag.end <= back.end and back.start < tag.start for back in tags)


def _all_back(sentence: Sentence, services: Sequence[Tag]) -> bool:
    """Whether services are part of words such as "back on the grid", so that a verb like "taken" is part of them."""
    return any(back.start <= services[0].start < back.end for back in sentence.of("back")) if services else False


def _named(services: Sequence[Tag]) -> tuple[str, ...]:
    """Return the services that tags name, hot water last; "supply" may be that of any."""
    named = [service.value for service in services if service.value != "any"]
    return tuple(sorted(named, key=lambda name: name == "hot"))


def _services(sentence: Sentence, tag: Tag, *, right_only: bool = False) -> list[Tag]:
    """Return the services named near a tag: those of a list on its right, else the nearest on its left."""
    right: list[Tag] = []
    at = tag.start
    limit = tag.end + (VERB_REACH if tag.value == "weak" and tag.group == "out" else REACH)
    while at < min(limit, len(sentence.tokens)):
        service = sentence.at("service", at)
        service = service if service is not None and is_service(sentence, service) else None
        if service is not None and tag.group == "back" and _is_governed(sentence, service, "lack"):
            break
        if service is not None and tag.group != "back" and _is_given_back(sentence, service, tag):
            break
        if service is not None:
            right.append(service)
            at, limit = service.end, service.end + 3
            continue
        if at >= tag.end and (sentence.word(at) in {".", ";", ":", "—"} or _breaks(sentence, at, bool(right))):
            break
        at += 1
    if right or right_only:
        return right
    least, at = tag.start - REACH, tag.start
    while at > max(0, least):
        at -= 1
        aside = _aside(sentence, at)
        if aside:
            at, least = aside, least - (at - aside)
            continue
        service = sentence.at("service", at)
        if service is not None and service.end <= tag.start and is_service(sentence, service):
            group = "lack" if tag.group == "back" else "back"
            return [] if _is_governed(sentence, service, group) else _listed(sentence, service)
        counted = sentence.tokens[at].kind == "number" and sentence.ending("place_before", at) is None
        counted = counted and not (sentence.lexicon.verb_last and tag.group == "out")
        if sentence.word(at) in {",", ".", ";", ":"} or counted:
            break
    return []


def _aside(sentence: Sentence, end: int) -> int:
    """Return the comma that opens an aside on who speaks, whose other comma is at a token: ", he said,"; 0 for none."""
    if sentence.word(end) != ",":
        return 0
    opens = next((at for at in range(end - 1, max(0, end - ASIDE), -1) if sentence.word(at) == ","), 0)
    gap = range(opens + 1, end)
    said = any(tag.start in gap for group in ("said", "source_before") for tag in sentence.of(group))
    return opens if opens and said and all(sentence.tokens[at].kind == "word" for at in gap) else 0


def _listed(sentence: Sentence, last: Tag) -> list[Tag]:
    """Return the services of a list that ends with one, in order."""
    found, at = [last], last.start
    while at > 0:
        service = sentence.ending("service", at)
        if service is None and not (
            sentence.word(at - 1) in {",", "/"} or sentence.tagged(at - 1, "list_and", "article")
        ):
            break
        found += [service] if service is not None else []
        at = service.start if service is not None else at - 1
    return found[::-1]


def _is_governed(sentence: Sentence, service: Tag, group: str) -> bool:
    """Whether a word of a group, such as "without" or "restored", stands right before a service."""
    return any(sentence.ending(group, at) is not None for at in (service.start, service.start - 1))


def _is_given_back(sentence: Sentence, service: Tag, lost: Tag) -> bool:
    """Whether "restored" stands between "outage" and a service: "since the outages it restored power"."""
    words = (sentence.ending("back", at) for at in (service.start, service.start - 1))
    return any(word is not None and word.value not in {"weak", "none"} and word.start >= lost.end for word in words)


def _breaks(sentence: Sentence, at: int, in_list: bool) -> bool:
    if in_list:
        return not (sentence.word(at) in {",", "/"} or sentence.at("list_and", at) or sentence.at("service_joint", at))
    cause = sentence.at("after", at)
    parted = sentence.at("when", at) is not None or (cause is not None and cause.value == "cause")
    return parted or sentence.word(at) == ","


def _without_inner(found: list[Cue]) -> list[Cue]:
    """Return the cues without those inside of another one, and without a "with water" of "with water outages"."""
    kept: list[Cue] = []
    outs = {cue.first for cue in found if cue.state == "out"}
    found = [
        cue
        for cue in found
        if cue.state != "back" or cue.negated or cue.end - 1 not in outs or cue.end - 1 == cue.first
    ]
    for cue in sorted(found, key=lambda cue: (cue.first - cue.end, not cue.systems)):
        inside = any(
            other.first <= cue.first and cue.end <= other.end and (other.systems or not cue.systems) for other in kept
        )
        if not inside:
            kept.append(cue)
    return kept


def cost(sentence: Sentence, amount: Amount, end: int, cue: Cue, others: Sequence[Amount]) -> float:
    """Return how far a cue is from an amount that goes, with its unit, up to `end`; 0 where they overlap."""
    if cue.first < end and amount.first < cue.end:
        return 0.0
    if cue.first >= end:
        as_many = any(end <= tag.start < cue.first for tag in sentence.of("as_many"))
        return distance(sentence, end, cue.first, others) + LEAVES * (_leaves(sentence, end, cue.first) + 2 * as_many)
    return distance(sentence, cue.end, amount.first, others) + 0.5


def _leaves(sentence: Sentence, first: int, last: int) -> bool:
    """Whether a bracket that was opened before some tokens ends among them."""
    words = [sentence.word(at) for at in range(first, last)]
    return ")" in words and "(" not in words[: words.index(")")]


def nearest(
    sentence: Sentence, amount: Amount, end: int, found: Sequence[Cue], others: Sequence[Amount]
) -> tuple[Cue, float] | None:
    """Return the cue that speaks of an amount, and its cost; None where none is near enough."""
    costs = [(cost(sentence, amount, end, cue, others), at) for at, cue in enumerate(found)]
    limit = ALONE if len({(cue.state, cue.systems[:1]) for cue in found}) == 1 else FARTHEST
    best = min(costs, default=(limit, -1))
    return None if best[0] >= limit else (found[best[1]], best[0])
