from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from gross_error_plants import heat_exchanger, network, random_plant, recycle, ripps, steam
from hypothesis import given
from hypothesis import strategies as st

from openrecp.balances.gross_errors import (
    Candidate,
    CandidateKind,
    Criterion,
    Findings,
    Solvability,
    StopReason,
    Suspect,
    candidates,
    checks_of,
    global_test,
    likelihood_ratio_test,
    measurement_test,
    meter_influence,
    meter_quality,
    nodal_test,
    serial_elimination,
    simultaneous_errors,
    solvability,
    suspect_text,
)
from openrecp.balances.problems import LinearProblem
from openrecp.texts import LANGUAGES, render

BIAS, LEAK = CandidateKind.BIAS, CandidateKind.LEAK
NO_LEAKS = np.zeros((3, 0))


def dense_solution(problem: LinearProblem) -> tuple[Any, Any, Any]:
    """Values, their covariance and chi2 of a problem without correlations, from its Lagrange equations alone."""
    known = ~np.isnan(problem.measured)
    matrix = problem.matrix.toarray()
    weights = np.zeros(known.size)
    weights[known] = problem.sds[known] ** -2
    rows = matrix.shape[0]
    system = np.block([[np.diag(weights), matrix.T], [matrix, np.zeros((rows, rows))]])
    inverse = np.linalg.pinv(system, rcond=1e-12)
    right = np.append(weights * np.nan_to_num(problem.measured), problem.constants)
    values = (inverse @ right)[: known.size]
    off = (np.nan_to_num(problem.measured) - values)[known] / problem.sds[known]
    return values, inverse[: known.size, : known.size], float(off @ off)


def names(suspect: Suspect) -> list[tuple[str, int]]:
    return [(str(member.kind), member.index) for member in suspect.members]


def test_the_heat_exchanger_agrees_with_the_published_statistics() -> None:
    # Narasimhan and Jordache (2000), chapter 1, as tabulated in the collection of Câmara do Valle.
    checks = checks_of(heat_exchanger())
    quality = meter_quality(checks, measurement_test(checks).critical)
    assert checks.chi2 == pytest.approx(6.4075)
    assert checks.redundancy == 4
    assert quality.adjustability == pytest.approx(np.full(6, 0.42264973))
    assert quality.detectability == pytest.approx(np.full(6, 0.81649658))
    assert measurement_test(checks).z == pytest.approx(
        [2.069818833, -0.061237244, -1.310477012, -0.367423461, 0.881816307, -1.641158128]
    )
    # Residuals 2.81, 0.25, -1.79, 1.76 over roots of 3, 2, 2, 3.
    assert nodal_test(checks).z == pytest.approx(
        np.array([2.81, 0.25, -1.79, 1.76]) / np.sqrt([3.0, 2.0, 2.0, 3.0])
    )


def test_the_recycle_agrees_with_the_published_detectability() -> None:
    # Rosenberg, Mah and Iordache (1987).
    checks = checks_of(recycle())
    quality = meter_quality(checks, None)
    strong, weak, middle = 0.7867958, 0.6900656, 0.7559289
    assert quality.detectability == pytest.approx([strong] * 3 + [weak, middle, weak, strong], abs=1e-7)
    assert np.isinf(quality.smallest_bias).all()


def test_the_steam_metering_data_are_clean_and_nothing_is_named() -> None:
    checks = checks_of(steam())
    assert checks.chi2 == pytest.approx(10.685693, abs=1e-6)
    found = serial_elimination(checks)
    assert (found.suspects, found.stop) == ((), StopReason.AGREE)
    assert found == simultaneous_errors(checks)


def test_the_bias_in_the_reactor_is_found_in_the_second_flow() -> None:
    # Ripps (1965): the global test fails, and without flow 2 chi-square falls from 8.455 to 0.964.
    checks = checks_of(ripps())
    test = measurement_test(checks)
    assert test.z == pytest.approx([1.0767780, -2.7369879, 2.6238487, 0.1317763], abs=1e-6)
    assert test.alarms.tolist() == [1, 2]
    for found in (serial_elimination(checks, NO_LEAKS), simultaneous_errors(checks, NO_LEAKS)):
        (suspect,) = found.suspects
        assert names(suspect) == [("bias", 1)]
        assert suspect.chi2_before == pytest.approx(8.4547418)
        assert suspect.chi2_after == pytest.approx(0.9636390)
        assert suspect.redundancy_after == found.after.redundancy == 2
        assert suspect.rivals == (Candidate(BIAS, 2),)
        assert abs(suspect.z) > suspect.critical.value > 1.96
        assert not found.before.passed
        assert found.after.passed


