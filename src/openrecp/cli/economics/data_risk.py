"""A simulation as plain data for ``--json``."""

from __future__ import annotations

import math
from typing import Any

from openrecp.assessment.plain import words
from openrecp.cli.economics.simulation import Simulation
from openrecp.economics.inputs import ProjectInput
from openrecp.economics.uncertainty import PERCENTILES, Histogram, Share, Spread, UncertainInput
from openrecp.economics.uncertainty.drivers import Drivers
from openrecp.texts import Language


def simulation_data(simulation: Simulation, language: Language) -> dict[str, Any]:
    """What was drawn, how the results are spread, and what drives them."""
    found = simulation.found
    currency = found.project.currency
    return {
        "draws": found.draws,
        "seed": found.seed,
        "generator": found.generator,
        "versions": dict(found.versions),
        "stated": simulation.is_stated,
        "origin": words(simulation.origin, language),
        "inputs": [
            _input(each, found.inputs[each.key], language)
            for each in found.uncertain
            if each.key in found.inputs
        ],
        "correlations": [
            {"first": each.first, "second": each.second, "value": each.value, "kind": each.kind.value}
            for each in found.correlations
        ],
        "probability_of_gain": _share(found.probability_of_gain),
        "npv": _spread(found.npv, currency, 1.0, float(found.base.npv[0])),
        "irr": _spread(found.irr, "%", 100.0, float(found.base.irr[0])),
        "payback": _spread(found.payback, "yr", 1.0, float(found.base.payback[0])),
        "discounted_payback": _spread(
            found.discounted_payback, "yr", 1.0, float(found.base.discounted_payback[0])
        ),
        "rate_shares": {count.value: share.value for count, share in found.rate_shares.items()},
        "histogram": _histogram(found.npv.histogram()),
        "drivers": _drivers(found.drivers, language),
    }


def _input(each: UncertainInput, put: ProjectInput, language: Language) -> dict[str, Any]:
    scale = _scale(put.unit)
    return {
        "key": each.key,
        "name": words(put.name, language),
        "unit": put.unit,
        "base": put.value * scale,
        "distribution": each.distribution.kind.value,
        "parameters": [
            {"name": words(name, language), "value": value * scale}
            for name, value in each.distribution.parameters
        ],
        "mean": each.distribution.mean * scale,
        "sd": each.distribution.sd * scale,
    }


def _scale(unit: str) -> float:
    return 100.0 if unit == "%" else 1.0


def _share(share: Share) -> dict[str, float]:
    return {
        "value": 100.0 * share.value,
        "standard_error": 100.0 * share.standard_error,
        "low": 100.0 * share.low,
        "high": 100.0 * share.high,
    }


def _spread(spread: Spread, unit: str, scale: float, base: float) -> dict[str, Any]:
    def scaled(value: float | None) -> float | None:
        # JSON knows neither "not a number" nor "infinite"; ``beyond`` and ``missing`` say which it is.
        return None if value is None or not math.isfinite(value) else float(value) * scale

    return {
        "unit": unit,
        "base": scaled(base),
        "mean": scaled(spread.mean),
        "sd": scaled(spread.sd),
        "standard_error": scaled(spread.standard_error),
        "minimum": scaled(spread.minimum),
        "maximum": scaled(spread.maximum),
        "percentiles": {f"{percent:g}": scaled(spread.percentile(percent)) for percent in PERCENTILES},
        "beyond": spread.beyond,
        "missing": spread.missing,
    }


def _histogram(histogram: Histogram) -> dict[str, Any]:
    return {
        "edges": list(histogram.edges),
        "counts": list(histogram.counts),
        "below": histogram.below,
        "above": histogram.above,
    }


def _drivers(drivers: Drivers, language: Language) -> dict[str, Any]:
    return {
        "method": drivers.method.value,
        "explained": None if drivers.explained is None else 100.0 * drivers.explained,
        "draws": drivers.draws,
        "inputs": [
            {
                "key": each.key,
                "share": None if each.share is None else 100.0 * each.share,
                "rank_correlation": each.rank_correlation,
            }
            for each in drivers.drivers
        ],
        "note": words(drivers.note, language),
    }
