"""What the evaluation finds about options: screening, technical feasibility, economics, fate, plan.

The economics come from `openrecp.economics` as they are: `OptionEconomics.appraisal` holds the cash flow
line by line, `cases` the best, base and worst case, `tornado` the swings, `judgement` the verdict with its
reasons.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from openrecp.assessment.evaluation.economics_results import (
    BreakEvenPoint,
    FundingPart,
    Merit,
    NamedScenario,
    RiskAdjustment,
    UncertaintyResult,
    WaysCompared,
)
from openrecp.assessment.evaluation.ranking_results import Standing
from openrecp.assessment.worksheets.costs import CapitalPart
from openrecp.assessment.worksheets.implementation import PlanTask, ProjectSummary
from openrecp.assessment.worksheets.options import Hierarchy, Option, OptionDescription, OptionScreening
from openrecp.assessment.worksheets.technical import (
    Consumable,
    MaterialTrial,
    OptionNature,
    SignOff,
    TechnicalFeasibility,
    Vendor,
)
from openrecp.assessment.worksheets.terms import OptionTerms
from openrecp.economics.cases import CaseName, ScenarioResult
from openrecp.economics.criteria import Judgement
from openrecp.economics.evaluation import Evaluation as Appraisal
from openrecp.economics.operating import OperatingClass
from openrecp.economics.sensitivity import Swing
from openrecp.errors import Issue
from openrecp.figures import Figure
from openrecp.texts import Choice, Text, text

Words = str | Text


class Fate(Choice):
    """What becomes of an option, in the order in which a reader wants to know."""

    IMMEDIATE = "immediate", text("Do at once")
    REQUIRED = "required-by-law", text("Required by law")
    RECOMMENDED = "recommended", text("Recommended")
    FURTHER_STUDY = "further-study", text("Study further")
    NOT_RECOMMENDED = "not-recommended", text("Not recommended now")
    DROPPED = "dropped", text("Dropped")
    NOT_EVALUATED = "not-evaluated", text("Not evaluated")


SELECTED_FATES = frozenset({Fate.IMMEDIATE, Fate.REQUIRED, Fate.RECOMMENDED})
"""Fates of options that are to be carried out."""


class Answer(Choice):
    """Answer to a screening question."""

    YES = "yes", text("Yes")
    NO = "no", text("No")
    UNKNOWN = "unknown", text("Not known")


@dataclass(frozen=True, slots=True)
class QuestionAnswer:
    """One of the seven questions of section 3.5.3; ``details`` are the benefits named."""

    number: int
    question: Text
    answer: Answer
    details: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class ScreeningResult:
    """The seven questions of one option; its weighted sum is in `OptionResult.standing`."""

    record: OptionScreening | None
    answers: tuple[QuestionAnswer, ...]

    @property
    def answered(self) -> int:
        """How many questions have an answer."""
        return sum(answer.answer is not Answer.UNKNOWN for answer in self.answers)

    @property
    def noes(self) -> tuple[QuestionAnswer, ...]:
        """Questions answered with no."""
        return tuple(answer for answer in self.answers if answer.answer is Answer.NO)


@dataclass(frozen=True, slots=True)
class TechnicalResult:
    """Worksheet 13 of one option and what is missing in it.

    Attributes
    ----------
    record : TechnicalFeasibility or None
    feasible : bool or None
        As the team judged; None while it is open.
    natures : tuple of OptionNature
        What it changes, which decides the parts of the worksheet that apply.
    gaps : tuple of Issue
        Open questions, objections and contradictions, each with its place.
    downtime : Figure
        Stop of production, from worksheet 13 or 17; no value when not given.
    """

    record: TechnicalFeasibility | None
    feasible: bool | None
    natures: tuple[OptionNature, ...]
    gaps: tuple[Issue, ...]
    downtime: Figure
    sign_offs: tuple[SignOff, ...] = ()
    vendors: tuple[Vendor, ...] = ()
    consumables: tuple[Consumable, ...] = ()
    trials: tuple[MaterialTrial, ...] = ()


@dataclass(frozen=True, slots=True)
class CapitalPartAmount:
    """A part of table 4.1 and its sum, with the items as inputs."""

    part: CapitalPart
    amount: Figure


@dataclass(frozen=True, slots=True)
class AnnualClassAmount:
    """One of the ten classes of section 4.2.2: yearly gains, expenses (both positive), difference."""

    operating_class: OperatingClass
    gains: Figure
    expenses: Figure
    net: Figure


@dataclass(frozen=True, slots=True)
class OptionEconomics:
    """Economics of one option. Payback is shown first, and stands alone where data are too thin for more.

    Attributes
    ----------
    capital : Figure
        Total capital with working capital and construction interest; no value when none was entered.
    capital_parts : tuple of CapitalPartAmount
        In the order of table 4.1.
    annual : tuple of AnnualClassAmount
        Classes with an amount, in the order of section 4.2.2.
    gains, expenses, net_saving : Figure
        A year, at the prices entered, before tax.
    payback, npv, irr : Figure
        Without a value where they do not exist; the reason says why.
    appraisal : openrecp.economics.Evaluation or None
        With the cash flow (``appraisal.cash_flow.worksheet()``); None when only payback can be given.
    cases : tuple of ScenarioResult
        Best, base, worst.
    tornado : tuple of Swing
        Widest first.
    judgement : Judgement or None
        Against the owner's criteria.
    merits : tuple of Merit
        Further measures of merit, in the order in which they are shown.
    funding : tuple of FundingPart
        Loans, grants and tax credits in the cash flow.
    uncertainty : UncertaintyResult or None
        Monte Carlo simulation; only for options with capital.
    break_evens : tuple of BreakEvenPoint
        The three inputs with the smallest margin, smallest first.
    scenarios : tuple of NamedScenario
    ways : WaysCompared or None
        Buying beside lease, instalments and contracts, where such offers are entered.
    risk : RiskAdjustment or None
        Lower hurdles, where the option lowers risk or liability.
    missing : Mapping[str, Text]
        Why a part is empty, by its name: ``merits``, ``uncertainty``, ``break_evens``, ``scenarios``, ``ways``,
        ``risk``.
    """

    capital: Figure
    capital_parts: tuple[CapitalPartAmount, ...]
    annual: tuple[AnnualClassAmount, ...]
    gains: Figure
    expenses: Figure
    net_saving: Figure
    payback: Figure
    npv: Figure
    irr: Figure
    appraisal: Appraisal | None = None
    cases: tuple[ScenarioResult, ...] = ()
    tornado: tuple[Swing, ...] = ()
    judgement: Judgement | None = None
    merits: tuple[Merit, ...] = ()
    funding: tuple[FundingPart, ...] = ()
    uncertainty: UncertaintyResult | None = None
    break_evens: tuple[BreakEvenPoint, ...] = ()
    scenarios: tuple[NamedScenario, ...] = ()
    ways: WaysCompared | None = None
    risk: RiskAdjustment | None = None
    missing: Mapping[str, Text] = field(default_factory=lambda: MappingProxyType({}), hash=False)


@dataclass(frozen=True, slots=True)
class OptionResult:
    """One option with all that is known of it.

    Attributes
    ----------
    number, name : str
    record : Option
    description, terms, project : records of the document, or None
    hierarchy : Hierarchy or None
    streams : tuple of str
        Numbers of the streams it reduces, from worksheets 10 and 11.
    reduction : Figure
        Expected reduction of those streams [%].
    moves_medium : bool
        It moves the pollutant to another medium, which alone is not waste minimization.
    screening, technical : ScreeningResult, TechnicalResult
    standing : Standing or None
        In the weighted-sum ranking of the options.
    economics : OptionEconomics or None
        None when no cost was entered.
    fate : Fate
    reasons : tuple of Text
        Why, the weightiest first.
    contained_in : str or None
        Number of the selected option that contains this one.
    """

    number: str
    name: str
    record: Option
    description: OptionDescription | None
    terms: OptionTerms | None
    project: ProjectSummary | None
    hierarchy: Hierarchy | None
    streams: tuple[str, ...]
    reduction: Figure
    moves_medium: bool
    screening: ScreeningResult
    technical: TechnicalResult
    standing: Standing | None
    economics: OptionEconomics | None
    fate: Fate
    reasons: tuple[Text, ...]
    contained_in: str | None = None

    @property
    def selected(self) -> bool:
        """Whether it is to be carried out."""
        return self.fate in SELECTED_FATES


@dataclass(frozen=True, slots=True)
class SetCase:
    """The selected set in one case, all its options changed together."""

    name: CaseName
    payback: Figure
    npv: Figure
    irr: Figure


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A selected option that is not counted in the sums of the set, and why."""

    number: str
    reason: Text


