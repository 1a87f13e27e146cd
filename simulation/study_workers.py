"""Where replications are simulated: in this process, or on processes beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Protocol

from simulation.errors import StudyError
from simulation.study_replication import Order, Replicated, replicate
from simulation.worker_processes import refuse_wrong_jobs, worker_pool


@dataclass(frozen=True, slots=True)
class Failure:
    """A replication that raised: which one, and what in one line."""

    order: Order
    message: str
    error: BaseException


Answer = tuple[Order, Replicated | Failure]


class Workers(Protocol):
    """Simulates replications in any order."""

    def check(self) -> None:
        """Refuse early what cannot work.

        Raises
        ------
        StudyError
            When nobody is there who could simulate.
        """
        ...

    def run(self, orders: Sequence[Order]) -> Iterator[Answer]:
        """Each order with its result or its failure, as they get done.

        Raises
        ------
        StudyError
            When nobody is left who could simulate.
        """
        ...


@dataclass(frozen=True, slots=True)
class LocalWorkers:
    """This process (`processes` = 1), or spawned processes.

    A process that dies takes the replications of all of them with it; they are simulated once more by new
    processes, and if those die before anything is done, the study ends. `simulate` must be a function of a
    module, for the spawned processes to find it.
    """

    processes: int = 1
    simulate: Callable[[Order], Replicated] = replicate

    def __post_init__(self) -> None:
        refuse_wrong_jobs(self.processes)

    def check(self) -> None:
        """See `Workers`: this machine is there."""

    def run(self, orders: Sequence[Order]) -> Iterator[Answer]:
        """See `Workers`."""
        left = list(orders)
        is_hopeless = False
        while left:
            done: set[Order] = set()
            for answer in self._run_once(left):
                done.add(answer[0])
                yield answer
            left = [order for order in left if order not in done]
            if left and not done and is_hopeless:
                raise StudyError(
                    "worker processes ended twice before their day was done, perhaps for lack of memory;"
                    " try fewer --jobs and run the study again: it goes on where it was"
                )
            is_hopeless = not done

    def _run_once(self, orders: Sequence[Order]) -> Iterator[Answer]:
        """Answers until all are given, or until a process dies."""
        with self._executor(len(orders)) as executor:
            futures = {executor.submit(self.simulate, order): order for order in orders}
            try:
                for future in as_completed(futures):
                    if isinstance(future.exception(), BrokenProcessPool):
                        return
                    yield _answer(futures.pop(future), future)
            finally:
                executor.shutdown(wait=True, cancel_futures=True)

    def _executor(self, orders: int) -> Executor:
        processes = min(self.processes, orders)
        if processes == 1:
            return ThreadPoolExecutor(1)
        return worker_pool(processes)


def _answer(order: Order, future: Future[Replicated]) -> Answer:
    error = future.exception()
    if error is None:
        return order, future.result()
    return order, Failure(order, one_line(error), error)


def one_line(error: BaseException) -> str:
    """An error in one line."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
