"""What material flow cost accounting needs besides the flowsheet: costs of processes and how they are shared out.

Prices of materials and streams stand in the flowsheet itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


def _none() -> Mapping[str, float]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class CostData:
    """Costs of a period, in the flowsheet's currency (ISO 14051, 5.3).

    Attributes
    ----------
    energy, system : Mapping[str, float]
        Energy cost, and system cost (labour, depreciation, maintenance, transport), by the key of the process.
    waste_management : Mapping[str, float]
        Cost of handling waste, by the key of the stream it is for or of the process where it is caused.
    keys : Mapping[str, str]
        How energy and system cost of a process are shared between product and loss, by the key of the process:
        ``mass`` (the usual), ``value``, or a share of the product such as ``0.7``.
    excluded : frozenset of str
        Streams that do not count in the mass key, such as machine oil.
    """

    energy: Mapping[str, float] = field(default_factory=_none, hash=False)
    system: Mapping[str, float] = field(default_factory=_none, hash=False)
    waste_management: Mapping[str, float] = field(default_factory=_none, hash=False)
    keys: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    excluded: frozenset[str] = frozenset()
