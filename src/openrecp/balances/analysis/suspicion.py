"""Gross errors of a flowsheet: suspects by the names of their meters and processes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from openrecp.balances.equations import Layer, System
from openrecp.balances.flowsheet import Flowsheet, Quantity
from openrecp.balances.gross_errors import (
    Candidate,
    CandidateKind,
    Candidates,
    Checks,
    CriticalValue,
    FamilyTest,
    Findings,
    GlobalTest,
    MeterQuality,
    StopReason,
    checks_of,
    global_test,
    likelihood_ratio_test,
    measurement_test,
    meter_quality,
    nodal_test,
    serial_elimination,
    sidak_critical_value,
    simultaneous_errors,
    suspect_text,
)
from openrecp.balances.gross_errors.large_networks import network_critical_value, network_findings
from openrecp.balances.losses import Names
from openrecp.balances.problems import Array
from openrecp.balances.reconciling import Solution
from openrecp.balances.threads import one_thread
from openrecp.texts import Text, text

_DENSE: Final = 1_500
"""Variables up to which all tests are made by dense algebra."""
_TOGETHER: Final = 60
"""Candidates up to which several errors are looked for at once as well as one after the other."""


@dataclass(frozen=True, eq=False)
class CandidateNames:
    """Candidates by the names of the flowsheet; ``rows`` are the balances of the leaks."""

    system: System
    rows: tuple[int, ...]

    @cached_property
    def _names(self) -> Names:
        return Names.of_flowsheet(self.system.flowsheet)

    @cached_property
    def _processes(self) -> dict[str, str]:
        return {process.key: process.name for process in self.system.flowsheet.processes}

    def key(self, candidate: Candidate) -> str:
        """Key of the stream or process."""
        if candidate.kind is CandidateKind.BIAS:
            return self.system.refs[candidate.index].key
        return self.system.constraints[self.rows[candidate.index]].process or ""

    def of(self, candidate: Candidate) -> Text | str:
        """The meter or the process, in words."""
        if candidate.kind is CandidateKind.BIAS:
            return self._names.of(self.system.refs[candidate.index])
        row = self.system.constraints[self.rows[candidate.index]]
        place = self._processes.get(row.process or "", row.process or "")
        if row.layer is Layer.TOTAL:
            return place
        if row.layer is Layer.ENERGY:
            return text("energy at {process}", process=place)
        component = self._names.components.get(row.component or "", row.component or "")
        return text("{component} at {process}", component=component, process=place)

    def unit(self, candidate: Candidate) -> str:
        """Unit of the size of the error."""
        flowsheet = self.system.flowsheet
        energy = f"kWh/{flowsheet.period}" if flowsheet.period else "kWh"
        if candidate.kind is CandidateKind.LEAK:
            row = self.system.constraints[self.rows[candidate.index]]
            return energy if row.layer is Layer.ENERGY else flowsheet.flow_unit
        return unit_of_quantity(self.system.refs[candidate.index].quantity, flowsheet)


def unit_of_quantity(quantity: Quantity, flowsheet: Flowsheet) -> str:
    """Unit of a number of a flowsheet; empty for shares, which are parts of 1."""
    match quantity:
        case Quantity.FRACTION | Quantity.TRANSFER:
            return ""
        case Quantity.TEMPERATURE:
            return "°C"
        case Quantity.ENERGY:
            return f"kWh/{flowsheet.period}" if flowsheet.period else "kWh"
        case Quantity.OPENING | Quantity.CLOSING:
            return flowsheet.unit
        case Quantity.RELATION:
            return ""
        case _:
            return flowsheet.flow_unit


@dataclass(frozen=True, eq=False)
class Suspicion:
    """What the tests say of the meters; what names nobody is worked out when it is asked for.

    Attributes
    ----------
    overall : GlobalTest
    critical : CriticalValue or None
        What the largest statistic of all biases and leaks must exceed.
    findings : Findings
    names : CandidateNames
    level : float
    checks : Checks or None
        None in plants too large for dense algebra.
    found : Candidates or None
        Every bias and leak that was looked for one by one; None in plants too large for it.
    large : FamilyTest or None
        Test of each measurement of a large plant that is no network.
    """

    overall: GlobalTest
    critical: CriticalValue | None
    findings: Findings
    names: CandidateNames
    level: float
    checks: Checks | None = None
    found: Candidates | None = None
    large: FamilyTest | None = None

    @cached_property
    def measurement(self) -> FamilyTest | None:
        """Of each measurement; None in networks too large for it, where ``findings`` tests them all."""
        if self.checks is None:
            return self.large
        with one_thread():
            return measurement_test(self.checks, self.level)

    @cached_property
    def nodal(self) -> FamilyTest | None:
        """Of each balance; None in plants too large for it."""
        if self.checks is None:
            return None
        with one_thread():
            return nodal_test(self.checks, self.level)

    @cached_property
    def quality(self) -> MeterQuality | None:
        """How well each meter is checked; None in plants too large for it."""
        if self.checks is None:
            return None
        with one_thread():
            return meter_quality(self.checks, self.measurement.critical if self.measurement else None)

    @cached_property
    def alike(self) -> tuple[tuple[Candidate, ...], ...]:
        """Sets of errors that no test could tell apart."""
        if self.found is None:
            return ()
        with one_thread():
            return self.found.sets

    @property
    def sentences(self) -> tuple[Text, ...]:
        """One a suspect: who, how much, and why."""
        return tuple(
            suspect_text(suspect, self.names.of, self.names.unit(suspect.members[0]))
            for suspect in self.findings.suspects
        )


def suspicion_of(system: System, solution: Solution, level: float) -> Suspicion:
    """Test the measurements and look for gross errors.

    Parameters
    ----------
    system : System
    solution : Solution
    level : float
        Chance that anything is named in data without gross errors.
    """
    found = solution.reconciliation
    overall = global_test(found.chi2, found.redundancy, level)
    if found.variables > _DENSE:
        return _large(system, solution, overall, level)
    checks = checks_of(found.problem)
    rows = leak_rows(system)
    leaks = np.zeros((len(system.constraints), len(rows)))
    leaks[list(rows), np.arange(len(rows))] = 1.0
    tested = likelihood_ratio_test(checks, leaks, level)
    return Suspicion(
        overall=overall,
        critical=tested.critical,
        findings=_findings(checks, leaks, tested.critical, level),
        names=CandidateNames(system, rows),
        level=level,
        checks=checks,
        found=tested.found,
    )


def _findings(checks: Checks, leaks: Array, critical: CriticalValue | None, level: float) -> Findings:
    one_by_one = serial_elimination(checks, leaks, level, critical=critical)
    few = checks.meters.shape[1] + leaks.shape[1] <= _TOGETHER
    if len(one_by_one.suspects) > 1 and few:
        return simultaneous_errors(checks, leaks, level)
    return one_by_one


def leak_rows(system: System) -> tuple[int, ...]:
    """Balances at which something may leak: of the total, of a component, of an element or of energy."""
    return tuple(number for number, each in enumerate(system.constraints) if each.process is not None)


def _large(system: System, solution: Solution, overall: GlobalTest, level: float) -> Suspicion:
    """Networks have tests of their own; of other large plants the measurements are tested, but none is given up."""
    rows = tuple(range(len(system.constraints)))
    names = CandidateNames(system, rows)
    if solution.network is not None:
        critical = network_critical_value(solution.network, level)
        findings = network_findings(solution.network, level, critical=critical)
        return Suspicion(overall, critical, findings, names, level)
    z = solution.reconciliation.z
    tests = int(np.isfinite(z).sum())
    tested = FamilyTest(z, sidak_critical_value(tests, level), ()) if tests else None
    findings = Findings(overall, overall, (), StopReason.AGREE if overall.passed else StopReason.UNLOCATED)
    return Suspicion(overall, tested.critical if tested else None, findings, names, level, large=tested)
