"""What the balances of a plant come to: its flowsheet analysed, and which losses and meters are to be looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from openrecp.balances.analysis import BalanceAnalysis, MissingMeter, NextMeter
from openrecp.balances.analysis.suspicion import Suspicion
from openrecp.balances.costs import CostKind, MaterialFlowCosts
from openrecp.balances.costs.results import KINDS, MatrixRow
from openrecp.balances.equations import Layer
from openrecp.balances.flowsheet import Flowsheet
from openrecp.balances.gross_errors import Candidate, CandidateKind
from openrecp.balances.gross_errors.findings import Suspect
from openrecp.balances.losses import Names, UnaccountedLoss
from openrecp.errors import Issue, Where
from openrecp.texts import Text

_LARGER: Final = {"kg": "t", "kWh": "MWh"}
_LARGE: Final = 10_000.0


@dataclass(frozen=True, eq=False)
class PlantBalance:
    """The balances of a plant.

    Attributes
    ----------
    analysis : BalanceAnalysis or None
        With a loss at each process that loses something, and without readings that are wrong: its values, losses and
        costs are the ones to go by. None where nothing can be balanced.
    checks : BalanceAnalysis or None
        The plant as entered, without any added loss: the balances as measured, and the tests of the meters.
    sources : Mapping[str, tuple of Where]
        Records that a process, a stream or a stock was made from, by its key.
    added : Mapping[str, Text]
        Names of stores, purchases and losses that no worksheet names, by key.
    issues : tuple of Issue
        What is to be known of how the flowsheet was drawn, and what keeps it from balancing.
    stated : bool
        Whether anybody said how sure an amount is. Where nobody did, gaps are judged by their share alone, and no
        loss is told from the error of the meters.
    reason : Text or None
        Why there is no analysis.
    whole : bool
        Whether the area is balanced as one process. Nothing then tells which of the materials is lost, so that losses
        have no worth.
    """

    analysis: BalanceAnalysis | None
    checks: BalanceAnalysis | None
    sources: Mapping[str, tuple[Where, ...]] = field(default_factory=lambda: MappingProxyType({}))
    added: Mapping[str, Text] = field(default_factory=lambda: MappingProxyType({}))
    issues: tuple[Issue, ...] = ()
    stated: bool = False
    reason: Text | None = None
    whole: bool = False

    @property
    def drawn(self) -> Flowsheet | None:
        """The plant with the losses that were added, and with every reading; None where nothing can be balanced."""
        if self.analysis is None or self.checks is None:
            return None
        known = {each.key for each in self.checks.flowsheet.streams}
        added = tuple(each for each in self.analysis.flowsheet.streams if each.key not in known)
        return replace(self.checks.flowsheet, streams=(*self.checks.flowsheet.streams, *added))

    def where(self, key: str | None) -> Where | None:
        """The record that a process, a stream or a stock was made from."""
        return next(iter(self.sources.get(key or "", ())), None)

    def names(self, analysis: BalanceAnalysis) -> Names:
        """Names of streams and stocks that read in any language."""
        found = Names.of_flowsheet(analysis.flowsheet)
        return replace(found, items={**found.items, **self.added})

    def process_name(self, key: str) -> str | Text:
        """Name of a process that reads in any language."""
        if key in self.added:
            return self.added[key]
        processes = () if self.analysis is None else self.analysis.flowsheet.processes
        return next((each.name for each in processes if each.key == key), key)

    @property
    def losses(self) -> tuple[UnaccountedLoss, ...]:
        """Losses in mass and money, those that are told from measuring error first; none where nothing says how large it is."""
        if self.analysis is None or not self.stated:
            return ()
        named = (replace(each, name=self.added.get(each.key, each.name)) for each in self.analysis.losses)
        return tuple(replace(each, price=None) if self.whole else each for each in named)

    @property
    def certain_losses(self) -> tuple[UnaccountedLoss, ...]:
        """Losses beyond the error of the meters."""
        return tuple(loss for loss in self.losses if loss.significant)

    @property
    def suspicion(self) -> Suspicion | None:
        """What the tests say of the meters; None where nobody said how sure they are, or nothing is checked."""
        if self.checks is None or not self.stated or not self.checks.reconciliation.redundancy:
            return None
        return self.checks.suspicion

    @property
    def suspects(self) -> tuple[Suspect, ...]:
        """Meters that may be wrong, where a loss does not explain the same."""
        return tuple(suspect for suspect in self._suspects() if not leaking(suspect))

    def rivals(self, process: str | None) -> tuple[Candidate, ...]:
        """Readings that would explain the loss of a process just as well, if one of them is wrong."""
        suspicion = self.suspicion
        for suspect in self._suspects():
            leaks = [each for each in suspect.members if each.kind is CandidateKind.LEAK]
            if suspicion is not None and any(suspicion.names.key(each) == process for each in leaks):
                alike = (*suspect.members, *suspect.rivals)
                return tuple(each for each in alike if each.kind is CandidateKind.BIAS)
        return ()

    def _suspects(self) -> Iterator[Suspect]:
        if self.suspicion is not None:
            yield from self.suspicion.findings.suspects

    def candidate_name(self, candidate: Candidate) -> str | Text:
        """A meter or a process, in words of any language."""
        if self.checks is None or self.suspicion is None:
            return ""
        if candidate.kind is CandidateKind.BIAS:
            return self.names(self.checks).of(self.checks.system.refs[candidate.index])
        row = self.checks.system.constraints[self.suspicion.names.rows[candidate.index]]
        if row.layer is Layer.TOTAL and row.process is not None:
            return self.process_name(row.process)
        return self.suspicion.names.of(candidate)

    @property
    def missing_meters(self) -> tuple[MissingMeter, ...]:
        """The cheapest further measurements that make the unknown known."""
        return () if self.checks is None else self.checks.missing_meters

    @property
    def next_meters(self) -> tuple[NextMeter, ...]:
        """Meters that would make the largest loss surer."""
        return () if self.analysis is None or not self.stated else self.analysis.next_meters

    @property
    def costs(self) -> MaterialFlowCosts | None:
        """Material flow costs, where any material, energy or system cost is known; disposal alone needs no balance.

        None where the area is one process: shared by mass, all cost would go where the water goes.
        """
        if self.analysis is None or self.whole or self.analysis.costs is None:
            return None
        spent = self.analysis.costs.matrix().amounts[MatrixRow.TOTAL]
        beyond = [place for place, kind in enumerate(KINDS) if kind is not CostKind.WASTE_MANAGEMENT]
        return self.analysis.costs if spent[beyond].any() else None


def readable_unit(amount: float, unit: str) -> tuple[float, str]:
    """What to multiply an amount by, and the unit it is then in: tonnes from 10,000 kg, MWh from 10,000 kWh.

    >>> readable_unit(27_500.0, "kg/yr"), readable_unit(300.0, "kg/yr")
    ((0.001, 't/yr'), (1.0, 'kg/yr'))
    """
    mass, slash, period = unit.partition("/")
    if abs(amount) < _LARGE or mass not in _LARGER:
        return 1.0, unit
    return 0.001, f"{_LARGER[mass]}{slash}{period}"


def leaking(suspect: Suspect) -> bool:
    """Whether a loss would explain what was found."""
    return any(each.kind is CandidateKind.LEAK for each in suspect.members)
