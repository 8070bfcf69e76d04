"""A balance as plain data for ``--json``; ``docs/json.md`` describes the keys, which are stable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from openrecp import __version__
from openrecp.assessment.plain import issue_data, words
from openrecp.balances.analysis import BalanceAnalysis
from openrecp.balances.analysis.meters import MissingMeter, NextMeter
from openrecp.balances.analysis.suspicion import unit_of_quantity
from openrecp.balances.flowsheet import Flowsheet
from openrecp.balances.gross_errors.meters import solvability
from openrecp.balances.losses import MeasuredClosure, Names, UnaccountedLoss
from openrecp.balances.problems import VariableClass
from openrecp.balances.what_if import Change, WhatIf
from openrecp.cli.balance.data_costs import costs_data, what_if_data
from openrecp.cli.balance.data_tests import tests_data
from openrecp.cli.balance.given import Given
from openrecp.cli.balance.plain import finite, ref_data
from openrecp.cli.balance.words import HALF_95
from openrecp.errors import Issue
from openrecp.texts import Language

HEAD: Final[Mapping[str, Any]] = {"format": "openrecp-balance", "version": 1, "library": __version__}


def balance_data(
    given: Given,
    analysis: BalanceAnalysis,
    found: WhatIf | None,
    changes: Sequence[Change],
    issues: Sequence[Issue],
    language: Language,
) -> dict[str, Any]:
    """Everything that a balance tells."""
    flowsheet, cleaned = analysis.flowsheet, analysis.cleaned
    return {
        **HEAD,
        "file": given.file,
        "kind": "flowsheet" if given.assessment is None else "assessment",
        "name": flowsheet.name,
        "unit": flowsheet.unit,
        "period": flowsheet.period,
        "currency": flowsheet.currency,
        "component": analysis.component,
        "level": analysis.level,
        **_drawing(flowsheet),
        "losses": [_loss(each, language) for each in cleaned.losses],
        "suspicion": tests_data(analysis, language),
        "closures": [_closure(each, language) for each in analysis.closures],
        "as_measured": _reconciled(analysis, language),
        "reconciled": _reconciled(cleaned, language),
        "left_out": [ref_data(ref) for ref in analysis.spoiled],
        "missing_meters": [_missing(each) for each in cleaned.missing_meters],
        "next_meters": [_next(each) for each in cleaned.next_meters],
        "costs": None if cleaned.costs is None else costs_data(cleaned.costs, language),
        "what_if": None if found is None else what_if_data(found, changes, language),
        "issues": [issue_data(issue, language) for issue in issues],
    }


def _drawing(flowsheet: Flowsheet) -> dict[str, Any]:
    """Processes, streams and components."""
    return {
        "processes": [{"key": each.key, "name": each.name} for each in flowsheet.processes],
        "streams": [
            {
                "key": each.key,
                "name": each.name,
                "from": each.start,
                "to": each.end,
                "kind": each.kind.value,
                "role": each.role.value,
            }
            for each in flowsheet.streams
        ],
        "components": [{"key": each.key, "name": each.name} for each in flowsheet.components],
    }


def _reconciled(analysis: BalanceAnalysis, language: Language) -> dict[str, Any]:
    """Every value, and how the search for them ended."""
    reconciliation, convergence = analysis.reconciliation, analysis.reconciliation.convergence
    network = analysis.solution.network
    return {
        "chi2": finite(reconciliation.chi2),
        "redundancy": reconciliation.redundancy,
        "convergence": None
        if convergence is None
        else {
            "converged": convergence.converged,
            "iterations": convergence.iterations,
            "last_step": finite(convergence.last_step),
            "largest_residual": finite(convergence.largest_residual),
        },
        "limits": {
            "outside": [ref_data(analysis.system.refs[place]) for place in analysis.solution.outside.tolist()],
            "interval_error": 0.0 if network is None else finite(network.sampling_error),
        },
        "values": _values(analysis, language),
    }  # fmt: skip


def _values(analysis: BalanceAnalysis, language: Language) -> list[dict[str, Any]]:
    found, names = analysis.reconciliation, Names.of_flowsheet(analysis.flowsheet)
    letters = solvability(found.classes)
    data = []
    for place, ref in enumerate(analysis.system.refs):
        value, sd = float(found.values[place]), float(found.sds[place])
        data.append(
            {
                **ref_data(ref),
                "name": words(names.of(ref), language),
                "unit": unit_of_quantity(ref.quantity, analysis.flowsheet),
                "measured": finite(found.problem.measured[place]),
                "measured_sd": finite(found.problem.sds[place]),
                "value": finite(value),
                "sd": finite(sd),
                "low": finite(value - HALF_95 * sd),
                "high": finite(value + HALF_95 * sd),
                "class": VariableClass(int(found.classes[place])).name.lower().replace("_", "-"),
                "solvability": str(letters[place]),
                "adjustment": finite(found.adjustments[place]),
                "adjustment_sd": finite(found.adjustment_sds[place]),
                "z": finite(found.z[place]),
                "at_bound": bool(found.at_bound is not None and found.at_bound[place]),
            }
        )
    return data


def _loss(loss: UnaccountedLoss, language: Language) -> dict[str, Any]:
    worth = loss.money_interval
    return {
        "key": loss.key,
        "name": words(loss.name, language),
        "process": loss.process,
        "origin": loss.origin.value,
        "layer": loss.layer.value,
        "component": loss.component,
        "unit": loss.unit,
        "amount": finite(loss.amount),
        "sd": finite(loss.sd),
        "low": finite(loss.low),
        "high": finite(loss.high),
        "probability": finite(loss.probability),
        "state": loss.state.value,
        "significant": loss.significant,
        "price": None if loss.price is None else loss.price.value,
        "price_basis": None if loss.price is None else words(loss.price.basis, language),
        "money": finite(loss.money),
        "money_low": None if worth is None else finite(worth[0]),
        "money_high": None if worth is None else finite(worth[1]),
        "note": words(loss.note, language),
    }


def _closure(closure: MeasuredClosure, language: Language) -> dict[str, Any]:
    return {
        "process": closure.process,
        "layer": closure.layer.value,
        "component": closure.component,
        "unit": closure.unit,
        "inputs": finite(closure.inputs),
        "made": finite(closure.made),
        "outputs": finite(closure.outputs),
        "stock_change": finite(closure.stock_change),
        "gap": finite(closure.gap),
        "sd": finite(closure.sd),
        "low": finite(closure.low),
        "high": finite(closure.high),
        "state": closure.state.value,
        "missing": [ref_data(ref) for ref in closure.missing],
        "through": list(closure.through),
        "note": words(closure.note, language),
    }


def _missing(found: MissingMeter) -> dict[str, Any]:
    return {
        "target": None if found.target is None else ref_data(found.target),
        "meters": [ref_data(ref) for ref in found.meters],
        "cost": finite(found.cost),
        "proven": found.proven,
    }


def _next(found: NextMeter) -> dict[str, Any]:
    return {
        "loss": found.loss,
        "meter": ref_data(found.meter),
        "replaces": found.replaces,
        "sd": finite(found.sd),
        "sd_before": finite(found.sd_before),
        "sd_after": finite(found.sd_after),
        "cost": finite(found.cost),
    }
