"""Serve the planner's pages: `python -m dashboards.planner [--server.port N] [-- --compute-shipped]`.

Every page is imported before the server listens, so that the first reader does not wait for libraries.
"""

from __future__ import annotations

import sys

from dashboards.planner.server import serve

if __name__ == "__main__":
    serve(*sys.argv[1:])
