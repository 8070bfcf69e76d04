"""Published and analytic balance problems, read from the files of tests/cases, with what is known of their answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import scipy.sparse as sp
import yaml
from balance_polynomials import Polynomials, Term, component_balances, term

from openrecp.balances.problems import Array, LinearProblem, NonlinearProblem, VariableClass

CASES: Final = Path(__file__).parents[1] / "cases"


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """What must come out; None where the file does not say, NaN where nothing gives the number.

    The numbers of the gross-error tests are ``z``, ``node_z``, ``detectability`` and ``adjustability``; the first is
    compared with every reconciliation, the others wait for the functions that find them.
    """

    values: Array
    sds: Array
    classes: Array
    chi2: float
    redundancy: int
    z: Array | None = None
    adjustment_over_sd: Array | None = None
    node_z: Array | None = None
    detectability: Array | None = None
    adjustability: Array | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A problem with its answer.

    ``published`` is the answer as printed in the source (``values``, ``sds``; NaN where nothing is printed), to the
    tolerances beside it: ``relative`` and ``absolute``.
    """

    name: str
    problem: LinearProblem | NonlinearProblem
    expected: Expected
    published: Mapping[str, Any] | None = None
    power: Array | None = None


def contents(name: str) -> dict[str, Any]:
    """A file of cases."""
    found: dict[str, Any] = yaml.safe_load((CASES / name).read_text(encoding="utf-8"))
    return found


def numbers(given: Iterable[float | None]) -> Array:
    """An array with NaN for null."""
    return np.array([np.nan if value is None else value for value in given], dtype=float)


def balances_of_nodes(nodes: Sequence[Sequence[int]], streams: int) -> sp.csr_array:
    """Incidence of streams, counted from 1 and negative where they leave, shape (nodes, streams)."""
    dense = np.zeros((len(nodes), streams))
    for row, members in enumerate(nodes):
        for member in members:
            dense[row, abs(member) - 1] = np.sign(member)
    return sp.csr_array(dense)


def linear_problem(
    matrix: sp.csr_array, measured: Array, sds: Array, correlations: Sequence[Sequence[float]] = ()
) -> LinearProblem:
    """A problem whose constants are all 0; the variables of correlations are counted from 1."""
    pairs = tuple((int(first) - 1, int(second) - 1, strength) for first, second, strength in correlations)
    return LinearProblem(matrix, np.zeros(matrix.shape[0]), measured, sds, pairs)


def read_expected(found: Mapping[str, Any]) -> Expected:
    """Answer of a file; a variable of no class is redundant."""
    sds = numbers(found["sds"]) if "sds" in found else numbers(found["half_widths"]) / 1.96
    classes = np.zeros(len(sds), dtype=np.int8)
    for name, members in found.get("classes", {}).items():
        classes[np.array(members) - 1] = VariableClass[name.upper()]
    others = {
        name: numbers(found[name]) if name in found else None
        for name in ("z", "adjustment_over_sd", "node_z", "detectability", "adjustability")
    }
    return Expected(
        numbers(found["values"]), sds, classes, float(found["chi2"]), int(found["redundancy"]), **others
    )


def published_linear() -> list[Case]:
    """Sixteen problems of the literature in which every stream is measured."""
    return [
        Case(
            case["key"],
            linear_problem(
                balances_of_nodes(case["nodes"], len(case["measured"])),
                numbers(case["measured"]),
                numbers(case["sds"]),
            ),
            read_expected(case["expected"]),
            {"values": numbers(case["published"]["values"]), "relative": case["published"]["tolerance"]},
            numbers(case["published"]["power"]) if "power" in case["published"] else None,
        )
        for case in contents("balances_linear_published.yaml")["cases"]
    ]


def unmeasured_subsets() -> list[Case]:
    """The same with some measurements taken away."""
    whole = {case.name: case.problem for case in published_linear()}
    found = []
    for case in contents("balances_unmeasured_subsets.yaml")["cases"]:
        base = whole[case["base"]]
        assert isinstance(base, LinearProblem)
        measured, sds = base.measured.copy(), base.sds.copy()
        gone = np.array(case["unmeasured"]) - 1
        measured[gone] = sds[gone] = np.nan
        found.append(
            Case(case["name"], linear_problem(base.matrix, measured, sds), read_expected(case["expected"]))
        )
    return found


