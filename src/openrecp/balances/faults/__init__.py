"""Everything that keeps a drawing from balancing, told all at once and in the words of whoever drew it."""

from __future__ import annotations

from collections.abc import Iterator

from openrecp.balances.faults.cautions import caution_faults
from openrecp.balances.faults.connections import connection_faults
from openrecp.balances.faults.contradictions import contradiction_faults
from openrecp.balances.faults.equations import equation_faults
from openrecp.balances.faults.references import Names, reference_faults
from openrecp.balances.faults.values import value_faults
from openrecp.balances.flowsheet import Flowsheet
from openrecp.errors import Issue, Severity

__all__ = ["flowsheet_faults"]


def flowsheet_faults(flowsheet: Flowsheet) -> tuple[Issue, ...]:
    """What is wrong with a flowsheet, and what to know before its balance is believed.

    Parameters
    ----------
    flowsheet : Flowsheet

    Returns
    -------
    tuple of Issue
        Errors first, then warnings, then notes; each at the place of the item it is about. With an error the
        flowsheet cannot be balanced. Whether exactly known numbers contradict each other is only told where the
        drawing itself is without errors.

    References
    ----------
    工業減廢評估, section 3.1.4 (errors of large flows, purchases that are not consumption).

    Examples
    --------
    >>> from openrecp.balances.flowsheet import Process, Stream
    >>> drawing = Flowsheet("Rinse", (Process("P", "Rinse"),), (Stream("F", "Water", None, "P"),))
    >>> [issue.code for issue in flowsheet_faults(drawing)]
    ['process-without-output']
    """
    names = Names.of(flowsheet)
    found = list(_drawn_faults(flowsheet, names))
    if all(issue.severity is not Severity.ERROR for issue in found):
        found += contradiction_faults(flowsheet)
        found += caution_faults(flowsheet)
    order = list(Severity)
    return tuple(sorted(found, key=lambda issue: order.index(issue.severity)))


def _drawn_faults(flowsheet: Flowsheet, names: Names) -> Iterator[Issue]:
    yield from reference_faults(flowsheet, names)
    yield from connection_faults(flowsheet, names)
    yield from value_faults(flowsheet)
    yield from equation_faults(flowsheet, names)
