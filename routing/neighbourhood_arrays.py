"""The arrays a neighbourhood search works on: the problem as its kernels read it, routes, memo, route pool.

All of it is allocated here and only written by kernels, which cannot allocate. Times and costs are integers
in the unit of the problem. A *visit* is the pickup 2r or the delivery 2r + 1 of request r; a route is a row
of visits between two sentinels (`SENTINEL`), its start and its end.

Every vehicle owns two rows of the route tables and uses one of them: a change is written into the other row,
so that taking it back is one assignment.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from numpy.typing import NDArray

Array = NDArray[Any]

SENTINEL: Final = -1
"""Visit at the first and the last position of a route."""

NOBODY: Final = -1
"""Vehicle of a visit that no route contains, and of a request that any vehicle may serve."""

TOO_DEAR: Final = 2**60
"""More than any plan costs: no insertion is possible."""

BROKEN: Final = 2**50
"""Cost of a route that cannot keep its times: more than any plan costs whose routes all can."""

NOT_POSSIBLE: Final = -2
"""Position of an insertion that does not exist or is not cheaper than the bound asked for."""

# Columns of the vehicle table.
START_PLACE: Final = 0
END_PLACE: Final = 1
SHIFT_START: Final = 2
SHIFT_END: Final = 3
MAX_DURATION: Final = 4
FIXED_COST: Final = 5
FROZEN: Final = 6  # positions 0..FROZEN of the route stay as they are
KIND: Final = 7  # vehicles of one kind are interchangeable
IS_OUT: Final = 8  # 1 = its way from start to end is paid even while its route is empty
VISIT_START: Final = 9  # when the visit under way at the start began, NO_LIMIT = none to share with
VEHICLE_COLUMNS: Final = 10

# Entries of the rules of a general problem.
IS_SHARED: Final = 0  # 1 = visits that follow each other at one place are served side by side
LATE_WEIGHT: Final = 1
SCALE: Final = 2
RULES: Final = 3

# Rows of `Features.work`, with one entry a position.
WHOLE: Final = 0  # visits of a route with its breaks
BASE: Final = 1  # without those that may move
TRIAL: Final = 2  # with some of them
START: Final = 3
END: Final = 4
FLOOR: Final = 5
BASE_END: Final = 6
FREE_BREAK: Final = 7
BEHIND: Final = 8  # position in BASE of a break
BEST_BEHIND: Final = 9
WORK_ROWS: Final = 10

# Bounds of a position, in `Features.bounds`.
BEGUN: Final = 0  # earliest start of service, NO_LIMIT where it is not shared
LATEST_END: Final = 1  # latest end of all service at the place that keeps all later windows
BOUNDS: Final = 2

# Columns of the memo.
MEMO_KEY: Final = 0
MEMO_COST: Final = 1
MEMO_PICKUP_AFTER: Final = 2
MEMO_DELIVERY_AFTER: Final = 3
MEMO_COLUMNS: Final = 4

# Entries of the counters.
ABSENT: Final = 0  # requests that no route serves
COST: Final = 1  # cost of the current routes and of what they leave unserved
BEST_COST: Final = 2
BEST_ABSENT: Final = 3
USED: Final = 4  # routes that are not empty
TOUCHED: Final = 5  # vehicles whose route changed in this iteration
POOLED: Final = 6  # routes in the pool
POOLED_VISITS: Final = 7
EVALUATED: Final = 8  # pairs of positions tried
SCHEDULED: Final = 9  # exact schedules computed
ASKED: Final = 10  # insertions of one request in any vehicle
TESTED: Final = 11  # routes without some of their requests, tried for an ejection
CREDIT: Final = 12  # such tests that are granted and not yet made
FORCED: Final = 13  # requests that have to leave the route at hand
OPEN: Final = 14  # vehicles that may be used
COUNTERS: Final = 15

REGRET_LIMIT: Final = 64
"""Most absent requests that are inserted by regret."""

# Settings of a search.
MEAN_REMOVED: Final = 0  # visits that a ruin removes
LONGEST_STRING: Final = 1
SPLIT_PERCENT: Final = 2  # of the strings keep visits in their middle
EJECTION_TESTS: Final = 3  # routes tried for an ejection by an iteration of the fleet phase, on average
MOST_EJECTED: Final = 4  # requests that leave for one
REGRET_PERCENT: Final = 5  # of the recreations insert by regret
RELATED_PERCENT: Final = 6  # of the ruins remove single requests near one visit
SCATTERED_PERCENT: Final = 7  # of the ruins remove requests anywhere
TIMELY_PERCENT: Final = 8  # of the ruins go by time and distance, the others by distance alone
SETTINGS: Final = 9


class Terms(NamedTuple):
    """The problem as the kernels read it; nothing here changes during a search."""

    travel: Array  # int32 (p, p), row = from
    travel_to: Array  # int32 (p, p), row = to
    cost: Array  # int32 (p, p), row = from
    cost_to: Array  # int32 (p, p), row = to
    place: Array  # int32 (n,) by visit; NOWHERE = that of the visit before it (breaks)
    earliest: Array  # int32 (n,) start of service
    latest: Array  # int32 (n,)
    service: Array  # int32 (n,)
    max_ride: Array  # int32 (r,) from the end of the pickup's service to the start of the delivery's
    need: Array  # int32 (kinds, r, rows) what a request takes of each capacity row
    room: Array  # int32 (v, rows) capacity left at the start, riders on board deducted
    penalty: Array  # int64 (r,) cost of leaving it unserved
    eligible: Array  # bool (r, v)
    bound_to: Array  # int32 (r,) vehicle that has it on board, or NOBODY
    vehicle: Array  # int64 (v, VEHICLE_COLUMNS)
    neighbours: Array  # int32 (2, 2r, w) visits, nearest first: by distance, by time and distance
    is_exact: Array  # bool (1,) a candidate must be scheduled to know whether it is feasible, or its cost


class Routes(NamedTuple):
    """The current routes, each with the times and loads that make an insertion O(1) to test."""

    row: Array  # int32 (v,) row in use, 2v or 2v + 1
    length: Array  # int32 (2v,) positions, sentinels included
    cost: Array  # int64 (2v,)
    digest: Array  # uint64 (2v,) of the visits in order and the kind of vehicle
    visit: Array  # int32 (2v, cap)
    at: Array  # int32 (2v, cap) place
    depart: Array  # int32 (2v, cap) earliest end of service
    latest: Array  # int32 (2v, cap) latest start of service that keeps all later windows
    free: Array  # int32 (2v, cap, rows) capacity left after the position
    vehicle_of: Array  # int32 (n,)
    absent: Array  # int32 (r,) requests
    absences: Array  # int64 (r,) iterations that ended without the request
    touched: Array  # int32 (v,)
    is_touched: Array  # bool (v,)
    is_open: Array  # bool (v,) whether the vehicle may be used


class Best(NamedTuple):
    """The best routes seen."""

    visit: Array  # int32 (v, cap)
    length: Array  # int32 (v,)
    absent: Array  # int32 (r,)


class Pool(NamedTuple):
    """Distinct routes of good solutions, for set partitioning."""

    known: Array  # uint64 (power of two,) digests, 0 = free
    begin: Array  # int32 (n + 1,)
    visit: Array  # int32 (m,)
    cost: Array  # int64 (n,)
    vehicle: Array  # int32 (n,)


class Scratch(NamedTuple):
    """Room for what one iteration needs."""

    absent: Array  # int32 (r,) requests absent before the iteration
    key: Array  # int64 (r,)
    string: Array  # int32 (cap,)
    tried: Array  # int64 (kinds,) last insertion that tried an empty vehicle of the kind
    start: Array  # int32 (cap,) of service, of a route to schedule exactly
    floor: Array  # int32 (cap,) no start is before
    last: Array  # int32 (cap,) no start is behind
    leg: Array  # int32 (cap,) service at the position before and the way from there
    partner: Array  # int32 (cap,) position of the pickup of a delivery whose ride is limited, or NOBODY
    most: Array  # int32 (cap,) longest time between the starts of the two
    pickup_at: Array  # int32 (r,) position of a pickup in the route to schedule
    found: Array  # int64 (3,) cost and positions of an insertion
    open: Array  # int32 (v,) vehicles that may be used
    unknown: Array  # int32 (v,) vehicles that the memo knows no insertion for
    offer: Array  # int64 (REGRET_LIMIT, v) cost of absent requests in each vehicle of `open`
    members: Array  # int32 (r,) requests of one route that may leave it
    leaving: Array  # int32 (6,) requests to eject: chosen, and of the route at hand


class Features(NamedTuple):
    """What a general problem needs beyond the rest, and room for it."""

    rules: Array  # int64 (RULES,)
    promised: Array  # int32 (2r,) start of service beyond which lateness costs
    break_begin: Array  # int32 (v + 1,) into break_visit
    break_visit: Array  # int32 (b,) by vehicle, then by earliest start
    bounds: Array  # int32 (2v, cap, BOUNDS) of the routes
    period_start: Array  # int32 (q,)
    travel_by_period: Array  # int32 (q, p, p); `Terms.travel` is the least of them
    late: Array  # int64 (2v,) part of the cost of a route that lateness is, or BROKEN
    work: Array  # int32 (WORK_ROWS, cap)
    pickup_at: Array  # int32 (r,) position of a pickup in the route to schedule
    length: Array  # int64 (1,) positions of WHOLE


class State(NamedTuple):
    """All that changes during a search."""

    routes: Routes
    best: Best
    pool: Pool
    scratch: Scratch
    memo: Array  # int64 (power of two, MEMO_COLUMNS)
    counters: Array  # int64 (COUNTERS,)
    random: Array  # uint64 (1,)


PLAIN_STATE: Final = len(State._fields)
"""A state with more fields is a `GeneralState`: numba settles that when it compiles a kernel for one of them,
so that plain problems carry nothing of what they do not need (it cost them 25 % of their speed)."""


class GeneralState(NamedTuple):
    """As `State`, of a problem with shared service, breaks, promises that cost, travel times by period, or
    ways that do not exist."""

    routes: Routes
    best: Best
    pool: Pool
    scratch: Scratch
    memo: Array
    counters: Array
    random: Array
    features: Features
