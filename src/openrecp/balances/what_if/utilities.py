"""Energy in a what-if: streams of energy follow who uses them, and boiler houses follow the streams they give."""

from __future__ import annotations

import numpy as np

from openrecp.balances.costs import CostNetwork
from openrecp.balances.problems import Array
from openrecp.balances.what_if.driving import Drive


def process_activity(network: CostNetwork, amounts: Array) -> Array:
    """Throughput of material after over before, shape (processes + 1,); 1 for the environment and where none was."""
    before = network.out_of(np.where(network.material, network.masses, 0.0))
    after = network.out_of(np.where(network.material, amounts, 0.0))
    return np.append(np.divide(after, before, out=np.ones_like(before), where=before > 0), 1.0)


def with_energy(network: CostNetwork, amounts: Array) -> Array:
    """The amounts, with streams of energy in proportion to the activity of who uses them, else of who gives them."""
    user = np.where(network.ends >= 0, network.ends, network.starts)
    energy = network.masses * process_activity(network, amounts)[user]
    return np.where(network.material, amounts, energy)


def utility_levels(network: CostNetwork, drive: Drive, amounts: Array) -> Array:
    """Level at which each process runs for the energy it gives, shape (processes,); 1 for all others.

    That is for processes that make no product and that no other feeds: a boiler house burns as much as its steam asks.
    """
    inside = network.material & (network.starts >= 0)
    alone = drive.fed & (network.into(np.where(inside, network.masses, 0.0)) <= 0)
    given = ~network.material & (network.ends >= 0)
    before = network.out_of(np.where(given, network.masses, 0.0))
    after = network.out_of(np.where(given, amounts, 0.0))
    return np.divide(after, before, out=np.ones_like(before), where=alone & (before > 0))
