"""Weighted sums, ties, and the weights at which the order turns."""

from __future__ import annotations

from fractions import Fraction

import pytest
from economics_sample import published
from hypothesis import given
from hypothesis import strategies as st

from openrecp.errors import Severity, UnusableInput
from openrecp.screening import Criterion, Matrix, Turn, rank_subjects
from openrecp.texts import render

APPENDIX_7 = published("screening_appendix_7")


def matrix(weights: list[float | None], ratings: list[list[float | None]]) -> Matrix:
    """Criteria c0, c1, ... and subjects A, B, ..."""
    return Matrix(
        tuple(Criterion(f"c{row}", weight) for row, weight in enumerate(weights)),
        tuple("ABCDEFGH"[: len(ratings[0])]),
        tuple(tuple(row) for row in ratings),
    )


def appendix_7() -> Matrix:
    rows = APPENDIX_7["criteria"]
    return Matrix(
        tuple(Criterion(row["name"], row["weight"]) for row in rows),
        ("X", "Y", "Z"),
        tuple(tuple(row["ratings"][subject] for subject in "XYZ") for row in rows),
    )


def test_published_scores_ranks_and_shortlist() -> None:
    found = rank_subjects(appendix_7())
    assert {score.subject: score.score.value for score in found.scores} == APPENDIX_7["scores"]
    assert {score.subject: score.rank for score in found.scores} == APPENDIX_7["ranks"]
    assert list(found.shortlist) == APPENDIX_7["shortlist"]
    assert found.first == ("Z",)
    assert found.issues == ()


def test_a_score_shows_each_product_and_its_share_of_the_most() -> None:
    best = rank_subjects(appendix_7()).scores[0]
    assert [product.value for product in best.score.inputs] == [30, 64, 35, 40]
    assert [part.value for part in best.score.inputs[0].inputs] == [10, 3]
    assert best.share.value == pytest.approx(169 / 300 * 100)


def test_the_weights_at_which_appendix_7_turns() -> None:
    found = {each.criterion: each for each in rank_subjects(appendix_7()).sensitivity}
    ease = found["Easy to implement"]
    # X and Z are 3 apart and rated 2 and 8: half a point less weight makes them equal.
    assert ease.first_down == Turn(4.5, 0.5, ("X", "Z"), ("X",))
    assert ease.first_up is None
    cost = found["Reduces treatment cost"]
    assert (cost.first_up, cost.first_down) == (None, None)  # at 10 it cannot rise; lower only helps Z


def test_ties_share_a_rank_and_the_next_is_left_out() -> None:
    found = rank_subjects(matrix([1, 1], [[5, 5, 3], [5, 5, 3]]))
    assert [(score.rank, score.tied) for score in found.scores] == [(1, True), (1, True), (3, False)]
    assert found.first == ("A", "B")


def test_ties_of_decimals_are_exact() -> None:
    found = rank_subjects(matrix([0.1, 0.2], [[3, 0], [0, 1.5]]))
    assert [score.rank for score in found.scores] == [1, 1]


def test_a_tie_that_any_change_breaks_has_no_distance() -> None:
    (first, second) = rank_subjects(matrix([5, 5], [[8, 2], [2, 8]])).sensitivity
    assert first.first_up == Turn(5.0, 0.0, ("A", "B"), ("A",))
    assert first.first_down == Turn(5.0, 0.0, ("A", "B"), ("B",))
    assert second.first_up == Turn(5.0, 0.0, ("A", "B"), ("B",))


def test_identical_subjects_stay_tied_whatever_the_weights() -> None:
    found = rank_subjects(matrix([5, 0], [[7, 7], [4, 4]]))
    assert found.first == ("A", "B")
    for each in found.sensitivity:
        assert (each.first_down, each.first_up, each.order_down, each.order_up) == (None, None, None, None)


def test_a_weight_of_zero_can_only_rise() -> None:
    found = rank_subjects(matrix([0, 10], [[0, 10], [9, 5]])).sensitivity[0]
    assert found.first_down is None
    assert found.first_up == Turn(4.0, 4.0, ("A", "B"), ("B",))


def test_a_turn_at_the_end_of_the_scale_is_a_tie_and_no_more() -> None:
    found = rank_subjects(matrix([5, 10], [[0, 10], [10, 0]])).sensitivity[0]
    assert found.first_up == Turn(10.0, 5.0, ("A", "B"), ())


def test_the_order_below_the_first_can_turn_earlier() -> None:
    # 100, 42 and 40 points: third overtakes second long before anyone reaches the first.
    found = rank_subjects(matrix([2, 10], [[0, 1, 5], [10, 4, 3]])).sensitivity[0]
    assert found.order_up is not None
    assert (found.order_up.weight, found.order_up.level) == (2.5, ("B", "C"))
    assert found.first_up is None


