import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.messages import OwnMotion
from robot.senses.hearing.own_noise import OwnHistory, OwnNoiseLimits

LIMITS = OwnNoiseLimits(speech_tail_s=0.3, servo_tail_s=0.1, fast_servo=0.25)


def history(*moments: tuple[float, float, bool]) -> OwnHistory:
    told = OwnHistory(limits=LIMITS)
    for t_s, servo_speed, speaking in moments:
        told = told.with_motion(OwnMotion(t_s=t_s, servo_speed=servo_speed, speaking=speaking))
    return told


def test_without_word_from_the_body_nothing_is_masked():
    assert OwnHistory().during(0.0, 1.0).either == 0.0


def test_before_the_first_word_nothing_is_masked():
    assert history((5.0, 0.0, True)).during(4.0, 5.0).either == 0.0


def test_own_speech_masks_until_it_ends_and_a_tail_of_300_ms():
    own = history((0.0, 0.0, False), (1.0, 0.0, True), (2.0, 0.0, False))
    assert own.during(0.9, 1.0).voice == 0.0
    assert own.during(1.2, 1.3).voice == 1.0
    assert own.during(2.2, 2.3).voice == pytest.approx(1.0)
    assert own.during(2.3, 2.4).voice == 0.0


def test_half_a_hop_of_own_speech_is_half_masked():
    own = history((0.0, 0.0, False), (1.0, 0.0, True))
    assert own.during(0.9, 1.1).voice == pytest.approx(0.5)


def test_speech_without_word_of_its_end_still_masks():
    assert history((1.0, 0.0, True)).during(100.0, 100.064).voice == 1.0


def test_a_fast_servo_masks_tone_but_not_voice_activity():
    own = history((0.0, 0.8, False), (1.0, 0.0, False))
    during = own.during(0.5, 0.6)
    assert (during.voice, during.either) == (0.0, 1.0)
    assert own.during(1.0, 1.1).either == pytest.approx(1.0)
    assert own.during(1.1, 1.2).either == 0.0


def test_a_slow_servo_masks_nothing():
    assert history((0.0, 0.2, False)).during(0.5, 0.6).either == 0.0


def test_voice_and_servo_together_count_once():
    own = history((0.0, 0.0, False), (1.0, 0.9, True), (2.0, 0.0, False))
    assert own.during(1.0, 2.0).either == 1.0


def test_a_message_out_of_order_or_without_a_time_changes_nothing():
    own = history((1.0, 0.0, False))
    assert own.with_motion(OwnMotion(t_s=0.5, servo_speed=0.0, speaking=True)) is own
    assert own.with_motion(OwnMotion(t_s=math.nan, servo_speed=0.0, speaking=True)) is own
    assert OwnHistory().with_motion(OwnMotion(t_s=math.nan, servo_speed=0.0, speaking=True)).moments == ()


def test_an_hour_of_messages_is_kept_in_a_handful():
    own = OwnHistory(limits=LIMITS)
    for tick in range(20_000):
        t_s = tick * 0.02
        own = own.with_motion(OwnMotion(t_s=t_s, servo_speed=float(tick % 100 < 50), speaking=tick % 300 < 150))
        own = own.since(t_s)
        assert len(own.moments) <= 4


moments = st.lists(st.tuples(st.integers(1, 40), st.floats(0, 1), st.booleans()), min_size=1, max_size=20)


@given(steps=moments, start=st.integers(0, 400), length=st.integers(1, 40))
def test_forgetting_the_past_never_changes_the_present(steps, start, length):
    own, t = OwnHistory(limits=LIMITS), 0.0
    for step, servo_speed, speaking in steps:
        t += step * 0.02
        own = own.with_motion(OwnMotion(t_s=t, servo_speed=servo_speed, speaking=speaking))
    start_s = start * 0.02
    end_s = start_s + length * 0.02
    assert own.since(start_s).during(start_s, end_s) == own.during(start_s, end_s)


@given(steps=moments, start=st.floats(0, 10), length=st.floats(0.001, 1))
def test_shares_lie_between_0_and_1_and_either_is_at_least_the_voice(steps, start, length):
    own, t = OwnHistory(limits=LIMITS), 0.0
    for step, servo_speed, speaking in steps:
        t += step * 0.02
        own = own.with_motion(OwnMotion(t_s=t, servo_speed=servo_speed, speaking=speaking))
    during = own.during(start, start + length)
    assert 0.0 <= during.voice <= during.either + 1e-9 <= 1.0 + 1e-9
