"""Which words on services govern an amount: the nearest, the verb after it, or what the sentence before said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from energy_impact.text.clauses import is_one_clause
from energy_impact.text.cues import Cue, cost, nearest
from energy_impact.text.doubts import DOUBTS
from energy_impact.text.numbers import DASHES
from energy_impact.text.special import stated_parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from energy_impact.text.context import Decided, Surroundings
    from energy_impact.text.counted import Counted
    from energy_impact.text.lexicon import Sentence, Tag
    from energy_impact.text.numbers import Amount
    from energy_impact.text.place_mention import PlaceMention

LISTED = 14
"""Tokens of the longest sentence that counts as a line of a list. (judgement)"""
LEADING, GOVERNS = 6.0, 14.0
"""Cost up to which a cue before an amount leads it, and up to which one after its noun governs it. (judgement)"""
CROWD, FEW = 1000, 100
"""Fewest people whose departure is a figure, and who are one without a word on a service. (judgement)"""
WHICH_REACH = 4
"""Tokens, such as those of a place, between a noun and its relative clause. (judgement)"""
OPENING = 4
"""Words that may stand before an amount at the start of its clause. (judgement)"""
PART_REACH = 3
"""Tokens from a cue to the part that it speaks of: "of 31,000 customers, reconnected are 27,000". (judgement)"""
VERB_REACH = 3
"""Tokens from an auxiliary verb to the word on a service: "have had their power restored". (judgement)"""
MOVED_REACH = 5
"""Tokens from a word such as "earlier" or "peak" to a bare number that it speaks of. (judgement)"""


def cue_of(around: Surroundings, item: Counted, done: list[Decided]) -> tuple[Cue | None, float, float]:
    """Return the cue that speaks of an amount, its cost, and the doubt in the choice."""
    sentence, others = around.marked.sentence, around.marked.amounts
    found = [cue for cue in around.found if _may_count(cue, item)]
    parts = _of_parts(sentence, item, others)
    found = [cue for cue in found if cue.first not in parts]
    found = [cue for cue in found if not _of_nobody(around, item, cue)]
    found = _between_semicolons(sentence, item, found)
    found = _not_of_others(around, item, found)
    clause = which_clause(sentence, item.end) or _had_clause(around, item) or _hit_clause(around, item)
    clause = range(0) if opens_with_all(around, item) else clause
    main = [cue for cue in found if clause and (cue.first >= clause.stop or _leads(sentence, cue, item))]
    found = [cue for cue in found if cue.first not in clause] if main else found
    described = (item.total is not None and sentence.at("relative", item.end)) or _of_those(sentence, item)
    if described and len(found) > 1:
        first = nearest(sentence, item.amount, item.end, found, others)
        rest = [cue for cue in found if first is None or cue is not first[0]]
        own = [cue for cue in rest if first is not None and _goes_on(sentence, first[0], cue)]
        found = own or [cue for cue in rest if first is None or cue.state != first[0].state] or rest
    best = _leading(around, item, nearest(sentence, item.amount, item.end, found, others))
    if any(_lacks_other(around, at) for at in (item.end, item.end + 1)):
        return None, 0.0, 0.0
    follows = item.how == "bare" and (best is None or best[1] > LEADING or _is_apart(sentence, item, best[0]))
    if done and (follows or dwells(sentence, item)):
        last = done[-1].item
        before = nearest(sentence, last.amount, last.end, found, others)
        between = any(last.end <= cue.first < item.amount.first for cue in found if before and cue is not before[0])
        other = best is not None and before is not None and _is_of_other_service(sentence, item, best[0], before[0])
        if before is not None and not (between or other) and before[0].first < item.amount.first:
            return before[0], cost(sentence, last.amount, last.end, before[0], others), DOUBTS["inherited"]
    if best is not None and not _moved_apart(around, item, best[0]):
        return best[0], best[1], 0.0
    if found != around.found and not found and any(cue.first in parts for cue in around.found):
        return None, 0.0, 0.0
    return _carried(around, item, listed=bool(done) and not found)


def _is_apart(sentence: Sentence, item: Counted, cue: Cue) -> bool:
    """Whether a dash leads a bare number, and a comma parts it from a cue after it: "an hour later – 20,100, ..."."""
    led = sentence.word(item.amount.first - 1) in DASHES
    return led and any(sentence.word(at) == "," for at in range(item.amount.end, cue.first))


def _is_of_other_service(sentence: Sentence, item: Counted, cue: Cue, before: Cue) -> bool:
    """Whether a cue on another service ends the clause of an amount: "300 lost power, 110 in a town had no water"."""
    other = bool(cue.systems) and bool(before.systems) and cue.systems[0] != before.systems[0]
    return other and cue.first >= item.end and is_one_clause(sentence, item.end, cue.first)


def _between_semicolons(sentence: Sentence, item: Counted, found: Sequence[Cue]) -> list[Cue]:
    """Return the cues between the same semicolons as an amount, where there are any; else all."""
    marks = [at for at in range(len(sentence.tokens)) if sentence.word(at) == ";"]
    first = max((at for at in marks if at < item.amount.first), default=-1)
    last = min((at for at in marks if at >= item.end), default=len(sentence.tokens))
    return [cue for cue in found if first < cue.first < last] or list(found)


def _not_of_others(around: Surroundings, item: Counted, found: Sequence[Cue]) -> list[Cue]:
    """Return the cues but those in an amount before, where a verb ends the clause: "80 Betroffene und 13 wurden"."""
    sentence = around.marked.sentence
    others = [one for one in around.items if one.end <= item.amount.first and one.how == "noun"]
    own = [cue for cue in found if not any(one.amount.first <= cue.first < one.end for one in others)]
    verb = any(cue.first >= item.end and is_one_clause(sentence, item.end, cue.first) for cue in own)
    return own if verb and sentence.lexicon.verb_last else list(found)


def _of_nobody(around: Surroundings, item: Counted, cue: Cue) -> bool:
    """Whether a cue speaks of "no one" or "all" in a clause after an amount: "it was 300, by noon all were back"."""
    sentence = around.marked.sentence
    wholes = (other.first for other in around.marked.amounts if other.whole)
    starts = [first for first in wholes if item.end <= first <= cue.first and is_one_clause(sentence, first, cue.first)]
    return any(not is_one_clause(sentence, item.end, start) for start in starts)


def _goes_on(sentence: Sentence, first: Cue, cue: Cue) -> bool:
    """Whether the verb of a sentence follows its relative clause: "156 who lost power remained without it"."""
    gap = range(first.end, cue.end)
    return cue.end > first.end and all(sentence.tokens[at].kind == "word" for at in gap)


def _moved_apart(around: Surroundings, item: Counted, cue: Cue) -> bool:
    """Whether a bare number is what a count fell from, and "back" speaks of the next amount alone."""
    sentence, first = around.marked.sentence, item.amount.first
    moved = item.how == "bare" and any(0 <= first - tag.end <= 1 for tag in sentence.of("moved"))
    gap = range(item.end, cue.first)
    apart = sum(sentence.word(at) in {",", ";"} for at in gap) > 1
    return moved and cue.state == "back" and apart and around.context.state == "out"


def _leads(sentence: Sentence, cue: Cue, item: Counted) -> bool:
    """Whether a cue stands before an amount, with no mark between."""
    gap = range(cue.end, item.amount.first)
    return cue.end <= item.amount.first and all(sentence.tokens[at].kind != "mark" for at in gap)


def _next_counts(tag: Tag, amounts: Sequence[int]) -> bool:
    """Whether words such as "of them" stand before the next amount, and close to it."""
    return bool(amounts) and 0 <= amounts[0] - tag.end <= PART_REACH


def _of_parts(sentence: Sentence, item: Counted, sentence_amounts: Sequence[Amount]) -> range:
    """Return the tokens after an amount that speak of a part of it: "1,200, of which 300 were reconnected"."""
    others = [other.first for other in sentence_amounts if other.first >= item.end]
    tags = [tag for tag in stated_parts(sentence) if tag.start > item.end]
    tags = [tag for tag in tags if sentence.word(tag.start - 1) in {",", "("}]
    opens = next((tag.start for tag in tags if tag.start == item.end + 1 or _next_counts(tag, others)), None)
    if opens is None:
        return range(0)
    marks = (at for at in range(opens, len(sentence.tokens)) if sentence.word(at) in {",", ";", ")"})
    return range(opens, next(marks, len(sentence.tokens)))


def dwells(sentence: Sentence, item: Counted) -> bool:
    """Whether an amount counts who lives in what was counted before it: "40 blocks, where 3,000 people live"."""
    near = (item.amount.first - 1, item.amount.first - 2, item.end, item.end + 1)
    return item.unit == "people" and any(sentence.at("dwelling", at) for at in near)


def _lacks_other(around: Surroundings, at: int) -> bool:
    """Whether a word such as "lost" begins at a token and speaks of no service: "300 homes lost their roofs"."""
    sentence = around.marked.sentence
    lacks = sentence.at("lack", at)
    if lacks is None or sentence.at("out", at) is not None:
        return False
    return not any(in_cue(around.found, token) for token in range(lacks.start, lacks.end))


def which_clause(sentence: Sentence, end: int) -> range:
    """Return the tokens of the relative clause soon after a noun that ends at a token; empty where there is none."""
    marks = [at for at in range(end, len(sentence.tokens)) if sentence.word(at) == ","]
    opens = next((at for at in marks[:1] if at <= end + WHICH_REACH and sentence.tagged(at + 1, "which")), None)
    return range(0) if opens is None else range(opens, next((at for at in marks if at > opens), len(sentence.tokens)))


def _had_clause(around: Surroundings, item: Counted) -> range:
    """
    Return the tokens of a relative clause without a comma, up to the cue of the main clause; empty for none.

    As in "300 who had been reconnected on Friday lost supply again" and "300 who lost it on Friday have it back".
    """
    sentence, end = around.marked.sentence, item.end
    opens = sentence.at("which", end) is not None and sentence.tagged(end + 1, "auxiliary", "begins")
    whole = any(other.total is not None and around.items[other.total] is item for other in around.items)
    if not opens or whole or sentence.lexicon.capital_nouns:
        return range(0)
    after = [cue for cue in around.found if cue.first > end]
    gap = range(end, after[1].first) if len(after) > 1 else range(0)
    marks = any(sentence.word(at) in {",", ";", ":"} or sentence.tagged(at, "list_and", "which") for at in gap[1:])
    plain = not marks and not any(other.first in gap for other in around.marked.amounts)
    turned = len(after) > 1 and (after[0].state, after[1].state) in {("back", "out"), ("out", "back")}
    return gap if plain and turned else range(0)


def _hit_clause(around: Surroundings, item: Counted) -> range:
    """
    Return the tokens from "affected by" after a noun to the verb of the sentence, which says who is back.

    As in "340 customers affected by the outage have been restored"; empty for none.
    """
    sentence, end = around.marked.sentence, item.end
    hit = sentence.at("hit_by", end)
    if hit is None:
        return range(0)
    verb = next((at for at in range(hit.end, len(sentence.tokens)) if sentence.tagged(at, "auxiliary")), hit.end)
    parted = any(sentence.tokens[at].text in {",", ";", ":"} or sentence.tagged(at, "which") for at in range(end, verb))
    counts = any(end <= other.first < verb for other in around.marked.amounts)
    back = any(cue.state == "back" and verb <= cue.first <= verb + VERB_REACH for cue in around.found)
    return range(end, verb) if back and not (parted or counts) else range(0)


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
    given_back = _given_back(around, item, best[0])
    if given_back is not None:
        return given_back
    qualifier = sentence.ending("qualifier", item.amount.first)
    left = sentence.ending("left", qualifier.start if qualifier else item.amount.first) is not None
    later = [cue for cue in around.found if cue.first >= item.end]
    after = nearest(sentence, item.amount, item.end, later, others)
    if after is not None and _opens_clause(around, item, best[0], after[0]):
        return after
    governed = _governing(around, item)
    if governed is not None and best[0].first < item.amount.first:
        return governed
    describes = item.amount.first <= best[0].first < item.end or (left and best[0].first < item.amount.first)
    if describes and any(other.total is not None and around.items[other.total] is item for other in around.items):
        return best
    led = nearest(sentence, item.amount, item.end, [cue for cue in around.found if _leads(sentence, cue, item)], others)
    if describes and after is None and led is not None and led[1] <= LEADING and led[0].state == "back":
        return led
    if describes and after is not None and after[1] <= GOVERNS and not parted(around, item, after[0]):
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


def _given_back(around: Surroundings, item: Counted, best: Cue) -> tuple[Cue, float] | None:
    """Return the "reconnected" before an amount whose relative clause says what it lost: "reconnected 300 who lost"."""
    sentence = around.marked.sentence
    lost = sentence.at("which", item.end) is not None or sentence.at("relative", item.end) is not None
    if item.amount.share or best.first < item.end or not lost:
        return None
    leads = [cue for cue in around.found if cue.state == "back" and _leads(sentence, cue, item)]
    led = nearest(sentence, item.amount, item.end, leads, around.marked.amounts)
    return led if led is not None and led[1] <= LEADING and best.state == "out" else None


def _opens_clause(around: Surroundings, item: Counted, before: Cue, after: Cue) -> bool:
    """Whether an amount begins a clause with a cue of its own: "300 are out, 200 of them were reconnected"."""
    sentence, led = around.marked.sentence, range(before.end, item.amount.first)
    gap = range(item.end, after.first)
    other = bool(before.systems) and bool(after.systems) and before.systems[0] != after.systems[0]
    apart = any(sentence.word(at) in {",", ";", ":"} or (other and sentence.at("list_and", at)) for at in led)
    opens = apart and sum(sentence.word(at) not in {",", ";", ":"} for at in led) <= OPENING
    own = not any(sentence.word(at) in {",", ";", ":", "(", "—", "–"} for at in gap)
    counts = any(one.amount.first in gap and one.how != "other" for one in around.items)
    relative = any(sentence.tagged(at, "relative", "which") for at in (item.end, item.end + 1))
    return opens and own and not counts and not relative


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


def parted(around: Surroundings, item: Counted, cue: Cue) -> bool:
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


def in_cue(found: Sequence[Cue], at: int) -> bool:
    """Whether a token lies in one of some cues."""
    return any(cue.first <= at < cue.end for cue in found)


def _carried(around: Surroundings, item: Counted, *, listed: bool) -> tuple[Cue | None, float, float]:
    """Return what the sentence before said, for an amount in a list or a sentence that goes on from it."""
    context, sentence = around.context, around.marked.sentence
    named = {at for place in around.marked.places for at in range(place.first, place.end)}
    row = item.how == "bare" and bool(named) and _is_cell(sentence, item, around.marked.places)
    row = row and not any(tag.start == 0 and tag.start not in named for tag in sentence.of("other"))
    moved = (*sentence.of("earlier"), *sentence.of("peak"), *sentence.of("moved"), *sentence.of("lowest"))
    row = row or (item.how == "bare" and any(0 <= item.amount.first - tag.end <= MOVED_REACH for tag in moved))
    hurt = item.unit == "people" and bool(sentence.of("casualty"))
    few = item.unit == "people" and item.amount.value is not None and item.amount.value < FEW
    left = sentence.ending("remaining", item.amount.first) is not None
    rest = item.how == "bare" and left
    word = sentence.at("pronoun", 0)
    total = item.how == "bare" and word is not None and word.value == "total" and len(sentence.tokens) <= LISTED
    of_those = item.how == "bare" and sentence.at("partly", item.end) is not None
    of_those = of_those and not any(
        tag.end <= item.amount.first and tag.value == "other" for tag in sentence.of("other")
    )
    tally = item.how == "bare" and is_tally(sentence, item)
    row = row or rest or total or of_those or tally or (listed and item.how == "bare") or _stands_alone(around, item)
    counted_so = item.unit in {context.unit, "customers", "households", "buildings"} and not few
    summed = bool(item.unit) and not few and sentence.at("pronoun", 0) is not None and item.end <= LISTED
    same = row or summed or (counted_so and context.state == "out")
    same = same or (item.unit == "people" and context.unit == "buildings" and bool(sentence.of("dwelling")))
    same = same or (item.unit == context.unit and bool(item.unit) and len(sentence.tokens) <= LISTED and not few)
    other = any(tag.value not in {context.system, "any"} for tag in sentence.of("service"))
    at = next(i for i, one in enumerate(around.items) if one is item)
    before = [one.how for one in around.items[:at]]
    after_other = before[-1:] == ["other"] or ("other" in before and "noun" not in before and bool(named))
    other = other or ((item.how == "bare" or item.unit == "people") and after_other)
    loose = bool(item.amount.order) and item.how == "bare" and not (listed or rest or of_those or tally)
    if not context.state or other or hurt or loose or not same or item.amount.share:
        return None, 0.0, 0.0
    if context.state in {"drained", "departed"}:
        return None, 0.0, 0.0
    row_anew = context.turned and context.state == "back"
    state = "out" if left or tally or row_anew else context.state
    cue = Cue(item.amount.first, item.amount.first, state, (context.system,))
    short = len(sentence.tokens) <= LISTED
    return cue, 0.0, DOUBTS["carried"] * (1.0 if short else 1.5)


def is_tally(sentence: Sentence, item: Counted) -> bool:
    """Whether words such as "the count stood at" stand right before a bare number."""
    qualifier, first = sentence.ending("qualifier", item.amount.first), item.amount.first
    return any(sentence.ending("tally", at) for at in (first, first if qualifier is None else qualifier.start))


def heading(around: Surroundings) -> tuple[str, str, str] | None:
    """Return the state, service and unit that a line without figures leaves to the lines below it; None for none."""
    sentence, last = around.marked.sentence, around.found[-1]
    if last.systems:
        return last.state, last.systems[0], ""
    listed = sentence.word(len(sentence.tokens) - 1) == ":" and last.state == "out"
    return (last.state, around.context.system or "power", "customers") if listed else None


def _stands_alone(around: Surroundings, item: Counted) -> bool:
    """Whether a bare number is all that a short sentence says of a time: "In the morning it was over 1,000"."""
    sentence, alone = around.marked.sentence, not around.found and all(one.how == "bare" for one in around.items)
    places = around.marked.places
    dated = bool(around.marked.times) or any(place.spoken or sentence.of("now") for place in places)
    short = len(sentence.tokens) <= LISTED or 1 < len(around.items) <= len(around.marked.times)
    named = {at for place in places for at in range(place.first, place.end)}
    others = any(tag.start not in named for tag in sentence.of("other"))
    count = item.amount.value is not None and item.amount.value >= FEW and not others
    placed = count and len(around.items) <= sum(place.sure for place in places)
    more = count and short and sentence.ending("another", item.amount.first) is not None
    return alone and item.how == "bare" and ((dated and short) or placed or more)


def _is_cell(sentence: Sentence, item: Counted, places: Sequence[PlaceMention]) -> bool:
    """Whether a bare number stands alone as in a row of a table: between marks, or at the end."""
    marks = {":", "–", "—", "-", "|", "(", ")", ",", ";", ".", "•"}
    first, end = item.amount.first, item.amount.end
    led = first > 0 and (sentence.word(first - 1) in marks or sentence.ending("qualifier", first) is not None)
    led = led or any(mention.end == first for mention in places)
    followed = any(0 <= mention.first - end <= 1 for mention in places if sentence.word(first - 1) in marks)
    return led and (end == len(sentence.tokens) or sentence.word(end) in marks or followed)