def test_missing_ratings_are_no_zeros() -> None:
    found = rank_subjects(matrix([5, 5], [[8, None], [None, 9]]))
    assert [score.rank for score in found.scores] == [None, None]
    assert all(score.score.value is None for score in found.scores)
    assert [issue.code for issue in found.issues] == ["rating-missing", "rating-missing"]
    assert "c1" in render(found.scores[0].score.reason, "zh-hant")
    assert found.first == ()


def test_a_subject_without_score_comes_last_and_does_not_take_a_rank() -> None:
    found = rank_subjects(matrix([5], [[None, 3, 8]]))
    assert [(score.subject, score.rank) for score in found.scores] == [("C", 1), ("B", 2), ("A", None)]


def test_a_rating_missing_under_a_weight_of_zero_does_not_matter() -> None:
    found = rank_subjects(matrix([0, 5], [[None, 3], [8, 9]]))
    assert [score.rank for score in found.scores] == [1, 2]
    assert [issue.severity for issue in found.issues] == [Severity.NOTE]
    assert found.sensitivity[0].first_up is None  # only one subject is rated there


def test_a_criterion_without_weight_is_left_out_for_all() -> None:
    found = rank_subjects(matrix([None, 5], [[1, 9], [8, 3]]))
    assert found.first == ("A",)
    assert [issue.code for issue in found.issues] == ["weight-missing"]
    assert len(found.sensitivity) == 1


def test_no_weights_no_scores() -> None:
    found = rank_subjects(matrix([None], [[1, 2]]))
    assert found.first == ()
    assert str(found.scores[0].score.reason) == "no criterion has a weight yet"


def test_all_weights_zero_ties_everyone() -> None:
    found = rank_subjects(matrix([0], [[1, 2]]))
    assert found.first == ("A", "B")
    assert found.scores[0].share.value is None
    assert str(found.scores[0].share.reason) == "all weights are zero"


def test_impossible_matrices_are_reported_all_at_once() -> None:
    with pytest.raises(UnusableInput) as caught:
        Matrix((Criterion("a", 11), Criterion("a", 5)), ("X", " "), ((1, -2), (float("nan"), 4)))
    assert sorted(issue.code for issue in caught.value.issues) == [
        "name-missing",
        "name-twice",
        "rating-out-of-range",
        "rating-out-of-range",
        "weight-out-of-range",
    ]
    with pytest.raises(UnusableInput, match="do not fit"):
        Matrix((Criterion("a", 1),), ("X", "Y"), ((1,),))


points = st.integers(0, 10)


@st.composite
def matrices(draw: st.DrawFn) -> Matrix:
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 5))
    weights = draw(st.lists(points, min_size=rows, max_size=rows))
    ratings = [draw(st.lists(points, min_size=columns, max_size=columns)) for _ in range(rows)]
    return matrix(list(weights), [list(row) for row in ratings])


def order_with(found: Matrix, row: int, weight: Fraction) -> list[tuple[str, ...]]:
    """Groups of equal subjects, highest first, with another weight: the slow and plain way."""
    totals = {
        subject: sum(
            (
                (weight if at == row else Fraction(criterion.weight or 0))
                * Fraction(found.ratings[at][column] or 0)
                for at, criterion in enumerate(found.criteria)
            ),
            Fraction(0),
        )
        for column, subject in enumerate(found.subjects)
    }
    levels = sorted(set(totals.values()), reverse=True)
    return [tuple(subject for subject in found.subjects if totals[subject] == level) for level in levels]


@given(matrices())
def test_turns_are_where_a_plain_search_finds_them(found: Matrix) -> None:
    screening = rank_subjects(found)
    for row, each in enumerate(screening.sensitivity):
        now = Fraction(each.weight)
        order = order_with(found, row, now)
        for turn, sign, part in (
            (each.first_up, 1, 1),
            (each.first_down, -1, 1),
            (each.order_up, 1, None),
            (each.order_down, -1, None),
        ):
            room = 10 - now if sign > 0 else now
            # Ratings are whole, so crossings are ratios of whole numbers with at most 10 below the line.
            change = Fraction(str(turn.change)).limit_denominator(10) if turn else room
            if change > 0:
                for step in (Fraction(1, 100_000), Fraction(1, 3), Fraction(99_999, 100_000)):
                    assert order_with(found, row, now + sign * change * step)[:part] == order[:part]
            if turn is None:
                assert room == 0 or order_with(found, row, now + sign * room)[:part] == order[:part]
                continue
            at = now + sign * change
            beyond = at + sign * Fraction(1, 1_000_000)
            changed = order_with(found, row, at)[:part] != order[:part]
            assert changed or order_with(found, row, beyond)[:part] != order[:part]
            if turn.first_beyond:
                assert order_with(found, row, beyond)[0] == turn.first_beyond
