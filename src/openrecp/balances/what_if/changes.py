"""What is to be changed in a flowsheet, and whether that can be understood."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openrecp.balances.flowsheet import Flowsheet
from openrecp.errors import NOWHERE, Issue, Where, problem
from openrecp.texts import Choice, text


class ChangeKind(Choice):
    """What of a stream is changed."""

    FLOW = "flow", text("Flow")
    SHARE = "share", text("Share of what leaves its process")


@dataclass(frozen=True, slots=True)
class Change:
    """An option as a change of one stream: times a factor, or to a value.

    Attributes
    ----------
    stream : str
    kind : ChangeKind
        Its flow; or its share of all that leaves its process (a transfer coefficient, the recycled share).
    factor, value : float or None
        One of the two: factor [1], or flow [unit/period] or share [1].
    component : str or None
        Only the flow or share of this component.
    against : str or None
        For a share: the stream from the same process that takes up the opposite, such as the waste that is now
        recycled.
    inputs_follow : bool
        For a stream that enters a process: its other inputs make up for the change. Else what the process gives off
        takes it up, as rinse water carries less where less is dragged in.
    """

    stream: str
    kind: ChangeKind = ChangeKind.FLOW
    factor: float | None = None
    value: float | None = None
    component: str | None = None
    against: str | None = None
    inputs_follow: bool = False
    source: Where = NOWHERE


def usable_changes(
    flowsheet: Flowsheet, changes: Sequence[Change], issues: list[Issue]
) -> tuple[Change, ...]:
    """The changes that can be understood; what is wrong with the others is added to the findings."""
    starts = {stream.key: stream.start for stream in flowsheet.streams}
    components = {component.key for component in flowsheet.components}
    usable = []
    for change in changes:
        found = tuple(_mistakes(change, starts, components))
        issues.extend(found)
        if not found:
            usable.append(change)
    return tuple(usable)


def _mistakes(change: Change, starts: dict[str, str | None], components: set[str]) -> Iterable[Issue]:
    if change.stream not in starts:
        yield problem(
            "what-if-stream-unknown",
            "The change names stream “{stream}”, which is not in the flowsheet. Correct the name.",
            where=change.source,
            stream=change.stream,
        )
        return
    if change.component is not None and change.component not in components:
        yield problem(
            "what-if-component-unknown",
            "The change of “{stream}” names component “{component}”, which is not in the flowsheet. Correct the name.",
            where=change.source,
            stream=change.stream,
            component=change.component,
        )
    amounts = [each for each in (change.factor, change.value) if each is not None]
    if len(amounts) != 1 or not math.isfinite(amounts[0]) or amounts[0] < 0:
        yield problem(
            "what-if-amount-unclear",
            "Say by which factor “{stream}” changes or to which value, one of the two, and not below 0.",
            where=change.source,
            stream=change.stream,
        )
    if change.kind is ChangeKind.SHARE:
        yield from _share_mistakes(change, starts)


def _share_mistakes(change: Change, starts: dict[str, str | None]) -> Iterable[Issue]:
    if starts[change.stream] is None:
        yield problem(
            "what-if-share-of-input",
            "“{stream}” comes from outside and is no share of a process. Change its flow, or what leaves the process.",
            where=change.source,
            stream=change.stream,
        )
    if change.value is not None and change.value > 1:
        yield problem(
            "what-if-share-above-one",
            "The share of “{stream}” would be {share} %, more than all that leaves its process. Give a share up to 100 %.",
            where=change.source,
            stream=change.stream,
            share=round(100 * change.value, 2),
        )
    if change.against is not None and starts.get(change.against, "") != starts[change.stream]:
        yield problem(
            "what-if-against-elsewhere",
            "“{against}” does not leave the same process as “{stream}”, so it cannot take up the change. Name a stream of that process.",
            where=change.source,
            stream=change.stream,
            against=change.against,
        )
