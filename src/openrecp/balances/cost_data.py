"""What a period costs besides the materials: energy, system and waste management, and how each is allocated.

The terms are those of ISO 14051:2011 (material flow cost accounting): energy and system costs belong to a quantity
centre, waste-management costs to what is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from openrecp.texts import Choice, text


class AllocationKey(Choice):
    """By what the energy and system costs of a process are shared among what leaves it."""

    MASS = "mass", text("Mass")
    MATERIAL_COST = "material-cost", text("Material cost")
    GIVEN = "given", text("Given shares")


@dataclass(frozen=True, slots=True)
class CostData:
    """Costs of a period, in the currency of the flowsheet.

    Attributes
    ----------
    energy, system : Mapping[str, float]
        By the key of the process [currency a period]. System costs are labour, depreciation, maintenance, transport.
    waste_management : Mapping[str, float]
        By the key of the stream that is handled, or of the process whose losses are [currency a period].
    keys : Mapping[str, AllocationKey]
        Allocation key of a process; mass where none is named.
    excluded : frozenset of str
        Streams left out of the mass key, such as machine oil that does not become product.
    shares : Mapping[str, Mapping[str, float]]
        For processes with given shares: the share [1] of each stream that leaves.
    """

    energy: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    system: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    waste_management: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    keys: Mapping[str, AllocationKey] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    excluded: frozenset[str] = frozenset()
    shares: Mapping[str, Mapping[str, float]] = field(
        default_factory=lambda: MappingProxyType({}), hash=False
    )
