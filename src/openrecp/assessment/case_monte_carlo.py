"""What an economics case says about chance: uncertain inputs, their distributions and correlations."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Final

from pydantic import BeforeValidator, model_validator

from openrecp.assessment.case_inputs import InputKey, InputValue, OptionalInputValue
from openrecp.assessment.case_values import Keys, OptionalAmount, Share, at_least, choice_of, refuse
from openrecp.economics.uncertainty import (
    STARTING_DRAWS,
    STARTING_SEED,
    Constant,
    Correlation,
    CorrelationKind,
    Discrete,
    Distribution,
    DistributionKind,
    Lognormal,
    Normal,
    Pert,
    Triangular,
    UncertainInput,
    Uniform,
)
from openrecp.errors import Issue, UnusableInput, Where, problem

# Keys that a distribution needs, and keys that it may have.
_NEEDED: Final = {
    DistributionKind.CONSTANT: ("value",),
    DistributionKind.UNIFORM: ("low", "high"),
    DistributionKind.TRIANGULAR: ("low", "mode", "high"),
    DistributionKind.PERT: ("low", "mode", "high"),
    DistributionKind.NORMAL: ("mean", "sd"),
    DistributionKind.LOGNORMAL: ("median", "factor"),
    DistributionKind.DISCRETE: ("values",),
}
_ALLOWED: Final = {
    DistributionKind.PERT: ("shape",),
    DistributionKind.NORMAL: ("low", "high"),
    DistributionKind.DISCRETE: ("probabilities",),
}
_MOMENTS: Final = ("mean", "sd")


class UncertainTerms(Keys):
    """An uncertain input and its distribution."""

    input: InputKey
    distribution: Annotated[DistributionKind, choice_of(DistributionKind)]
    value: OptionalInputValue = None
    low: OptionalInputValue = None
    mode: OptionalInputValue = None
    high: OptionalInputValue = None
    mean: OptionalInputValue = None
    sd: OptionalInputValue = None
    median: OptionalInputValue = None
    factor: OptionalAmount = None
    shape: OptionalAmount = None
    values: tuple[InputValue, ...] = ()
    probabilities: tuple[Share, ...] = ()

    @model_validator(mode="after")
    def _keys_of_the_distribution(self) -> UncertainTerms:
        issues = list(self._key_issues())
        if not issues and self.is_readable:
            try:
                self._distribution()
            except UnusableInput as refused:
                issues = list(refused.issues)
        if issues:
            refuse(*issues)
        return self

    @property
    def is_readable(self) -> bool:
        """Whether the values have a meaning; they have none where the name of the input is at fault."""
        numbers = (self.value, self.low, self.mode, self.high, self.mean, self.sd, self.median, *self.values)
        return not any(each is not None and math.isnan(each) for each in numbers)

    def _key_issues(self) -> Iterator[Issue]:
        given = {key for key in self.model_fields_set if getattr(self, key) not in (None, ())}
        given -= {"input", "distribution"}
        needed = _NEEDED[self.distribution]
        if self.distribution is DistributionKind.LOGNORMAL and given & set(_MOMENTS):
            needed = _MOMENTS
        missing = [key for key in needed if key not in given]
        unused = sorted(given - {*needed, *_ALLOWED.get(self.distribution, ())})
        if missing:
            yield problem(
                "distribution-keys-missing",
                "A distribution “{kind}” needs {needed}; add {missing}.",
                kind=self.distribution.value,
                needed=list(needed),
                missing=missing,
            )
        if unused:
            yield problem(
                "distribution-keys-unused",
                "{unused} have no meaning for a distribution “{kind}”; delete them.",
                unused=unused,
                kind=self.distribution.value,
            )
        if self.input == "life" and self.distribution not in (
            DistributionKind.DISCRETE,
            DistributionKind.CONSTANT,
        ):
            yield problem("life-not-whole", "The project life varies in whole years only.")

    def _distribution(self) -> Distribution:
        # The keys were checked, so that those which the distribution needs have values.
        low, mode, high = self.low or 0.0, self.mode or 0.0, self.high or 0.0
        mean, sd = self.mean or 0.0, self.sd or 0.0
        match self.distribution:
            case DistributionKind.CONSTANT:
                return Constant(self.value or 0.0)
            case DistributionKind.UNIFORM:
                return Uniform(low, high)
            case DistributionKind.TRIANGULAR:
                return Triangular(low, mode, high)
            case DistributionKind.PERT:
                return Pert(low, mode, high, 4.0 if self.shape is None else self.shape)
            case DistributionKind.NORMAL:
                return Normal(mean, sd, self.low, self.high)
            case DistributionKind.LOGNORMAL:
                if self.median is None:
                    return Lognormal.of_moments(mean, sd)
                return Lognormal(self.median, self.factor or 0.0)
            case DistributionKind.DISCRETE:
                return Discrete(self.values, self.probabilities)

    def built(self, where: Where) -> UncertainInput:
        """The uncertain input."""
        return UncertainInput(self.input, self._distribution(), where)


class GivenCorrelation(Keys):
    """How two uncertain inputs rise and fall together."""

    between: tuple[InputKey, ...]
    rank: OptionalAmount = None
    product_moment: OptionalAmount = None

    @model_validator(mode="after")
    def _two_inputs(self) -> GivenCorrelation:
        issues = []
        if len(self.between) != 2:
            issues.append(
                problem(
                    "correlation-of-two",
                    "A correlation is between two inputs; write “between: [first, second]”.",
                )
            )
        if (self.rank is None) == (self.product_moment is None):
            issues.append(
                problem(
                    "correlation-value",
                    "Give either “rank” or “product_moment”, a number from -1 to 1.",
                )
            )
        if issues:
            refuse(*issues)
        return self

    def built(self, where: Where) -> Correlation:
        """The correlation."""
        first, second = self.between
        if self.rank is not None:
            return Correlation(first, second, self.rank, CorrelationKind.RANK, where)
        return Correlation(first, second, self.product_moment or 0.0, CorrelationKind.PRODUCT_MOMENT, where)


class MonteCarloTerms(Keys):
    """Inputs drawn at random."""

    draws: Annotated[int, BeforeValidator(at_least(1))] = STARTING_DRAWS
    seed: Annotated[int, BeforeValidator(at_least(0))] = STARTING_SEED
    inputs: tuple[UncertainTerms, ...]
    correlations: tuple[GivenCorrelation, ...] = ()
