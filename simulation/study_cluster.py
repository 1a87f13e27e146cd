"""Replications on a Dask cluster, which shares neither folders nor files with this machine.

A replication goes there as its recipe, with the bytes of the files that its scenario reads, and comes back as
the bytes of its own files. The workers must run the same program; what is not in their caches they compute.
"""

from __future__ import annotations

import os
import pickle
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from scenarios.preparation import cache_folder
from simulation.errors import StudyError
from simulation.program import installation
from simulation.study_cases import Recipe
from simulation.study_replication import Order, Replicated, replicate
from simulation.study_workers import Answer, Failure, one_line

if TYPE_CHECKING:
    from distributed import Client, Future

Inputs = Mapping[str, bytes]
"""Content of each file that a scenario reads, by its path as the scenario writes it."""

_POLL_S: Final = 1
_MOST_LOSSES: Final = 5
"""Times that one replication may go down with a worker."""
_AHEAD: Final = 8
"""Replications that wait at the scheduler for each thread of a worker."""
_INPUTS: Final = "inputs"


@dataclass(frozen=True, slots=True)
class DaskWorkers:
    """The workers of a cluster.

    A worker that dies is no loss: its replications go to the others. Each worker process simulates one
    replication at a time, whatever its number of threads.

    Parameters
    ----------
    address
        Of the scheduler: `tcp://HOST:PORT`.
    patience_s
        How long to wait for the scheduler, and for a first or a new worker where there is none.
    simulate
        A function of a module that the workers can import.
    """

    address: str
    patience_s: int = 30
    simulate: Callable[[Order], Replicated] = replicate

    def __post_init__(self) -> None:
        host, _, port = self.address.removeprefix("tcp://").rpartition(":")
        if not self.address.startswith("tcp://") or not host or not port.isdecimal():
            raise StudyError(
                f"cluster is {self.address!r}; give the scheduler's address as tcp://HOST:PORT, for example"
                " tcp://127.0.0.1:8786"
            )

    def check(self) -> None:
        """See `Workers`: the scheduler answers, and its workers run this program."""
        with self._client() as client:
            self._refuse_other_programs(client)

    def run(self, orders: Sequence[Order]) -> Iterator[Answer]:
        """See `Workers`."""
        with self._client() as client, client.as_current():
            parcels: dict[object, Future] = {}
            for order in orders:
                if order.recipe.inputs not in parcels:
                    # A task, not scattered data: what a dying worker takes along is made again.
                    parcel = pickle.dumps(inputs_of(order.recipe))
                    parcels[order.recipe.inputs] = client.submit(_unopened, parcel)

            def submitted(order: Order) -> Future:
                parcel = parcels[order.recipe.inputs]
                return client.submit(replicate_there, order, parcel, self.simulate, pure=False)

            waiting = deque(orders)
            futures: dict[Future, Order] = {}
            losses = Counter[Order]()
            try:
                while futures or waiting:
                    # A few for each worker: a wait costs as much as there are futures to look at.
                    most = _AHEAD * max(1, sum(client.nthreads().values()))
                    while waiting and len(futures) < most:
                        order = waiting.popleft()
                        futures[submitted(order)] = order
                    for future in self._finished(client, list(futures)):
                        order = futures.pop(future)
                        answer = _answer(order, future)
                        future.release()
                        if answer is not None:
                            yield answer
                            continue
                        losses[order] += 1
                        if losses[order] > _MOST_LOSSES or client.status != "running":
                            raise self._lost()
                        futures[submitted(order)] = order
            finally:
                client.cancel(list(futures))

    @contextmanager
    def _client(self) -> Iterator[Client]:
        """A connection to the scheduler, closed at the end."""
        import dask

        with dask.config.set({"logging.distributed": "critical"}):
            from distributed import Client

            try:
                client = Client(self.address, timeout=self.patience_s, set_as_default=False)
            except (OSError, ValueError) as error:
                raise StudyError(
                    f"cluster {self.address} does not answer ({one_line(error)}); start one with `dask"
                    " scheduler` and `dask worker`, or leave out --cluster"
                ) from error
        try:
            yield client
        finally:
            client.close(timeout=self.patience_s)

    def _refuse_other_programs(self, client: Client) -> None:
        """Wait for a worker, and see that all of them run this program."""
        try:
            client.wait_for_workers(1, timeout=self.patience_s)
        except TimeoutError:
            raise self._without_workers() from None
        try:
            found = {f"worker {name}": said for name, said in client.run(installation).items()}
            found["the scheduler"] = client.run_on_scheduler(installation)
        except (ImportError, AttributeError) as error:
            raise StudyError(
                f"cluster {self.address} cannot load the program ({one_line(error)}); install maas there from"
                " the same files and lock file"
            ) from error
        for machine, theirs in sorted(found.items()):
            if theirs != installation():
                raise StudyError(
                    f"cluster {self.address}: {machine} runs another version of the program or of its"
                    " libraries; install maas there from the same files and lock file"
                )

    def _finished(self, client: Client, futures: Sequence[Future]) -> list[Future]:
        """At least one future that is done."""
        from distributed import wait

        lonely = 0
        while True:
            try:
                return sorted(wait(futures, _POLL_S, "FIRST_COMPLETED").done, key=lambda future: future.key)
            except TimeoutError:
                if client.status != "running":
                    raise self._lost() from None
                lonely = 0 if client.nthreads() else lonely + _POLL_S
                if lonely >= self.patience_s:
                    raise self._without_workers() from None

    def _without_workers(self) -> StudyError:
        return StudyError(
            f"cluster {self.address} has had no worker for {self.patience_s} s; start some with"
            f" `dask worker {self.address}` and run the study again: it goes on where it was"
        )

    def _lost(self) -> StudyError:
        return StudyError(
            f"cluster {self.address} was lost; what was done is kept: start it and run the study again"
        )


