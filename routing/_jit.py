"""The one place that decides how kernels are compiled.

Numba's own file cache keys a function by its source file alone: after a change in a callee that lives in
another file it was seen to serve stale code. The cache folder is therefore named by the hash of all kernel
sources.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import platformdirs

_PACKAGE = Path(__file__).resolve().parent
_BOUNDSCHECK = os.environ.get("NUMBA_BOUNDSCHECK") == "1"


def kernel_source_hash() -> str:
    """Hex digest over every file that holds kernels or constants compiled into them, and over this one."""
    digest = hashlib.sha256()
    names = ("fleet_tables.py", "neighbourhood_arrays.py", "quantities.py")
    constants = [_PACKAGE / name for name in names]
    for path in sorted([Path(__file__).resolve(), *constants, *_PACKAGE.glob("_kernels_*.py")]):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def cache_folder() -> Path:
    """Where compiled kernels are kept: `MAAS_CACHE_DIR`, or the user's cache folder."""
    base = os.environ.get("MAAS_CACHE_DIR") or platformdirs.user_cache_dir("maas")
    # Numba's key ignores boundscheck: a checked run on a warm cache would check nothing.
    return Path(base) / "kernels" / (kernel_source_hash()[:16] + ("-checked" if _BOUNDSCHECK else ""))


os.environ.setdefault("NUMBA_CACHE_DIR", str(cache_folder()))

import numba  # noqa: E402  (the cache folder must be known before numba reads its settings)

F = TypeVar("F", bound=Callable[..., Any])


def kernel(function: F) -> F:
    """Compile `function` at its first call: cached on disk, without the GIL, integer division as in C."""
    compiled: F = numba.njit(cache=True, nogil=True, boundscheck=_BOUNDSCHECK, error_model="numpy")(function)
    return compiled


def inlined(function: F) -> F:
    """A small helper of kernels, inlined by LLVM where it pays; compiled together with its callers.

    Give it scalars and few arrays: each array argument costs reference counts that numba seldom removes from
    loops.
    """
    compiled: F = numba.njit(
        cache=True, nogil=True, boundscheck=_BOUNDSCHECK, error_model="numpy", inline="never"
    )(function)
    return compiled


def bare_kernel(function: F) -> F:
    """As `kernel`, without Numba's runtime: it cannot allocate, and its array arguments are not
    reference-counted.

    Arrays that travel in tuples through several kernels are counted at every call and every unpacking,
    atomically: an insertion search took 57 us with the counts and 31 us without. `_nrt` is the switch that
    Numba's own GPU target uses for the same reason.
    """
    compiled: F = numba.njit(
        cache=True, nogil=True, _nrt=False, boundscheck=_BOUNDSCHECK, error_model="numpy"
    )(function)
    return compiled


def bare_inlined(function: F) -> F:
    """A part of a `bare_kernel` under a name of its own: pasted into its callers by Numba itself."""
    compiled: F = numba.njit(
        cache=True, nogil=True, _nrt=False, boundscheck=_BOUNDSCHECK, error_model="numpy", inline="always"
    )(function)
    return compiled


def bare_pasted(function: F) -> F:
    """As `bare_kernel`, pasted into its callers by LLVM, for what is called from few places and often.

    A call hands over each array of the tuples word by word: the 450 words of `Terms` and `State` took 0.1 us.
    """
    compiled: F = numba.njit(
        cache=True, nogil=True, _nrt=False, boundscheck=_BOUNDSCHECK, error_model="numpy", forceinline=True
    )(function)
    return compiled
