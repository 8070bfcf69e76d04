"""Tests of the meters and what they come to, as plain data."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from openrecp.assessment.plain import words
from openrecp.balances.analysis import BalanceAnalysis, Suspicion
from openrecp.balances.general import Estimator
from openrecp.balances.gross_errors import (
    Candidate,
    CandidateKind,
    CriticalValue,
    FamilyTest,
    GlobalTest,
    MeterQuality,
    Suspect,
)
from openrecp.balances.problems import Array
from openrecp.cli.balance.plain import finite, ref_data
from openrecp.texts import Language


def tests_data(analysis: BalanceAnalysis, language: Language) -> dict[str, Any]:
    """Whether the measurements agree, which meters and processes are suspected, and how well each meter is checked."""
    suspicion = analysis.suspicion
    findings = suspicion.findings

    def named(candidate: Candidate) -> dict[str, Any]:
        return _candidate(suspicion, candidate, language)

    return {
        "alarm": analysis.alarm,
        "global": _global(findings.before),
        "global_after": _global(findings.after),
        "measurement": _family(suspicion.measurement),
        "nodal": _family(suspicion.nodal),
        "critical": _critical(suspicion.critical),
        "suspects": [
            _suspect(suspicion, suspect, words(sentence, language), language)
            for suspect, sentence in zip(findings.suspects, suspicion.sentences, strict=True)
        ],
        "stop": findings.stop.value,
        "alternatives": [[named(each) for each in group] for group in findings.alternatives],
        "alike": [[named(each) for each in group] for group in suspicion.alike],
        "meters": None if suspicion.quality is None else _quality(analysis, suspicion.quality),
        "robust": _robust(analysis),
    }


def _robust(analysis: BalanceAnalysis) -> dict[str, Any] | None:
    """A second opinion: how much each reading counts where those that do not fit count less."""
    found = analysis.robust
    if found is None:
        return None
    return {
        "estimator": Estimator.WELSCH.value,
        "converged": bool(found.converged),
        "weights": [
            {"ref": ref_data(ref), "weight": finite(float(weight))}
            for ref, weight in zip(analysis.system.refs, found.weights.tolist(), strict=True)
            if not math.isnan(weight)
        ],
    }


def _global(test: GlobalTest) -> dict[str, Any]:
    return {
        "chi2": finite(test.chi2),
        "redundancy": test.redundancy,
        "critical": finite(test.critical),
        "p_value": finite(test.p_value),
        "passed": bool(test.passed),
    }


def _critical(found: CriticalValue | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "value": finite(found.value),
        "level": found.level,
        "tests": found.tests,
        "method": found.method.value,
        "error": finite(found.error),
    }


def _family(test: FamilyTest | None) -> dict[str, Any] | None:
    if test is None:
        return None
    z = np.abs(np.asarray(test.z, dtype=float))
    return {
        "critical": _critical(test.critical),
        "largest": finite(np.nanmax(z)) if np.isfinite(z).any() else None,
        "passed": bool(test.passed),
    }


def _candidate(suspicion: Suspicion, candidate: Candidate, language: Language) -> dict[str, Any]:
    names = suspicion.names
    bias = candidate.kind is CandidateKind.BIAS
    row = None if bias else names.system.constraints[names.rows[candidate.index]]
    return {
        "kind": candidate.kind.value,
        "name": words(names.of(candidate), language),
        "unit": names.unit(candidate),
        "ref": ref_data(names.system.refs[candidate.index]) if bias else None,
        "process": None if row is None else row.process,
        "layer": None if row is None else row.layer.value,
        "component": None if row is None else row.component,
    }


def _suspect(suspicion: Suspicion, suspect: Suspect, sentence: str, language: Language) -> dict[str, Any]:
    return {
        "members": [
            {
                **_candidate(suspicion, member, language),
                "estimate": finite(estimate.value),
                "sd": finite(estimate.sd),
                "low": finite(estimate.low),
                "high": finite(estimate.high),
            }
            for member, estimate in zip(suspect.members, suspect.estimates, strict=True)
        ],
        "z": finite(suspect.z),
        "critical": _critical(suspect.critical),
        "chi2_before": finite(suspect.chi2_before),
        "chi2_after": finite(suspect.chi2_after),
        "redundancy_after": suspect.redundancy_after,
        "stands": bool(suspect.stands),
        "rivals": [_candidate(suspicion, each, language) for each in suspect.rivals],
        "sentence": sentence,
    }


def _quality(analysis: BalanceAnalysis, quality: MeterQuality) -> list[dict[str, Any]]:
    """What each meter is worth to the balance; only what was measured with an error."""
    smallest: Array = np.asarray(quality.smallest_bias)
    return [
        {
            **ref_data(ref),
            "own_share": finite(quality.own_share[place]),
            "influence": finite(quality.influence[place]),
            "detectability": finite(quality.detectability[place]),
            "adjustability": finite(quality.adjustability[place]),
            "smallest_bias": {
                f"{power:g}": finite(smallest[row, place]) for row, power in enumerate(quality.powers)
            },
        }
        for place, ref in enumerate(analysis.system.refs)
        if np.isfinite(quality.detectability[place])
    ]
