from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from general_derivatives import Term, nonlinear_problem
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from openrecp.balances.general import ContradictoryBalances, reconcile_linear, reconcile_nonlinear
from openrecp.balances.problems import NonlinearProblem, VariableClass

Array = Any
minimised: Any = minimize
REDUNDANT, JUST, SEEN, HIDDEN, FIXED = (int(each) for each in VariableClass)


def recycle(x: list[Term]) -> list[Term]:
    return [x[0] + x[1] + x[3] - x[2], x[2] - x[3] - x[4], x[4] - x[5] - x[6], x[3] - x[2] * x[7]]


def recycle_problem(*, equal: bool = False, curved: bool = True) -> NonlinearProblem:
    # Cencic, Sustain. Environ. Res. 26 (2016) 291-298, data and results as in ODYM's notebook "Data Reconciliation part1".
    return nonlinear_problem(
        (lambda x: [*recycle(x), x[5] - x[6]]) if equal else recycle,
        [100, 50, 300, 150, 160, 80, 80, 0.5],
        [100, 50, 300, None, 160, None, None, 0.5],
        [10, 0, 30, None, 16, None, None, 0.05],
        curved=curved,
    )


@pytest.mark.parametrize("curved", [True, False])
def test_the_recycle_of_stan_is_reconciled_and_its_split_stays_unknown(curved: bool) -> None:
    told = reconcile_nonlinear(recycle_problem(curved=curved))
    assert told.values == pytest.approx(
        [
            102.42595965896498,
            50,
            302.41622938489763,
            149.99026972593262,
            152.42595965896496,
            np.nan,
            np.nan,
            0.4959729510251707,
        ],
        rel=1e-11,
        nan_ok=True,
    )
    assert told.sds == pytest.approx(
        [
            7.88279241168898,
            0,
            22.608614339168575,
            21.21329693075125,
            7.88279241168898,
            np.nan,
            np.nan,
            0.03768102389861428,
        ],
        rel=1e-11,
        nan_ok=True,
    )
    assert told.chi2 == pytest.approx(0.29591277911183433, rel=1e-10)
    assert told.redundancy == 2
    assert list(told.classes) == [REDUNDANT, FIXED, REDUNDANT, SEEN, REDUNDANT, HIDDEN, HIDDEN, REDUNDANT]
    assert told.convergence is not None
    assert told.convergence.converged


def test_the_split_of_stan_is_known_once_its_halves_are_equal() -> None:
    told = reconcile_nonlinear(recycle_problem(equal=True))
    assert told.values[5:7] == pytest.approx([76.2129798294825, 76.2129798294825], rel=1e-12)
    assert told.sds[5:7] == pytest.approx([3.9413962058444914] * 2, rel=1e-12)
    assert HIDDEN not in told.classes


def pai_fisher(v: list[Term]) -> list[Term]:
    x1, x2, x3, x4, x5, u1, u2, u3 = v
    return [
        0.5 * x1**2 - 0.7 * x2 + x3 * u1 + x2**2 * u1 * u2 + 2 * x3 * u3**2 - 255.8,
        x1 - 2 * x2 + 3 * x1 * x3 - 2 * x2 * u1 - x2 * u2 * u3 + 111.2,
        x3 * u1 - x1 + 3 * x2 + x1 * u2 - x3 * u3**0.5 - 33.57,
        x4 - x1 - x3**2 + u2 + 3 * u3,
        x5 - 2 * x3 * u2 * u3,
        2 * x1 + x2 * x3 * u1 + u2 - u3 - 126.6,
    ]