def test_the_size_of_a_bias_is_its_reading_minus_what_the_others_say() -> None:
    clean = ripps()
    without = replace(
        clean,
        measured=np.where(np.arange(4) == 1, np.nan, clean.measured),
        sds=np.where(np.arange(4) == 1, np.nan, clean.sds),
    )
    values, covariance, chi2 = dense_solution(without)
    (suspect,) = serial_elimination(checks_of(clean), NO_LEAKS).suspects
    (estimate,) = suspect.estimates
    assert estimate.value == pytest.approx(clean.measured[1] - values[1])
    assert estimate.sd**2 == pytest.approx(clean.sds[1] ** 2 + covariance[1, 1])
    assert estimate.high - estimate.low == pytest.approx(2 * 1.959964 * estimate.sd)
    assert suspect.chi2_after == pytest.approx(chi2)


def test_a_bias_and_a_leak_are_told_apart() -> None:
    truth = np.array([100.0, 64.0, 36.0, 64.0, 36.0, 100.0])
    biased, leaking = truth.copy(), truth.copy()
    biased[1] += 12.0
    leaking[3] -= 12.0
    leaking[5] -= 12.0  # 12 are lost between streams 2 and 4, in process 2
    (bias,) = serial_elimination(checks_of(heat_exchanger(biased.tolist()))).suspects
    (leak,) = serial_elimination(checks_of(heat_exchanger(leaking.tolist()))).suspects
    assert names(bias) == [("bias", 1)]
    assert bias.estimates[0].value == pytest.approx(12.0)
    assert names(leak) == [("leak", 1)]
    assert leak.estimates[0].value == pytest.approx(12.0)
    assert leak.chi2_after == pytest.approx(0.0, abs=1e-9)


def test_what_no_test_can_tell_apart_is_named_as_one_set() -> None:
    # A pump between two meters: either is wrong, or the pump leaks.
    checks = checks_of(network(((0, 1), (1, 0)), (100.0, 90.0), (1.0, 2.0)))
    assert candidates(checks).sets == ((Candidate(BIAS, 0), Candidate(BIAS, 1), Candidate(LEAK, 0)),)
    found = serial_elimination(checks)
    (suspect,) = found.suspects
    assert suspect.is_set
    assert names(suspect) == [("bias", 0), ("bias", 1), ("leak", 0)]
    assert [each.value for each in suspect.estimates] == pytest.approx([10.0, -10.0, 10.0])
    assert [each.sd for each in suspect.estimates] == pytest.approx([5**0.5] * 3)
    assert found.stop is StopReason.NOTHING_LEFT
    # One number, so one test: no correction.
    assert suspect.critical.value == pytest.approx(1.959964, abs=1e-6)


def test_a_bias_of_the_only_feed_and_a_leak_at_it_are_the_same() -> None:
    checks = checks_of(heat_exchanger())
    assert (Candidate(BIAS, 0), Candidate(LEAK, 0)) in candidates(checks).sets


def test_leaks_between_which_nobody_measures_are_alike() -> None:
    chain = network(((0, 1), (1, 2), (2, 3), (3, 0)), (10.0, np.nan, 8.0, 9.0), (1.0, np.nan, 1.0, 1.0))
    checks = checks_of(chain)
    assert checks.combinations == pytest.approx(np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]))
    assert nodal_test(checks).z == pytest.approx(np.array([2.0, -1.0]) / 2**0.5)
    (alike, _) = candidates(checks).sets
    assert alike == (Candidate(BIAS, 0), Candidate(LEAK, 0), Candidate(LEAK, 1))


def test_a_leak_takes_its_components_along() -> None:
    # Total and acid balanced over one process; a leak of the feed takes 20 % of acid with it.
    matrix = sp.csr_array(np.array([[1.0, -1.0, 0.0, 0.0], [0.0, 0.0, 1.0, -1.0]]))
    plant = LinearProblem(
        matrix, np.zeros(2), np.array([100.0, 90.0, 20.0, 18.0]), np.array([1, 1, 0.2, 0.2])
    )
    test = likelihood_ratio_test(checks_of(plant), leaks=np.array([[1.0], [0.2]]))
    assert test.found.members[int(np.argmax(np.abs(test.z)))] == Candidate(LEAK, 0)
    assert test.sizes[-1] == pytest.approx(10.0)


