"""Pictures of what a project earns: its cash flow, and what it hangs on."""

from __future__ import annotations

from typing import Final

from openrecp.assessment.evaluation.option_results import OptionEconomics, OptionResult
from openrecp.economics.sensitivity import Swing
from openrecp.figures import show
from openrecp.reports.blocks import Column, Picture, Table, row
from openrecp.reports.charts.specs import CashFlowBars, Tornado, TornadoBar
from openrecp.reports.content.phrases import amount_of, option_name
from openrecp.texts import Language, Text, text

_MOST_BARS: Final = 8


def cash_picture(
    years: tuple[int, ...],
    cash: tuple[float, ...],
    cumulative: tuple[float, ...],
    currency: str,
    name: Text,
    key: str,
) -> Picture:
    """Yearly cash flow and its discounted sum, with the year in which it turns as the title."""
    back = next((year for year, value in zip(years, cumulative, strict=True) if value >= 0), None)
    if back is None or cumulative[-1] < 0:
        title = text(
            "{name}: the discounted cash flow does not reach zero in {years} years",
            name=name,
            years=years[-1],
        )
    elif back <= 0:
        title = text("{name}: money is earned from the start", name=name)
    else:
        title = text("{name}: with interest, the money is back in year {year}", name=name, year=back)
    chart = CashFlowBars(
        years,
        cash,
        cumulative,
        currency,
        text("After-tax cash flow"),
        text("Cumulative, discounted"),
        text("Year"),
    )
    rows = tuple(
        row(str(year), float(flow), float(summed))
        for year, flow, summed in zip(years, cash, cumulative, strict=True)
    )
    columns = (
        Column(text("Year"), align="right"),
        Column(text("After-tax cash flow"), currency, "right", digits=0),
        Column(text("Cumulative, discounted"), currency, "right", digits=0),
    )
    return Picture(title, chart, title, Table("", columns, rows), key=key)


def tornado_picture(
    option: OptionResult, economics: OptionEconomics, money: str, language: Language, key: str
) -> Picture:
    """What each input alone does to the net present value, and which one matters most."""
    swings = economics.tornado[:_MOST_BARS]
    bars = tuple(
        TornadoBar(
            swing.name,
            amount_of(swing.low.npv),
            amount_of(swing.high.npv),
            show(swing.low.value, language),
            show(swing.high.value, language),
        )
        for swing in swings
    )
    chart = Tornado(amount_of(economics.npv), bars, text("Net present value"), money)
    rows = tuple(
        row(swing.name, swing.low.value, swing.low.npv, swing.high.value, swing.high.npv) for swing in swings
    )
    columns = (
        Column(text("Input"), share=2),
        Column(text("Low value"), align="right"),
        Column(text("Net present value"), money, "right"),
        Column(text("High value"), align="right"),
        Column(text("Net present value"), money, "right"),
    )
    return Picture(
        _tornado_title(option, economics, swings),
        chart,
        _tornado_sentence(swings[0]),
        Table("", columns, rows),
        key=key,
        notes=(_tornado_sentence(swings[0]),),
    )


def _tornado_title(option: OptionResult, economics: OptionEconomics, swings: tuple[Swing, ...]) -> Text:
    turning = any(min(amount_of(each.low.npv), amount_of(each.high.npv)) < 0 for each in swings)
    name, first = option_name(option), swings[0].name
    if amount_of(economics.npv) > 0 and not turning:
        return text(
            "{option} stays profitable whichever input changes alone; “{input}” matters most",
            option=name,
            input=first,
        )
    return text("{option}: “{input}” matters most for the profit", option=name, input=first)


def _tornado_sentence(swing: Swing) -> Text:
    return text(
        "Between {low} and {high} for “{input}”, the net present value moves from {from_npv} to {to_npv}; every "
        "other input stays as it is.",
        low=swing.low.value,
        high=swing.high.value,
        input=swing.name,
        from_npv=swing.low.npv,
        to_npv=swing.high.npv,
    )
