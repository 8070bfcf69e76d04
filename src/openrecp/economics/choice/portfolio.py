"""Candidates with their relations resolved, and what a set of them costs and gains, in plain numbers.

Savings on the same load do not add up: of what one option leaves, the next saves its fraction, so that
together they save ``1 - (1 - f1)(1 - f2)…`` of the load. The option to which the whole load is worth
most (value alone ÷ fraction) is counted first. Where the load is worth the same to all, the order makes
no difference; where some save for more years than others, this order is the true one, because in each
year exactly those still save that stand first. So the value of a set never depends on how it is listed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from openrecp.economics.choice.candidates import Candidate, LoadShare, check_candidates


@dataclass(frozen=True, slots=True)
class SharedLoad:
    """A load and who saves on it, in the order in which their savings are counted.

    ``members`` are places of the candidates in the portfolio, ``shares`` their savings.
    """

    name: str
    members: tuple[int, ...]
    shares: tuple[LoadShare, ...]

    def counted(self, amounts: Sequence[float], taken: Sequence[Any]) -> Any:
        """Sum of the amounts of those taken, each on what the ones before it leave of the load.

        ``taken`` holds for each member whether it is taken: 0 or 1, or an array of them for many sets.
        """
        total: Any = 0.0
        left: Any = 1.0
        for share, amount, done in zip(self.shares, amounts, taken, strict=True):
            total = total + amount * done * left
            left = left * (1.0 - share.fraction * done)
        return total

    def saved(self, taken: Sequence[Any]) -> Any:
        """Fraction of the load that those taken save together."""
        return self.counted([share.fraction for share in self.shares], taken)

    def overlap(self, amounts: Sequence[float], taken: Sequence[Any]) -> Any:
        """By how much the amounts of those taken, each alone, exceed what they come to together."""
        alone: Any = sum(amount * done for amount, done in zip(amounts, taken, strict=True))
        return alone - self.counted(amounts, taken)


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Checked candidates; relations by place instead of key.

    Attributes
    ----------
    candidates : tuple of Candidate
    place : Mapping[str, int]
    rivals : tuple of frozenset of int
        For each candidate those that cannot be done with it.
    loads : tuple of SharedLoad
        Loads on which at least two candidates save.
    loads_of : Mapping[int, tuple of SharedLoad]
        Those of each candidate that has any.
    """

    candidates: tuple[Candidate, ...]
    place: Mapping[str, int]
    rivals: tuple[frozenset[int], ...]
    loads: tuple[SharedLoad, ...]
    loads_of: Mapping[int, tuple[SharedLoad, ...]]

    @property
    def currency(self) -> str:
        """The one currency of all candidates."""
        return self.candidates[0].currency

    def places(self, keys: Iterable[str]) -> list[int]:
        """Places of keys, each once, in the order of the candidates."""
        return sorted({self.place[key] for key in keys})

    def capital(self, chosen: Iterable[int]) -> float:
        """Capital of a set [money]."""
        return math.fsum(self.candidates[each].capital for each in chosen)

    def yearly_capital(self, chosen: Iterable[int], years: int) -> list[float]:
        """Capital of a set by year, ``years`` of them [money]."""
        spent = [self.candidates[each].yearly_capital for each in chosen]
        return [math.fsum(part[year] for part in spent if year < len(part)) for year in range(years)]

    def npv(self, chosen: Iterable[int]) -> float:
        """Net present value of a set, savings on the same load counted once [money]."""
        taken = set(chosen)
        alone = math.fsum(self.candidates[each].npv for each in taken)
        return alone - math.fsum(
            load.overlap([share.value for share in load.shares], marks) for load, marks in self._marked(taken)
        )

    def quantity(self, chosen: Iterable[int], name: str) -> float:
        """What a set avoids of a quantity a year, savings on the same load counted once [unit/yr]."""
        taken = set(chosen)
        alone = math.fsum(self.candidates[each].quantities.get(name, 0.0) for each in taken)
        return alone - math.fsum(
            load.overlap([share.quantities.get(name, 0.0) for share in load.shares], marks)
            for load, marks in self._marked(taken)
        )

    def annual_saving(self, chosen: Iterable[int]) -> float:
        """What a set saves a year, savings on the same load counted once [money/yr]."""
        taken = set(chosen)
        alone = math.fsum(self.candidates[each].annual_saving for each in taken)
        return alone - math.fsum(
            load.overlap([share.annual_saving for share in load.shares], marks)
            for load, marks in self._marked(taken)
        )

    def gain(self, added: Iterable[int], chosen: AbstractSet[int]) -> float:
        """By how much the net present value rises if candidates are added to a set [money]."""
        new = set(added) - chosen
        alone = math.fsum(self.candidates[each].npv for each in new)
        touched = {load.name: load for each in new for load in self.loads_of.get(each, ())}
        after = chosen | new if touched else new
        for load in touched.values():
            worth = [share.value for share in load.shares]
            alone -= load.overlap(worth, [int(each in after) for each in load.members])
            alone += load.overlap(worth, [int(each in chosen) for each in load.members])
        return alone

    def needs(self, place: int) -> set[int]:
        """A candidate and all that it requires, and they in turn."""
        found, ahead = set[int](), [place]
        while ahead:
            each = ahead.pop()
            if each not in found:
                found.add(each)
                ahead += [self.place[key] for key in self.candidates[each].requires]
        return found

    def _marked(self, taken: set[int]) -> list[tuple[SharedLoad, list[int]]]:
        marked = [(load, [int(each in taken) for each in load.members]) for load in self.loads]
        return [(load, marks) for load, marks in marked if sum(marks) > 1]


def portfolio_of(candidates: Sequence[Candidate]) -> Portfolio:
    """Check candidates and resolve their relations.

    Raises
    ------
    UnusableInput
        If they cannot be compared; carries every finding.
    """
    check_candidates(candidates)
    place = {each.key: number for number, each in enumerate(candidates)}
    rivals: list[set[int]] = [set() for _ in candidates]
    for number, each in enumerate(candidates):
        for key in each.excludes:
            rivals[number].add(place[key])
            rivals[place[key]].add(number)
    loads = _shared_loads(candidates)
    loads_of: dict[int, tuple[SharedLoad, ...]] = {}
    for load in loads:
        for each_place in load.members:
            loads_of[each_place] = (*loads_of.get(each_place, ()), load)
    return Portfolio(tuple(candidates), place, tuple(map(frozenset, rivals)), loads, loads_of)


def _shared_loads(candidates: Sequence[Candidate]) -> tuple[SharedLoad, ...]:
    users: dict[str, list[tuple[int, LoadShare]]] = {}
    for number, each in enumerate(candidates):
        for share in each.loads:
            users.setdefault(share.load, []).append((number, share))
    loads = []
    for name, found in users.items():
        if len(found) > 1:
            found.sort(
                key=lambda user: (
                    -user[1].value / user[1].fraction,
                    -user[1].fraction,
                    candidates[user[0]].key,
                )
            )
            loads.append(SharedLoad(name, tuple(user[0] for user in found), tuple(user[1] for user in found)))
    return tuple(loads)
