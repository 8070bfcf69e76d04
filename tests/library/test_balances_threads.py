"""Linear algebra on one thread, and as before after it."""

from __future__ import annotations

import pytest
from threadpoolctl import threadpool_info

from openrecp.balances.threads import on_one_thread, one_thread


def blas_threads() -> list[int]:
    return [each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"]


def test_linear_algebra_runs_on_one_thread_and_then_as_before() -> None:
    before = blas_threads()
    with one_thread():
        assert set(blas_threads()) <= {1}
        with one_thread():
            assert set(blas_threads()) <= {1}
        assert set(blas_threads()) <= {1}
    assert blas_threads() == before


def test_threads_are_given_back_after_a_failure() -> None:
    before = blas_threads()
    with pytest.raises(ZeroDivisionError), one_thread():
        _ = 1 / 0
    assert blas_threads() == before


def test_a_function_can_be_put_on_one_thread_as_a_whole() -> None:
    @on_one_thread
    def threads_in_it(more: int, *, less: int = 0) -> tuple[set[int], int]:
        return set(blas_threads()), more - less

    before = blas_threads()
    used, given = threads_in_it(5, less=2)
    assert used <= {1}
    assert given == 3
    assert blas_threads() == before
