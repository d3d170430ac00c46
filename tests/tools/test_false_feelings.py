"""Feelings heard where nobody speaks: what is counted, and that knowing when it speaks keeps its own voice out."""

import itertools

import numpy as np

from hardware.ports import SAMPLE_RATE_HZ
from robot.body.voice.espeak_helper import EspeakHelper
from robot.config import Config
from tools.benchmark import nobody
from tools.benchmark.false_feelings import Part, Room, main


def test_the_own_voice_is_judged_only_where_the_body_does_not_say_that_it_speaks():
    voice = EspeakHelper(time_limit_s=60.0)
    said = list(itertools.islice(nobody.own_voice(voice, np.random.default_rng(1)), 8))
    voice.close()
    told, untold = Part("told"), Part("untold")
    for part in (told, untold):
        room = Room(Config())
        for sound, levels in said:
            room.hear(part, sound, levels if part is told else ())
    assert told.length_s == untold.length_s > 8
    assert told.judged == 0
    assert untold.judged > 0


def test_the_share_is_of_all_windows_whether_judged_or_not():
    part = Part("some", length_s=50.0, judged=10)
    part.felt["sad"] += 2
    assert part.share(0.5) == 0.02


def test_noise_comes_in_every_kind_at_the_levels_that_it_says():
    beep = np.sin(np.arange(SAMPLE_RATE_HZ)).astype(np.float32)
    sounds = list(itertools.islice(nobody.noise(np.random.default_rng(2), [beep], []), 12))
    assert {len(sound) for sound in sounds} == {5 * SAMPLE_RATE_HZ, SAMPLE_RATE_HZ}
    levels = [20 * np.log10(np.sqrt(np.mean(sound**2))) for sound in sounds]
    low, high = nobody.NOISE_DBFS
    assert all(low - 0.5 <= level <= high + 0.5 for level in levels)


def test_the_page_has_a_row_for_each_kind_of_sound(tmp_path, monkeypatch):
    monkeypatch.delenv("RAPPORT_DATA", raising=False)
    page = tmp_path / "page.md"
    assert main(["--minutes", "0.2", "--page", str(page)]) == 0
    rows = [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    assert len(rows) == 6
    assert "| its own voice |" in page.read_text(encoding="utf-8")
