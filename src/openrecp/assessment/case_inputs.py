"""The inputs of a case that ranges, distributions, tables and scenarios may name, and how their values are read.

What a number means depends on the input it belongs to: ``5 %`` is a rate, ``5`` a life or an amount of money. The
names are known from what was typed, before anything is checked, so that a name that no input has is found together
with every other mistake.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, ValidationInfo

from openrecp.assessment.case_values import lifetime, nonnegative, number, rate, refuse, share, words
from openrecp.assessment.strict_yaml import Tree
from openrecp.errors import problem
from openrecp.texts import Text, format_number, text

Reader = Callable[[Any], float]

CAPITAL_NAMES: Final[Mapping[str, Text]] = {
    "equipment": text("Equipment"),
    "materials": text("Materials: piping, electrical, structural"),
    "installation": text("Installation"),
    "engineering": text("Plant engineering"),
    "contractors": text("Contractors and outside engineering"),
    "permitting": text("Permitting"),
    "startup": text("Start-up"),
    "contingency": text("Contingency"),
}
_ALWAYS: Final[Mapping[str, Reader]] = {
    "capital": nonnegative,
    "savings": nonnegative,
    "costs": nonnegative,
    "discount_rate": rate,
    "tax_rate": share,
    "escalation": rate,
    "life": lifetime,
    "salvage": number,
    "working_capital": nonnegative,
}
# Inputs that there are only where the group of keys is there.
_WHERE_GIVEN: Final[Mapping[str, Mapping[str, Reader]]] = {
    "prices": {"inflation": rate},
    "financing": {"interest_rate": rate, "loan_share": share, "loan_amount": nonnegative},
    "grants": {"grants": nonnegative},
    "tax_credits": {"tax_credits": share},
    "replacements": {"replacements": nonnegative},
    "other_tax": {"other_tax": nonnegative},
}
# What the parts of an estimate are called among the operating items.
_ESTIMATED: Final[Mapping[str, Mapping[str, Reader]]] = {
    "production": {"production": number},
    "byproduct": {"byproduct": number},
    "raw_material": {"raw_material": number},
    "waste": {"disposal": number},
    "labour": {"operating_labour": number},
    "maintenance_labour": {"maintenance_labour": number},
    "maintenance_supplies": {"maintenance_supplies": number},
    "supplies": {"supplies": rate},
    "supervision": {"supervision": rate},
    "labour_burden": {"labour_burden": rate},
    "plant_overhead": {"plant_overhead": rate},
    "home_office_overhead": {"home_office_overhead": rate},
}


@dataclass(frozen=True, slots=True)
class KnownInputs:
    """Readers of the values of every input a case has, by the key of the input.

    Attributes
    ----------
    readers : Mapping[str, callable]
    items : tuple of str
        Those that are operating items.
    capital : Mapping[str, str]
        Name of every capital item, by the key or name under which it stands.
    complete : bool
        Whether every item has a name, so that a name that is not among them is certainly wrong.
    """

    readers: Mapping[str, Reader]
    items: tuple[str, ...]
    capital: Mapping[str, str]
    complete: bool


def known_inputs(tree: Tree) -> KnownInputs:
    """The inputs that a case has by what was typed."""
    data = tree.data
    readers = dict(_ALWAYS)
    for group, inputs in _WHERE_GIVEN.items():
        if data.get(group) not in (None, [], {}):
            readers.update(inputs)
    operating = data.get("operating") or {}
    capital = data.get("capital") or {}
    items: dict[str, Reader] = {}
    if isinstance(operating, dict):
        for part in operating.get("estimate") or {}:
            items.update(_ESTIMATED.get(part, {}))
    named = list(_names(operating, "items"))
    others = list(_names(capital, "other"))
    items.update((name, number) for name in named if name)
    readers = {**items, **readers}
    bought = {
        key: str(name) for key, name in CAPITAL_NAMES.items() if isinstance(capital, dict) and key in capital
    }
    bought.update((name, name) for name in others if name)
    readers.update((f"capital:{name}", number) for name in bought.values())
    complete = isinstance(operating, dict) and isinstance(capital, dict) and all((*named, *others))
    return KnownInputs(readers, tuple(items), bought, complete)


def _names(group: Any, key: str) -> Iterator[str]:
    """Name of every entry of a list; empty where there is none."""
    entries = group.get(key) if isinstance(group, dict) else None
    for entry in entries if isinstance(entries, list) else []:
        name = entry.get("name") if isinstance(entry, dict) else None
        yield name.strip() if isinstance(name, str) else ""


def _known(info: ValidationInfo) -> KnownInputs:
    """What `known_inputs` found, handed on with the data."""
    if not isinstance(info.context, KnownInputs):
        raise TypeError("a case is read together with the inputs it has")
    return info.context


def _input_key(key: str, info: ValidationInfo) -> str:
    known = _known(info)
    if known.complete and key not in known.readers:
        refuse(
            problem(
                "unknown-sensitivity-input",
                "{key} is not an input of this project; choose one of {known}.",
                key=key,
                known=list(known.readers),
            )
        )
    return key


def _item_key(key: str, info: ValidationInfo) -> str:
    known = _known(info)
    if known.complete and key not in known.items:
        refuse(
            problem(
                "unknown-item",
                "{key} is not an operating item of this project; choose one of {known}.",
                key=key,
                known=list(known.items),
            )
        )
    return key


def _capital_key(key: str, info: ValidationInfo) -> str:
    """The name of a capital item."""
    known = _known(info)
    if known.complete and key not in known.capital:
        refuse(
            problem(
                "unknown-capital-item",
                "{name} is not among the capital items; choose from {known}.",
                name=key,
                known=list(known.capital),
            )
        )
    return known.capital.get(key, key)


def _read_value(value: Any, info: ValidationInfo, key: str) -> float:
    reader = _known(info).readers.get(info.data.get(key, ""))
    # Without a reader the name is at fault, and nothing can be said of its values.
    return math.nan if reader is None else float(reader(value))


def value_of(key: str) -> BeforeValidator:
    """The reader of values of the input that is named under ``key`` in the same group."""
    return BeforeValidator(lambda value, info: _read_value(value, info, key))


InputKey = Annotated[str, BeforeValidator(words), AfterValidator(_input_key)]
ItemKey = Annotated[str, BeforeValidator(words), AfterValidator(_item_key)]
CapitalKey = Annotated[str, BeforeValidator(words), AfterValidator(_capital_key)]
InputValue = Annotated[float, value_of("input")]
OptionalInputValue = Annotated[
    float | None,
    BeforeValidator(lambda value, info: None if value is None else _read_value(value, info, "input")),
]


def shown_value(key: str, value: float, info: ValidationInfo) -> str:
    """A value as it is written in a case."""
    known = _known(info)
    if known.readers.get(key) in (rate, share):
        return f"{format_number(round(value * 100.0, 6))} %"
    return format_number(value)
