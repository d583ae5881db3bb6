"""Checks of an instructor's own: an example to change.

A number that begins with an exercise's ("1.2 ...") adds to that exercise. The
check gets a random generator with your seed and what the student wrote; it
raises Wrong with a sentence for the student's page.
"""

import numpy as np

from psm_lib.checks.core import Wrong, call, exercise, number


@exercise("1.3 certainty", "predict")
def a_persona_that_is_certain(rng, predict):
    """With one persona left there is nothing to average."""
    propensity = rng.uniform(0.1, 0.9, (3, 2))
    nothing = np.zeros(0, int)
    prior = np.array([0.0, 1.0, 0.0])
    given = (prior, propensity, nothing, nothing, 1)
    found = number(call(predict, *given), "the prediction")
    if abs(found - propensity[1, 1]) > 1e-6:
        raise Wrong(
            "where the prior leaves one persona, the prediction is that "
            f"persona's propensity, {propensity[1, 1]:.3f}; found {found:.3f}."
        )