def test_the_problem_of_pai_and_fisher_is_solved() -> None:
    # Pai and Fisher, AIChE Journal 34 (1988) 873; the figures are those of an independent solver.
    asked = nonlinear_problem(
        pai_fisher,
        [4.4, 5.5, 1.7, 1.6, 5, 11, 0.7, 1.8],
        [4.4, 5.5, 1.7, 1.6, 5, None, None, None],
        [1] * 5 + [None] * 3,
    )
    told = reconcile_nonlinear(asked)
    assert told.values == pytest.approx(
        [
            *(
                4.512430009140446,
                5.581867542457104,
                1.9259572213628076,
                1.4559990473874318,
                4.854532051620512,
            ),
            *(11.070323647920663, 0.6146686710855936, 2.0503578363956554),
        ],
        rel=1e-11,
    )
    assert told.sds == pytest.approx(
        [
            *(
                0.8259544003854238,
                0.555368506005648,
                0.11022650911281347,
                0.7491312452682874,
                0.6603163219795497,
            ),
            *(1.5683965331148562, 0.014392800600251431, 0.26939033168034165),
        ],
        rel=1e-9,
    )
    assert told.chi2 == pytest.approx(0.11229666570835171, rel=1e-10)
    assert told.redundancy == 3


# Enthalpy a + b T + c T² of the four media of Swartz' network, in the order a, b, c.
MEDIA = {
    "A": (-6.8909, 0.0991, 1.1081e-4),
    "B": (-14.8538, 0.1333, 7.539e-5),
    "C": (-28.2807, 0.1385, 9.043e-5),
    "D": (-11.4172, 0.1229, 7.94e-5),
}
STREAMS = ["A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "B1", "B2", "B3", "C1", "C2", "D1", "D2"]
# Net enthalpy of the exchangers and the mixer: streams that enter, streams that leave.
EXCHANGERS = [
    (["A1", "B2"], ["A2", "B3"]),
    (["A3", "B1"], ["A4", "B2"]),
    (["A4", "C1"], ["A5", "C2"]),
    (["A5", "A7"], ["A8"]),
    (["A6", "D1"], ["A7", "D2"]),
]
FLOWS_EQUAL = ["A1 A2", "B2 B3", "A3 A4", "B1 B2", "A4 A5", "C1 C2", "A6 A7", "D1 D2"]


def swartz(x: list[Term]) -> list[Term]:
    flow = dict(zip(STREAMS, x[:15], strict=True))
    heat = dict(zip(STREAMS, x[15:], strict=True))

    def enthalpy(stream: str) -> Term:
        a, b, c = MEDIA[stream[0]]
        return flow[stream] * (a + b * heat[stream] + c * heat[stream] ** 2)

    equal = [flow[pair[:2]] - flow[pair[3:]] for pair in FLOWS_EQUAL]
    split = [flow["A2"] - flow["A3"] - flow["A6"], flow["A5"] + flow["A7"] - flow["A8"]]
    energy = [
        sum((enthalpy(each) for each in into[1:]), enthalpy(into[0]))
        - sum((enthalpy(each) for each in out[1:]), enthalpy(out[0]))
        for into, out in EXCHANGERS
    ]
    return [*equal, *split, *energy, heat["A2"] - heat["A3"], heat["A2"] - heat["A6"]]


def test_the_heat_exchangers_of_swartz_are_reconciled() -> None:
    # Swartz, 197th ACS meeting (1989); Tjoa and Biegler (1991). 2 % of flows, 0.75 K; figures of an independent solver.
    flows = {"A1": 1000.0, "A3": 401.7, "A6": 552.7, "B1": 253.2, "C1": 308.1, "D2": 680.1}
    heats = {"A1": 466.33, "A3": 481.78, "A4": 530.09, "A5": 616.31, "A7": 619.0, "A8": 614.92, "B1": 618.11}
    heats |= {"C1": 694.99, "D1": 667.84, "D2": 558.34}
    start = [
        1000,
        1000,
        401.7,
        401.7,
        401.7,
        552.7,
        552.7,
        954.4,
        253.2,
        253.2,
        253.2,
        308.1,
        308.1,
        680.1,
        680.1,
    ]
    start += [
        466.33,
        481.78,
        481.78,
        530.09,
        616.31,
        481.78,
        619,
        614.92,
        618.11,
        570,
        550,
        694.99,
        604,
        667.84,
        558.34,
    ]
    measured = [flows.get(key) for key in STREAMS] + [heats.get(key) for key in STREAMS]
    sds = [0.02 * flows[key] if key in flows else None for key in STREAMS] + [
        0.75 if key in heats else None for key in STREAMS
    ]
    told = reconcile_nonlinear(nonlinear_problem(swartz, start, measured, sds))
    wanted = {0: 963.6327394720076, 2: 407.8592576038278, 5: 555.7734818682679, 13: 689.4154771886049}
    wanted |= {16: 481.9139439235187, 24: 543.9020219056347, 25: 486.50607393692536, 27: 594.8031820753989}
    assert told.values[list(wanted)] == pytest.approx(list(wanted.values()), rel=1e-10)
    assert told.sds[[0, 24, 25, 27]] == pytest.approx(
        [10.04205578558944, 2.784164124713608, 4.905381603259754, 3.1948731965375172], rel=1e-10
    )
    assert told.chi2 == pytest.approx(14.796602956396113, rel=1e-9)
    assert told.redundancy == 3
    assert list(np.flatnonzero(told.classes == JUST)) == [8, 11, 15, 18, 23, 26]
    assert HIDDEN not in told.classes


def column(v: list[Term]) -> list[Term]:
    return [
        v[0] * v[3] - v[1] * v[5] - v[2] * v[7],
        v[0] * v[4] - v[1] * v[6] - v[2] * v[8],
        v[3] + v[4] - 100,
        v[5] + v[6] - 100,
        v[7] + v[8] - 100,
    ]


COLUMN = np.array([1095.47, 488.23, 478.4, 48.22, 51.7, 1.97, 97.48, 94.1, 5.01])


@pytest.mark.parametrize(
    ("sds", "chi2", "feed", "feed_sd"),
    [
        (
            np.array([140.0, 30.0, 30.0, 0.05, 0.1, 0.05, 1.0, 1.0, 0.05]) / 1.96,
            9.18863707301467,
            977.4896035861133,
            20.71552152927822,
        ),
        (COLUMN * ([0.05] * 3 + [0.01] * 6), 5.232786567127002, 1002.6749481991374, 28.99331310115833),
    ],
)
def test_a_distillation_column_is_reconciled(sds: Array, chi2: float, feed: float, feed_sd: float) -> None:
    # Data as in OpenModelica's test DistillationTower; the figures are those of an independent solver.
    told = reconcile_nonlinear(nonlinear_problem(column, list(COLUMN), COLUMN, sds))
    assert told.chi2 == pytest.approx(chi2, rel=1e-10)
    assert told.values[0] == pytest.approx(feed, rel=1e-11)
    assert told.sds[0] == pytest.approx(feed_sd, rel=1e-10)
    assert told.redundancy == 5


# Mandel, Abdollahzadeh, Maquin and Ragot, Int. J. Miner. Process. 53 (1998) 157: six units and twelve streams of ore,
# from the unit and to the unit, None outside.
ORE_STREAMS = [(None, 0), (0, None), (0, 1), (1, None), (1, 2), (2, None)]
ORE_STREAMS += [(2, 3), (4, 3), (3, 5), (5, 4), (5, None), (4, None)]
ORE_FLOWS = [250.5, 21.6, None, 36.5, None, 17.6, 144.9, None, None, None, 90.5, 47.7]
ORE_FLOW_SDS = [37.575, 1.08, None, 1.825, None, 0.88, 7.245, None, None, None, 18.1, 2.385]
ORE_SHARES = [0.0046, 0.0045, 0.0046, 0.005, None, 0.0065, None, 0.002, 0.0038, None, 0.0008, 0.0137]
ORE_SHARE_SDS = [0.000364, 0.000354, 0.000365, 0.0003695, None, 0.000423]
ORE_SHARE_SDS += [None, 0.0002705, 0.0003375, None, 0.000226, 0.000706]
ORE_START = [250.5, 21.6, 209.0, 36.5, 174.0, 17.6, 144.9, 50.0, 209.0, 94.0, 90.5, 47.7]
ORE_START += [0.0046, 0.0045, 0.0046, 0.005, 0.00728, 0.0065, 0.00717, 0.002, 0.0038, 0.00949, 0.0008, 0.0137]
ORE_START += [1 - share for share in ORE_START[12:]]


def ore(x: list[Term]) -> list[Term]:
    flows, shares, rest = x[:12], x[12:24], x[24:]

    def balance(unit: int, carried: list[Term]) -> Term:
        entering = [each for each, (_, to) in zip(carried, ORE_STREAMS, strict=True) if to == unit]
        leaving = [each for each, (source, _) in zip(carried, ORE_STREAMS, strict=True) if source == unit]
        return sum(entering[1:], entering[0]) - sum(leaving[1:], leaving[0])

    metal = [flow * share for flow, share in zip(flows, shares, strict=True)]
    gangue = [flow * share for flow, share in zip(flows, rest, strict=True)]
    whole = [share + other - 1.0 for share, other in zip(shares, rest, strict=True)]
    return [balance(unit, carried) for carried in (metal, gangue) for unit in range(6)] + whole


def test_an_ore_circuit_is_reconciled_with_assays_and_unmeasured_streams() -> None:
    # The standard deviations of the assays are a choice of this project's; the figures are those of an independent solver.
    asked = nonlinear_problem(
        ore, ORE_START, [*ORE_FLOWS, *ORE_SHARES, *[None] * 12], [*ORE_FLOW_SDS, *ORE_SHARE_SDS, *[None] * 12]
    )
    told = reconcile_nonlinear(asked)
    assert told.chi2 == pytest.approx(2.7855053092200164, rel=1e-9)
    assert told.redundancy == 4
    assert told.values[[0, 7, 9, 21]] == pytest.approx(
        [223.78562427734337, 71.5700661142487, 118.18940529801888, 0.006452377814297427], rel=1e-9
    )
    assert told.sds[[0, 7, 9, 21]] == pytest.approx(
        [6.657329189757055, 47.56364065191072, 48.042112278172, 0.0016972068888528005], rel=1e-8
    )
    assert list(np.flatnonzero(told.classes == JUST)) == [19, 20]
    assert list(np.flatnonzero(told.classes == SEEN)) == [2, 4, 7, 8, 9, 16, 18, 21, *range(24, 36)]


def test_exact_curvature_takes_fewer_steps_than_none_and_leads_to_the_same_place() -> None:
    sds = COLUMN * ([0.3] * 3 + [0.1] * 6)
    quick = reconcile_nonlinear(nonlinear_problem(column, list(COLUMN), COLUMN, sds))
    slow = reconcile_nonlinear(nonlinear_problem(column, list(COLUMN), COLUMN, sds, curved=False))
    assert quick.values == pytest.approx(slow.values, rel=1e-8)
    assert quick.convergence is not None
    assert slow.convergence is not None
    assert quick.convergence.iterations < slow.convergence.iterations
    assert quick.convergence.iterations <= 6


def splitter(seed: int) -> tuple[Callable[[list[Term]], list[Term]], Array, Array, Array]:
    """A feed split in two streams of two components, measured here and there with correlated errors."""
    draw = np.random.default_rng(seed)
    flows = draw.uniform(5, 50, 2)
    shares = draw.uniform(0.1, 0.9, 2)
    truth = np.array([flows.sum(), *flows, flows @ shares / flows.sum(), *shares])
    sds = truth * draw.uniform(0.01, 0.1, 6)
    measured = truth + sds * draw.normal(size=6)
    # With more unmeasured, the squares may fall for ever as flows rise, and there is no best point.
    hidden = np.arange(6) == draw.integers(0, 9)
    measured[hidden], sds[hidden] = np.nan, np.nan

    def balances(x: list[Term]) -> list[Term]:
        return [x[0] - x[1] - x[2], x[0] * x[3] - x[1] * x[4] - x[2] * x[5]]

    return balances, truth, measured, sds


@given(st.integers(0, 2**32 - 1))
def test_no_other_point_near_by_is_better(seed: int) -> None:
    balances, truth, measured, sds = splitter(seed)
    asked = nonlinear_problem(balances, list(truth), measured, sds)
    told = reconcile_nonlinear(asked)
    assert told.convergence is not None
    assert told.convergence.converged
    known = ~np.isnan(measured)

    def squares(x: Array) -> float:
        return float(np.sum(((x - measured) / sds)[known] ** 2))

    best: Any = minimised(
        squares,
        truth,
        constraints={"type": "eq", "fun": asked.residuals},
        bounds=[(each / 2, 2 * each) for each in truth],
        method="SLSQP",
        options={"ftol": 1e-13, "maxiter": 500},
    )
    assert told.chi2 <= best.fun + 1e-6 * (1 + best.fun) or np.abs(asked.residuals(best.x)).max() > 1e-6
    if not np.any(np.isnan(told.values)):
        assert np.abs(asked.residuals(told.values) / asked.scale).max() <= 1e-9


@given(st.integers(0, 2**32 - 1))
def test_values_that_are_unknown_stay_near_where_the_search_began(seed: int) -> None:
    draw = np.random.default_rng(seed)
    measured = [100 + draw.normal(), None, None]
    asked = nonlinear_problem(lambda x: [x[0] - x[1] - x[2]], [100, 70, 30], measured, [1, None, None])
    told = reconcile_nonlinear(asked)
    assert list(told.classes) == [JUST, HIDDEN, HIDDEN]
    assert told.convergence is not None
    assert told.convergence.iterations <= 2


def test_straight_balances_give_the_same_either_way() -> None:
    correlations = ((0, 1, 0.5),)
    asked = nonlinear_problem(
        lambda x: [x[0] - x[1] - x[2], x[2] - 2 * x[3]],
        [10, 6, 4, 2],
        [10, 6.5, None, 1.9],
        [1, 0.5, None, 0.2],
        correlations=correlations,
    )
    told = reconcile_nonlinear(asked)
    straight = reconcile_linear(told.problem)
    assert told.values == pytest.approx(straight.values, rel=1e-13)
    assert told.chi2 == pytest.approx(straight.chi2, rel=1e-12)
    assert told.covariance == pytest.approx(straight.covariance)


def test_a_search_that_is_cut_short_says_so() -> None:
    asked = nonlinear_problem(column, list(COLUMN), COLUMN, COLUMN * 0.05)
    told = reconcile_nonlinear(asked, most_iterations=1)
    assert told.convergence is not None
    assert not told.convergence.converged
    assert told.convergence.iterations == 1


def test_balances_that_contradict_what_is_fixed_are_named() -> None:
    asked = nonlinear_problem(
        lambda x: [x[0] ** 2 - 5.0, x[0] * x[1] - x[2]], [2.0, 3.0, 6.0], [2.0, 3.0, 6.0], [0, 0.1, 0.1]
    )
    with pytest.raises(ContradictoryBalances) as raised:
        reconcile_nonlinear(asked)
    assert raised.value.rows == (0,)


def test_balances_that_follow_from_each_other_are_welcome() -> None:
    once = nonlinear_problem(column, list(COLUMN), COLUMN, COLUMN * 0.05)
    twice = nonlinear_problem(
        lambda x: [*column(x), column(x)[0] + column(x)[1], 1e6 * column(x)[2]],
        list(COLUMN),
        COLUMN,
        COLUMN * 0.05,
    )
    told, again = reconcile_nonlinear(once), reconcile_nonlinear(twice)
    assert again.redundancy == told.redundancy
    assert again.values == pytest.approx(told.values, rel=1e-9)
    assert again.sds == pytest.approx(told.sds, rel=1e-8)


def test_a_far_start_is_reached_by_shorter_steps() -> None:
    # x² = y with the search begun far off: full steps would overshoot.
    asked = nonlinear_problem(lambda x: [x[0] ** 3 - x[1]], [0.05, 8.0], [2.1, 8.0], [0.1, 0.4])
    told = reconcile_nonlinear(asked)
    assert told.convergence is not None
    assert told.convergence.converged
    near = reconcile_nonlinear(replace(asked, start=np.array([2.0, 8.0])))
    assert told.values == pytest.approx(near.values, rel=1e-9)


def test_a_start_where_the_balances_cannot_be_computed_is_refused() -> None:
    asked = nonlinear_problem(lambda x: [x[0] ** 0.5 - x[1]], [4.0, 2.0], [4.0, 2.0], [1, 1])
    with (
        np.errstate(invalid="ignore"),
        pytest.raises(ValueError, match="cannot be computed"),
    ):
        reconcile_nonlinear(replace(asked, residuals=lambda _: np.array([np.nan])))
