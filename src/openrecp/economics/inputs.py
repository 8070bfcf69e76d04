"""The inputs of a project by name: what tornado, break-even, tables, scenarios and simulation change.

An input is put into a project as a float, or as an array of shape (n,) to get n projects at once. The life is a
whole number and is the same for all projects of an array.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from openrecp.economics.amounts import Amount, chosen, is_nothing, total
from openrecp.economics.labels import as_text
from openrecp.economics.loans import Loan
from openrecp.economics.operating import DerivedItem, OperatingItem, OperatingLine
from openrecp.economics.project import Project
from openrecp.figures import Basis, Figure
from openrecp.texts import Text, text

Part = TypeVar("Part")
_ANY = (float("-inf"), float("inf"))
_SHARE = (0.0, 1.0)
_RATE = (-0.99, 10.0)
_NOT_NEGATIVE = (0.0, float("inf"))


@dataclass(frozen=True, slots=True)
class ProjectInput:
    """One input of a project.

    Attributes
    ----------
    key : str
        ``capital``, ``savings``, ``costs`` (totals), ``discount_rate``, ``tax_rate``, ``escalation``,
        ``inflation``, ``life``, ``salvage``, ``working_capital``, ``other_tax``, ``interest_rate`` and
        ``loan_share`` and ``loan_amount`` (all loans of that kind), ``grants`` and ``tax_credits`` (all of them), ``replacements``; the key of an
        operating item; ``capital:NAME`` for one capital item, ``capital:NAME (2)`` for the next of that name.
    name : Text
    value : float
        As the project has it: amounts in money, rates and shares as fractions, the life in years.
    unit : str
        The currency, ``%`` for a fraction shown as percent, or ``yr``.
    put : callable
        The project with another value of this input.
    limits : tuple of float
        Least and greatest value that is possible.
    is_total : bool
        It moves several other inputs at once and would count twice beside them.
    """

    key: str
    name: Text
    value: float
    unit: str
    put: Callable[[Project, Amount], Project]
    limits: tuple[float, float] = _ANY
    is_total: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether only whole numbers are possible."""
        return self.unit == "yr"

    def figure(self, value: float, basis: Basis = Basis.ASSUMED) -> Figure:
        """A value of this input as it is shown."""
        shown = value * 100.0 if self.unit == "%" else (int(value) if self.is_whole else value)
        return Figure(self.name, shown, self.unit, basis=basis)


def project_inputs(project: Project) -> dict[str, ProjectInput]:
    """All inputs of one project by key, in the order in which they are shown.

    An input that the project does not have, such as the interest of a loan it does not take, is left out.
    """
    found: dict[str, ProjectInput] = {}
    for each in _inputs(project):
        # An operating item may bear the name of a total; the total keeps it.
        found.setdefault(each.key, each)
    return found


class _Draft(Project):
    """A project between one changed input and the next, when they need not fit together yet."""

    __slots__ = ()

    def __post_init__(self) -> None:
        """Nothing is checked before the last input is in."""


def changed_inputs(project: Project, values: Iterable[tuple[ProjectInput, Amount]]) -> Project:
    """The project with other values of several inputs, put in one after the other and checked once.

    Parameters
    ----------
    project : Project
    values : iterable of (ProjectInput, float or array of shape (n,))
        Inputs of this project, each with its value.

    Raises
    ------
    UnusableInput
        If the changed project is impossible.
    """
    draft: Project = _Draft(**_attributes(project))
    for each, value in values:
        draft = each.put(draft, value)
    return Project(**_attributes(draft))


def _attributes(project: Project) -> dict[str, Any]:
    return {each.name: getattr(project, each.name) for each in fields(Project)}


def changed_totals(
    project: Project, *, capital: Amount = 0.0, savings: Amount = 0.0, costs: Amount = 0.0
) -> Project:
    """The project with capital, savings and costs changed by fractions.

    Capital means all capital items and working capital; salvage stays. Items that are a share of
    others follow them; amounts that were estimated from the capital stay as they were entered.

    Raises
    ------
    UnusableInput
        If the changed project is impossible.
    """
    if is_nothing(capital) and is_nothing(savings) and is_nothing(costs):
        return project
    return replace(
        project,
        capital=tuple(replace(item, amount=item.amount * (1.0 + capital)) for item in project.capital),
        working_capital=project.working_capital * (1.0 + capital),
        operating=tuple(_grown(line, savings, costs) for line in project.operating),
    )