def test_what_nothing_checks_is_never_suspected() -> None:
    plant = network(((0, 1), (1, 0), (1, 0)), (100.0, 1.0, np.nan), (1.0, 1.0, np.nan))
    checks = checks_of(plant)
    found = candidates(checks)
    assert found.members == ()
    assert found.hidden == (Candidate(BIAS, 0), Candidate(BIAS, 1), Candidate(LEAK, 0))
    assert checks.redundancy == 0
    assert np.isnan(measurement_test(checks).z).all()
    assert measurement_test(checks).critical is None
    assert measurement_test(checks).passed
    for findings in (
        serial_elimination(checks),
        simultaneous_errors(checks),
        simultaneous_errors(checks, criterion=Criterion.INFORMATION),
    ):
        assert (findings.suspects, findings.stop) == ((), StopReason.NOTHING_LEFT)
        assert findings.before.passed


def test_several_biases_are_found_and_estimated_together() -> None:
    plant = random_plant(3, 30, 80)
    biases = {4: 15.0, 31: -25.0, 60: 30.0}
    measured = plant.measured.copy()
    for stream, bias in biases.items():
        measured[stream] += bias
    checks = checks_of(replace(plant, measured=measured))
    no_leaks = np.zeros((30, 0))
    for found in (
        serial_elimination(checks, no_leaks),
        simultaneous_errors(checks, no_leaks),
        simultaneous_errors(checks, no_leaks, criterion=Criterion.INFORMATION),
    ):
        assert {suspect.members for suspect in found.suspects} == {
            (Candidate(BIAS, place),) for place in biases
        }
        for suspect in found.suspects:
            (estimate,) = suspect.estimates
            assert abs(estimate.value - biases[suspect.members[0].index]) < 3.0 * estimate.sd
        assert found.stop is StopReason.AGREE
    # Two leaks, one of them inward, explain the data about as well; the truth is among the alternatives.
    found = simultaneous_errors(checks)
    assert {Candidate(BIAS, place) for place in biases} in [set(each) for each in found.alternatives]


def hiding_pair() -> LinearProblem:
    # Two lines from A to B side by side and a total before and after: two biases of the lines look like one of a total.
    truth = np.array([100.0, 50.0, 50.0, 50.0, 50.0, 100.0])
    return heat_exchanger((truth + np.array([0.0, 9.0, 9.0, 0.0, 0.0, 0.0])).tolist())


def test_two_errors_that_point_at_a_third_are_found_together() -> None:
    checks = checks_of(hiding_pair())
    together = simultaneous_errors(checks, np.zeros((4, 0)))
    assert sorted(names(suspect)[0] for suspect in together.suspects) == [("bias", 1), ("bias", 2)]
    assert [suspect.estimates[0].value for suspect in together.suspects] == pytest.approx([9.0, 9.0])
    assert together.after.chi2 == pytest.approx(0.0, abs=1e-9)


def test_a_suspect_that_others_explain_away_does_not_stand() -> None:
    # Three biases of eight standard deviations: one after the other a sound meter is named first.
    plant = random_plant(221, 8, 20)
    biased = [6, 8, 9]
    measured = plant.measured.copy()
    measured[biased] += np.array([1.0, 1.0, -1.0]) * 8.0 * plant.sds[biased]
    checks = checks_of(replace(plant, measured=measured))
    first, *others = serial_elimination(checks, np.zeros((8, 0))).suspects
    assert names(first) == [("bias", 0)]
    assert not first.stands
    assert all(suspect.stands for suspect in others)
    together = simultaneous_errors(checks, np.zeros((8, 0))).suspects
    assert sorted(suspect.members[0].index for suspect in together) == biased
    assert all(suspect.stands for suspect in together)


def test_the_search_ends_where_it_is_told_to() -> None:
    checks = checks_of(hiding_pair())
    for search in (serial_elimination, simultaneous_errors):
        found = search(checks, np.zeros((4, 0)), most=1)
        assert len(found.suspects) == 1
        assert found.stop is StopReason.MOST


def test_many_small_disagreements_are_not_laid_at_one_door() -> None:
    # Independent pumps, each a little off: no test alarms, all together do.
    arcs = [arc for process in range(1, 31) for arc in ((0, process), (process, 0))]
    plant = network(arcs, [0.0, 2.8] * 30, [1.0] * 60)
    found = serial_elimination(checks_of(plant))
    assert not found.before.passed
    assert (found.suspects, found.stop) == ((), StopReason.UNLOCATED)