@dataclass(frozen=True, slots=True)
class SetEconomics:
    """The options to be carried out, taken together: the sum of their cash flows.

    Attributes
    ----------
    options : tuple of str
        Numbers of the options counted.
    left_out : tuple of LeftOut
        Selected options that are not counted.
    capital, gains, expenses, net_saving, payback, npv, irr : Figure
        As for one option; the inputs are those of the options.
    years : tuple of int
        Years of the summed cash flow, the first perhaps -1.
    cash, present_value, cumulative_present_value : tuple of float
        [money] for each of ``years``.
    cases : tuple of SetCase
        Best, base, worst.
    cautions : tuple of Text
        What may make the sum differ from its parts, such as savings that overlap.
    """

    options: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    capital: Figure
    gains: Figure
    expenses: Figure
    net_saving: Figure
    payback: Figure
    npv: Figure
    irr: Figure
    years: tuple[int, ...] = ()
    cash: tuple[float, ...] = ()
    present_value: tuple[float, ...] = ()
    cumulative_present_value: tuple[float, ...] = ()
    cases: tuple[SetCase, ...] = ()
    cautions: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """A task of the month plan.

    ``first_month`` and ``last_month`` count from the first month of the whole plan, which may be earlier than
    that of the option's project; ``starts_on`` is the first day of its first month, where that is known.
    """

    option: str
    option_name: str
    record: PlanTask
    task: str
    responsible: str | None
    first_month: int
    last_month: int
    starts_on: date | None


@dataclass(frozen=True, slots=True)
class Plan:
    """The month plan of all projects; ``start`` is its first month, ``months`` how many there are."""

    start: date | None
    months: int
    tasks: tuple[PlannedTask, ...]
