"""What the plant costs besides its materials, as material flow cost accounting asks for it (ISO 14051)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from types import MappingProxyType

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.places import keyed, place
from openrecp.assessment.evaluation.plant_flowsheet.area import Area
from openrecp.assessment.evaluation.purchases import consumption
from openrecp.assessment.evaluation.quantities import priced
from openrecp.assessment.evaluation.rankings import stream_ranking
from openrecp.assessment.evaluation.readings import is_energy
from openrecp.assessment.evaluation.streams import stream_results
from openrecp.assessment.worksheets.materials import InputMaterial
from openrecp.balances.cost_data import CostData
from openrecp.texts import text


def plant_costs(assessment: Assessment, area: Area, drawn: frozenset[str]) -> CostData:
    """Energy and system cost of each process, management cost of each waste stream that is drawn."""
    system: dict[str, float] = defaultdict(float)
    for _, process in keyed(assessment.processes):
        home = area.home(process.number)
        if home is not None and process.system_cost is not None:
            system[home] += float(process.system_cost.amount)
    energy: dict[str, float] = defaultdict(float)
    for home, cost in _energy_costs(assessment, area):
        energy[home] += cost
    by_record = {each.record.id: each for each in stream_results(assessment, stream_ranking(assessment))}
    waste: dict[str, float] = {}
    for key, record in keyed(assessment.waste_streams):
        own = area.key("waste_streams", key)
        managed = by_record[record.id].management_cost.value
        if own in drawn and managed is not None:
            waste[own] = float(managed)
    return CostData(
        energy=MappingProxyType(dict(energy)),
        system=MappingProxyType(dict(system)),
        waste_management=MappingProxyType(waste),
    )


def _energy_costs(assessment: Assessment, area: Area) -> Iterator[tuple[str, float]]:
    for key, record in keyed(assessment.input_materials):
        home = area.home(record.process)
        if home is not None and (record.energy_carrier or is_energy(record.consumption)):
            cost = _yearly_cost(assessment, key, record)
            if cost is not None:
                yield home, cost


def _yearly_cost(assessment: Assessment, key: str, record: InputMaterial) -> float | None:
    """Annual cost as entered, else price times consumption; None where neither is known."""
    if record.annual_cost is not None:
        return float(record.annual_cost.amount)
    if record.price is None:
        return None
    used = consumption(assessment, key, record)
    found = priced(text("Cost a year"), record.price, place("input_materials", key, "price"), used).value
    return None if found is None else float(found)
