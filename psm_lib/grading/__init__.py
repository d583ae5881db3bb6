"""Grading submitted notebooks, whatever is in them.

A submission is somebody else's program. It runs in a cage of its own
(``cage.py``; ``walls.py``: bubblewrap, no network, nothing to write to, limits
of time and memory; ``sieve.py``: not all of the kernel), where ``pupil.py``
executes its cells. The checks stay outside: they call the student's functions
through a pipe on which only data travels (``wire.py``), so nothing in a
submission can reach them, the other submissions or the machine. ``grade.py``
does this for a folder of them (``handed.py`` reads it) and can be stopped and
taken up again; ``feedback.py`` writes what comes out.

    python -m psm_lib grade ASSIGNMENT.ipynb SUBMISSIONS --out GRADED
"""
