"""Several cases on the screen: side by side, which to choose, and what avoiding costs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from openrecp.cli.console import Console
from openrecp.cli.economics.circumstances import shown
from openrecp.cli.economics.one import CaseResults
from openrecp.cli.economics.several import Choice
from openrecp.economics import Mode, Verdict
from openrecp.economics.choice import AbatementCurve, ExclusiveComparison, Filling, Proof
from openrecp.errors import Issue
from openrecp.figures import Figure, show, show_unit, unit_words
from openrecp.texts import Text, format_number, format_significant, render, text

_VERDICTS: Final = {
    Verdict.AT_ONCE: text("at once"),
    Verdict.REQUIRED: text("required by law"),
    Verdict.ACCEPTED: text("accepted"),
    Verdict.ACCEPTED_FOR_RISK: text("accepted for less risk"),
    Verdict.NOT_MET: text("not accepted"),
}


def show_overview(results: Sequence[CaseResults], console: Console) -> None:
    """The cases beside each other, payback first."""
    mode = results[0].evaluation.conventions.mode or Mode.TEXTBOOK
    console.heading(text("{count} cases: {mode}", count=len(results), mode=mode))
    simulated = any(each.simulation for each in results)
    headers: list[Text | str] = [text("Option"), text("Payback"), text("NPV"), text("IRR"), text("Capital")]
    if simulated:
        headers.append(text("Likely to gain"))
    rows = [_overview_row(each, console, simulated=simulated) for each in results]
    console.table([*headers, text("Result")], rows, right=range(1, len(headers)))


def _overview_row(results: CaseResults, console: Console, *, simulated: bool) -> list[str]:
    evaluation = results.evaluation
    row = [
        console.say(evaluation.project.name),
        shown(evaluation.payback, console, 2),
        shown(evaluation.npv, console),
        shown(evaluation.irr, console, 2),
        shown(evaluation.total_capital, console),
    ]
    if simulated:
        found = results.simulation
        row.append("–" if found is None else shown(found.figures.probability, console, 1))
    return [*row, console.say(_VERDICTS[results.judgement.verdict])]


def show_choice(choice: Choice, console: Console) -> None:
    """The best set first, then exclusive cases, then what avoiding costs."""
    _show_best(choice, console)
    for comparison in choice.exclusive:
        _show_exclusive(comparison, choice, console)
    if choice.not_compared is not None:
        console.line()
        console.paragraph(choice.not_compared)
    for curve in choice.curves:
        _show_curve(curve, choice, console)
    if choice.curves:
        console.line()
        console.paragraph(choice.curves[0].convention)
    if choice.notes:
        console.line()
        _show_notes(choice.notes, console)


def _show_best(choice: Choice, console: Console) -> None:
    best = choice.best
    budget = Figure(text("Budget"), choice.budget, choice.candidates[0].currency)
    if choice.budget is None:
        console.heading(
            text("What to carry out together, without a limit of capital: {proof}", proof=best.proof)
        )
    else:
        console.heading(
            text(
                "Best set under a budget of {budget}: {proof}",
                budget=show(budget, console.language),
                proof=best.proof,
            )
        )
    if best.value is None:
        _show_notes(best.issues, console)
        return
    by_key = {each.key: each for each in choice.candidates}
    ratios = {each.key: each.ratio for each in choice.ranking}
    money = choice.candidates[0].currency
    rows = [
        (
            console.say(by_key[key].label),
            format_number(by_key[key].capital, 0),
            format_number(by_key[key].npv, 0),
            _ratio(ratios[key]),
        )
        for key in best.chosen
    ]
    rows.append(
        (
            console.say(text("Together")),
            format_number(best.value.capital.value or 0, 0),
            format_number(best.value.npv.value or 0, 0),
            "",
        )
    )
    headers = (
        text("Chosen"),
        text("Capital [{unit}]", unit=show_unit(money, console.language)),
        text("NPV [{unit}]", unit=show_unit(money, console.language)),
        text("NPV per capital"),
    )
    console.table(headers, rows, right=(1, 2, 3))
    _show_proof(choice, console)
    for load in best.value.loads:
        console.paragraph(
            text(
                "{names} save on {load}: together {saved} of it, worth {overlap} less than each alone.",
                names=[choice.name(key) for key in load.members],
                load=load.load,
                saved=show(load.saved, console.language),
                overlap=show(load.overlap, console.language),
            )
        )
    for each in best.left_out:
        console.paragraph(
            text(
                "Not {name} ({reason}): {explanation}",
                name=choice.name(each.key),
                reason=each.reason,
                explanation=each.explanation,
            )
        )
    _show_notes(best.issues, console)


def _show_notes(issues: Iterable[Issue], console: Console) -> None:
    for issue in issues:
        console.paragraph(render(issue, console.language))


def _show_proof(choice: Choice, console: Console) -> None:
    best = choice.best
    if best.proof is Proof.OPTIMAL:
        console.paragraph(
            text(
                "No set gains more: the proven upper bound is {bound}, a gap of {gap}.",
                bound=show(best.bound, console.language),
                gap=_gap(best.relative_gap, console),
            )
        )
    else:
        console.paragraph(
            text(
                "No set can gain more than {bound}; the gap of {gap} is not closed.",
                bound=show(best.bound, console.language),
                gap=_gap(best.relative_gap, console),
            )
        )
    if best.unspent.value is not None:
        console.paragraph(text("Left of the budget: {amount}.", amount=show(best.unspent, console.language)))


def _gap(gap: Figure, console: Console) -> str:
    return show(gap, console.language) if gap.value else "0 %"


def _ratio(figure: Figure) -> str:
    return "–" if figure.value is None else format_number(float(figure.value), 2)


def _show_exclusive(comparison: ExclusiveComparison, choice: Choice, console: Console) -> None:
    console.heading(
        text(
            "If only one of them can be done: {name}",
            name=choice.name(comparison.chosen),
        )
    )
    console.paragraph(comparison.explanation)
    headers = (
        text("Option"),
        text("Capital"),
        text("NPV"),
        text("IRR"),
        text("Annual worth"),
    )
    rows = [
        (
            console.say(choice.name(rank.key)),
            shown(rank.capital, console),
            shown(rank.npv, console),
            shown(rank.irr, console, 2),
            shown(rank.annual_worth, console),
        )
        for rank in comparison.ranks
    ]
    console.table(headers, rows, right=(1, 2, 3, 4))
    console.line()
    for number, step in enumerate(comparison.increments, 1):
        console.paragraph(step.explanation, mark=f"{number}. ")
    _show_notes(comparison.issues, console)


def _show_curve(curve: AbatementCurve, choice: Choice, console: Console) -> None:
    currency = choice.candidates[0].currency
    console.heading(
        text(
            "Cost of avoiding {quantity}, lowest first [{unit}]",
            quantity=curve.quantity,
            unit=unit_words(f"{currency}/{curve.quantity}"),
        )
    )
    ranks = {each.key: each for each in curve.ranking}
    headers = (
        text("Option"),
        text("Avoided a year"),
        text("Up to here"),
        text("Cost of a unit"),
        text("NPV per capital"),
        text("Rank by it"),
    )
    rows = [
        (
            console.say(choice.name(bar.key)),
            format_significant(bar.width.value or 0.0),
            format_significant(bar.end.value or 0.0),
            format_significant(bar.unit_cost.value or 0.0),
            _ratio(ranks[bar.key].ratio),
            str(ranks[bar.key].rank),
        )
        for bar in curve.bars
    ]
    console.table(headers, rows, right=(1, 2, 3, 4, 5))
    if curve.without_bar:
        console.paragraph(
            text("Avoids none: {names}.", names=[choice.name(key) for key in curve.without_bar])
        )
    console.paragraph(curve.trap)
    for filling in curve.fillings if choice.best.value is not None else ():
        console.paragraph(_filling(filling, choice, console))
    _show_notes(curve.issues, console)


def _filling(filling: Filling, choice: Choice, console: Console) -> Text:
    names = [choice.name(key) for key in filling.chosen] or text("nothing")
    if not filling.shortfall.value:
        return text(
            "{ranking}, the budget buys {names}: as good as the best set.",
            ranking=filling.ranking,
            names=names,
        )
    return text(
        "{ranking}, the budget buys {names}: {shortfall} less than the best set.",
        ranking=filling.ranking,
        names=names,
        shortfall=show(filling.shortfall, console.language),
    )
