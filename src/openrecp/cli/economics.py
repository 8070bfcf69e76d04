"""``openrecp economics``: payback, net present value and internal rate of one case."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openrecp import __version__
from openrecp.assessment.case_file import EconomicsCase, read_case
from openrecp.assessment.plain import cases_data, cash_flow_data, judgement_data, tornado_data
from openrecp.cli.console import Console
from openrecp.cli.explain import explain_figures
from openrecp.economics import (
    Evaluation,
    Judgement,
    Mode,
    ModeComparison,
    ScenarioResult,
    Swing,
    conventions_of,
    evaluate_project,
    evaluate_scenarios,
    judge_project,
    mode_differences,
    tornado,
    year_name,
)
from openrecp.figures import Figure, figure_json, show, unit_words
from openrecp.texts import Language, Text, format_number, render, text


@dataclass(frozen=True, slots=True)
class _Results:
    case: EconomicsCase
    evaluation: Evaluation
    judgement: Judgement
    cases: tuple[ScenarioResult, ...]
    swings: tuple[Swing, ...]
    comparison: ModeComparison | None


def add_arguments(parser: argparse.ArgumentParser, words: Callable[[Text], str]) -> None:
    """The case, the conventions, the form of the output."""
    parser.add_argument(
        "case", metavar="CASE", type=Path, help=words(text("economics case (.yaml or .json)"))
    )
    parser.add_argument(
        "--mode",
        choices=[mode.value for mode in Mode],
        default=Mode.TEXTBOOK.value,
        help=words(text("conventions: textbook, or those of the 1988 EPA manual; the default is textbook")),
    )
    parser.add_argument(
        "--explain",
        action="store_true",
        help=words(text("open every figure: formula, inputs and their source")),
    )
    parser.add_argument("--json", action="store_true", help=words(text("print JSON instead of tables")))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Evaluate and show; exit code 1 when the case does not meet the owner's criteria."""
    case = read_case(arguments.case)
    mode = Mode(arguments.mode)
    conventions = conventions_of(mode)
    with console.step(text("Calculating")):
        evaluation = evaluate_project(case.project, conventions)
        results = _Results(
            case,
            evaluation,
            judge_project(evaluation, case.criteria),
            evaluate_scenarios(case.project, case.scenarios, conventions),
            tornado(case.project, case.change, case.ranges, conventions),
            mode_differences(case.project) if mode is not Mode.TEXTBOOK else None,
        )
    if arguments.json:
        print(json.dumps(economics_json(results, console.language), ensure_ascii=False, indent=2))
    else:
        _show(results, console, explain=arguments.explain)
    return 1 if results.judgement.verdict.value == "not-met" else 0


def _show(results: _Results, console: Console, *, explain: bool) -> None:
    evaluation, language = results.evaluation, console.language
    name = render(results.case.project.name, language)
    mode = evaluation.conventions.mode
    console.heading(text("{name}: {mode}", name=name, mode=mode or Mode.TEXTBOOK))
    rows = [
        (render(figure.name, language), show(figure, language, _digits(figure)))
        for figure in evaluation.figures
    ]
    console.table((text("Figure"), text("Value")), rows, right=(1,))
    console.heading(results.judgement.verdict.label)
    for reason in results.judgement.reasons:
        console.line(f"  {console.say(reason)}")
    _show_cases(results.cases, console)
    _show_operating(evaluation, console)
    _show_cash_flow(evaluation, console)
    _show_tornado(results.swings, console)
    if results.comparison is not None:
        _show_comparison(results.comparison, console)
    if explain:
        explain_figures(evaluation.figures, console)


def _digits(figure: Figure) -> int | None:
    return 2 if figure.unit in ("%", "yr") else None


def _show_cases(cases: tuple[ScenarioResult, ...], console: Console) -> None:
    console.heading(text("Best and worst case"))
    language = console.language
    rows = [
        (
            console.say(result.scenario.name),
            show(result.evaluation.payback, language, 2),
            show(result.evaluation.npv, language),
            show(result.evaluation.irr, language, 2) if result.evaluation.irr.value is not None else "–",
        )
        for result in cases
    ]
    console.table((text("Case"), text("Payback"), text("NPV"), text("IRR")), rows, right=(1, 2, 3))