def _grown(line: OperatingLine, savings: Amount, costs: Amount) -> OperatingLine:
    if not isinstance(line, OperatingItem):
        return line
    change = chosen(line.annual_amount > 0, savings, costs)
    return line if is_nothing(change) else replace(line, annual_amount=line.annual_amount * (1.0 + change))


def _inputs(project: Project) -> Iterator[ProjectInput]:
    yield from _totals(project)
    yield from _operating_inputs(project)
    yield from _rates(project)
    yield from _support(project)
    yield ProjectInput("life", text("Project life"), project.life, "yr", _put_life, (1.0, 100.0))
    money = project.currency
    yield _number("salvage", text("Salvage value"), project.salvage, money, _put("salvage"))
    yield _number(
        "working_capital",
        text("Working capital"),
        project.working_capital,
        money,
        _put("working_capital"),
        _NOT_NEGATIVE,
        is_total=True,
    )
    names: list[str] = []
    for place, item in enumerate(project.capital):
        names.append(str(item.name))
        again = names.count(names[-1])
        key = f"capital:{item.name}" if again == 1 else f"capital:{item.name} ({again})"
        # A price is not below zero; what was entered below zero, such as a trade-in, may be anything.
        limits = _NOT_NEGATIVE if item.amount >= 0 else _ANY
        yield _number(key, as_text(item.name), item.amount, money, _put_capital(place), limits, is_total=True)


def _number(
    key: str,
    name: Text,
    value: Amount,
    unit: str,
    put: Callable[[Project, Amount], Project],
    limits: tuple[float, float] = _ANY,
    *,
    is_total: bool = False,
) -> ProjectInput:
    return ProjectInput(key, name, float(value), unit, put, limits, is_total)


def _totals(project: Project) -> Iterator[ProjectInput]:
    amounts = [float(line.annual_amount) for line in project.operating if isinstance(line, OperatingItem)]
    totals = (
        ("capital", text("Capital"), float(project.fixed_capital + project.working_capital), False),
        ("savings", text("All savings and revenues"), sum(a for a in amounts if a > 0), True),
        ("costs", text("All yearly costs"), -sum(a for a in amounts if a < 0), True),
    )
    for key, name, amount, counts_twice in totals:
        if amount:
            yield ProjectInput(
                key,
                name,
                amount,
                project.currency,
                _put_total(key, amount),
                _NOT_NEGATIVE,
                counts_twice,
            )


def _operating_inputs(project: Project) -> Iterator[ProjectInput]:
    for line in project.operating:
        name = as_text(line.name)
        if isinstance(line, OperatingItem):
            yield _number(line.key, name, line.annual_amount, project.currency, _put_line(line.key))
        else:
            yield _number(line.key, name, line.share, "%", _put_line(line.key))


def _rates(project: Project) -> Iterator[ProjectInput]:
    for key, name, value, limits in (
        ("discount_rate", text("Discount rate"), project.discount_rate, _RATE),
        ("tax_rate", text("Income tax rate"), project.tax_rate, _SHARE),
        ("escalation", text("Price escalation"), project.escalation, _RATE),
    ):
        yield _number(key, name, value, "%", _put(key), limits)
    if not is_nothing(project.prices.inflation):
        yield _number("inflation", text("Inflation"), project.prices.inflation, "%", _put_inflation, _RATE)
    loans = [
        loan for loan in project.financing.loans if loan.amount is not None or not is_nothing(loan.share)
    ]
    if loans:
        rate = _leading_rate(loans)
        yield _number(
            "interest_rate", text("Interest on the loan"), rate, "%", _put_interest(float(rate)), (0.0, 10.0)
        )
    shares = total(loan.share for loan in loans if loan.amount is None)
    if not is_nothing(shares):
        yield _number("loan_share", text("Loan share"), shares, "%", _put_loan_share(float(shares)), _SHARE)
    lent = total(loan.amount for loan in loans if loan.amount is not None)
    if not is_nothing(lent):
        put = _put_loan_amount(float(lent))
        yield _number("loan_amount", text("Loan amount"), lent, project.currency, put, _NOT_NEGATIVE)


