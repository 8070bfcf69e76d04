"""Ways of procuring beside each other: on the screen and as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from openrecp.assessment.plain import brief, words
from openrecp.cli.console import Console
from openrecp.cli.economics.circumstances import shown
from openrecp.cli.economics.wide import money, wide_table
from openrecp.economics.procurement import (
    Instalments,
    Lease,
    PerformanceContract,
    Purchase,
    SharedSavings,
    WayResult,
)
from openrecp.figures import show, unit_words
from openrecp.texts import Language, text

_KINDS: Final[Mapping[type, str]] = MappingProxyType(
    {
        Purchase: "purchase",
        Instalments: "instalments",
        Lease: "lease",
        PerformanceContract: "performance-contract",
        SharedSavings: "shared-savings",
    }
)


def show_ways(ways: Sequence[WayResult], console: Console, *, full: bool) -> None:
    """What each way asks for and is worth, and what happens when savings fall short."""
    if not ways:
        return
    best = max(ways, key=lambda way: float(way.evaluation.npv.value or 0.0))
    short = ways[0].shortfall
    console.heading(
        text(
            "Ways of procuring [{unit}]: {name} is worth most",
            unit=unit_words(short.npv.unit),
            name=best.name,
        )
    )
    headers = (
        text("Way"),
        text("NPV"),
        text("Against purchase"),
        text("Own money"),
        text("Paid in year 1"),
        text("Payback"),
        text("Interest within"),
        text("Cost of the money"),
        text("NPV, savings −{share}", share=show(short.share, console.language, 0)),
        text("Borne by them"),
    )
    wide_table(console, headers, [_row(way, console) for way in ways], 1)
    console.paragraph(
        text(
            "Borne by them: part of savings that fall short by {share} that the other side bears.",
            share=show(short.share, console.language, 0),
        )
    )
    if not full:
        console.line(text("  --full says of each way who owns, pays and deducts what."))
        return
    for way in ways:
        console.line()
        console.line(f"  {console.say(way.name)}")
        for rule in way.rules:
            console.paragraph(rule, mark="· ")


def _row(way: WayResult, console: Console) -> tuple[str, ...]:
    evaluation = way.evaluation
    amounts = (evaluation.npv, way.npv_difference, way.own_money, way.first_payment)
    return (
        console.say(way.name),
        *(money(float(figure.value or 0.0)) for figure in amounts),
        shown(evaluation.payback, console, 2),
        shown(way.implicit_rate, console, 2),
        shown(way.money_cost, console, 2),
        money(float(way.shortfall.npv.value or 0.0)),
        shown(way.shortfall.borne_by_other, console, 0),
    )


def ways_data(ways: Sequence[WayResult], language: Language) -> list[dict[str, Any]]:
    """Each way with its figures, its cash flow and its rules."""
    return [
        {
            "kind": _KINDS[type(way.way)],
            "name": words(way.name, language),
            "own_money": brief(way.own_money, language),
            "first_payment": brief(way.first_payment, language),
            "payback": brief(way.evaluation.payback, language),
            "npv": brief(way.evaluation.npv, language),
            "irr": brief(way.evaluation.irr, language),
            "npv_difference": brief(way.npv_difference, language),
            "implicit_rate": brief(way.implicit_rate, language),
            "money_cost": brief(way.money_cost, language),
            "shortfall": {
                "share": brief(way.shortfall.share, language),
                "npv": brief(way.shortfall.npv, language),
                "loss": brief(way.shortfall.loss, language),
                "borne_by_other": brief(way.shortfall.borne_by_other, language),
            },
            "years": list(way.cash_flow.years),
            "cash": [float(amount) for amount in way.cash_flow.cash],
            "rules": [words(rule, language) for rule in way.rules],
        }
        for way in ways
    ]
