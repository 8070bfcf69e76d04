"""Random draws of uncertain inputs: the same digits for any number of threads, and however long the run.

Draws come in blocks. Every input has a stream of random numbers of its own in every block, seeded by the run's seed,
the block's number and the input's key. So the first draws of a long run are those of a short one, blocks can be
drawn in any order, and another input more or less leaves the draws of the others as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from openrecp.economics.amounts import Array
from openrecp.economics.uncertainty.correlation import Correlation, correlation_root
from openrecp.economics.uncertainty.distributions import Distribution, refuse
from openrecp.errors import Issue, UnusableInput, Where, problem

# Draws a block: large enough that Python costs little, small enough to stay in a processor's cache.
BLOCK: Final = 16_384
# numpy's generator for many streams side by side.
GENERATOR: Final = "PCG64DXSM"
STARTING_SEED: Final = 1988
STARTING_DRAWS: Final = 10_000


@dataclass(frozen=True, slots=True)
class UncertainInput:
    """An input by its key, and what is known of its value.

    Attributes
    ----------
    key : str
    distribution : Distribution
        Rates as fractions, amounts in money, times in years.
    source : Where or None
        Where it was stated.
    """

    key: str
    distribution: Distribution
    source: Where | None = None

    @property
    def place(self) -> Where:
        """Where it was stated."""
        return self.source or Where(path=f"uncertain[{self.key}]")


@dataclass(frozen=True, slots=True)
class Sampling:
    """Uncertain inputs ready to be drawn; made by `prepare_sampling`.

    Attributes
    ----------
    inputs : tuple of UncertainInput
    seed : int
    correlated : tuple of str
        Keys of the inputs that are correlated.
    root : array, shape (k, k)
        Turns their independent scores into correlated ones.
    """

    inputs: tuple[UncertainInput, ...]
    seed: int
    correlated: tuple[str, ...] = ()
    root: Array = field(default_factory=lambda: np.zeros((0, 0)), compare=False)

    def block(self, number: int) -> dict[str, Array]:
        """Draws of every input in block ``number``, counted from 0: shape (`BLOCK`,) each."""
        scores = self._scores(number)
        return {
            each.key: each.distribution.of_scores(scores[each.key])
            if each.key in scores
            else each.distribution.draw(self._stream(number, each.key), BLOCK)
            for each in self.inputs
        }

    def _scores(self, number: int) -> dict[str, Array]:
        own = [self._stream(number, key).standard_normal(BLOCK) for key in self.correlated]
        # Summed one by one in a fixed order: a matrix product may differ in its last digits between machines.
        found = {}
        for row, key in zip(self.root, self.correlated, strict=True):
            scores = np.zeros(BLOCK)
            for weight, score in zip(row, own, strict=True):
                if weight:
                    scores += weight * score
            found[key] = scores
        return found

    def _stream(self, number: int, key: str) -> np.random.Generator:
        name = int.from_bytes(key.encode(), "little")
        return np.random.Generator(
            np.random.PCG64DXSM(np.random.SeedSequence(self.seed, spawn_key=(number, name)))
        )


def prepare_sampling(
    inputs: Sequence[UncertainInput], correlations: Sequence[Correlation] = (), seed: int = STARTING_SEED
) -> Sampling:
    """Check uncertain inputs and their correlations, and make them ready to be drawn.

    Parameters
    ----------
    inputs : sequence of UncertainInput
    correlations : sequence of Correlation
    seed : int
        At least 0; the same seed gives the same draws.

    Raises
    ------
    UnusableInput
        If inputs or correlations are impossible; carries every such finding.
    """
    issues = list(_issues(inputs, seed))
    keys: tuple[str, ...] = ()
    root = np.zeros((0, 0))
    try:
        keys, root = correlation_root({each.key: each.distribution for each in inputs}, correlations)
    except UnusableInput as refused:
        issues.extend(refused.issues)
    if issues:
        raise UnusableInput(issues)
    return Sampling(tuple(inputs), seed, keys, root)


def drawn_values(
    inputs: Sequence[UncertainInput],
    draws: int,
    correlations: Sequence[Correlation] = (),
    seed: int = STARTING_SEED,
) -> Mapping[str, Array]:
    """Random values of uncertain inputs, shape (draws,) each.

    Parameters
    ----------
    inputs : sequence of UncertainInput
    draws : int
        At least 1.
    correlations : sequence of Correlation
    seed : int

    Raises
    ------
    UnusableInput
        If inputs, correlations or the number of draws are impossible.

    >>> from openrecp.economics.uncertainty.distributions import Uniform
    >>> few = drawn_values([UncertainInput("price", Uniform(10.0, 20.0))], 3)
    >>> many = drawn_values([UncertainInput("price", Uniform(10.0, 20.0))], 30_000)
    >>> few["price"].tolist() == many["price"][:3].tolist()
    True
    """
    refuse(draws_issues(draws))
    prepared = prepare_sampling(inputs, correlations, seed)
    blocks = [prepared.block(number) for number in range(-(-draws // BLOCK))]
    return {each.key: np.concatenate([block[each.key] for block in blocks])[:draws] for each in inputs}


def draws_issues(draws: int) -> Iterator[Issue]:
    """A finding when there is nothing to draw."""
    if draws < 1:
        yield problem("draws-too-few", "Draw at least once, not {draws} times; 10,000 is usual.", draws=draws)


def _issues(inputs: Sequence[UncertainInput], seed: int) -> Iterator[Issue]:
    if not inputs:
        yield problem("nothing-uncertain", "Name at least one input that is uncertain.")
    if seed < 0:
        yield problem(
            "seed-negative", "The seed must be a whole number of at least 0, not {seed}.", seed=seed
        )
    for key, count in Counter(each.key for each in inputs).items():
        if count > 1:
            yield problem(
                "uncertain-input-twice",
                "{key} stands {count} times among the uncertain inputs; keep one.",
                where=Where(path=f"uncertain[{key}]"),
                key=key,
                count=count,
            )
