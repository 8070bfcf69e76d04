"""The whole analysis of a flowsheet: closures, reconciliation, losses, gross errors, meters to add, and costs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from openrecp.balances.analysis.amounts import Amounts
from openrecp.balances.analysis.cleaning import spoiled_readings, without_readings
from openrecp.balances.analysis.meters import MissingMeter, NextMeter, missing_meters, next_meters_for
from openrecp.balances.analysis.suspicion import Suspicion, suspicion_of
from openrecp.balances.cost_data import CostData
from openrecp.balances.costs import MaterialFlowCosts, material_flow_costs
from openrecp.balances.equations import ALL_LAYERS, Layer, System, equations_of
from openrecp.balances.faults import flowsheet_faults
from openrecp.balances.flowsheet import Flowsheet, Ref
from openrecp.balances.general import Estimator, RobustReconciliation, reconcile_robustly
from openrecp.balances.losses import MeasuredClosure, UnaccountedLoss, closures, unaccounted_losses
from openrecp.balances.problems import Reconciliation
from openrecp.balances.reconciling import Solution, reconcile_system
from openrecp.balances.threads import one_thread
from openrecp.errors import Issue, Severity, UnusableInput, problem

LEVEL: Final = 0.95
"""Confidence of intervals."""
ALARM: Final = 0.05
"""Chance that any meter or process is named in data without gross errors."""
_LARGEST_ROBUST: Final = 1_000
"""Variables up to which a robust estimate is made too."""


@dataclass(frozen=True, eq=False)
class BalanceAnalysis:
    """What a balance tells of a flowsheet; each part is worked out when it is asked for.

    Attributes
    ----------
    flowsheet : Flowsheet
    cost_data : CostData or None
    system : System
    solution : Solution
    level, alarm : float
        Confidence of the intervals, and chance of a false alarm among all tests together.
    drawing_issues : tuple of Issue
        What is to be known of the drawing; nothing that keeps it from balancing.
    component : str or None
        The only component that is followed, if not all are.
    layers : collection of Layer
        What is balanced.
    """

    flowsheet: Flowsheet
    cost_data: CostData | None
    system: System
    solution: Solution
    level: float
    alarm: float
    drawing_issues: tuple[Issue, ...]
    component: str | None = None
    layers: Collection[Layer] = ALL_LAYERS

    @property
    def reconciliation(self) -> Reconciliation:
        """The reconciled values, with classes, intervals and tests."""
        return self.solution.reconciliation

    @cached_property
    def amounts(self) -> Amounts:
        """The reconciled values by what they are."""
        return Amounts(self.system, self.reconciliation, self.solution.component_sds)

    @cached_property
    def closures(self) -> tuple[MeasuredClosure, ...]:
        """Every balance as measured, with its uncertainty."""
        return closures(self.flowsheet, level=self.level)

    @cached_property
    def losses(self) -> tuple[UnaccountedLoss, ...]:
        """Losses in mass and money, ranked."""
        return unaccounted_losses(
            self.flowsheet, self.system, self.reconciliation, self.closures, level=self.level
        )

    @cached_property
    def suspicion(self) -> Suspicion:
        """Which meters lie and which processes leak, as far as the data tell."""
        with one_thread():
            return suspicion_of(self.system, self.solution, self.alarm)

    @cached_property
    def spoiled(self) -> tuple[Ref, ...]:
        """Readings that are taken to be wrong: each is the one explanation of what does not fit."""
        return spoiled_readings(self.system.refs, self.suspicion.findings)

    @cached_property
    def cleaned(self) -> BalanceAnalysis:
        """The same plant without the readings that are taken to be wrong; itself where there are none.

        Its values, losses and costs are the ones to go by: a reading that is wrong is no loss.
        """
        if not self.spoiled:
            return self
        flowsheet = without_readings(self.flowsheet, self.spoiled)
        return replace(self, flowsheet=flowsheet, **_solved(flowsheet, self.component, self.layers))

    @cached_property
    def robust(self) -> RobustReconciliation | None:
        """The same with readings weighted down that do not fit (Welsch), as a second opinion on which meter is wrong.

        None in plants too large for dense algebra, or where nothing is checked.
        """
        if self.reconciliation.variables > _LARGEST_ROBUST or not self.reconciliation.redundancy:
            return None
        with one_thread():
            return reconcile_robustly(self.system.problem, Estimator.WELSCH)

    @cached_property
    def missing_meters(self) -> tuple[MissingMeter, ...]:
        """What to measure so that the unknown becomes known."""
        with one_thread():
            return missing_meters(self.system, self.reconciliation)

    @cached_property
    def next_meters(self) -> tuple[NextMeter, ...]:
        """Which meters would make the largest computed loss surer."""
        with one_thread():
            return next_meters_for(self.system, self.reconciliation, self.losses)

    @cached_property
    def costs(self) -> MaterialFlowCosts | None:
        """Material flow costs; None where nothing is priced."""
        prices = [stream.price for stream in self.flowsheet.streams]
        prices += [component.price for component in self.flowsheet.components]
        priced = any(price is not None for price in prices)
        if self.cost_data is None and not priced:
            return None
        with one_thread():
            return material_flow_costs(
                self.flowsheet,
                self.amounts.masses,
                self.cost_data,
                stocks=self.amounts.stocks,
                component_flows=self.amounts.component_flows or None,
                covariance=self.amounts.variances,
            )

    @cached_property
    def issues(self) -> tuple[Issue, ...]:
        """Everything that is to be known, the weightier first."""
        found = [*self.drawing_issues, *self.system.issues, *self._solution_issues()]
        if self.costs is not None:
            found += self.costs.issues
        order = list(Severity)
        return tuple(sorted(dict.fromkeys(found), key=lambda issue: order.index(issue.severity)))

    def _solution_issues(self) -> list[Issue]:
        found: list[Issue] = []
        convergence = self.reconciliation.convergence
        if convergence is not None and not convergence.converged:
            found.append(
                problem(
                    "balance-not-settled",
                    "The search for the reconciled values did not settle within {steps} steps; the last one still moved "
                    "by {step} standard deviations. Measure more, or give the unknown compositions a value.",
                    severity=Severity.WARNING,
                    steps=convergence.iterations,
                    step=convergence.last_step,
                )
            )
        if self.solution.outside.size:
            found.append(
                problem(
                    "values-outside-limits",
                    "{count} reconciled values are below 0 or above their limit. Look for a wrong direction or a wrong "
                    "meter.",
                    severity=Severity.WARNING,
                    count=int(self.solution.outside.size),
                )
            )
        network = self.solution.network
        if network is not None and network.sampling_error > 0:
            found.append(
                problem(
                    "intervals-by-simulation",
                    "The streams join the processes so much at random that the intervals were found by simulation; "
                    "their widths are known to about {error} %.",
                    severity=Severity.NOTE,
                    error=round(100 * network.sampling_error, 1),
                )
            )
        return found


def analyse_balance(
    flowsheet: Flowsheet,
    cost_data: CostData | None = None,
    *,
    component: str | None = None,
    layers: Collection[Layer] = ALL_LAYERS,
    level: float = LEVEL,
    alarm: float = ALARM,
) -> BalanceAnalysis:
    """Reconcile a flowsheet and make everything that can be told of it ready.

    Parameters
    ----------
    flowsheet : Flowsheet
    cost_data : CostData, optional
        Energy, system and waste-management costs; prices are in the flowsheet.
    component : str, optional
        Follow only this component, beside the total.
    layers : collection of Layer
        Which of total, component, element and energy to balance.
    level : float
        Confidence of all intervals.
    alarm : float
        Chance that anything is named in data without gross errors.

    Raises
    ------
    UnusableInput
        With everything that keeps the drawing from balancing, or if a component is asked for that is not there.

    >>> from openrecp.balances.flowsheet import Measurement, Process, Role, Stream
    >>> tank = Flowsheet("Degreasing", (Process("tank", "Tank"),), (
    ...     Stream("in", "Solvent", None, "tank", flow=Measurement(1000.0, 10.0), role=Role.INPUT),
    ...     Stream("out", "Spent solvent", "tank", None, flow=Measurement(930.0, 5.0), role=Role.WASTE),
    ...     Stream("air", "Evaporated", "tank", None, role=Role.LOSS),
    ... ))
    >>> loss = analyse_balance(tank).losses[0]
    >>> round(loss.amount, 6), round(loss.sd, 6), loss.significant
    (70.0, 11.18034, True)
    """
    issues = flowsheet_faults(flowsheet)
    if component is not None and component not in {each.key for each in flowsheet.components}:
        issues = (*issues, _unknown_component(flowsheet, component))
    errors = tuple(issue for issue in issues if issue.severity is Severity.ERROR)
    if errors:
        raise UnusableInput(errors)
    return BalanceAnalysis(
        flowsheet=flowsheet,
        cost_data=cost_data,
        level=level,
        alarm=alarm,
        drawing_issues=issues,
        component=component,
        layers=layers,
        **_solved(flowsheet, component, layers),
    )


def _solved(flowsheet: Flowsheet, component: str | None, layers: Collection[Layer]) -> dict[str, Any]:
    system = equations_of(flowsheet, component=component, layers=layers)
    return {"system": system, "solution": reconcile_system(system)}


def _unknown_component(flowsheet: Flowsheet, component: str) -> Issue:
    known = [each.key for each in flowsheet.components]
    if not known:
        return problem(
            "component-not-followed",
            "No component is followed in this flowsheet, so “{component}” cannot be. Name its components first.",
            component=component,
        )
    return problem(
        "component-unknown",
        "There is no component “{component}” in this flowsheet; there are {known}.",
        component=component,
        known=known,
    )
