"""Matrices of a balance are small: several threads for one of them wait for each other longer than they work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, wraps
from typing import ParamSpec, TypeVar

from threadpoolctl import ThreadpoolController

_Given = ParamSpec("_Given")
_Found = TypeVar("_Found")


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()


@contextmanager
def one_thread() -> Iterator[None]:
    """Linear algebra on one thread for as long as this lasts."""
    with _controller().limit(limits=1, user_api="blas"):
        yield


def on_one_thread(work: Callable[_Given, _Found]) -> Callable[_Given, _Found]:
    """The same work with its linear algebra on one thread."""

    @wraps(work)
    def done(*given: _Given.args, **named: _Given.kwargs) -> _Found:
        with one_thread():
            return work(*given, **named)

    return done
