"""The benchmark says what it measured, and measures what it says. No test here looks at a speed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from robot.config import Config
from robot.senses.sight.detector import FaceDetector
from tools.benchmark.__main__ import MEASUREMENTS, main
from tools.benchmark.figures import Line, spread, table
from tools.benchmark.machine import this_machine
from tools.benchmark.material import picture_with_faces, scene_picture, speech_blocks
from tools.benchmark.stopwatch import Stopwatch, time_many

ROOT = Path(__file__).resolve().parents[2]


def test_a_spread_holds_median_and_tails_in_the_unit_asked_for():
    found = spread([value / 1000 for value in range(1, 101)], 1000.0)
    assert (found.count, found.median, found.largest) == (100, 50.5, 100.0)
    assert found.p95 == pytest.approx(95.05)
    assert found.p99 == pytest.approx(99.01)


def test_nothing_measured_is_an_error_not_a_zero():
    with pytest.raises(ValueError, match="nothing was measured"):
        spread([])


@pytest.mark.parametrize(
    ("limit", "judged", "within"),
    [
        (None, "p95", None),
        (95.1, "p95", True),
        (95.0, "p95", False),
        (99.0, "p99", False),
        (95.0, "cpu p95", True),
        (47.0, "cpu p95", False),
    ],
)
def test_a_limit_is_judged_on_the_figure_it_is_for(limit, judged, within):
    line = Line("one", "ms", spread(range(1, 101)), spread(range(51)), limit=limit, judged=judged)
    assert line.within is within
    assert ("MISSED" in table([line])) is (within is False)
    assert ("kept" in table([line])) is (within is True)


def test_the_table_keeps_its_columns_whatever_is_in_them():
    lines = [
        Line("a", "ms", spread([1.0])),
        Line("a much longer name", "% of a core", spread([12345.678]), spread([2.0])),
    ]
    head, *rows = table(lines).splitlines()
    ends = [head.index(word) + len(word) for word in ("median", "p95", "largest")]
    for row in rows:
        assert all(row[end - 1] != " " and row[end : end + 1] in ("", " ") for end in ends)


def test_a_stopwatch_gives_the_result_back_and_keeps_both_times():
    watch = Stopwatch()
    numbers = iter((0, 2, 4))
    assert [watch.time(lambda: next(numbers)) for _ in range(3)] == [0, 2, 4]
    assert len(watch.wall_s) == len(watch.cpu_s) == 3
    assert all(value >= 0 for value in watch.wall_s + watch.cpu_s)


def test_what_warms_up_is_not_counted():
    done = []
    line = time_many("work", 20, lambda: done.append(1))
    assert line.wall.count == 20
    assert len(done) == 22


@pytest.fixture(scope="module")
def detector():
    config = Config()
    return FaceDetector.open(config.inference, config.sight.min_face_score)


@pytest.mark.parametrize("count", [0, 1, 2, 4, 8])
def test_a_picture_has_as_many_faces_as_its_name_says(detector, count):
    picture = picture_with_faces(count)
    assert picture.shape == picture_with_faces(0).shape
    assert len(detector.find(picture)) == count


def test_the_scene_is_measured_while_somebody_is_there(detector):
    assert len(detector.find(scene_picture())) == 1


def test_speech_goes_on_without_a_break_and_without_silence_at_the_seam():
    blocks = speech_blocks()
    heard = [next(blocks) for _ in range(2000)]
    assert [block.seq for block in heard] == list(range(2000))
    assert all(len(block.samples) == 512 for block in heard)
    assert heard[-1].t_s == pytest.approx(1999 * 0.032)
    assert max(float(abs(block.samples).max()) for block in heard) > 0.1


def test_the_machine_is_named():
    machine = this_machine()
    assert machine.cores >= 1
    assert machine.processor
    assert machine.python == ".".join(map(str, sys.version_info[:3]))


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("benchmark") / "figures.json"
    code = main(["--quick", "--json", str(path), "--only", "start", "memory", "sight", "hearing", "stages", "faces"])
    assert code == 0
    return json.loads(path.read_text())


def test_the_file_holds_machine_plan_and_every_line_with_median_and_tail(written):
    assert written["machine"]["cores"] >= 1
    assert written["plan"]["times"] > 0
    assert len({line["name"] for line in written["lines"]}) == len(written["lines"]) >= 12
    for line in written["lines"]:
        wall = line["wall"]
        assert wall["median"] > 0 or "of which" in line["name"], f"{line['name']}: only a difference may be below 0"
        assert wall["median"] <= wall["p95"] <= wall["p99"] <= wall["largest"], line["name"]


def test_every_stage_is_measured_with_processor_time(written):
    with_cpu = {line["name"] for line in written["lines"] if line["cpu"]}
    assert {"face detection", "expression", "sound hop to tone", "frame to command, stages in turn"} <= with_cpu


def test_the_robot_in_a_process_of_its_own_reacts_and_has_a_size(written):
    lines = {line["name"]: line for line in written["lines"]}
    awake, reacted = lines["start of process to awake"], lines["start of process to first reaction"]
    assert reacted["wall"]["median"] >= awake["wall"]["median"]
    assert lines["resident memory, headless"]["wall"]["median"] > 20


def test_every_face_that_is_shown_is_found(written):
    names = [line["name"] for line in written["lines"] if "found)" in line["name"]]
    assert [name.split(", ")[1] for name in names] == [
        "1 face (1 found)",
        "2 faces (2 found)",
        "4 faces (4 found)",
        "8 faces (8 found)",
    ]


@pytest.mark.parametrize("name", ["reaction", "rates"])
def test_real_time_runs_keep_reaction_and_lateness(name, capsys):
    assert main(["--quick", "--only", name]) == 0
    shown = capsys.readouterr().out
    assert "frame to command" in shown
    assert "body tick lateness" in shown
    if name == "rates":
        assert all(f"looks a second at {rate} frames/s" in shown for rate in (5, 10, 15, 30, 60))


def test_updates_are_measured_on_real_repositories_and_a_real_switch(capsys):
    assert main(["--quick", "--only", "look", "switch"]) == 0
    shown = capsys.readouterr().out
    assert "look that finds nothing new" in shown
    assert "p95 <= 2 kept" in shown
    assert "longest gap between frames read, around a switch" in shown


def test_it_starts_as_the_readme_says_and_names_what_it_can_measure():
    done = subprocess.run(
        [sys.executable, "-m", "tools.benchmark", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert all(name in done.stdout for name in MEASUREMENTS)


def test_an_unknown_measurement_is_refused(capsys):
    with pytest.raises(SystemExit) as refused:
        main(["--only", "everything"])
    assert refused.value.code == 2
    assert "everything" in capsys.readouterr().err