def losses_and_stock() -> list[Case]:
    """Losses as differences, purchases and stock, in closed form."""
    return [
        Case(
            case["name"],
            linear_problem(
                balances_of_nodes(case["nodes"], len(case["measured"])),
                numbers(case["measured"]),
                numbers(case["sds"]),
            ),
            read_expected(case["expected"]),
        )
        for case in contents("balances_losses_and_stock.yaml")["cases"]
    ]


def feed_water() -> list[Case]:
    """The guideline's example, with and without correlations."""
    found = contents("balances_vdi_2048.yaml")
    matrix, cases = sp.csr_array(np.array(found["matrix"], dtype=float)), []
    for case in found["cases"]:
        printed = case.get("published")
        cases.append(
            Case(
                case["name"],
                linear_problem(
                    matrix,
                    numbers(found["measured"]),
                    numbers(case["half_widths"]) / 1.96,
                    found["correlations"] if case["correlated"] else (),
                ),
                read_expected(case["expected"]),
                printed
                and {
                    "values": numbers(printed["values"]),
                    "sds": numbers(printed["half_widths"]) / 1.96,
                    "relative": printed["tolerance"],
                    "relative_sds": printed["half_width_tolerance"],
                },
            )
        )
    return cases


def reactor() -> list[Case]:
    """The reactor with one gross error, whole and with each measurement taken away."""
    found = contents("balances_ripps_1965.yaml")
    matrix = sp.csr_array(np.array(found["matrix"], dtype=float))
    measured, sds = numbers(found["measured"]), np.sqrt(numbers(found["variances"]))
    return [Case("reactor", linear_problem(matrix, measured, sds), read_expected(found["expected"]))]


def material_flows() -> list[Case]:
    """Goods with a transfer coefficient, with and without the relation that makes two flows known."""
    found = contents("balances_cencic_2016.yaml")
    names = found["variables"]
    balances = [
        [term(1, m01_1=1), term(1, m01_2=1), term(1, m21=1), term(-1, m12=1)],
        [term(1, m12=1), term(-1, m21=1), term(-1, m23=1)],
        [term(1, m23=1), term(-1, m30_1=1), term(-1, m30_2=1)],
        [term(1, m21=1), term(-1, m12=1, TC_34=1)],
    ]
    equal = [term(1, m30_1=1), term(-1, m30_2=1)]
    cases = []
    for case in found["cases"]:
        rows = Polynomials.of_names(names, [*balances, equal] if case["equal_exports"] else balances)
        measured = numbers(found["measured"])
        start = np.where(np.isnan(measured), 100.0, measured)
        printed = {
            "values": np.full(len(names), np.nan),
            "sds": np.full(len(names), np.nan),
            "absolute": 1e-6,
        }
        for name, pair in case["published"].items():
            printed["values"][names.index(name)] = pair["value"]  # type: ignore[index]
            printed["sds"][names.index(name)] = pair["sd"]  # type: ignore[index]
        problem = rows.problem(start, measured, numbers(found["sds"]))
        cases.append(Case(case["name"], problem, read_expected(case["expected"]), printed))
    return cases


def six_equations() -> list[Case]:
    """Five measured and three unmeasured variables in six nonlinear balances."""
    found = contents("balances_pai_fisher_1988.yaml")
    rows = [
        [term(0.5, x1=2), term(-0.7, x2=1), term(1, x3=1, u1=1), term(1, x2=2, u1=1, u2=1), term(2, x3=1, u3=2),
         term(-255.8)],
        [term(1, x1=1), term(-2, x2=1), term(3, x1=1, x3=1), term(-2, x2=1, u1=1), term(-1, x2=1, u2=1, u3=1),
         term(111.2)],
        [term(1, x3=1, u1=1), term(-1, x1=1), term(3, x2=1), term(1, x1=1, u2=1), term(-1, x3=1, u3=0.5),
         term(-33.57)],
        [term(1, x4=1), term(-1, x1=1), term(-1, x3=2), term(1, u2=1), term(3, u3=1)],
        [term(1, x5=1), term(-2, x3=1, u2=1, u3=1)],
        [term(2, x1=1), term(1, x2=1, x3=1, u1=1), term(1, u2=1), term(-1, u3=1), term(-126.6)],
    ]  # fmt: skip
    problem = Polynomials.of_names(found["variables"], rows).problem(
        numbers(found["start"]), numbers(found["measured"]), numbers(found["sds"])
    )
    printed = {"values": numbers(found["published"]["values"]), "relative": found["published"]["tolerance"]}
    return [Case("six equations", problem, read_expected(found["expected"]), printed)]


