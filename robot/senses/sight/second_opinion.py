"""A second opinion on an expression: how strongly the mouth smiles, by its landmarks, beside what the network says.

The two are taken for independent witnesses: the evidence is a log likelihood ratio, added to what the network gives to
happiness. Agreement makes it surer, disagreement less sure. On 98 studio photographs that neither was fitted on, this
reads more of the polite smiles that the network calls neutral (docs/decisions/0008-a-second-opinion-on-smiles.md).
Brows were tried and left out: they said nothing that the network had not seen.
"""

import math

from robot.messages import Regard

SLOPE, OFFSET = 1.018, 2.692
"""Of the log odds of the smile: logistic regression of happiness against neutral, as many of each, on 2,374 pictures of
64 pixels (`python -m tools.benchmark.second_opinion --fit`)."""
LEAST, MOST = 0.01, 0.99
"""Intensities are believed within this."""
AGAINST = -1.5
"""No smile says little: people are also happy with a straight face."""
SIDE_PX = (48.0, 100.0)
"""On a face of 48 pixels the landmarks of the lips say nothing that the network has not seen; from 100 on they do."""
FRESH_S = 0.3
"""A smile seen longer ago is another one."""


def evidence(regard: Regard | None, t_s: float, side_px: float) -> dict[str, float]:
    """By how much each label becomes likelier, as log odds, on a face with a box of `side_px`; empty for not at all."""
    if regard is None or regard.intensities is None or not 0.0 <= t_s - regard.t_s <= FRESH_S:
        return {}
    nothing, all_of_it = SIDE_PX
    trust = regard.quality * min(max((side_px - nothing) / (all_of_it - nothing), 0.0), 1.0)
    smile = min(max(regard.intensities.smile, LEAST), MOST)
    ratio = max(AGAINST, SLOPE * math.log(smile / (1.0 - smile)) + OFFSET)
    return {"happiness": trust * ratio} if trust > 0 else {}
