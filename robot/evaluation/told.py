"""An evaluation in words and rows, as a terminal shows it."""

from __future__ import annotations

from collections.abc import Iterator

from robot.evaluation.answers import Estimate, Evaluation, Figures

BARS = "▁▂▃▄▅▆▇█"


def told(evaluation: Evaluation) -> str:
    """All of it as text: the figures, recall by label, what abstaining buys, the confusion, and each part."""
    return "\n".join(_lines(evaluation))


def _lines(evaluation: Evaluation) -> Iterator[str]:
    found = evaluation.figures
    yield f"{evaluation.model} on {evaluation.data}: {found.n} rows"
    for reason, count in evaluation.left_out.items():
        yield f"  left out: {count} {reason}"
    yield ""
    yield f"  accuracy             {_estimate(found.accuracy)}"
    yield f"  unweighted recall    {_estimate(found.unweighted_recall)}"
    yield f"  calibration error    {_estimate(found.calibration_error)}   15 bins of equal mass"
    sure = "-" if found.sure_accuracy is None else f"{found.sure_accuracy:.1%}"
    yield f"  unsure               {found.unsure_share:6.1%}; right where it is sure {sure}"
    yield ""
    yield "  accuracy among the surest"
    yield "   ".join(f"  {float(share):4.0%} {value:6.1%}" for share, value in found.coverage.items())
    yield ""
    yield from _confusion(found)
    yield from _parts(evaluation.parts)
    for view, divided in evaluation.views.items():
        yield ""
        yield f"  {view}"
        yield from _parts(divided)


def _parts(divided: dict[str, dict[str, Figures]]) -> Iterator[str]:
    for division, parts in divided.items():
        yield ""
        yield f"  {division:<20} {'rows':>6}   accuracy                  unweighted recall         calibration error"
        for name, part in parts.items():
            accuracy, recall = _estimate(part.accuracy), _estimate(part.unweighted_recall)
            yield f"    {name:<18} {part.n:>6}   {accuracy:<24}  {recall:<24}  {part.calibration_error.value:.1%}"
        if len(parts) > 1:
            yield f"    largest gap in recall {_gap(parts):.1%}"


def _confusion(found: Figures) -> Iterator[str]:
    width = max(9, *(len(label) for label in found.labels))
    yield f"  {'true  said':<{width}} " + " ".join(f"{label[:9]:>9}" for label in found.labels) + "    recall"
    for label, row in zip(found.labels, found.confusion, strict=True):
        if label in found.recall:
            bar = BARS[min(len(BARS) - 1, int(found.recall[label] * len(BARS)))]
            yield (
                f"  {label:<{width}} "
                + " ".join(f"{count:>9}" for count in row)
                + f"    {found.recall[label]:6.1%} {bar}"
            )


def _gap(parts: dict[str, Figures]) -> float:
    values = [part.unweighted_recall.value for part in parts.values()]
    return max(values) - min(values)


def _estimate(estimate: Estimate) -> str:
    return f"{estimate.value:6.1%} ({estimate.low:.1%} to {estimate.high:.1%})"
