"""Tables with columns parted by "|", read by their headings."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from energy_impact.text.grammar import find_candidates

PUBLISHED = datetime(2026, 2, 14, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "language", "rows"),
    [
        (
            "County | Customers out | Customers served\nHarrow | 3,120 | 18,400\nTotal | 4,164 | 40,710",
            "en",
            [("Harrow", "power_customers_out", 3120), (None, "power_customers_out", 4164)],
        ),
        (
            "| Area | Customers without power | % out | Crews |\n| Saltmere | 644 | 3% | 12 |",
            "en",
            [("Saltmere", "power_customers_out", 644), ("Saltmere", "power_customers_out", 0.03)],
        ),
        (
            "Район | Без світла, абонентів | Без тепла, будинків | Бригад\nНіжинський район | 9 800 | 12 | 6",
            "uk",
            [("Ніжинський район", "power_customers_out", 9800), ("Ніжинський район", "heat_buildings_out", 12)],
        ),
        (
            "Город | Без света, абонентов | Бригад\nБелгород | 1 240 | 4",
            "ru",
            [("Belgorod", "power_customers_out", 1240)],
        ),
        (
            "Ort | Haushalte ohne Strom | Trupps\nWeidenau | 1.240 | 4",
            "de",
            [("Weidenau", "power_customers_out", 1240)],
        ),
    ],
)
def test_a_column_is_read_by_its_heading(text: str, language: str, rows: list[tuple[str | None, str, float]]) -> None:
    found = find_candidates(text, published=PUBLISHED, language=language)
    assert [(row.place, row.quantity, row.value) for row in found] == rows


def test_a_heading_ends_with_its_table() -> None:
    text = "County | Customers out\nHarrow | 3,120\n\nHarrow has 40 crews and 18,400 customers."
    assert [row.value for row in find_candidates(text, published=PUBLISHED, language="en")] == [3120]
