"""`python -m maas.cli` is `maas`."""

import sys

from maas.cli import main

sys.exit(main())