def test_exact_knowledge_and_unmeasured_streams_take_part() -> None:
    arcs = ((0, 1), (1, 2), (1, 2), (2, 0))
    plant = network(arcs, (100.0, np.nan, 40.0, 103.0), (0.0, np.nan, 1.0, 1.0))
    checks = checks_of(plant)
    assert measurement_test(checks).z == pytest.approx([np.nan, np.nan, np.nan, 3.0], nan_ok=True)
    quality = meter_quality(checks, measurement_test(checks).critical)
    assert quality.own_share == pytest.approx([np.nan, np.nan, 1.0, 0.0], nan_ok=True)
    assert quality.adjustability == pytest.approx([np.nan, np.nan, 0.0, 1.0], nan_ok=True)
    assert quality.smallest_bias[:, 3] == pytest.approx(
        np.array([1.959964 + 0.841621, 1.959964 + 1.644854]), abs=1e-4
    )
    assert np.isinf(quality.smallest_bias[:, 2]).all()


def test_a_correlated_measurement_is_tested_with_the_most_powerful_statistic() -> None:
    # VDI 2048 Part 1, the worked example enlarged and with correlations; z solved independently.
    matrix = np.zeros((3, 11))
    matrix[0, :5] = 1, 1, -1, -1, 0.4
    matrix[1, 2:9] = 1, 1, -1, -1, -1, -1, -1
    matrix[2, 6:10] = 1, 1, 1, -1
    readings = (46.241, 45.668, 44.575, 44.319, 0.525, 69.978, 10.364, 3.744, 4.391, 18.498, 2.092)
    half_widths = (2.5, 2.5, 0.535, 0.532, 0.105, 0.854, 0.168, 0.058, 0.058, 0.205, 0.272)
    plant = LinearProblem(
        sp.csr_array(matrix),
        np.zeros(3),
        np.array(readings),
        np.array(half_widths) / 1.96,
        ((0, 1, 0.2), (2, 3, 0.4)),
    )
    checks = checks_of(plant)
    assert checks.chi2 == pytest.approx(2.5370148, abs=1e-7)
    assert measurement_test(checks).z[[0, 2, 4, 5, 9]] == pytest.approx(
        [1.5837980, -0.4084924, 0.1110182, -0.0892086, -0.0134220], abs=5e-3
    )
    assert measurement_test(checks).sets == ((0, 1), (2, 3), (6, 7, 8))


@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.3, 0.6]))
def test_checks_say_what_the_whole_solution_says(seed: int, unmeasured: float) -> None:
    plant = random_plant(seed, 8, 18, unmeasured)
    values, covariance, chi2 = dense_solution(plant)
    checks = checks_of(plant)
    assert checks.chi2 == pytest.approx(chi2, abs=1e-7)
    quality = meter_quality(checks, None)
    known = ~np.isnan(plant.measured)
    share = np.diag(covariance)[known] / plant.sds[known] ** 2
    assert quality.own_share[known] == pytest.approx(share, abs=1e-7)
    # What the balances take off the measured variances is the redundancy.
    assert float(np.sum(1.0 - share)) == pytest.approx(checks.redundancy, abs=1e-6)
    adjusted = (plant.measured - values)[known]
    sds = plant.sds[known] * np.sqrt(np.maximum(1.0 - share, 0.0))
    tested = np.flatnonzero(sds > 1e-4)
    assert measurement_test(checks).z[known][tested] == pytest.approx(
        adjusted[tested] / sds[tested], abs=1e-4
    )


@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.4]))
def test_units_do_not_matter(seed: int, unmeasured: float) -> None:
    plant = random_plant(seed, 8, 18, unmeasured)
    dice = np.random.default_rng(seed)
    rows, columns = 10.0 ** dice.uniform(-4, 4, 8), 10.0 ** dice.uniform(-4, 4, 18)
    scaled = replace(
        plant,
        matrix=sp.csr_array(plant.matrix.toarray() * rows[:, None] / columns),
        measured=plant.measured * columns,
        sds=plant.sds * columns,
    )
    here, there = checks_of(plant), checks_of(scaled)
    assert there.redundancy == here.redundancy
    assert there.chi2 == pytest.approx(here.chi2, abs=1e-6)
    assert measurement_test(there).z == pytest.approx(measurement_test(here).z, abs=1e-5, nan_ok=True)
    assert candidates(there).members == candidates(here).members
    assert candidates(there).sets == candidates(here).sets


