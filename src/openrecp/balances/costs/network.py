"""A flowsheet and its masses as arrays, with what cannot be costed as findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from openrecp.balances.flowsheet import Flowsheet, Role, StreamKind
from openrecp.balances.problems import Array
from openrecp.errors import Issue, Severity, problem


@dataclass(frozen=True, slots=True, eq=False)
class CostNetwork:
    """Streams and processes by number; -1 is the environment.

    Attributes
    ----------
    streams, processes : Mapping[str, int]
        Number of each key.
    starts, ends : int array, shape (streams,)
    masses : array, shape (streams,)
        Mass [unit a period], for streams of energy kWh; what is unknown or negative counts as 0.
    material : bool array, shape (streams,)
        False for streams of energy.
    lost : bool array, shape (streams,)
        Waste and losses.
    prices : array, shape (streams,)
        Of a unit; 0 where none is known.
    opening, closing : array, shape (processes,)
        Stocks [unit].
    opening_value : array, shape (processes,)
        What the opening stocks are worth [currency].
    """

    streams: Mapping[str, int]
    processes: Mapping[str, int]
    starts: Array
    ends: Array
    masses: Array
    material: Array
    lost: Array
    prices: Array
    opening: Array
    closing: Array
    opening_value: Array

    @property
    def purchased(self) -> Array:
        """Whether a stream comes from the environment, shape (streams,)."""
        return self.starts < 0

    @property
    def leaving(self) -> Array:
        """Whether a stream leaves the plant, shape (streams,)."""
        return self.ends < 0

    def out_of(self, amounts: Array) -> Array:
        """Sum of the amounts over what leaves each process, shape (processes,)."""
        inside = self.starts >= 0
        count = len(self.processes)
        return np.bincount(self.starts[inside], weights=amounts[inside], minlength=count)[:count]

    def into(self, amounts: Array) -> Array:
        """Sum of the amounts over what enters each process, shape (processes,)."""
        inside = self.ends >= 0
        count = len(self.processes)
        return np.bincount(self.ends[inside], weights=amounts[inside], minlength=count)[:count]

    def at_start(self, amounts: Array) -> Array:
        """The amount of the process where each stream starts, 0 for the environment, shape (streams,)."""
        return np.append(amounts, 0.0)[self.starts]


def cost_network(
    flowsheet: Flowsheet,
    masses: Mapping[str, float],
    stocks: Mapping[str, tuple[float, float]] | None,
    issues: list[Issue],
) -> CostNetwork:
    """Number the streams and processes of a flowsheet.

    Parameters
    ----------
    flowsheet : Flowsheet
    masses : Mapping[str, float]
        Mass a period of each stream; kWh of a stream of energy.
    stocks : Mapping[str, tuple of (float, float)] or None
        Opening and closing amount of each stock; what is not named is taken as it was measured.
    issues : list of Issue
        Findings are added here.

    Returns
    -------
    CostNetwork

    Raises
    ------
    KeyError
        If a stream or a stock names a process that is not in the flowsheet.
    """
    streams = flowsheet.streams
    number: dict[str | None, int] = {process.key: place for place, process in enumerate(flowsheet.processes)}
    number[None] = -1
    lost_roles = (Role.WASTE, Role.LOSS)
    opening, closing, value = _stock_arrays(flowsheet, number, stocks or {}, issues)
    network = CostNetwork(
        {stream.key: place for place, stream in enumerate(streams)},
        {process.key: place for place, process in enumerate(flowsheet.processes)},
        np.array([number[stream.start] for stream in streams], dtype=np.int64),
        np.array([number[stream.end] for stream in streams], dtype=np.int64),
        np.array([masses.get(stream.key, np.nan) for stream in streams], dtype=float),
        np.array([stream.kind is StreamKind.MATERIAL for stream in streams], dtype=bool),
        np.array([stream.role in lost_roles for stream in streams], dtype=bool),
        np.array([np.nan if stream.price is None else stream.price for stream in streams], dtype=float),
        opening,
        closing,
        value,
    )
    _report_gaps(flowsheet, network, issues)
    np.nan_to_num(network.prices, copy=False, nan=0.0)
    np.nan_to_num(network.masses, copy=False, nan=0.0)
    np.maximum(network.masses, 0.0, out=network.masses)
    return network


def _report_gaps(flowsheet: Flowsheet, network: CostNetwork, issues: list[Issue]) -> None:
    for place in np.flatnonzero(np.isnan(network.masses)):
        stream = flowsheet.streams[place]
        issues.append(
            problem(
                "cost-mass-unknown",
                "The flow of “{stream}” is not known, so it carries no cost here. Measure it, or measure what its balance needs.",
                where=stream.source,
                severity=Severity.WARNING,
                stream=stream.name,
            )
        )
    for place in np.flatnonzero(network.masses < 0):
        stream = flowsheet.streams[place]
        issues.append(
            problem(
                "cost-mass-negative",
                "The flow of “{stream}” is negative ({mass}), so it carries no cost here. Draw it the other way round, or check what was measured.",
                where=stream.source,
                stream=stream.name,
                mass=float(network.masses[place]),
            )
        )
    for place in np.flatnonzero(network.purchased & np.isnan(network.prices) & (network.masses > 0)):
        stream = flowsheet.streams[place]
        issues.append(
            problem(
                "cost-price-missing",
                "“{stream}” has no price, so it counts as costing nothing. Give its price, or 0 if it is free.",
                where=stream.source,
                severity=Severity.WARNING,
                stream=stream.name,
            )
        )


def _stock_arrays(
    flowsheet: Flowsheet,
    number: Mapping[str | None, int],
    given: Mapping[str, tuple[float, float]],
    issues: list[Issue],
) -> tuple[Array, Array, Array]:
    opening, closing, value = np.zeros((3, len(flowsheet.processes)))
    for stock in flowsheet.stocks:
        measured = (
            stock.opening.value if stock.opening else np.nan,
            stock.closing.value if stock.closing else np.nan,
        )
        amounts = given.get(stock.key, measured)
        if not all(amount >= 0 for amount in amounts):
            issues.append(
                problem(
                    "cost-stock-unknown",
                    "The opening or closing amount of stock “{stock}” is not known or negative and counts as 0 here. Take stock at both ends of the period.",
                    where=stock.source,
                    severity=Severity.WARNING,
                    stock=stock.name,
                )
            )
        first, last = (amount if amount >= 0 else 0.0 for amount in amounts)
        if stock.price is None and first > 0:
            issues.append(
                problem(
                    "cost-stock-price-missing",
                    "Stock “{stock}” has no price, so what was there at the beginning counts as costing nothing. Give what a unit of it is worth.",
                    where=stock.source,
                    severity=Severity.WARNING,
                    stock=stock.name,
                )
            )
        place = number[stock.process]
        opening[place] += first
        closing[place] += last
        value[place] += first * (stock.price or 0.0)
    return opening, closing, value
