"""Amounts that several places share, and places that have amounts of their own or are one."""

from __future__ import annotations

import pytest

from tests.text.careful import read


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Some 1,200 customers are without power in Harrow, Marlow and Dunmore counties, and 30 in Tarn County."),
        ("en", "In Kharkiv and Sumy regions 40,000 consumers were without electricity."),
        ("en", "Kyiv and Odesa: 3,000 customers without power."),
        ("uk", "У Київській та Чернігівській областях без світла 25 тисяч споживачів."),
        ("uk", "У Харкові світло є, у Сумах і Полтаві - 3 тисячі споживачів без світла."),
        ("ru", "Обесточены 40 тысяч потребителей в Харьковской и Сумской областях."),
        ("de", "In den Landkreisen Emsland und Leer waren 8.000 Haushalte ohne Strom."),
    ],
)
def test_an_amount_that_several_places_share_is_asked_about(language: str, text: str) -> None:
    row = read(language, text)[0]
    assert row.place is None
    assert row.confidence < 0.8


@pytest.mark.parametrize(
    ("language", "text", "places"),
    [
        ("en", "In Kharkiv and Kharkiv region 30,000 consumers are without power.", ["Kharkiv region"]),
        ("uk", "У Києві та Київській області знеструмлено 30 тисяч споживачів.", ["Kyiv region"]),
        (
            "en",
            "In Saltmere and Brookfield 3,200 and 800 customers respectively lost power.",
            ["Saltmere", "Brookfield"],
        ),
        ("en", "Outages: Ashe 3,000, Dunmore 2,000 and Tarn 1,000 customers.", ["Ashe", "Dunmore", "Tarn"]),
        ("en", "Crews from Marlow and Tarnford restored power to 300 homes in Eastmoor.", ["Eastmoor"]),
    ],
)
def test_places_that_are_one_or_have_their_own_amounts_share_none(language: str, text: str, places: list[str]) -> None:
    assert [row.place for row in read(language, text)] == places
