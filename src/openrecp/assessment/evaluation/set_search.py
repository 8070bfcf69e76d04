"""The best set among options that contain one another or save on the same stream.

An option that contains others is offered in their stead, as the team means it; where it is not chosen, its parts are
offered in its place. Each search is exact (`openrecp.economics.choice`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from openrecp.assessment.document import Assessment
from openrecp.assessment.evaluation.candidates import Savings, appraisal_of, candidates_of
from openrecp.assessment.evaluation.check_sense import contained_options
from openrecp.assessment.evaluation.loads import shared_loads
from openrecp.assessment.evaluation.option_results import Fate, OptionResult
from openrecp.economics.choice import BestSet, Candidate, Reason, best_set
from openrecp.texts import Text

# Seconds after which a search ends with the best set found so far; it is said not to be proven.
TIME_LIMIT: Final = 5.0


@dataclass(frozen=True)
class SetSearch:
    """A search among options that have an appraisal."""

    assessment: Assessment
    options: tuple[OptionResult, ...]
    savings: Savings

    @property
    def money(self) -> str:
        """Code of the currency."""
        return self.assessment.currency.value

    def best(self, budget: float | None) -> tuple[BestSet, list[Candidate], dict[str, Text]]:
        """The best set, the candidates it is of, and containers that gave way to their parts, each with the reason."""
        given_up: dict[str, Text] = {}
        while True:
            offered = self._offered(given_up)
            found = best_set(offered, budget, time_limit=TIME_LIMIT)
            refused = {each.key: each.explanation for each in found.left_out}
            there = {each.key for each in offered}
            gives_way = [key for key in refused if self._has_parts_outside(key, there)]
            if not gives_way:
                return found, offered, given_up
            given_up |= {key: refused[key] for key in gives_way}

    def _inside(self, number: str) -> frozenset[str]:
        parts = {each.option: each.contains for each in self.assessment.option_descriptions if each.option}
        return contained_options(parts, number)

    def _has_parts_outside(self, number: str, there: set[str]) -> bool:
        inside = self._inside(number)
        return any(option.number in inside and option.number not in there for option in self.options)

    def _offered(self, given_up: dict[str, Text]) -> list[Candidate]:
        """Candidates: containers in the stead of their parts, unless they gave way to them."""
        there = [option for option in self.options if option.number not in given_up]
        inside = {option.number: self._inside(option.number) for option in there}
        covered = {
            part
            for number, parts in inside.items()
            for part in parts
            # Where entries go round, neither contains the other.
            if part != number and number not in inside.get(part, frozenset())
        }
        return candidates_of(
            self.assessment, [option for option in there if option.number not in covered], self.savings
        )


def without_overtaken(
    assessment: Assessment, options: tuple[OptionResult, ...], savings: Savings
) -> tuple[OptionResult, ...]:
    """Options without those whose saving others already make, so that they would only cost money in the set."""
    chosen = tuple(option for option in options if option.selected and appraisal_of(option) is not None)
    found, offered, _ = SetSearch(assessment, chosen, savings).best(None) if chosen else (None, [], {})
    if found is None or not shared_loads(offered):
        return options
    out = {each.key: each.explanation for each in found.left_out if each.reason is Reason.OVERLAP}
    return tuple(kept_option(option, out) for option in options)


def kept_option(option: OptionResult, out: dict[str, Text], first: Text | None = None) -> OptionResult:
    """The option, not recommended any more where it is left out, with the reasons for that before its own."""
    if option.fate is not Fate.RECOMMENDED or option.number not in out:
        return option
    why = (out[option.number],) if first is None else (first, out[option.number])
    return replace(option, fate=Fate.NOT_RECOMMENDED, reasons=(*why, *option.reasons))
