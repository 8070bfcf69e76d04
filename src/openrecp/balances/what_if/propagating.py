"""Carrying changes through the flowsheet: one sparse system for the throughput and intake of every process.

Each process hands on what it makes (throughput = what leaves) and balances (what enters = throughput + change of
stock), as in an input-output model after Leontief. A mass that appears or disappears today, such as by a reaction in
a component's layer, keeps its proportion to the throughput.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import MatrixRankWarning, spsolve

from openrecp.balances.costs import CostNetwork
from openrecp.balances.problems import Array
from openrecp.balances.what_if.rules import Rules


@dataclass(frozen=True, slots=True, eq=False)
class Propagated:
    """A layer after the changes.

    Attributes
    ----------
    amounts : array, shape (streams,)
        nan where there is no solution.
    gaps : array, shape (processes,)
        What enters and leaves no more in balance; 0 where the changes can be.
    """

    amounts: Array
    gaps: Array


def propagate(network: CostNetwork, rules: Rules, stock_change: Array, levels: Array) -> Propagated:
    """Amounts of a layer under its rules.

    Parameters
    ----------
    network : CostNetwork
    rules : Rules
    stock_change : array, shape (processes,)
        Closing less opening stock of the layer, which stays as it is.
    levels : array, shape (processes,)
        Intake of processes that nothing in the layer asks of, over today's.

    Returns
    -------
    Propagated
    """
    count = len(network.processes)
    entering = network.into(rules.before) - stock_change
    today = rules.throughput
    keeps = np.divide(entering, today, out=np.ones(count), where=today > 0)
    matrix, right = _system(network, rules, keeps, (stock_change, levels))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MatrixRankWarning)
        solved: Array = np.asarray(spsolve(matrix, right)) if count else np.zeros(0)
    throughput, intake = solved[:count], solved[count:]
    amounts = (
        rules.push * network.at_start(throughput)
        + rules.pull * np.append(intake, 0.0)[network.ends]
        + rules.constant
    )
    leaving = network.out_of(amounts)
    gaps = network.into(amounts) - stock_change - keeps * leaving
    return Propagated(amounts, np.where(today > 0, gaps, 0.0))


def _system(
    network: CostNetwork, rules: Rules, keeps: Array, known: tuple[Array, Array]
) -> tuple[sp.csc_array, Array]:
    """Rows: throughput of each process, then its balance; columns: throughputs, then intakes."""
    stock_change, levels = known
    count = len(network.processes)
    every = np.arange(count)
    starts, ends = network.starts, network.ends
    absorbing = rules.absorbing & ~rules.held
    made = ~rules.given & ~rules.held & ~absorbing
    follows = rules.given & ~rules.held
    # Where nothing is pulled in, what is made decides alone, and no intake is needed.
    idle = made & ~(network.into(rules.pull) > 0)
    # What a process gives off without taking anything in stays as it is.
    from_nothing = ~idle & (keeps <= 0)
    moved = ~idle & ~from_nothing
    main = network.out_of(rules.main)
    stays = rules.held | (absorbing & (main <= 0))
    grows = absorbing & ~stays
    out = (starts >= 0) & np.append(made, False)[starts]
    pulled = (starts >= 0) & (ends >= 0) & (rules.pull > 0)
    pulled_out = pulled & np.append(made | grows, False)[starts]
    left = pulled & np.append(absorbing & moved, False)[starts]
    pushed_in = (ends >= 0) & (starts >= 0) & (rules.push != 0) & np.append(moved, False)[ends]
    pulled_in = (ends >= 0) & (rules.pull > 0) & np.append(moved, False)[ends]
    entries = (
        (every[made], every[made], np.ones(int(made.sum()))),
        (starts[out], starts[out], -rules.push[out]),
        (starts[pulled_out], count + ends[pulled_out], -rules.pull[pulled_out]),
        (every[grows], count + every[grows], main[grows]),
        (every[follows], every[follows], -np.ones(int(follows.sum()))),
        (every[follows], count + every[follows], rules.throughput[follows]),
        (every[stays], count + every[stays], np.ones(int(stays.sum()))),
        (count + every[~idle], every[~idle], np.where(from_nothing, 1.0, keeps)[~idle]),
        (count + starts[left], count + ends[left], network.at_start(keeps)[left] * rules.pull[left]),
        (count + ends[pushed_in], starts[pushed_in], -rules.push[pushed_in]),
        (count + ends[pulled_in], count + ends[pulled_in], -rules.pull[pulled_in]),
        (count + every[idle], count + every[idle], np.ones(int(idle.sum()))),
    )
    rows, columns, values = (np.concatenate(part) for part in zip(*entries, strict=True))
    matrix = sp.csc_array((values, (rows, columns)), shape=(2 * count, 2 * count))
    wanted = network.out_of(rules.constant)
    products = network.out_of(np.where(rules.main > 0, rules.constant, 0.0))
    made_right = np.where(made, wanted, 0.0) + np.where(grows, products, 0.0) + stays * levels
    balance_right = np.where(idle, 1.0, network.into(rules.constant) - stock_change)
    balance_right -= np.where(absorbing & moved, keeps * wanted, 0.0)
    balance_right = np.where(from_nothing, rules.throughput, balance_right)
    return matrix, np.concatenate([made_right, balance_right])