def _support(project: Project) -> Iterator[ProjectInput]:
    money = project.currency
    granted = total(grant.granted(project.fixed_capital) for grant in project.grants)
    if not is_nothing(granted):
        yield _number("grants", text("Grants"), granted, money, _put_grants, _NOT_NEGATIVE)
    if project.tax_credits:
        rate = project.tax_credits[0].rate
        yield _number("tax_credits", text("Investment tax credit"), rate, "%", _put_credits, _SHARE)
    parts = total(part.amount for part in project.replacements)
    if not is_nothing(parts):
        yield _number(
            "replacements", text("Replacement of parts"), parts, money, _put_replacements, _NOT_NEGATIVE
        )
    if not is_nothing(project.other_tax):
        yield _number(
            "other_tax",
            text("Tax of other income"),
            project.other_tax,
            money,
            _put("other_tax"),
            _NOT_NEGATIVE,
        )


def _put(attribute: str) -> Callable[[Project, Amount], Project]:
    return lambda project, value: _with(project, **{attribute: value})


def _with(project: Part, **values: Any) -> Part:
    return replace(project, **values)  # type: ignore[type-var]


def _put_life(project: Project, value: Amount) -> Project:
    return replace(project, life=int(value))


def _put_inflation(project: Project, value: Amount) -> Project:
    return replace(project, prices=replace(project.prices, inflation=value))


def _leading_rate(loans: Sequence[Loan]) -> Amount:
    """The rate that stands for several loans: that of the first that bears interest."""
    return next((loan.interest_rate for loan in loans if not is_nothing(loan.interest_rate)), 0.0)


def _put_interest(base: float) -> Callable[[Project, Amount], Project]:
    """The interest of all loans together; several rates keep their proportion."""

    def put(project: Project, value: Amount) -> Project:
        loans = tuple(
            replace(loan, interest_rate=loan.interest_rate * (value / base) if base else value)
            for loan in project.financing.loans
        )
        return replace(project, financing=replace(project.financing, loans=loans))

    return put


def _put_loan_share(base: float) -> Callable[[Project, Amount], Project]:
    """All loan shares together; several keep their proportion."""

    def put(project: Project, value: Amount) -> Project:
        loans = tuple(
            loan if loan.amount is not None else replace(loan, share=loan.share * (value / base))
            for loan in project.financing.loans
        )
        return replace(project, financing=replace(project.financing, loans=loans))

    return put


def _put_loan_amount(base: float) -> Callable[[Project, Amount], Project]:
    """All fixed loans together; several keep their proportion."""

    def put(project: Project, value: Amount) -> Project:
        loans = tuple(
            loan if loan.amount is None else replace(loan, amount=loan.amount * (value / base))
            for loan in project.financing.loans
        )
        return replace(project, financing=replace(project.financing, loans=loans))

    return put


def _put_grants(project: Project, value: Amount) -> Project:
    """All grants together; several keep their proportion."""
    granted = [grant.granted(project.fixed_capital) for grant in project.grants]
    factor = value / total(granted)
    grants = tuple(
        replace(grant, amount=amount * factor) for grant, amount in zip(project.grants, granted, strict=True)
    )
    return replace(project, grants=grants)


def _put_credits(project: Project, value: Amount) -> Project:
    first = project.tax_credits[0].rate
    factor = value / first if not is_nothing(first) else 1.0
    credits_ = tuple(
        replace(each, rate=value if each is project.tax_credits[0] else each.rate * factor)
        for each in project.tax_credits
    )
    return replace(project, tax_credits=credits_)


def _put_replacements(project: Project, value: Amount) -> Project:
    factor = value / total(part.amount for part in project.replacements)
    parts = tuple(replace(part, amount=part.amount * factor) for part in project.replacements)
    return replace(project, replacements=parts)


def _put_total(key: str, base: float) -> Callable[[Project, Amount], Project]:
    return lambda project, value: changed_totals(project, **{key: value / base - 1.0})


def _put_capital(place: int) -> Callable[[Project, Amount], Project]:
    def put(project: Project, value: Amount) -> Project:
        items = list(project.capital)
        items[place] = replace(items[place], amount=value)
        return replace(project, capital=tuple(items))

    return put


def _put_line(key: str) -> Callable[[Project, Amount], Project]:
    def put(project: Project, value: Amount) -> Project:
        return replace(
            project,
            operating=tuple(
                line
                if line.key != key
                else replace(line, share=value)
                if isinstance(line, DerivedItem)
                else replace(line, annual_amount=value)
                for line in project.operating
            ),
        )

    return put
