"""The balance of a plant as plain data; ``docs/json.md`` describes the shape."""

from __future__ import annotations

import math
from typing import Any, Final

from openrecp.assessment.evaluation.balance_results import PlantBalance
from openrecp.assessment.plain import issue_data, words
from openrecp.balances.analysis import BalanceAnalysis
from openrecp.balances.costs import MaterialFlowCosts
from openrecp.balances.costs.results import KINDS, MatrixRow
from openrecp.balances.flowsheet import Ref, Stream, StreamKind
from openrecp.balances.gross_errors import suspect_text
from openrecp.balances.gross_errors.findings import Suspect
from openrecp.balances.losses import MeasuredClosure, UnaccountedLoss
from openrecp.balances.problems import VariableClass
from openrecp.texts import Language

_CLASSES: Final = {
    VariableClass.REDUNDANT: "checked",
    VariableClass.JUST_MEASURED: "measured",
    VariableClass.OBSERVABLE: "computed",
    VariableClass.UNOBSERVABLE: "unknown",
    VariableClass.FIXED: "exact",
}
_HALF: Final = 1.959964


def balance_data(balance: PlantBalance, language: Language) -> dict[str, Any]:
    """Losses, suspects, closures, reconciled streams, further measurements and costs.

    Parameters
    ----------
    balance : PlantBalance
        With its names in the language.
    language : {"en", "zh-hant"}
    """
    analysis, checks = balance.analysis, balance.checks
    data: dict[str, Any] = {
        "stated": balance.stated,
        "reason": None if balance.reason is None else words(balance.reason, language),
        "issues": [issue_data(issue, language) for issue in _issues(balance)],
    }
    if analysis is None or checks is None:
        return data
    return data | {
        "unit": analysis.flowsheet.flow_unit,
        "currency": analysis.flowsheet.currency,
        "losses": [_loss(balance, loss, language) for loss in balance.losses],
        "suspects": [_suspect(balance, each, language) for each in balance.suspects],
        "closures": [_closure(each) for each in checks.closures],
        "streams": [_stream(analysis, stream) for stream in analysis.flowsheet.streams],
        "unknown": [_words_of(balance, checks, ref, language) for ref in checks.amounts.unobservable],
        "measure": [
            [_words_of(balance, checks, ref, language) for ref in each.meters]
            for each in balance.missing_meters
            if each.target is None
        ],
        "next_meters": [
            {
                "loss": each.loss,
                "meter": _words_of(balance, analysis, each.meter, language),
                "replaces": each.replaces,
                "half_width": _number(_HALF * each.sd_before),
                "half_width_after": _number(_HALF * each.sd_after),
            }
            for each in balance.next_meters
        ],
        "costs": None if balance.costs is None else _costs(balance.costs),
    }


def _issues(balance: PlantBalance) -> Any:
    analysis = () if balance.analysis is None else balance.analysis.issues
    return dict.fromkeys((*balance.issues, *analysis))


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)


def _words_of(balance: PlantBalance, analysis: BalanceAnalysis, ref: Ref, language: Language) -> str:
    return words(balance.names(analysis).of(ref), language)


def _loss(balance: PlantBalance, loss: UnaccountedLoss, language: Language) -> dict[str, Any]:
    between = loss.money_interval
    return {
        "key": loss.key,
        "name": words(loss.name, language),
        "process": loss.process,
        "layer": loss.layer.value,
        "component": loss.component,
        "origin": loss.origin.value,
        "state": loss.state.value,
        "amount": _number(loss.amount),
        "low": _number(loss.low),
        "high": _number(loss.high),
        "unit": loss.unit,
        "probability": _number(loss.probability),
        "worth": _number(loss.money),
        "worth_low": None if between is None else _number(between[0]),
        "worth_high": None if between is None else _number(between[1]),
        "or_a_reading_of": [
            words(balance.candidate_name(each), language) for each in balance.rivals(loss.process)
        ],
    }


def _suspect(balance: PlantBalance, suspect: Suspect, language: Language) -> dict[str, Any]:
    suspicion = balance.suspicion
    unit = "" if suspicion is None else suspicion.names.unit(suspect.members[0])
    size = suspect.estimates[0]
    return {
        "readings": [words(balance.candidate_name(each), language) for each in suspect.members],
        "statistic": _number(suspect.z),
        "critical": _number(suspect.critical.value),
        "error": _number(size.value),
        "low": _number(size.low),
        "high": _number(size.high),
        "unit": unit,
        "sentence": words(suspect_text(suspect, balance.candidate_name, unit), language),
    }


def _closure(closure: MeasuredClosure) -> dict[str, Any]:
    return {
        "process": closure.process,
        "layer": closure.layer.value,
        "component": closure.component,
        "state": closure.state.value,
        "gap": _number(closure.gap),
        "low": _number(closure.low),
        "high": _number(closure.high),
        "unit": closure.unit,
    }


def _stream(analysis: BalanceAnalysis, stream: Stream) -> dict[str, Any]:
    amount = analysis.amounts.flow(stream)
    entered = stream.energy if stream.kind is StreamKind.ENERGY else stream.flow
    return {
        "key": stream.key,
        "name": stream.name,
        "start": stream.start,
        "end": stream.end,
        "role": stream.role.value,
        "kind": stream.kind.value,
        "entered": None if entered is None else _number(entered.value),
        "basis": None if entered is None else entered.basis.value,
        "known": _CLASSES[amount.kind],
        "amount": _number(amount.value),
        "low": _number(amount.value - _HALF * amount.sd),
        "high": _number(amount.value + _HALF * amount.sd),
    }


def _costs(costs: MaterialFlowCosts) -> dict[str, Any]:
    amounts = costs.matrix().amounts
    columns = (*(kind.value for kind in KINDS), "total")
    return {
        "currency": costs.currency,
        "matrix": {
            row.name.lower(): dict(zip(columns, map(float, amounts[row]), strict=True)) for row in MatrixRow
        },
        "waste_streams": [
            {
                "stream": each.stream,
                "true_cost": _number(float(each.true.value or 0)),
                "low": None if each.interval is None else _number(each.interval[0]),
                "high": None if each.interval is None else _number(each.interval[1]),
                "disposal": _number(float(each.apparent.value or 0)),
            }
            for each in costs.true_costs()
        ],
    }
