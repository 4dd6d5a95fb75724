"""Any text is read without an error, with right offsets, and in work that grows as its length."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from energy_impact.text import lexicon as lexicons
from energy_impact.text.grammar import find_candidates
from energy_impact.text.lexicon import LANGUAGES, lexicon_of
from energy_impact.text.tokens import LONGEST_SENTENCE, sentences

PUBLISHED = datetime(2026, 2, 14, 18, tzinfo=UTC)
WORDS = st.sampled_from(
    [
        *(
            "without",
            "power",
            "12,400",
            "customers",
            "half",
            "of",
            "one",
            "in",
            "three",
            "-10",
            "…",
            "–",
            "(",
            ")",
            "%",
        ),
        *("°C", "minus", "between", "and", "to", "8", "am", "Kyiv", "region", "Friday", "без", "світла", "тис.", "до"),
        *("споживачів", "понад", "1,2", "млн", "ohne", "Strom", "Haushalte", "45.000", "wieder", "restored", "24"),
        *("January", "2026", "½", "\n"),
    ]
)


def check(text: str, language: str | None) -> None:
    for row in find_candidates(text, published=PUBLISHED, language=language):
        assert 0 <= row.start < row.end <= len(text)
        assert row.quote == text[row.start : row.end]
        assert 0 < row.confidence <= 1
        assert row.time is None or row.time.tzinfo is UTC


@settings(deadline=None, max_examples=150)
@given(text=st.text(max_size=400), language=st.sampled_from([None, *LANGUAGES]))
def test_any_characters_are_read(text: str, language: str | None) -> None:
    check(text, language)


@settings(deadline=None, max_examples=150)
@given(words=st.lists(WORDS, max_size=60), language=st.sampled_from(LANGUAGES))
def test_any_order_of_known_words_is_read(words: list[str], language: str) -> None:
    check(" ".join(words), language)


@pytest.mark.parametrize("text", ["", " ", "\x00\u202e\u0661\u0662", "9" * 5000, "²³ ¼", "31 February 2026 12 homes"])
def test_odd_texts_are_read(text: str) -> None:
    for language in LANGUAGES:
        check(text, language)


def work(text: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how many phrases are looked for while a text is read."""
    calls = 0
    found = lexicons.Phrases.found

    def counting(self: lexicons.Phrases, *args: Any) -> Any:
        nonlocal calls
        calls += 1
        return found(self, *args)

    with monkeypatch.context() as patch:
        patch.setattr(lexicons.Phrases, "found", counting)
        find_candidates(text, published=PUBLISHED, language="en")
    return calls


@pytest.mark.parametrize(
    "piece", ["1", "(", "a", "1.111.", "500 homes without power and ", "In Xyzzy ", "half of ", "\n"]
)
def test_work_grows_as_the_length_of_the_text(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    short, long = (work(piece * times, monkeypatch) for times in (400, 1600))
    assert long <= 4.2 * short + 20


@pytest.mark.parametrize("piece", ["word ", "1 ", "( ", "a, "])
def test_no_sentence_is_longer_than_the_window(piece: str) -> None:
    lengths = [len(tokens) for tokens in sentences(piece * 5000, lexicon_of("en").dots)]
    assert max(lengths) <= LONGEST_SENTENCE
