"""Ranges of the tornado as typed in a case: what a number means depends on the input it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pydantic_core import PydanticCustomError

from openrecp.assessment.case_model import GivenRange, Tornado, number, rate, share, whole
from openrecp.assessment.strict_yaml import Tree
from openrecp.economics import DerivedItem, OperatingLine, Range
from openrecp.errors import Issue, problem

_READERS: Final = {
    "discount_rate": rate,
    "escalation": rate,
    "interest_rate": rate,
    "tax_rate": share,
    "loan_share": share,
    "life": whole,
    "capital": number,
    "savings": number,
    "costs": number,
    "salvage": number,
}


def tornado_ranges(
    given: Tornado, tree: Tree, operating: Sequence[OperatingLine]
) -> tuple[tuple[Range, ...], list[Issue]]:
    """The ranges in numbers, and what cannot be understood of them."""
    readers = {
        **_READERS,
        **{line.key: rate if isinstance(line, DerivedItem) else number for line in operating},
    }
    ranges: list[Range] = []
    issues: list[Issue] = []
    for position, each in enumerate(given.ranges):
        place = ("tornado", "ranges", position)
        reader = readers.get(each.input)
        if reader is None:
            issues.append(
                problem(
                    "unknown-sensitivity-input",
                    "{key} is not an input of this project; choose one of {known}.",
                    where=tree.where((*place, "input")),
                    key=each.input,
                    known=list(readers),
                )
            )
            continue
        bounds: list[float] = []
        for end in ("low", "high"):
            try:
                bounds.append(float(reader(getattr(each, end))))
            except PydanticCustomError as error:
                issue: Issue = (error.context or {})["issue"]
                issues.append(issue.at(tree.where((*place, end))))
        if len(bounds) == 2:
            issues += _order_issues(bounds, each, tree, place)
            ranges.append(Range(each.input, bounds[0], bounds[1], tree.where(place)))
    return tuple(ranges), issues


def _order_issues(
    bounds: list[float], each: GivenRange, tree: Tree, place: tuple[str | int, ...]
) -> list[Issue]:
    if bounds[0] < bounds[1]:
        return []
    return [
        problem(
            "range-reversed",
            "The low value {low} of {key} is not below the high value {high}.",
            where=tree.where(place),
            low=each.low,
            high=each.high,
            key=each.input,
        )
    ]
