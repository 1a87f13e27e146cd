"""Serve the planner's pages.

How they are served and look (this machine only, no statistics, colours, fonts) stands in
`.streamlit/config.toml` beside `app.py`: Streamlit takes the file beside the script over that of the folder
where it was started.
"""

from __future__ import annotations

import sys
from pathlib import Path

from streamlit.web import cli

from dashboards.planner import app


def serve(*arguments: str) -> None:
    """Hand over to Streamlit until the pages are ended; `arguments` are those of `streamlit run`."""
    sys.argv = ["streamlit", "run", str(Path(app.__file__)), *arguments]
    cli.main()
