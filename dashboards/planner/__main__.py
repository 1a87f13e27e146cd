"""Serve the planner's pages: `python -m dashboards.planner [--server.port N] [-- --compute-shipped]`.

Every page is imported before the server listens, so that the first reader does not wait for libraries.
"""

from __future__ import annotations

import sys
from pathlib import Path

from streamlit.web import cli

from dashboards.planner import app


def main() -> None:
    """Hand over to Streamlit, with the arguments of this command."""
    sys.argv = ["streamlit", "run", str(Path(app.__file__)), *sys.argv[1:]]
    cli.main()


if __name__ == "__main__":
    main()
