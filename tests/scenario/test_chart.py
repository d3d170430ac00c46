from pathlib import Path

import pytest
from PIL import ImageChops

from robot.scenario.chart import FAILED, HELD, _stimuli, draw_chart
from robot.scenario.play import play
from robot.scenario.script import read_scenario
from robot.scenario.verdict import judge

SCENARIOS = Path(__file__).parent.parent / "scenarios"


def chart(path):
    scenario = read_scenario(path)
    played = play(scenario)
    return draw_chart(scenario, played, judge(scenario, played), path.stem)


def colours(image):
    return {"#{:02x}{:02x}{:02x}".format(*colour) for _, colour in image.getcolors(1 << 20)}


def test_a_chart_shows_everything_and_is_the_same_every_time():
    image, again = chart(SCENARIOS / "camera_lost_in_company.toml"), chart(SCENARIOS / "camera_lost_in_company.toml")
    assert image.mode == "RGB"
    assert image.width == 1280
    assert image.height > 500
    assert ImageChops.difference(image, again).getbbox() is None


def test_what_failed_does_not_look_like_what_held(write):
    held = colours(chart(write()))
    assert HELD in held
    failed = chart(write('state = "sharing_joy"', 'state = "calming"', "failed.toml"))
    bottom = failed.crop((104, failed.height - 90, failed.width, failed.height - 40))
    assert FAILED in colours(bottom)


def test_more_going_on_makes_a_higher_chart(write):
    more = write(
        "[[expect]]",
        '[[voice]]\nfrom_s = 1.0\nto_s = 2.0\n\n[[health]]\nat_s = 1.0\nservos = "lost"\n\n[[expect]]',
        "more.toml",
    )
    assert chart(more).height > chart(write()).height


@pytest.mark.parametrize(
    "cue",
    ['[[ask]]\nat_s = 1.0\nwhat = "why"', '[[sign]]\nat_s = 1.0\nkind = "nod"', '[[heard]]\nat_s = 1.0\nwords = "hi"'],
)
def test_what_was_asked_said_and_signed_has_a_lane_of_its_own(write, cue):
    without, with_cue = read_scenario(write()), read_scenario(write("[[expect]]", f"{cue}\n\n[[expect]]", "cue.toml"))
    assert len(_stimuli(with_cue)) == len(_stimuli(without)) + 1
