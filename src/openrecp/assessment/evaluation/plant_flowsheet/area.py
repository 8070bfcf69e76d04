"""The processes of the assessed area, and the keys by which the flowsheet names what is drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.places import keyed, place
from openrecp.balances.flowsheet import Process

AREA: Final = "area:whole"
"""Key of the one process that stands for the whole area. A number of the user's never has a colon."""
_DRAWN: Final = ("processes", "input_materials", "products", "waste_streams", "flows")


@dataclass(frozen=True, slots=True)
class Area:
    """Where streams begin and end.

    Attributes
    ----------
    processes : Mapping[str, Process]
        By key.
    homes : Mapping[str, str]
        Key of the process that has a number.
    only : str or None
        The process to which streams belong that name none: that of an area that has but one.
    numbers : Counter of str
        How often each number stands in the tables that are drawn.
    whole : bool
        The area is drawn as one process, to which everything belongs.
    several : bool
        More than one process is listed.
    """

    processes: Mapping[str, Process]
    homes: Mapping[str, str]
    only: str | None
    numbers: Counter[str]
    whole: bool = False
    several: bool = False

    def home(self, number: str | None) -> str | None:
        """Key of the process a record belongs to; None if it names none, or one that there is not."""
        if self.whole or number is None:
            return self.only
        return self.homes.get(number)

    def key(self, collection: str, key: str) -> str:
        """Key of what is drawn from a record: its number, with its table where that alone would not tell."""
        return key if self.numbers[key] == 1 else f"{collection}:{key}"


def area_of(assessment: Assessment, *, whole: bool) -> Area:
    """The processes as listed, or one that stands for all of them; also where none is listed."""
    numbers = Counter(
        number
        for collection in _DRAWN
        for record in assessment.records(collection)
        if (number := getattr(record, "number", None)) is not None
    )
    if whole or not assessment.processes:
        cover = assessment.cover
        name = assessment.site.area or cover.plant or cover.firm or ""
        area = Process(AREA, name, source=place("processes"))
        return Area({AREA: area}, {}, AREA, numbers, whole=True, several=len(assessment.processes) > 1)
    found: dict[str, Process] = {}
    homes: dict[str, str] = {}
    for key, each in keyed(assessment.processes):
        own = key if numbers[key] == 1 else f"processes:{key}"
        found[own] = Process(own, each.name or key, source=place("processes", key))
        if each.number is not None:
            homes.setdefault(each.number, own)
    return Area(found, homes, next(iter(found)) if len(found) == 1 else None, numbers)
