"""One way to hold a reconciliation against what is known: every disagreement at once, to 1e-6."""

from __future__ import annotations

from typing import Final

import numpy as np
from balance_cases import Expected

from openrecp.balances.problems import Array, Reconciliation, VariableClass

RELATIVE: Final = 1e-6


def compare_with_expected(found: Reconciliation, expected: Expected) -> None:
    """Fail with all that differs from a case's answer."""
    problems = _main_differences(found, expected)
    if expected.z is not None:
        problems += _differing("z", found.z, expected.z, 1.0 + np.abs(expected.z))
    if expected.adjustment_over_sd is not None:
        moved = found.adjustment_sds > 0
        ratio = np.full(len(moved), np.nan)
        ratio[moved] = found.adjustments[moved] / found.adjustment_sds[moved]
        problems += _differing(
            "adjustment over its sd", ratio, expected.adjustment_over_sd, 1.0 + np.abs(ratio)
        )
    assert not problems, "\n".join(problems)


def compare_with_reference(found: Reconciliation, reference: Reconciliation) -> None:
    """Fail with all that differs from the dense solution of the same problem."""
    expected = Expected(
        reference.values, reference.sds, reference.classes, reference.chi2, reference.redundancy
    )
    problems = _main_differences(found, expected)
    size = np.abs(reference.values) + reference.sds + _rounding(found, expected)
    problems += _differing("adjustments", found.adjustments, reference.adjustments, size)
    problems += _differing(
        "adjustment sds", found.adjustment_sds, reference.adjustment_sds, found.problem.sds + reference.sds
    )
    problems += _differing("z", found.z, reference.z, 1.0 + np.abs(reference.z))
    assert not problems, "\n".join(problems)


def trace_identity(found: Reconciliation) -> tuple[float, float]:
    """Sum of reconciled over measured variances, and what it must be: measurements less redundancy (no correlations)."""
    uncertain = found.problem.sds > 0
    shares = found.sds[uncertain] ** 2 / found.problem.sds[uncertain] ** 2
    return float(shares.sum()), float(np.count_nonzero(uncertain) - found.redundancy)


def _main_differences(found: Reconciliation, expected: Expected) -> list[str]:
    size = np.abs(expected.values) + expected.sds + _rounding(found, expected)
    problems = _differing("values", found.values, expected.values, size)
    problems += _differing("sds", found.sds, expected.sds, expected.sds + _rounding(found, expected))
    for place in np.flatnonzero(found.classes != expected.classes):
        is_class, must_be = VariableClass(found.classes[place]), VariableClass(expected.classes[place])
        problems.append(f"variable {place} is {is_class.name}, not {must_be.name}")
    if found.redundancy != expected.redundancy:
        problems.append(f"redundancy is {found.redundancy}, not {expected.redundancy}")
    if not abs(found.chi2 - expected.chi2) <= RELATIVE * expected.chi2 + 1e-9:
        problems.append(f"chi2 is {found.chi2!r}, not {expected.chi2!r}")
    return problems


def _rounding(found: Reconciliation, expected: Expected) -> Array:
    """Size beside which a number may be 0: a variance that cancels leaves the root of the last digit."""
    measured = found.problem.sds
    return 0.1 * np.where(measured > 0, measured, 0.05 * np.abs(expected.values))


def _differing(name: str, found: Array, expected: Array, size: Array) -> list[str]:
    """Places where one is NaN and the other not, or both differ by more than the tolerance times ``size``."""
    problems = [
        f"{name} of variable {place}: {found[place]!r}, not {expected[place]!r}"
        for place in np.flatnonzero(np.isnan(found) != np.isnan(expected))
    ]
    gaps = np.abs(found - expected) / np.where(size > 0, size, 1.0)
    problems += [
        f"{name} of variable {place}: {found[place]!r}, not {expected[place]!r}; off by {gaps[place]:.1e}"
        for place in np.flatnonzero(gaps > RELATIVE)
    ]
    return problems
