"""A figure: what every shown number is, so that each can be opened and checked.

A figure keeps its value, its unit, the formula in words, the figures that went in, and where those
came from. Reports, workbooks and the command line all show figures, never bare numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openrecp.errors import Where
from openrecp.texts import Choice, Language, Text, format_number, format_significant, render, text


class Basis(Choice):
    """How a number is known; shown differently everywhere."""

    MEASURED = "measured", text("Measured")
    RECORDED = "recorded", text("From records")
    CALCULATED = "calculated", text("Calculated")
    ESTIMATED = "estimated", text("Estimated")
    ASSUMED = "assumed", text("Assumed")
    VERIFIED = "verified", text("Verified by a third party")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that can show where it comes from.

    Attributes
    ----------
    name : Text
        What the number is.
    value : float, int, Decimal or None
        The number in ``unit``; None when it does not exist, and then ``reason`` says why.
    unit : str
        Unit symbol, currency code (``TWD``), ``%`` or empty for a pure number.
    formula : Text or None
        How it was found, in words and symbols; None for a number that was entered.
    inputs : tuple of Figure
        The figures the formula uses, in its order.
    basis : Basis
        How the number is known.
    source : Where or Text or None
        Place in the user's document, or the document or rule that gives the number.
    reason : Text or None
        Why there is no value.
    """

    name: Text
    value: float | int | Decimal | None
    unit: str = ""
    formula: Text | None = None
    inputs: tuple[Figure, ...] = ()
    basis: Basis = Basis.CALCULATED
    source: Where | Text | None = None
    reason: Text | None = None

    def walk(self, depth: int = 0) -> Iterator[tuple[int, Figure]]:
        """The figure and all it was made from, each with its depth, parents first."""
        yield depth, self
        for part in self.inputs:
            yield from part.walk(depth + 1)


_MONEY_UNITS = frozenset({"TWD", "HKD", "USD", "EUR", "JPY", "SGD", "CNY", "GBP"})


def show(figure: Figure, language: Language, digits: int | None = None) -> str:
    """The figure as ``12,345 TWD``, ``0.35 yr`` or the reason why there is none."""
    if figure.value is None:
        return render(figure.reason, language) if figure.reason else "–"
    if digits is not None:
        number = format_number(figure.value, digits)
    elif figure.unit in _MONEY_UNITS:
        number = format_number(figure.value, 0)
    elif figure.unit == "yr" and not isinstance(figure.value, int):
        number = format_number(figure.value, 2)
    elif isinstance(figure.value, int):
        number = format_number(figure.value)
    elif figure.unit in ("", "point") and float(figure.value) == round(float(figure.value), 2):
        # Scores, weights and ratings are exact; significant digits are for what was measured.
        number = format_number(figure.value)
    else:
        number = format_significant(figure.value)
    return f"{number} {show_unit(figure.unit, language)}".strip() if figure.unit != "%" else f"{number} %"


_ALONE = {"month": text("months"), "point": text("points"), "yr": text("yr")}
_WITHIN = {
    "yr": text("yr"),
    "month": text("month"),
    "week": text("week"),
    "d": text("d"),
    "h": text("h"),
    "min": text("min"),
    "piece": text("piece"),
    "batch": text("batch"),
    "person": text("person"),
    "TWD": text("TWD"),
    "HKD": text("HKD"),
    "USD": text("USD"),
    "EUR": text("EUR"),
    "JPY": text("JPY"),
    "SGD": text("SGD"),
    "CNY": text("CNY"),
    "GBP": text("GBP"),
}


def show_unit(unit: str, language: Language) -> str:
    """The unit as the reader writes it: times, counted things and currencies in words, the rest as symbols.

    >>> show_unit("t/yr", "zh-hant"), show_unit("t/yr", "en"), show_unit("USD/kg", "zh-hant")
    ('t/年', 't/yr', '美元/kg')
    """
    if unit in _ALONE:
        return render(_ALONE[unit], language)
    parts = re.split(r"([/·])", unit)
    return "".join(render(_WITHIN[part], language) if part in _WITHIN else part for part in parts)


def unit_words(unit: str) -> Text | str:
    """The unit as :func:`show_unit` writes it, to be put into a message whose language is not known yet."""
    if unit in _ALONE:
        return _ALONE[unit]
    parts = re.split(r"([/·])", unit)
    if not any(part in _WITHIN for part in parts):
        return unit
    values = {f"part{place}": _WITHIN.get(part, part) for place, part in enumerate(parts)}
    return Text("".join(f"{{{name}}}" for name in values), values)


def figure_json(figure: Figure, language: Language) -> dict[str, Any]:
    """The figure as plain data for ``--json``: name, value, unit, formula, inputs, basis, source."""
    data: dict[str, Any] = {
        "name": render(figure.name, language),
        "value": float(figure.value) if isinstance(figure.value, Decimal) else figure.value,
        "unit": figure.unit,
        "basis": figure.basis.value,
    }
    if figure.formula is not None:
        data["formula"] = render(figure.formula, language)
    if figure.inputs:
        data["inputs"] = [figure_json(part, language) for part in figure.inputs]
    if figure.source is not None:
        source = figure.source
        data["source"] = str(source) if isinstance(source, Where) else render(source, language)
    if figure.reason is not None:
        data["reason"] = render(figure.reason, language)
    return data
