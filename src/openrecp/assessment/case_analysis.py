"""What an economics case says about how the project is examined and chosen: scenarios, ranges, distributions, criteria."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, ValidationInfo, model_validator

from openrecp.assessment.case_inputs import InputKey, InputValue, ItemKey, OptionalInputValue, shown_value
from openrecp.assessment.case_values import (
    Keys,
    OptionalAmount,
    OptionalQuantity,
    OptionalRate,
    OptionalWords,
    Quantity,
    Rate,
    Share,
    Words,
    YesNo,
    at_least,
    choice_of,
    nonnegative,
    number,
    optional,
    rate,
    refuse,
)
from openrecp.economics import AcceptanceCriteria, Range, RiskAdjustment
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


class Changes(Keys):
    """A scenario's changes against the base case."""

    capital: Rate = 0.0
    savings: Rate = 0.0
    costs: Rate = 0.0


class ScenarioTerms(Keys):
    """Best and worst case; a case that is not given keeps the starting values."""

    best: Changes | None = None
    worst: Changes | None = None


class GivenRange(Keys):
    """Low and high value of an input of the tornado."""

    input: InputKey
    low: InputValue
    high: InputValue

    @model_validator(mode="after")
    def _in_order(self, info: ValidationInfo) -> GivenRange:
        if self.low >= self.high:
            refuse(
                problem(
                    "range-reversed",
                    "The low value {low} of {key} is not below the high value {high}.",
                    low=shown_value(self.input, self.low, info),
                    high=shown_value(self.input, self.high, info),
                    key=self.input,
                )
            )
        return self

    def built(self, where: Where) -> Range:
        """The range."""
        return Range(self.input, self.low, self.high, where)


def _change(value: Any) -> float:
    found = rate(value)
    if not 0 < found < 1:
        refuse(problem("tornado-change", "The change of the tornado must lie between 0 % and 100 %."))
    return found


class TornadoTerms(Keys):
    """One-way sensitivity."""

    change: Annotated[float | None, optional(_change)] = None
    ranges: tuple[GivenRange, ...] = ()


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
        if not issues and not self._is_unreadable:
            try:
                self._distribution()
            except UnusableInput as refused:
                issues = list(refused.issues)
        if issues:
            refuse(*issues)
        return self

    @property
    def _is_unreadable(self) -> bool:
        """Whether the name of the input is at fault, so that its values have no meaning."""
        numbers = (self.value, self.low, self.mode, self.high, self.mean, self.sd, self.median, *self.values)
        return any(each is not None and math.isnan(each) for each in numbers)

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


class RiskTerms(Keys):
    """How far the limits are eased for a project that lowers risk and liability."""

    reason: Words
    payback_years: Quantity = 1.0
    irr_points: Share = 0.03


class CriteriaTerms(Keys):
    """What the owner asks of an investment; a key without value leaves the criterion out."""

    maximum_payback: Annotated[float | None, optional(nonnegative)] = 4.0
    minimum_irr: OptionalRate = 0.12
    positive_npv: YesNo = True
    small_capital: Quantity = 0.0
    required_by_law: OptionalWords = None
    risk: RiskTerms | None = None

    def built(self, risk_place: Where) -> AcceptanceCriteria:
        """The criteria."""
        given, risk = self.risk, None
        if given is not None:
            risk = RiskAdjustment(given.reason, given.payback_years, given.irr_points, risk_place)
        return AcceptanceCriteria(
            self.maximum_payback,
            self.minimum_irr,
            self.positive_npv,
            self.small_capital,
            self.required_by_law,
            risk,
        )


class LoadTerms(Keys):
    """A load on which other options may save too, and what the saving on it is worth.

    The worth is given, or it is that of the operating items named.
    """

    load: Words
    fraction: Share
    value: OptionalQuantity = None
    annual_saving: Annotated[float | None, optional(number)] = None
    items: tuple[ItemKey, ...] = ()

    @model_validator(mode="after")
    def _one_worth(self) -> LoadTerms:
        if bool(self.items) == (self.value is not None):
            refuse(
                problem(
                    "load-worth",
                    "Give either “value”, the part of the net present value that this saving brings, or "
                    "“items”, the operating items that bring it.",
                )
            )
        return self


class ChoiceTerms(Keys):
    """What the case says about choosing among several."""

    key: OptionalWords = None
    excludes: tuple[Words, ...] = ()
    requires: tuple[Words, ...] = ()
    requires_any: tuple[Words, ...] = ()
    loads: tuple[LoadTerms, ...] = ()