def _show_operating(evaluation: Evaluation, console: Console) -> None:
    flow = evaluation.cash_flow
    console.heading(
        text("Operating savings and costs [{currency}]", currency=unit_words(evaluation.project.currency))
    )
    headers: list[Text | str] = [text("Item"), *(str(year) for year in flow.years if year > 0)]
    rows = [
        (
            console.say(line.name),
            *(format_number(amount, 0) for amount in flow.operating[line.key][1 - len(headers) :]),
        )
        for line in evaluation.project.operating
    ]
    console.table(headers, rows, right=range(1, len(headers)))


def _show_cash_flow(evaluation: Evaluation, console: Console) -> None:
    flow = evaluation.cash_flow
    console.heading(
        text("After-tax cash flow [{currency}]", currency=unit_words(evaluation.project.currency))
    )
    headers: list[Text | str] = ["", text("Line")]
    headers += [year_name(year) if year < 0 else str(year) for year in flow.years]
    rows = [
        (line.letter, console.say(line.name), *(format_number(amount, 0) for amount in line.amounts))
        for line in flow.worksheet()
        if any(line.amounts) or line.letter
    ]
    console.table(headers, rows, right=range(2, len(headers)))


def _show_tornado(swings: tuple[Swing, ...], console: Console) -> None:
    if not swings:
        return
    console.heading(text("Sensitivity: net present value when one input changes, widest swing first"))
    language = console.language
    rows = [
        (
            console.say(swing.name),
            f"{show(swing.low.value, language)} … {show(swing.high.value, language)}",
            format_number(swing.low.npv.value or 0, 0),
            format_number(swing.high.npv.value or 0, 0),
        )
        for swing in swings
    ]
    console.table(
        (text("Input"), text("Range"), text("NPV at low"), text("NPV at high")), rows, right=(1, 2, 3)
    )


def _show_comparison(comparison: ModeComparison, console: Console) -> None:
    console.heading(text("Why the two conventions differ"))
    console.line(f"  {console.say(comparison.summary)}")
    for step in comparison.steps:
        change = show(step.npv_change, console.language)
        console.line(text("  · {explanation} (NPV {change})", explanation=step.explanation, change=change))


def economics_json(results: _Results, language: Language) -> dict[str, Any]:
    """The results as plain data; keys are stable and described in ``docs/json.md``."""
    evaluation = results.evaluation
    flow = evaluation.cash_flow
    irr = flow.internal_rate
    data: dict[str, Any] = {
        "format": "openrecp-economics",
        "version": 1,
        "library": __version__,
        "name": render(evaluation.project.name, language),
        "currency": evaluation.project.currency,
        "mode": (evaluation.conventions.mode or Mode.TEXTBOOK).value,
        "payback": figure_json(evaluation.payback, language),
        "npv": figure_json(evaluation.npv, language),
        "irr": {**figure_json(evaluation.irr, language), "roots": [100 * root for root in irr.roots]},
        "total_capital": figure_json(evaluation.total_capital, language),
        "annual_net_saving": figure_json(evaluation.annual_net_saving, language),
        "construction_interest": flow.funding.construction_interest,
        "loan": flow.funding.loan,
        "equity": flow.funding.equity,
        "judgement": judgement_data(results.judgement, language),
        "cash_flow": {
            **cash_flow_data(flow, language),
            "irr_to_date": [
                None if rate.value is None else 100 * rate.value for rate in flow.internal_rates()
            ],
        },
        "operating": [
            {"key": line.key, "name": render(line.name, language), "amounts": list(flow.operating[line.key])}
            for line in evaluation.project.operating
        ],
        "cases": cases_data(results.cases, language),
        "tornado": tornado_data(results.swings, language),
    }
    if results.comparison is not None:
        data["mode_differences"] = _comparison(results.comparison, language)
    return data


def _comparison(comparison: ModeComparison, language: Language) -> dict[str, Any]:
    def pair(evaluation: Evaluation) -> dict[str, Any]:
        return {"npv": evaluation.npv.value, "irr": evaluation.irr.value}

    return {
        "epa-1988": pair(comparison.epa_1988),
        "textbook": pair(comparison.textbook),
        "summary": render(comparison.summary, language),
        "steps": [
            {
                "explanation": render(step.explanation, language),
                "npv_change": step.npv_change.value,
                "irr_change": step.irr_change.value,
            }
            for step in comparison.steps
        ],
    }
