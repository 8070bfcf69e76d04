"""Material flow costs and what an option changes, as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openrecp.assessment.plain import issue_data, words
from openrecp.balances.costs import CostKind, MaterialFlowCosts
from openrecp.balances.costs.results import CostMatrix, MatrixRow
from openrecp.balances.what_if import Change, WhatIf
from openrecp.cli.balance.plain import finite
from openrecp.figures import Figure
from openrecp.texts import Language


def costs_data(costs: MaterialFlowCosts, language: Language) -> dict[str, Any]:
    """Costs of the plant, of every process and stream, and the true cost of every waste."""
    processes = costs.flowsheet.processes
    return {
        "unit": costs.currency,
        "total": finite(costs.total_cost),
        "products": finite(costs.product_cost),
        "losses": finite(costs.loss_cost),
        "losses_sd": finite(costs.loss_sd),
        "matrix": _matrix(costs.matrix()),
        "processes": [
            {
                "key": process.key,
                "own": _kinds(costs.own[place]),
                "handed_on": _kinds(costs.handed[place]),
                "in_losses": finite(costs.process_losses[place]),
                "matrix": _matrix(costs.matrix(process.key)),
            }
            for place, process in enumerate(processes)
        ],
        "streams": [_stream(costs, place) for place in range(len(costs.flowsheet.streams))],
        "wastes": [
            {
                "key": waste.stream,
                "true_cost": _value(waste.true),
                "low": None if waste.interval is None else finite(waste.interval[0]),
                "high": None if waste.interval is None else finite(waste.interval[1]),
                "paid_for_disposal": _value(waste.apparent),
                "per_unit": _value(waste.per_unit),
                "hidden_times": finite(waste.hidden_times),
            }
            for waste in costs.true_costs()
        ],
        "issues": [issue_data(issue, language) for issue in costs.issues],
    }


def _kinds(amounts: Any) -> dict[str, float | None]:
    return {kind.value: finite(amount) for kind, amount in zip(CostKind, amounts, strict=True)}


def _matrix(matrix: CostMatrix) -> dict[str, Any]:
    """Rows products, losses, stock, trapped, total; columns the four kinds and their total."""
    columns = [*(kind.value for kind in CostKind), "total"]
    return {
        row.name.lower(): dict(zip(columns, map(finite, matrix.amounts[row].tolist()), strict=True))
        for row in MatrixRow
    }


def _stream(costs: MaterialFlowCosts, place: int) -> dict[str, Any]:
    found = costs.interval(place)
    return {
        "key": costs.flowsheet.streams[place].key,
        **_kinds(costs.streams[place]),
        "total": finite(costs.totals[place]),
        "low": None if found is None else finite(found[0]),
        "high": None if found is None else finite(found[1]),
        "per_unit": finite(costs.per_unit[place]),
    }


def what_if_data(found: WhatIf, changes: Sequence[Change], language: Language) -> dict[str, Any]:
    """The changes, whether they can be, what they save and every stream they move."""
    return {
        "changes": [
            {"stream": each.stream, "component": each.component, "factor": each.factor} for each in changes
        ],
        "possible": found.possible,
        "saving": _value(found.saving),
        "unit": found.saving.unit,
        "saving_by_kind": None
        if found.costs_after is None
        else _kinds(found.costs_before.spent - found.costs_after.spent),
        "streams": [
            {
                "key": each.stream,
                "mass": _before_after(each.mass),
                "cost": _before_after(each.cost),
                "components": {key: _before_after(figure) for key, figure in each.components.items()},
            }
            for each in found.differences()
        ],
        "assumptions": [words(each, language) for each in found.assumptions],
    }


def _value(figure: Figure) -> float | None:
    return finite(figure.value)


def _before_after(figure: Figure) -> dict[str, float | None]:
    """What a figure of a change was made from; no "after" where the change cannot be made."""
    values = [_value(part) for part in figure.inputs]
    return {
        "before": values[0] if values else None,
        "after": values[1] if len(values) > 1 else None,
        "change": _value(figure),
    }
