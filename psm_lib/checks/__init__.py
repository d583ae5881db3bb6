"""What assignments call: checks that say what is wrong.

    from psm_lib.checks import check

    check("1.2", posterior)

Nothing is stored that could be copied: a check makes a small world, works
out what must follow in it, and compares. The same checks grade (see
``psm_lib.grading``), in other worlds, drawn with a seed of the instructor's.
"""

from .core import check, examine

__all__ = ["check", "examine"]
