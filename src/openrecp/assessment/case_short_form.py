"""The short form of an economics case: the flat list of inputs in which appendix 8 is published."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from openrecp.assessment.strict_yaml import Path as KeyPath
from openrecp.assessment.strict_yaml import Tree, dotted
from openrecp.errors import problem

SHORT_FORM: Final[Mapping[str, tuple[str, ...]]] = {
    **{
        key: ("capital", key)
        for key in (
            "equipment",
            "materials",
            "installation",
            "engineering",
            "contractors",
            "permitting",
            "startup",
            "contingency",
            "working_capital",
        )
    },
    "debt_share": ("financing", "loan_share"),
    "interest": ("financing", "interest_rate"),
    "loan_years": ("financing", "loan_years"),
    "tax": ("tax_rate",),
    "discount": ("discount_rate",),
    "dep_life": ("depreciation", "life"),
    "depreciation_method": ("depreciation", "method"),
    "depreciation_factor": ("depreciation", "factor"),
    "production_units": ("operating", "estimate", "production", "units"),
    "production_price": ("operating", "estimate", "production", "price"),
    "byproduct_units": ("operating", "estimate", "byproduct", "units"),
    "byproduct_price": ("operating", "estimate", "byproduct", "price"),
    "raw_material_units": ("operating", "estimate", "raw_material", "units"),
    "raw_material_price": ("operating", "estimate", "raw_material", "price"),
    "waste_tons": ("operating", "estimate", "waste", "tons"),
    "disposal_unit_cost": ("operating", "estimate", "waste", "unit_cost"),
    "operators": ("operating", "estimate", "labour", "operators"),
    "shifts": ("operating", "estimate", "labour", "shifts"),
    "days": ("operating", "estimate", "labour", "days"),
    "hours_per_shift": ("operating", "estimate", "labour", "hours_per_shift"),
    "wage": ("operating", "estimate", "labour", "wage"),
    "supplies": ("operating", "estimate", "supplies"),
    "maint_labour": ("operating", "estimate", "maintenance_labour"),
    "maint_supplies": ("operating", "estimate", "maintenance_supplies"),
    "supervision": ("operating", "estimate", "supervision"),
    "labour_burden": ("operating", "estimate", "labour_burden"),
    "plant_oh": ("operating", "estimate", "plant_overhead"),
    "hq_oh": ("operating", "estimate", "home_office_overhead"),
}
_STARTS: Final[Mapping[tuple[str, ...], str]] = {
    ("currency",): "USD",
    ("construction_years",): "1",
    ("depreciation", "method"): "declining-balance",
}
SHORT_NAMES: Final[Mapping[KeyPath, str]] = {path: key for key, path in SHORT_FORM.items()}


def unwrap(tree: Tree) -> None:
    """Bring what stands under ``inputs:`` to the top."""
    inner = tree.data.get("inputs")
    if not isinstance(inner, dict):
        return
    del tree.data["inputs"]
    for key, value in inner.items():
        if key in tree.data:
            tree.issues.append(
                problem(
                    "key-twice", "“{key}” stands twice; keep one of them.", where=tree.where((key,)), key=key
                )
            )
        tree.data.setdefault(key, value)
    for path in [path for path in tree.lines if path[:1] == ("inputs",) and len(path) > 1]:
        tree.lines.setdefault(path[1:], tree.lines[path])


def unfold(tree: Tree) -> None:
    """Turn the short form into the long one; lines follow their keys."""
    flat = [key for key in tree.data if key in SHORT_FORM]
    if not flat:
        return
    for key in flat:
        path = SHORT_FORM[key]
        line = tree.lines.get((key,))
        value = tree.data.pop(key)
        group = _group(tree, path[:-1])
        if group is None or path[-1] in group:
            tree.issues.append(
                problem(
                    "form-mixed",
                    "“{key}” of the short form and “{long}” of the long form cannot stand together; use one form.",
                    where=tree.where((key,)),
                    key=key,
                    long=dotted(path),
                )
            )
            continue
        group[path[-1]] = value
        for length in range(1, len(path) + 1):
            tree.lines.setdefault(path[:length], line or 1)
        if line is not None:
            tree.lines[path] = line
    for path, value in _STARTS.items():
        group = _group(tree, path[:-1])
        if group is not None:
            group.setdefault(path[-1], value)
    tree.data.setdefault("name", Path(tree.file).stem or tree.file)
    tree.data.setdefault("operating", {})


def _group(tree: Tree, path: tuple[str, ...]) -> dict[str, Any] | None:
    group: Any = tree.data
    for key in path:
        group = group.setdefault(key, {})
        if not isinstance(group, dict):
            return None
    return group if isinstance(group, dict) else None
