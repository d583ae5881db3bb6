"""What a reader does from a shell: ``python -m psm_lib --help``."""

import sys

from .machinery.commands import main

if __name__ == "__main__":
    sys.exit(main())
