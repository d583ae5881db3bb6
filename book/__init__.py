"""The chapters' code: ``psm_lib.chapters``, which lies beside their pages.

A chapter ``chNN_name.ipynb`` has a folder ``chNN_name`` with what only it
needs: networks (``builds.py``), runs (``experiment.py``), how they are read
(``readings.py``), claims, and results. No chapter imports another; what two
need is in the core. ``psm_lib.machinery.chapters`` finds them.
"""
