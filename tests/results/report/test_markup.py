"""Texts of others on the page: escaped, readable, and without power over what stands beside them."""

import pytest

from energy_impact.results.report.markup import element, escape


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Київ & Kyiv", "Київ &amp; Kyiv"),
        ("in القدس now", "in <bdi>القدس</bdi> now"),
        ("a \u202e<b>321 c", "a <bdi>\u202e</bdi>&lt;b&gt;321 c"),
        ("שלום 7 שלום", "<bdi>שלום 7 שלום</bdi>"),
        ("bell\x07", "bell\ufffd"),
    ],
)
def test_what_is_written_from_right_to_left_is_isolated(text, shown):
    assert escape(text) == shown
    assert element("td", text) == f"<td>{shown}</td>\n" or element("td", text) == f"<td>{shown}</td>"
