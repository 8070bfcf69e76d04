"""What an option changes everywhere in the plant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from openrecp.balances.analysis import BalanceAnalysis
from openrecp.balances.cost_data import CostData
from openrecp.balances.what_if import Change, Difference, WhatIf, what_if
from openrecp.cli.console import Console
from openrecp.errors import Issue, Severity
from openrecp.figures import Figure, unit_words
from openrecp.texts import Text, format_number, format_significant, text

_SHOWN: Final = 12


def changed(
    analysis: BalanceAnalysis, changes: Sequence[Change], costs: CostData, recycles: Sequence[str]
) -> WhatIf:
    """Carry the changes through the flowsheet, from its reconciled values."""
    amounts = analysis.amounts
    return what_if(
        analysis.flowsheet,
        amounts.masses,
        changes,
        costs,
        amounts.component_flows or None,
        stocks=amounts.stocks,
        recycles=recycles,
    )


def impossible(found: WhatIf) -> tuple[Issue, ...]:
    """Why the changes cannot be made; empty where they can."""
    return tuple(issue for issue in found.issues if issue.severity is Severity.ERROR)


def show_what_if(found: WhatIf, changes: Sequence[Change], console: Console, *, full: bool) -> None:
    """What the changes save and which streams they move, or why they cannot be made."""
    names = {stream.key: stream.name for stream in found.flowsheet.streams}
    console.heading(text("What if: {changes}", changes=[_words(change, names) for change in changes]))
    if not found.possible:
        console.issues(impossible(found))
        return
    if found.saving.value is not None and found.flowsheet.currency:
        saved = float(found.saving.value)
        values = {"money": format_number(abs(saved), 0), "unit": unit_words(found.saving.unit)}
        console.paragraph(
            text("It saves {money} {unit}.", **values)
            if saved >= 0
            else text("It costs {money} {unit} more.", **values)
        )
    differences = found.differences()
    listed = differences if full else differences[:_SHOWN]
    headers = (
        text("Stream"),
        text("Before"),
        text("After"),
        text("Change"),
        text("Unit"),
        text("Change of the cost it carries"),
    )
    console.table(headers, [_row(each, names, console) for each in listed], right=(1, 2, 3, 5))
    if len(listed) < len(differences):
        console.line(text("  {count} more; --full lists them.", count=len(differences) - len(listed)))
    console.line(text("  Taken for this:"))
    for assumption in found.assumptions:
        console.paragraph(assumption, mark="· ")


def _words(change: Change, names: dict[str, str]) -> Text:
    values = {"stream": names[change.stream], "factor": format_number(change.factor or 0.0)}
    if change.component is not None:
        return text("{component} in {stream} × {factor}", component=change.component, **values)
    return text("{stream} × {factor}", **values)


def _row(found: Difference, names: dict[str, str], console: Console) -> tuple[str, ...]:
    before, after = (float(each.value or 0.0) for each in found.mass.inputs)
    return (
        names[found.stream],
        format_significant(before, 4),
        format_significant(after, 4),
        _signed(found.mass),
        console.say(unit_words(found.mass.unit)),
        f"{_signed(found.cost)} {console.say(unit_words(found.cost.unit))}" if found.cost.unit else "–",
    )


def _signed(figure: Figure) -> str:
    value = float(figure.value or 0.0)
    return f"+{format_significant(value)}" if value > 0 else format_significant(value)