@given(st.integers(0, 10_000))
def test_letting_a_measurement_go_is_the_same_as_never_having_made_it(seed: int) -> None:
    plant = random_plant(seed, 8, 18)
    test = measurement_test(checks_of(plant))
    stream = int(seed % 18)
    gone = np.arange(18) == stream
    without = replace(
        plant, measured=np.where(gone, np.nan, plant.measured), sds=np.where(gone, np.nan, plant.sds)
    )
    left = checks_of(without)
    assert left.chi2 == pytest.approx(checks_of(plant).chi2 - test.z[stream] ** 2, abs=1e-7)


def test_influence_is_what_moving_a_reading_does() -> None:
    plant = random_plant(5, 8, 18)
    moved = meter_influence(checks_of(plant))
    more = plant.measured.copy()
    more[3] += plant.sds[3]
    change = dense_solution(replace(plant, measured=more))[0] - dense_solution(plant)[0]
    assert moved[:, 3] == pytest.approx(change / plant.sds, abs=1e-8)
    quality = meter_quality(checks_of(plant), None)
    own = quality.own_share
    assert quality.influence == pytest.approx(np.sqrt(own - own**2), abs=1e-7)


def test_the_global_test_is_that_of_the_tables() -> None:
    # Chi-square, 95 %: 11 degrees of freedom 19.675.
    found = global_test(10.6857, 11)
    assert found.critical == pytest.approx(19.675, abs=5e-4)
    assert found.passed
    assert 0.4 < found.p_value < 0.5
    assert global_test(0.0, 0).passed
    with pytest.raises(ValueError, match="level"):
        global_test(1.0, 1, level=1.0)


def test_the_letters_of_solvability_follow_the_classes() -> None:
    letters = solvability(np.array([0, 1, 2, 3, 4], dtype=np.int8))
    assert [str(each) for each in letters] == ["R", "NR", "S", "NS", "F"]
    assert letters[0] is Solvability.REDUNDANT


def explained(found: Findings) -> list[str]:
    return [
        str(suspect_text(suspect, lambda member: f"{member.kind} {member.index}", "t/yr"))
        for suspect in found.suspects
    ]


def test_suspects_are_explained_with_their_evidence() -> None:
    (low,) = explained(serial_elimination(checks_of(ripps()), NO_LEAKS))
    assert low == (
        "bias 1 is measured 0.284 t/yr (95 % interval 0.0806 to 0.487) too low. The test statistic is 2.74 and "
        "chance alone stays below 2.44; without it, chi-square falls from 8.45 to 0.964 with 2 degrees of freedom."
    )
    (either,) = explained(serial_elimination(checks_of(network(((0, 1), (1, 0)), (90.0, 100.0), (1.0, 2.0)))))
    assert either.startswith("One of these is wrong, and no test can tell which: bias 0, bias 1, leak 0. ")
    truth = np.array([100.0, 64.0, 36.0, 64.0, 36.0, 100.0])
    shapes = {
        "is measured 12.0 t/yr": (0, 12, 0, 0, 0, 0),
        "leak 1 loses 12.0 t/yr": (0, 0, 0, -12, 0, -12),
        "More leaves leak 1 than enters it, by 12.0 t/yr": (0, 0, 0, 12, 0, 12),
    }
    for words, errors in shapes.items():
        found = serial_elimination(checks_of(heat_exchanger((truth + errors).tolist())))
        assert words in explained(found)[0]
        for language in LANGUAGES:
            suspect = found.suspects[0]
            assert render(suspect_text(suspect, lambda member: str(member.index), "t"), language)


def test_a_suspect_is_explained_in_chinese_with_the_unit_in_chinese() -> None:
    (low,) = serial_elimination(checks_of(ripps()), NO_LEAKS).suspects
    words = render(suspect_text(low, lambda member: f"F{member.index}", "t/yr"), "zh-hant")
    assert words.startswith("F1讀數偏低 0.284 t/年（95 % 信賴區間 0.0806 至 0.487）。")


def test_contradictory_input_is_refused() -> None:
    plant = heat_exchanger()
    with pytest.raises(ValueError, match="fit each other"):
        checks_of(replace(plant, constants=np.zeros(3)))
    contradiction = ((0, 1, 0.9), (1, 2, 0.9), (0, 2, -0.9))
    with pytest.raises(ValueError, match="contradict"):
        checks_of(replace(plant, correlations=contradiction))
    with pytest.raises(ValueError, match="4 rows"):
        candidates(checks_of(plant), np.zeros((3, 1)))
