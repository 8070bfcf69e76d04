"""Whether what options promise fits what the streams cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from openrecp.assessment.evaluation.option_results import OptionResult
from openrecp.assessment.evaluation.places import place
from openrecp.assessment.evaluation.results import StreamResult
from openrecp.economics.operating import OperatingClass
from openrecp.errors import Issue, Severity, problem


def saving_issues(streams: Sequence[StreamResult], options: Sequence[OptionResult]) -> Iterator[Issue]:
    """Options that save more waste management a year than managing their streams costs."""
    costs = {stream.number: stream.management_cost.value for stream in streams}
    for option in options:
        known = [costs.get(stream) for stream in option.streams]
        if not known or any(cost is None for cost in known):
            continue
        cost = sum((Decimal(each) for each in known if each is not None), Decimal(0))
        saved = _waste_saving(option)
        if saved is not None and saved > cost:
            yield problem(
                "saving-exceeds-cost",
                "{option}: it saves {saved} a year in waste management, but managing {streams} costs only {cost}; "
                "correct the saving, the cost, or the streams it reduces.",
                where=place("operating_changes"),
                severity=Severity.WARNING,
                option=option.number,
                saved=saved,
                cost=cost,
                streams=list(option.streams),
            )


def _waste_saving(option: OptionResult) -> Decimal | None:
    if option.economics is None:
        return None
    for each in option.economics.annual:
        if each.operating_class is OperatingClass.WASTE_MANAGEMENT and each.gains.value is not None:
            return Decimal(each.gains.value)
    return None