def inputs_of(recipe: Recipe) -> Inputs:
    """Bytes of the files that a recipe's scenario reads.

    Raises
    ------
    StudyError
        When the scenario names one by an absolute path, which means nothing on another machine.
    """
    folder = Path(recipe.file).parent
    for name, _ in recipe.inputs:
        if Path(name).is_absolute():
            raise StudyError(
                f"{recipe.file}: {name} is an absolute path; for a cluster, give it relative to the scenario"
            )
    return {name: (folder / name).read_bytes() for name, _ in recipe.inputs}


def replicate_there(order: Order, parcel: bytes, simulate: Callable[[Order], Replicated]) -> Replicated:
    """Simulate a replication on a worker, with the files of its scenario (pickled) in the worker's cache."""
    if order.recipe.inputs:
        inputs: Inputs = pickle.loads(parcel)
        order = Order(order.case, laid_out(order.recipe, inputs), order.seed, order.keeps_journal)
    return simulate(order)


def laid_out(recipe: Recipe, inputs: Inputs) -> Recipe:
    """The recipe with its scenario in a folder of the cache that holds the files it reads."""
    ups = max(sum(part == ".." for part in PurePosixPath(name).parts) for name in inputs)
    home = cache_folder().with_name(_INPUTS) / recipe.hash[:32]
    folder = home.joinpath(*["below"] * ups)
    for name, content in inputs.items():
        path = Path(os.path.normpath(folder / name))
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            new = path.with_name(f".{path.name}.{os.getpid()}")
            new.write_bytes(content)
            new.replace(path)
    return recipe.moved(str(folder / Path(recipe.file).name))


def _unopened(parcel: bytes) -> bytes:
    return parcel


def _answer(order: Order, future: Future) -> Answer | None:
    """What came of a replication; None where its result went down with the worker that held it."""
    if future.status == "error":
        error: BaseException = future.exception()
        return order, Failure(order, one_line(error), error)
    if future.status != "finished":
        return None
    try:
        result: Replicated = future.result()
    except (CancelledError, OSError):
        return None
    return order, result
