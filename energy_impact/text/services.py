"""What a count of customers, buildings or people means: which service they lack or have back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from energy_impact.text.context import Decided
from energy_impact.text.cues import Cue, cost, is_service, nearest
from energy_impact.text.meaning import DEFAULT_UNITS, quantity_of
from energy_impact.text.special import WEAPONS, Meant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from energy_impact.text.context import Surroundings
    from energy_impact.text.counted import Counted
    from energy_impact.text.lexicon import Sentence
    from energy_impact.text.names import PlaceMention

DOUBTS = {
    "bare": 0.08,
    "inherited": 0.05,
    "before": 0.1,
    "far": 0.15,
    "system": 0.12,
    "carried": 0.2,
    "negated": 0.15,
    "future": 0.1,
    "several": 0.08,
    "earlier": 0.08,
    "share": 0.12,
    "peak": 0.1,
    "rival": 0.12,
    "vague": 0.09,
    "crowded": 0.06,
    "whole": 0.18,
}
"""What each kind of doubt takes from the confidence in a figure. (set on sentences it was not tuned on)"""
LISTED = 14
"""Tokens of the longest sentence that counts as a line of a list. (judgement)"""
LEADING, GOVERNS = 6.0, 14.0
"""Cost up to which a cue before an amount leads it, and up to which one after its noun governs it. (judgement)"""
COUNTED = frozenset({"customers", "households", "people"})
"""Units of a number that stands far from its noun: "the number of households without heat fell from 6,300 to 1,850"."""
CROWD, FEW = 1000, 100
"""Fewest people whose departure is a figure, and who are one without a word on a service. (judgement)"""
WHICH_REACH = 4
"""Tokens, such as those of a place, between a noun and its relative clause. (judgement)"""
PART_REACH = 3
"""Tokens from a cue to the part that it speaks of: "of 31,000 customers, reconnected are 27,000". (judgement)"""
MOVED_REACH = 5
"""Tokens from a word such as "earlier" or "peak" to a bare number that it speaks of. (judgement)"""
WHOLE_REACH = 9.0
"""Cost up to which a cue speaks of "all" or "none". (judgement)"""
FAR, RIVAL, CROWDED = 6.0, 5.0, 4
"""Cost from which a cue is far, lead of a cue over its rival, and amounts in a crowded sentence. (judgement)"""


def service(around: Surroundings, item: Counted, done: list[Decided]) -> Meant | None:
    """Return what a count of customers, buildings or people means."""
    sentence, context = around.marked.sentence, around.context
    cue, away, doubt = _cue(around, item, done)
    if cue is None:
        return None
    future = is_future(around, item, max(cue.end, item.end), cue)
    remaining = any(sentence.ending("remaining", at) for at in (item.amount.first, item.amount.first - 1))
    remaining = (remaining and (future or cue.first >= item.end)) or sentence.at("waits", cue.first) is not None
    if future and not remaining:
        return None
    if is_served(around, item) or _is_denied(around, item) or _parted(around, item, cue):
        return None
    if _only_part(sentence, item, cue):
        return None
    state = (
        "out"
        if remaining or _lost_it(sentence, item) or (cue.state == "back" and _is_excepted(sentence, item))
        else cue.state
    )
    system = _counted_system(sentence, item, cue) or (cue.systems[0] if cue.systems else _system(around, cue))
    moved = item.how == "bare" and bool(sentence.of("moves")) and cue.state == "out"
    if not system and (moved or item.unit in {"customers", "households", "homes"}):
        system, doubt = "power", doubt + DOUBTS["system"]
    if not system:
        return None
    doubt += _doubt(around, item, cue, away)
    unit, less = _unit(around, item, done, system)
    share = item.amount.share
    value, flip = item.amount.value, share and state == "back" and unit == "place"
    if flip and value is not None:
        value, state = 1 - value, "out"
    unit = "people" if unit == "place" else unit
    quantity = quantity_of(system, state, unit, share=share)
    if quantity is None and item.how == "bare" and state == "back":
        unit = DEFAULT_UNITS.get(system, unit)
        quantity = quantity_of(system, state, unit, share=share)
    done.append(Decided(item, unit, state))
    if quantity is None:
        return None
    context.system, context.state, context.unit = system, state, "" if share else unit
    doubt += less + DOUBTS["share"] * share
    kind = "flow" if quantity.endswith("_restored") and not share else "stock"
    reason = " ".join(token.text for token in sentence.tokens[cue.first : cue.end][:6])
    return Meant(quantity, value, item.amount.high, kind, doubt, f"“{reason}”", flip)


def whole(around: Surroundings, item: Counted, done: list[Decided]) -> Meant | None:
    """Return what "all" or "none" of a place or its customers means: that all are without a service, or none is."""
    sentence = around.marked.sentence
    tag = sentence.at("everyone", item.amount.first) or sentence.nobody(item.amount.first)
    unit = item.unit or (tag.value if tag is not None and tag.value == "people" else "")
    cue, away, doubt = _cue(around, item, done)
    if cue is None or away > WHOLE_REACH or cue.state not in {"out", "back"} or sentence.at("relative", item.end):
        return None
    system = cue.systems[0] if cue.systems else _system(around, cue)
    if not (system and unit) or is_future(around, item, max(cue.end, item.end), cue) or _is_denied(around, item):
        return None
    denied = item.amount.order == "none" and (not sentence.lexicon.double_negation or _verb_denied(sentence, item, cue))
    unit = "people" if unit == "place" else "customers" if unit == "homes" else unit
    quantity = quantity_of(system, "out", unit, share=False)
    if quantity is None:
        return None
    flipped = ((cue.state == "out") is denied) is not (item.amount.order == "none")
    doubt += _doubt(around, item, cue, away) + DOUBTS["whole"]
    reason = " ".join(token.text for token in sentence.tokens[cue.first : cue.end][:6])
    return Meant(quantity, None, None, "stock", doubt, f"“{reason}”", flipped)


def _verb_denied(sentence: Sentence, item: Counted, cue: Cue) -> bool:
    """Whether a negation of its own stands between "none" and a cue: "без світла не залишилося жодного будинку"."""
    first, end = min(item.amount.first, cue.first), max(item.end, cue.end)
    own = [tag for tag in sentence.of("negation") if first <= tag.start < end and not cue.first <= tag.start < cue.end]
    return not cue.negated and any(sentence.negation(tag.end) for tag in own)


def _lost_it(sentence: Sentence, item: Counted) -> bool:
    """Whether an amount is of those who lost it: "restored to 420,000 of the 500,000 who lost it"."""
    led = any(sentence.ending("of", at) is not None for at in (item.amount.first, item.amount.first - 1))
    relative = next((tag for at in (item.end, item.end + 1) if (tag := sentence.at("relative", at)) is not None), None)
    return led and relative is not None and sentence.tagged(relative.end, "lack", "out")


def _is_excepted(sentence: Sentence, item: Counted) -> bool:
    """Whether an amount is what a statement on all leaves out: "all but 85 have power again"."""
    qualifier = sentence.ending("qualifier", item.amount.first)
    return sentence.ending("except", qualifier.start if qualifier else item.amount.first) is not None


def _doubt(around: Surroundings, item: Counted, cue: Cue, away: float) -> float:
    """Return what the choice of a cue takes from the confidence in an amount."""
    sentence, others = around.marked.sentence, around.marked.amounts
    rivals = [other for other in around.found if (other.state, other.systems[:1]) != (cue.state, cue.systems[:1])]
    rival = nearest(sentence, item.amount, item.end, rivals, others)
    features = {
        "system": not cue.systems,
        "several": len(set(cue.systems)) > 1,
        "negated": cue.negated,
        "vague": cue.vague,
        "future": bool(sentence.of("forecast")),
        "crowded": len(others) >= CROWDED,
        "rival": rival is not None and rival[1] < away + RIVAL,
    }
    doubt = sum(DOUBTS[name] for name, holds in features.items() if holds)
    return doubt + DOUBTS["far"] * min(1.0, max(0.0, away - FAR) / FAR)


def _cue(around: Surroundings, item: Counted, done: list[Decided]) -> tuple[Cue | None, float, float]:
    """Return the cue that speaks of an amount, its cost, and the doubt in the choice."""
    sentence, others = around.marked.sentence, around.marked.amounts
    found = [cue for cue in around.found if _may_count(cue, item)]
    clause = which_clause(sentence, item.end)
    main = [cue for cue in found if cue.first >= clause.stop] if clause and not opens_with_all(around, item) else []
    found = [cue for cue in found if cue.first not in clause] if main else found
    described = (item.total is not None and sentence.at("relative", item.end)) or _of_those(sentence, item)
    if described and len(found) > 1:
        first = nearest(sentence, item.amount, item.end, found, others)
        rest = [cue for cue in found if first is None or cue is not first[0]]
        found = [cue for cue in rest if first is None or cue.state != first[0].state] or rest
    best = _leading(around, item, nearest(sentence, item.amount, item.end, found, others))
    if any(sentence.at("lack", at) and not _in_cue(around.found, at) for at in (item.end, item.end + 1)):
        return None, 0.0, 0.0
    if done and item.how == "bare" and (best is None or best[1] > LEADING):
        last = done[-1].item
        before = nearest(sentence, last.amount, last.end, found, others)
        between = any(last.end <= cue.first < item.amount.first for cue in found if before and cue is not before[0])
        if before is not None and not between and before[0].first < item.amount.first:
            return before[0], cost(sentence, last.amount, last.end, before[0], others), DOUBTS["inherited"]
    if best is not None:
        return best[0], best[1], 0.0
    return _carried(around, item)


def _only_part(sentence: Sentence, item: Counted, cue: Cue) -> bool:
    """Whether a share is of those just counted, and no cue after it says of what: "80 % of them for a second time"."""
    partly = item.amount.share and item.how == "bare" and sentence.at("partly", item.end) is not None
    return partly and cue.first < item.amount.first and item.amount.first - cue.end > 1


def which_clause(sentence: Sentence, end: int) -> range:
    """Return the tokens of the relative clause soon after a noun that ends at a token; empty where there is none."""
    marks = [at for at in range(end, len(sentence.tokens)) if sentence.word(at) == ","]
    opens = next((at for at in marks[:1] if at <= end + WHICH_REACH and sentence.tagged(at + 1, "which")), None)
    return range(0) if opens is None else range(opens, next((at for at in marks if at > opens), len(sentence.tokens)))


def _of_those(sentence: Sentence, item: Counted) -> bool:
    """Whether a share is one of "those affected", whose cue only says of whom."""
    of = sentence.at("of", item.end) if item.amount.share and item.how == "bare" else None
    return of is not None and sentence.at("relative", of.end) is not None


def _may_count(cue: Cue, item: Counted) -> bool:
    """Whether a state counts what an amount counts: only a crowd departs, only buildings are drained."""
    if cue.state == "departed":
        crowd = item.amount.value is None or item.amount.share or item.amount.value >= CROWD
        return item.unit == "people" and crowd
    return cue.state != "drained" or item.unit in {"buildings", "homes", ""}


def _leading(around: Surroundings, item: Counted, best: tuple[Cue, float] | None) -> tuple[Cue, float] | None:
    """
    Return the cue that governs an amount, in place of one that only describes it.

    That is "restored power to" before it where "affected" comes after, the words after the noun where "affected" stands
    between amount and noun, and "without heat" after it where "left" stands before.
    """
    sentence, others = around.marked.sentence, around.marked.amounts
    if best is None:
        return best
    if best[0].state == "back" and item.end <= best[0].first <= item.end + 1:
        return best
    qualifier = sentence.ending("qualifier", item.amount.first)
    left = sentence.ending("left", qualifier.start if qualifier else item.amount.first) is not None
    later = [cue for cue in around.found if cue.first >= item.end]
    after = nearest(sentence, item.amount, item.end, later, others)
    governed = _governing(around, item)
    if governed is not None and best[0].first < item.amount.first:
        return governed
    describes = item.amount.first <= best[0].first < item.end or (left and best[0].first < item.amount.first)
    if describes and any(other.total is not None and around.items[other.total] is item for other in around.items):
        return best
    if describes and after is not None and after[1] <= GOVERNS and not _parted(around, item, after[0]):
        return after
    if sentence.at("relative", item.end) and any(sentence.at("now", item.end + step) for step in (1, 2)):
        return after or best
    if not best[0].vague or best[0].first < item.amount.first:
        return best
    if sentence.at("relative", best[0].first) is None:
        return best
    before = [cue for cue in around.found if cue.end <= item.amount.first]
    led = nearest(sentence, item.amount, item.end, before, others)
    return led if led is not None and led[1] <= LEADING else best


def _governing(around: Surroundings, item: Counted) -> tuple[Cue, float] | None:
    """Return the cue of the verb right after an amount, or after those that it is listed with: "... remain without"."""
    sentence, at = around.marked.sentence, item.end
    for other in around.items:
        if (
            other.amount.first >= at
            and sentence.at("list_and", at)
            and other.amount.first <= at + 3
            and other.how == "noun"
        ):
            at = other.end
    if sentence.at("now", at) is None:
        return None
    found = [cue for cue in around.found if at <= cue.first <= at + 2]
    return (found[0], 1.0) if found else None


def _parted(around: Surroundings, item: Counted, cue: Cue) -> bool:
    """Whether a cue speaks of a part of an amount: "of 8,900 affected customers 7,400 have power again"."""
    led = opens_with_all(around, item)
    last = cue.end + PART_REACH if cue.state == "back" else cue.first
    ends = range(item.end, last if cue.first >= item.end else item.end)
    return led and any(other.first in ends for other in around.marked.amounts)


def opens_with_all(around: Surroundings, item: Counted) -> bool:
    """Whether an amount opens a clause as the total of one after it: "of 8,900 affected customers 7,400 have ..."."""
    sentence, first = around.marked.sentence, item.amount.first
    opens = [tag for tag in sentence.of("of") if tag.start == 0 or sentence.word(tag.start - 1) in {",", ";", ":", "—"}]
    opens = [tag for tag in opens if sentence.at("partly", tag.start) is None]
    return any(0 <= first - tag.end <= 1 for tag in opens) and around.marked.amounts[-1].first > first


def _in_cue(found: Sequence[Cue], at: int) -> bool:
    return any(cue.first <= at < cue.end for cue in found)


def _carried(around: Surroundings, item: Counted) -> tuple[Cue | None, float, float]:
    """Return what the sentence before said, for an amount in a list or a sentence that goes on from it."""
    context, sentence = around.context, around.marked.sentence
    row = item.how == "bare" and bool(around.marked.places) and _is_cell(sentence, item, around.marked.places)
    moved = (*sentence.of("earlier"), *sentence.of("peak"), *sentence.of("moved"), *sentence.of("lowest"))
    row = row or (item.how == "bare" and any(0 <= item.amount.first - tag.end <= MOVED_REACH for tag in moved))
    few = item.unit == "people" and item.amount.value is not None and item.amount.value < FEW
    rest = item.how == "bare" and sentence.ending("remaining", item.amount.first) is not None
    row = row or rest or _stands_alone(around, item)
    counted_so = item.unit in {context.unit, "customers", "households", "buildings"} and not few
    summed = bool(item.unit) and not few and sentence.at("pronoun", 0) is not None and len(sentence.tokens) <= LISTED
    same = row or summed or (counted_so and context.state == "out")
    same = same or (item.unit == context.unit and bool(item.unit) and len(sentence.tokens) <= LISTED and not few)
    other = any(tag.value not in {context.system, "any"} for tag in sentence.of("service"))
    at = next(i for i, one in enumerate(around.items) if one is item)
    other = other or (item.how == "bare" and at > 0 and around.items[at - 1].how == "other")
    if not context.state or other or not same or item.amount.share or context.state in {"drained", "departed"}:
        return None, 0.0, 0.0
    cue = Cue(item.amount.first, item.amount.first, "out" if rest else context.state, (context.system,))
    listed = len(sentence.tokens) <= LISTED
    return cue, 0.0, DOUBTS["carried"] * (1.0 if listed else 1.5)


def _stands_alone(around: Surroundings, item: Counted) -> bool:
    """Whether a bare number is all that a short sentence says of a time: "In the morning it was over 1,000"."""
    sentence, alone = around.marked.sentence, len(around.items) == 1 and not around.found
    return alone and item.how == "bare" and bool(around.marked.times) and len(sentence.tokens) <= LISTED


def _is_cell(sentence: Sentence, item: Counted, places: Sequence[PlaceMention]) -> bool:
    """Whether a bare number stands alone as in a row of a table: between marks, or at the end."""
    marks = {":", "–", "—", "-", "|", "(", ")", ",", ";", ".", "•"}
    first, end = item.amount.first, item.amount.end
    led = first > 0 and (sentence.word(first - 1) in marks or sentence.ending("qualifier", first) is not None)
    led = led or any(mention.end == first for mention in places)
    return led and (end == len(sentence.tokens) or sentence.word(end) in marks)


def _counted_system(sentence: Sentence, item: Counted, cue: Cue) -> str:
    """Return the service that a noun names, "gas customers", where a cue names that one too, or none."""
    named = [tag.value for tag in sentence.of("service") if item.amount.end <= tag.start < item.end]
    return named[-1] if named and (named[-1] in cue.systems or not cue.systems) and named[-1] != "any" else ""


def _system(around: Surroundings, cue: Cue) -> str:
    """Return the service of a cue that names none: the one its sentence names, or the one spoken of before."""
    sentence = around.marked.sentence
    tags = [tag for tag in sentence.of("service") if is_service(sentence, tag)]
    named = {tag.value for tag in tags if tag.value not in {"any", "hot"}}
    named |= {other.systems[0] for other in around.found if other.systems and other is not cue}
    if len(named) == 1:
        return named.pop()
    services = around.context.services.most_common(1)
    return around.context.system or (services[0][0] if services else "")


def _unit(around: Surroundings, item: Counted, done: list[Decided], system: str) -> tuple[str, float]:
    """Return the unit that an amount counts, and the doubt in it."""
    unit = item.unit
    if unit == "homes":
        small = item.amount.value is not None and item.amount.value < 10_000
        return ("customers", 0.0) if system != "heat" else ("buildings", 0.3) if small else ("households", 0.1)
    if unit:
        return unit, DOUBTS["before"] * (item.how == "before")
    if item.amount.share:
        return "people", DOUBTS["bare"]
    if item.amount.order and not done:
        return "people", DOUBTS["bare"]
    if done and done[-1].unit not in WEAPONS:
        return done[-1].unit, DOUBTS["inherited"]
    moved = around.marked.sentence.of("moves")
    nouns = [
        tag.value for tag in around.marked.sentence.of("unit") if tag.end <= item.amount.first and tag.value in COUNTED
    ]
    if moved and nouns:
        return nouns[-1], DOUBTS["bare"]
    if around.context.unit and around.context.system == system:
        return around.context.unit, DOUBTS["bare"]
    return DEFAULT_UNITS[system], 2 * DOUBTS["bare"]


def is_served(around: Surroundings, item: Counted) -> bool:
    """Whether an amount is the total that another is part of, with nothing said of the total itself."""
    at = next(i for i, other in enumerate(around.items) if other is item)
    part = next((other for other in around.items if other.total == at), None)
    if part is None:
        return False
    sentence = around.marked.sentence
    end = next((i for i in range(item.end + 1, len(sentence.tokens)) if sentence.word(i) in {",", ";"}), 10**6)
    clauses = sum(item.amount.first <= cue.first < end for cue in around.found)
    own = (sentence.at("relative", item.end) or sentence.word(item.end) == ",") and clauses > 1
    told = any(cue.first in which_clause(sentence, item.end) for cue in around.found)
    return not (own or told or part.amount.share)


def _is_denied(around: Surroundings, item: Counted) -> bool:
    """Whether an amount counts casualties, damage or the area of emergency cuts, or stands after "not all of"."""
    sentence, first = around.marked.sentence, item.amount.first
    before = sentence.ending("qualifier", first)
    start = before.start if before else first
    denials = [t for t in sentence.of("negation") if not (_in_cue(around.found, t.start) or sentence.nobody(t.start))]
    if any(0 <= start - tag.end <= 1 for tag in denials):
        return True
    if sentence.at("each", item.end) is not None or (item.amount.share and sentence.of("emergency")):
        return True
    if item.unit == "buildings" and _is_hurt(around, item, "damage"):
        return True
    if item.unit not in {"people", ""} or item.amount.share:
        return False
    return _is_hurt(around, item, "casualty")


def _is_hurt(around: Surroundings, item: Counted, group: str) -> bool:
    """Whether a word such as "injured" or "damaged" speaks of an amount, nearer than any word on a service."""
    sentence, first, end = around.marked.sentence, item.amount.first, item.end
    others = [other.first for other in around.marked.amounts if other.first != first]
    for tag in sentence.of(group):
        gap = range(end, tag.start) if tag.start >= end else range(tag.end, first)
        closer = any(cue.first in gap or 0 <= cue.first - end < len(gap) for cue in around.found)
        if len(gap) <= 4 and not closer and not any(other in gap for other in others):
            return True
    return False


def is_future(around: Surroundings, item: Counted, end: int, cue: Cue | None = None) -> bool:
    """Whether the clause of an amount speaks of what may or will be."""
    sentence = around.marked.sentence
    first = min(item.amount.first, cue.first) if cue else item.amount.first
    start = first
    while start > 0 and sentence.word(start - 1) not in {",", ";", ":"} and not sentence.at("but", start - 1):
        start -= 1
    if any(start <= tag.start < end for tag in sentence.of("condition")):
        return False
    if cue is not None and cue.state == "out" and sentence.at("relative", item.end) is not None:
        return False
    if cue is None or not item.end <= cue.first <= item.end + 2:
        end = max(end, item.end + 2)
    while sentence.lexicon.verb_last and end < len(sentence.tokens) and sentence.word(end) not in {",", ";", ":"}:
        end += 1
    own = (cue.first, cue.end) if cue is not None else (item.amount.first, item.end)
    aims = [tag for tag in sentence.of("intent") if tag.start < own[1] and tag.end > own[0]]
    aims = [] if cue is not None and cue.state == "out" else aims
    verbs = any(start <= tag.start < end for tag in (*sentence.of("forecast"), *aims))
    tomorrow = any(start <= m.first <= end + 4 and (m.parts.offset or 0) > 0 for m in around.marked.times)
    return verbs or tomorrow
