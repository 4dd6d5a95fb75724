""" "All", "none" and "nobody" of a place or its customers, in all languages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from energy_impact.text.grammar import find_candidates

PUBLISHED = datetime(2026, 2, 14, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "language", "quantity", "qualifier", "place"),
    [
        ("All of Saltmere is without water.", "en", "water_people_out", "all", "Saltmere"),
        ("All customers in Saltmere have power again.", "en", "power_customers_out", "none", "Saltmere"),
        ("Nobody in Saltmere is without power any more.", "en", "power_people_out", "none", "Saltmere"),
        ("No homes in Saltmere are without power.", "en", "power_customers_out", "none", "Saltmere"),
        ("Not a single building in Saltmere has heating.", "en", "heat_buildings_out", "all", "Saltmere"),
        ("Увесь Чернігів без води.", "uk", "water_people_out", "all", "Chernihiv"),
        ("Усі споживачі в Полтаві знову зі світлом.", "uk", "power_customers_out", "none", "Poltava"),
        ("Ніхто в Полтаві не лишається без газу.", "uk", "gas_people_out", "none", "Poltava"),
        ("Жоден будинок у Полтаві не має опалення.", "uk", "heat_buildings_out", "all", "Poltava"),
        ("Без світла не залишилося жодного споживача Полтави.", "uk", "power_customers_out", "none", "Poltava"),
        ("Весь Белгород остался без отопления.", "ru", "heat_people_out", "all", "Belgorod"),
        ("Все жители Белгорода снова с водой.", "ru", "water_people_out", "none", "Belgorod"),
        ("Никто в Белгороде не остаётся без света.", "ru", "power_people_out", "none", "Belgorod"),
        ("Ни один дом в Белгороде не получает тепло.", "ru", "heat_buildings_out", "all", "Belgorod"),
        ("Ganz Weidenau ist ohne Wasser.", "de", "water_people_out", "all", "Weidenau"),
        ("Alle Kunden in Weidenau sind wieder am Netz.", "de", "power_customers_out", "none", "Weidenau"),
        ("Niemand in Weidenau ist mehr ohne Strom.", "de", "power_people_out", "none", "Weidenau"),
        ("Kein Haushalt in Weidenau ist noch ohne Gas.", "de", "gas_customers_out", "none", "Weidenau"),
    ],
)
def test_all_or_none_of_a_place_is_a_figure_without_a_number(
    text: str, language: str, quantity: str, qualifier: str, place: str
) -> None:
    (row,) = find_candidates(text, published=PUBLISHED, language=language)
    assert (row.quantity, row.qualifier, row.value) == (quantity, qualifier, None)
    assert (row.kind, row.unit, row.place) == ("stock", "count", place)
    assert row.confidence < 0.8


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Not all customers in Saltmere have power.", "en"),
        ("All customers in Saltmere should have power by Sunday.", "en"),
        ("All crews in Saltmere are out.", "en"),
        ("Almost all of Saltmere is without water.", "en"),
        ("Не всі споживачі в Полтаві зі світлом.", "uk"),
        ("Усі бригади працюють без світла.", "uk"),
        ("Не все жители Белгорода со светом.", "ru"),
        ("Всем жителям Белгорода вернут свет завтра.", "ru"),
        ("Nicht alle Kunden in Weidenau haben Strom.", "de"),
        ("Bis Sonntag sollen alle Kunden in Weidenau wieder Strom haben.", "de"),
    ],
)
def test_not_all_almost_all_and_all_to_come_are_no_figures(text: str, language: str) -> None:
    assert find_candidates(text, published=PUBLISHED, language=language) == ()


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("All 12,400 customers in Saltmere are without power.", "en", 12_400),
        ("Без світла всі 12,4 тис. споживачів.", "uk", 12_400),
        ("Без света все 12,4 тыс. потребителей.", "ru", 12_400),
        ("Alle 12.400 Kunden in Weidenau sind ohne Strom.", "de", 12_400),
    ],
)
def test_all_before_a_number_leaves_the_number(text: str, language: str, value: float) -> None:
    (row,) = find_candidates(text, published=PUBLISHED, language=language)
    assert (row.value, row.qualifier) == (value, "exact")