def heat_exchangers() -> list[Case]:
    """A network of heat exchangers: flows, and enthalpies that are quadratic in temperature."""
    found = contents("balances_swartz_1989.yaml")

    def heat(sign: float, *streams: str) -> list[Term]:
        terms = []
        for stream in streams:
            flow, temperature = f"F_{stream}", f"T_{stream}"
            for power, factor in enumerate(found["enthalpy"][stream[0]]):
                factors = {flow: 1.0, temperature: float(power)} if power else {flow: 1.0}
                terms.append(Term(sign * factor, factors))
        return terms

    def flows(entering: str, leaving: str) -> list[Term]:
        return [Term(1.0, {f"F_{stream}": 1.0}) for stream in entering.split()] + [
            Term(-1.0, {f"F_{stream}": 1.0}) for stream in leaving.split()
        ]

    rows = [
        flows("A1", "A2"), flows("B2", "B3"), flows("A2", "A3 A6"), flows("A3", "A4"), flows("B1", "B2"),
        flows("A4", "A5"), flows("C1", "C2"), flows("A5 A7", "A8"), flows("A6", "A7"), flows("D1", "D2"),
        heat(1, "A1", "B2") + heat(-1, "A2", "B3"),
        heat(1, "A3", "B1") + heat(-1, "A4", "B2"),
        heat(1, "A4", "C1") + heat(-1, "A5", "C2"),
        heat(1, "A5", "A7") + heat(-1, "A8"),
        heat(1, "A6", "D1") + heat(-1, "A7", "D2"),
        [term(1, T_A2=1), term(-1, T_A3=1)],
        [term(1, T_A2=1), term(-1, T_A6=1)],
    ]  # fmt: skip
    problem = Polynomials.of_names(found["variables"], rows).problem(
        numbers(found["start"]), numbers(found["measured"]), numbers(found["sds"])
    )
    return [Case("heat exchangers", problem, read_expected(found["expected"]))]


def distillation() -> list[Case]:
    """A column, flows and shares in percent."""
    found = contents("balances_distillation.yaml")
    measured = numbers(found["measured"])
    rows = component_balances(np.array([[1.0, -1.0, -1.0]]), 2, total=100.0)
    return [
        Case(
            case["name"],
            rows.problem(measured, measured, numbers(case["sds"])),
            read_expected(case["expected"]),
        )
        for case in found["cases"]
    ]


def component_circuits() -> list[Case]:
    """Flows and shares of several components in circuits of ore and of chemicals."""
    found = [
        case
        for name in ("balances_mandel_1998.yaml", "balances_rao_narasimhan_1996.yaml")
        for case in contents(name)["cases"]
    ]
    return [
        Case(
            case["key"],
            component_balances(
                balances_of_nodes(case["nodes"], case["streams"]).toarray(), case["components"]
            ).problem(numbers(case["start"]), numbers(case["measured"]), numbers(case["sds"])),
            read_expected(case["expected"]),
        )
        for case in found
    ]


def linear_cases() -> list[Case]:
    """Every linear case."""
    return [*published_linear(), *unmeasured_subsets(), *losses_and_stock(), *feed_water(), *reactor()]


def nonlinear_cases() -> list[Case]:
    """Every nonlinear case."""
    return [
        *material_flows(),
        *six_equations(),
        *heat_exchangers(),
        *distillation(),
        *component_circuits(),
    ]
