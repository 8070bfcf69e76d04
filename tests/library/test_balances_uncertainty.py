"""Uncertainties as people state them, and the standard deviations they come to."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openrecp.balances.uncertainty import (
    ASSUMED_KELVIN,
    ASSUMED_SHARE,
    Scale,
    Statement,
    Uncertainty,
    assumed_uncertainty,
    parse_uncertainty,
    split_uncertainty,
    standard_deviation,
    uncertainty_reading,
)
from openrecp.entries import EntryError
from openrecp.errors import OpenRecpError
from openrecp.figures import Basis
from openrecp.texts import LANGUAGES, render
from openrecp.units import convert

ROOT_3 = math.sqrt(3.0)


# Of a reading of 120 kg/h.
@pytest.mark.parametrize(
    ("words", "sd"),
    [
        ("± 2 %", 2.4 / 1.959963984540054),
        ("2 %", 2.4 / 1.959963984540054),
        ("+/- 15 kg", 15 / 1.959963984540054),
        ("±４ kg", 4 / 1.959963984540054),
        ("sd 3", 3.0),
        ("標準差 3", 3.0),
        ("rsd 2 %", 2.4),
        ("± 3 kg (1σ)", 3.0),
        ("2σ 4 kg", 2.0),
        ("U=5 (k=2)", 2.5),
        ("U＝5 kg（k＝2）", 2.5),
        ("擴充不確定度 5 kg（k=2）", 2.5),
        ("± 5 kg, k = 2", 2.5),
        ("95% ±4 kg", 4 / 1.959963984540054),
        ("± 4 kg (95 %)", 4 / 1.959963984540054),
        ("90 % ± 4 kg", 4 / 1.6448536269514722),
        ("limit 2 %", 2.4 / ROOT_3),
        ("公差 ±1 kg", 1 / ROOT_3),
        ("resolution 0.5 kg", 0.25 / ROOT_3),
        ("class 1.0, 0-200 kg", 2 / ROOT_3),
        ("級別 1.5，0–200 kg", 3 / ROOT_3),
        ("2.5 級，滿刻度 200 kg", 5 / ROOT_3),
        ("1 % FS 200 kg", 2 / ROOT_3),
        ("R49 class 2", 2.4 / ROOT_3),
        ("水表 1 級", 1.2 / ROOT_3),
        ("lab 5 %", 3.0),
        ("repeatability 2 kg", 2.0),
        ("exact", 0.0),
        ("±0", 0.0),
        ("sd 3 + sd 4", 5.0),
        ("標準差 3 與 sd 4", 5.0),
    ],
)
def test_what_people_type_comes_to_a_standard_deviation(words: str, sd: float) -> None:
    assert standard_deviation(parse_uncertainty(words), 120.0) == pytest.approx(sd, rel=1e-12)


@pytest.mark.parametrize(
    ("words", "code", "scale"),
    [
        ("", "uncertainty-unreadable", Scale.AMOUNT),
        ("±", "uncertainty-unreadable", Scale.AMOUNT),
        ("a little", "uncertainty-unreadable", Scale.AMOUNT),
        ("± -2", "uncertainty-unreadable", Scale.AMOUNT),
        ("± 2 % or so", "uncertainty-unreadable", Scale.AMOUNT),
        ("1e400", "uncertainty-unreadable", Scale.AMOUNT),
        ("± 2 points", "uncertainty-unreadable", Scale.AMOUNT),
        ("k = 0", "uncertainty-unreadable", Scale.AMOUNT),
        ("5 kg (k=0)", "uncertainty-unreadable", Scale.AMOUNT),
        ("x" * 300, "uncertainty-unreadable", Scale.AMOUNT),
        ("U = 5", "uncertainty-without-factor", Scale.AMOUNT),
        ("95 %", "uncertainty-level-alone", Scale.AMOUNT),
        ("class 1.0", "uncertainty-without-range", Scale.AMOUNT),
        ("級別 1.0", "uncertainty-without-range", Scale.AMOUNT),
        ("± 1 % FS", "uncertainty-without-range", Scale.AMOUNT),
        ("R49 class 3", "water-meter-class", Scale.AMOUNT),
        ("± 2 %", "uncertainty-ambiguous", Scale.SHARE),
        ("± 2 %", "uncertainty-percent-of-temperature", Scale.TEMPERATURE),
    ],
)
def test_what_cannot_be_read_or_has_two_meanings_is_refused(words: str, code: str, scale: Scale) -> None:
    with pytest.raises(EntryError) as caught:
        parse_uncertainty(words, scale)
    assert [issue.code for issue in caught.value.issues] == [code]


def test_the_range_of_an_analyser_is_in_percent_of_a_share() -> None:
    # 1 % of a range of 0-20 % is 0.2 points, a limit that is never passed.
    for words in ("class 1.0, 0-20 %", "1 % FS 20 %"):
        stated = parse_uncertainty(words, Scale.SHARE)
        sd = standard_deviation(stated, 0.12, lambda unit: 0.01 if unit in (None, "%") else 1.0)
        assert sd == pytest.approx(0.002 / ROOT_3)


def test_a_percentage_of_a_share_says_what_it_is_of() -> None:
    for words in ("sd 2 points", "sd 2 百分點"):
        points = parse_uncertainty(words, Scale.SHARE)
        assert standard_deviation(points, 0.12, lambda unit: 0.01 if unit == "%" else 1.0) == 0.02
    assert standard_deviation(parse_uncertainty("sd 2 % rel", Scale.SHARE), 0.12) == pytest.approx(0.0024)
    assert standard_deviation(parse_uncertainty("rsd 2 %", Scale.SHARE), 0.12) == pytest.approx(0.0024)
    with pytest.raises(EntryError) as caught:
        parse_uncertainty("± 2 %", Scale.SHARE)
    said = render(caught.value.issues[0], "en")
    assert "2 percentage points" in said
    assert "2 % of the share" in said


def test_amounts_in_another_unit_are_put_into_that_of_the_value() -> None:
    def scale(unit: str | None) -> float:
        return float(convert(1, unit, "kg/h")) if unit else 1000.0

    assert standard_deviation(parse_uncertainty("sd 2 t/h"), 1.0, scale) == pytest.approx(2000.0)
    assert standard_deviation(parse_uncertainty("sd 2"), 1.0, scale) == pytest.approx(2000.0)
    assert standard_deviation(parse_uncertainty("class 1, 0-2 t/h"), 1.0, scale) == pytest.approx(20 / ROOT_3)


def test_the_kind_and_the_words_are_kept() -> None:
    found = parse_uncertainty(" U = 5 kg (k = 2) ")
    assert (found.kind, found.amount, found.unit, found.factor) == (Statement.EXPANDED, 5.0, "kg", 2.0)
    assert found.words == "U = 5 kg (k = 2)"
    for language in LANGUAGES:
        assert render(uncertainty_reading(found), language)


def test_every_kind_says_how_it_was_read() -> None:
    for words in (
        "± 2",
        "sd 2",
        "limit 2",
        "resolution 2",
        "U=5 (k=2)",
        "exact",
        "sd 1; sd 2",
        "R49 class 2",
    ):
        assert str(uncertainty_reading(parse_uncertainty(words)))
    assert "2 %" in str(uncertainty_reading(assumed_uncertainty(Basis.MEASURED)))
    assert "1 K" in str(uncertainty_reading(assumed_uncertainty(Basis.MEASURED, temperature=True)))


def test_the_default_grows_with_what_is_not_known() -> None:
    order = [Basis.VERIFIED, Basis.MEASURED, Basis.CALCULATED, Basis.ESTIMATED, Basis.ASSUMED]
    for table in (ASSUMED_SHARE, ASSUMED_KELVIN):
        assert set(table) == set(Basis)
        assert [table[basis] for basis in order] == sorted(table[basis] for basis in order)
    assert assumed_uncertainty(Basis.ESTIMATED).kind is Statement.ASSUMED
    assert standard_deviation(assumed_uncertainty(Basis.ESTIMATED), -50.0) == pytest.approx(5.0)
    assert standard_deviation(assumed_uncertainty(Basis.ESTIMATED, temperature=True), 80.0) == 5.0


def test_a_share_of_nothing_is_told() -> None:
    assert parse_uncertainty("2 %").of_the_value
    assert not parse_uncertainty("2 kg").of_the_value
    assert not parse_uncertainty("class 1, 0-200 kg").of_the_value
    assert not parse_uncertainty("2 % + sd 1 kg").of_the_value


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("1,200 kg/月 ± 2 %", ("1,200 kg/月", "± 2 %")),
        ("15 +- 0.5", ("15", "± 0.5")),
        ("15＋／－0.5", ("15", "± 0.5")),
        ("3 kg", ("3 kg", "")),
    ],
)
def test_an_uncertainty_behind_its_number_is_split_off(words: str, parts: tuple[str, str]) -> None:
    assert split_uncertainty(words) == parts


def test_a_value_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        standard_deviation(Uncertainty(Statement.SD, 1.0), math.nan)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_read_or_refused_with_a_reason(words: str) -> None:
    for scale in Scale:
        try:
            found = parse_uncertainty(words, scale)
        except OpenRecpError:
            continue
        assert standard_deviation(found, 3.0) >= 0
