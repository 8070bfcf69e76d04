"""Units: what is read, what is refused and why, and that conversions are exact."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openrecp.errors import UnitError
from openrecp.texts import render
from openrecp.units import (
    CURRENCIES,
    Unit,
    convert,
    dimension_name,
    from_base,
    parse_unit,
    same_dimension,
    to_base,
)
from openrecp.units.refusals import REFUSED
from openrecp.units.table import ABBREVIATIONS, SPELLINGS


@pytest.mark.parametrize(
    ("written", "symbol"),
    [
        ("t/yr", "t/yr"),
        ("t/y", "t/yr"),
        ("t/a", "t/yr"),
        ("tonnes per year", "t/yr"),
        ("Metric Tons / Year", "t/yr"),
        ("公噸/年", "t/yr"),
        ("噸／月", "t/month"),
        ("公噸每月", "t/month"),
        ("MT/yr", "t/yr"),
        ("kg/hr", "kg/h"),
        ("公斤/小時", "kg/h"),
        ("Ｋｇ／Ｈ", "kg/h"),
        ("m3/d", "m³/d"),
        ("m³/day", "m³/d"),
        ("m^3/day", "m³/d"),
        ("m**3/day", "m³/d"),
        ("㎥/日", "m³/d"),
        ("立方公尺/日", "m³/d"),
        ("CMD", "m³/d"),
        ("cmd", "m³/d"),
        ("千立方公尺/月", "1000 m³/month"),
        ("LPM", "L/min"),
        ("公升/分", "L/min"),
        ("KWH", "kWh"),
        ("kWh/1000 pcs", "kWh/(1000 piece)"),
        ("Nm3/h", "Nm³/h"),
        ("馬力", "hp"),
        ("冷凍噸", "RT"),
        ("kg/cm2", "kgf/cm²"),
        ("公斤/平方公分", "kgf/cm²"),
        ("mPa.s", "mPa·s"),
        ("℃", "°C"),
        ("C", "°C"),
        ("ºC", "°C"),
        ("deg F", "°F"),
        ("％", "%"),
        ("c.c./min", "mL/min"),
        ("sq. ft", "ft²"),
        ("件", "piece"),
        ("批次/月", "batch/month"),
        ("人時/年", "person·h/yr"),
        ("man-hours/yr", "person·h/yr"),
        ("kW-hr", "kW·h"),
        ("kg/(m2 h)", "kg/(m²·h)"),
        ("kg/m2/h", "kg/(m²·h)"),
        ("kg m-2 h-1", "kg/(m²·h)"),
        ("kg·m⁻²·h⁻¹", "kg/(m²·h)"),
        ("kJ/(kg·°C)", "kJ/(kg·°C)"),
        ("NT$/kg", "TWD/kg"),
        ("/月", "1/month"),
        ("每年", "1/yr"),
    ],
)
def test_reads_what_people_write(written: str, symbol: str) -> None:
    assert parse_unit(written).symbol == symbol


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("ton", ("metric ton", "short ton")),
        ("tons/yr", ("metric ton", "short ton")),
        ("度", ("kWh", "m³")),
        ("度/月", ("kWh", "m³")),
        ("mw", ("MW", "mW")),
        ("MG/L", ("Mg", "mg")),
        ("MPA", ("MPa", "mPa")),
        ("Ml", ("ML", "mL")),
        ("Mt", ("million",)),
        ("斤", ("台斤",)),
        ("桶/月", ("litres",)),
        ("drums/yr", ("litres",)),
        ("3 班", ("hours",)),
        ("元/公斤", ("TWD",)),
        ("$/yr", ("TWD",)),
        ("kg/cm2G", ("gauge", "kg/cm2G")),
        ("psig", ("gauge",)),
        ("kg/m2 h", ("parentheses",)),
        ("J/C", ("°C",)),
        ("kilogam", ("kilogram",)),
        ("公頓/年", ("公噸",)),
        ("mwh", ("MWh",)),
        ("", ("missing",)),
        ("  ", ("missing",)),
        ("kg/", ("kg/",)),
        ("kg//h", ("kg//h",)),
        ("m^33", ("m^33",)),
        ("25 °C", ("25 °C",)),
        ("(((kg)^9)^9)^9", ("kg",)),
        ("0 kg", ("0 kg",)),
        ("m2.5", ("m2.5",)),
        ("(kg", ("(kg",)),
        ("k" * 1000, ("kkk",)),
    ],
)
def test_refuses_with_the_reason(written: str, says: tuple[str, ...]) -> None:
    with pytest.raises(UnitError) as refusal:
        parse_unit(written)
    (issue,) = refusal.value.issues
    assert all(word in render(issue, "en") for word in says)
    assert render(issue, "zh-hant") != render(issue, "en")


def test_prefixes_are_never_confused() -> None:
    assert parse_unit("MW").factor == 10**9 * parse_unit("mW").factor
    assert parse_unit("Mg").factor == 10**9 * parse_unit("mg").factor
    assert parse_unit("ML").factor == 10**9 * parse_unit("mL").factor


def test_money_without_a_name_takes_the_currency_of_the_caller() -> None:
    assert parse_unit("元/公斤", "TWD") == parse_unit("TWD/kg")
    assert parse_unit("萬元/年", default_currency="HKD").symbol == "10000 HKD/yr"
    with pytest.raises(ValueError, match="ABC"):
        parse_unit("元", "ABC")


@pytest.mark.parametrize(
    ("value", "start", "end", "expected"),
    [
        ("1.5", "公噸/月", "t/yr", "18"),
        ("1", "yr", "h", "8760"),
        ("1", "yr", "d", "365"),
        ("12", "month", "quarter", "4"),
        ("1", "short ton", "kg", "907.18474"),
        ("1", "long ton", "kg", "1016.0469088"),
        ("1", "gal", "L", "3.785411784"),
        ("1", "ft3", "L", "28.316846592"),
        ("1", "kg/cm2", "kPa", "98.0665"),
        ("1", "kWh", "kcal", "859.8452278589853826311263972"),
        ("1", "Btu/lb", "kJ/kg", "2.326"),
        ("1", "cP", "mPa·s", "1"),
        ("1", "cSt", "mm2/s", "1"),
        ("1", "g/cm3", "kg/L", "1"),
        ("121", "坪", "m2", "400"),
        ("1", "RT", "kW", "3.516852842066666666666666667"),
        ("100", "°C", "°F", "212"),
        ("-40", "°F", "°C", "-40"),
        ("0", "℃", "K", "273.15"),
        ("1", "kJ/(kg·°C)", "kJ/(kg·K)", "1"),
        ("1", "%", "ppm", "10000"),
        ("3", "萬立方公尺/年", "m3/yr", "30000"),
    ],
)
def test_known_conversions(value: str, start: str, end: str, expected: str) -> None:
    assert convert(Decimal(value), start, end) == Decimal(expected)


def test_unlike_units_are_refused_in_words() -> None:
    with pytest.raises(UnitError) as refusal:
        convert(Decimal(1), "kg/h", "m3")
    sentence = render(refusal.value.issues[0], "en")
    assert "mass per time" in sentence
    assert "volume" in sentence
    assert not same_dimension("Nm3", "m3"), "gas at normal conditions is not a volume at hand"
    assert not same_dimension("TWD", "USD")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("1e9999")])
def test_only_finite_numbers_convert(value: float) -> None:
    with pytest.raises(ValueError, match="not a number"):
        convert(value, "kg", "t")


@pytest.mark.parametrize(
    ("unit", "english", "chinese"),
    [
        ("t/yr", "mass per time", "單位時間的質量"),
        ("MJ/kg", "energy per mass", "單位質量的能量"),
        ("kg/(m2 h)", "mass per area per time", "單位時間的單位面積的質量"),
        ("次/月", "number of times per time", "單位時間的次數"),
        ("1/m3", "number per volume", "每單位體積的數目"),
        ("TWD/m3", "money in TWD per volume", "單位體積的金額（TWD）"),
        ("kg2·m", "a quantity in m·kg^2", "以 m·kg^2 表示的量"),
    ],
)
def test_names_of_dimensions(unit: str, english: str, chinese: str) -> None:
    assert render(dimension_name(unit), "en") == english
    assert render(dimension_name(unit), "zh-hant") == chinese


@pytest.mark.parametrize("spelling", [*SPELLINGS, *ABBREVIATIONS])
def test_every_spelling_is_read_and_its_symbol_is_read_again(spelling: str) -> None:
    if spelling in REFUSED:
        pytest.fail(f"{spelling} is both known and refused")
    unit = parse_unit(spelling)
    assert parse_unit(unit.symbol) == unit
    assert render(dimension_name(unit), "zh-hant")


_UNITS = sorted({unit.symbol for unit in SPELLINGS.values()})
_LINEAR = [symbol for symbol in _UNITS if not SPELLINGS[symbol].offset]
_VALUES = st.decimals(min_value=-(10**9), max_value=10**9, places=6, allow_nan=False)


@st.composite
def compound_units(draw: st.DrawFn) -> str:
    parts = draw(st.lists(st.tuples(st.sampled_from(_LINEAR), st.integers(1, 3)), min_size=1, max_size=3))
    spelled = [symbol if power == 1 else f"{symbol}^{power}" for symbol, power in parts]
    cut = draw(st.integers(1, len(spelled)))
    above, below = "·".join(spelled[:cut]), "·".join(spelled[cut:])
    return f"{above}/({below})" if below else above


@given(compound_units())
def test_a_canonical_symbol_reads_to_the_same_unit(written: str) -> None:
    unit = parse_unit(written)
    again = parse_unit(unit.symbol)
    assert (again.symbol, again.dimension, again.factor) == (unit.symbol, unit.dimension, unit.factor)


def _alike(symbol: str) -> list[Unit]:
    dimension = SPELLINGS[symbol].dimension
    return [SPELLINGS[other] for other in _UNITS if SPELLINGS[other].dimension == dimension]


@given(_VALUES, st.data(), st.sampled_from(_UNITS))
def test_converting_there_and_back_changes_nothing(value: Decimal, data: st.DataObject, symbol: str) -> None:
    start = SPELLINGS[symbol]
    end = data.draw(st.sampled_from(_alike(symbol)))
    back = convert(convert(value, start, end), end, start)
    assert abs(Fraction(back) - Fraction(value)) <= Fraction(1, 10**12) * (1 + abs(Fraction(value)))


@given(_VALUES, st.data(), st.sampled_from(_UNITS))
def test_converting_by_a_detour_gives_the_same(value: Decimal, data: st.DataObject, symbol: str) -> None:
    start = SPELLINGS[symbol]
    over, end = data.draw(st.sampled_from(_alike(symbol))), data.draw(st.sampled_from(_alike(symbol)))
    straight, detour = convert(value, start, end), convert(convert(value, start, over), over, end)
    scale = 1 + abs(Fraction(straight)) + abs(start.offset / end.factor)
    assert abs(Fraction(straight) - Fraction(detour)) <= Fraction(1, 10**12) * scale


@given(_VALUES, st.sampled_from(_UNITS))
def test_base_values_come_back(value: Decimal, symbol: str) -> None:
    back = from_base(to_base(value, symbol), symbol)
    assert back == pytest.approx(float(value), rel=1e-12, abs=1e-6)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_in_both_languages(written: str) -> None:
    try:
        unit = parse_unit(written, "TWD")
    except UnitError as refusal:
        for issue in refusal.issues:
            assert render(issue, "en")
            assert render(issue, "zh-hant")
    else:
        assert parse_unit(unit.symbol) == unit


def test_every_currency_is_a_dimension_of_its_own() -> None:
    assert len({parse_unit(code).dimension for code in CURRENCIES}) == len(CURRENCIES)
