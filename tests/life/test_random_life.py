"""Mind and body together through random people, sounds and faults: limits, the same trace, a way out of everything."""

import random
from dataclasses import dataclass, field

import msgspec
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hardware.clock import SteppedClock
from hardware.errors import DeviceLost
from hardware.limits import MAX_STEP_S
from hardware.virtual.body import VIRTUAL_LIMITS, RecordingSpeaker, VirtualLights, VirtualServos
from robot.assembly import inner_parts
from robot.body.voice.choose import build_voice
from robot.config import BehaviourSettings, Config, RobotSettings, VoiceSettings
from robot.messages import Hearing, Sighting
from robot.mind.persona import PERSONAS
from robot.scenario.percepts import health
from tests.mind.test_properties import stretches

TICK_S, ALONE_TICK_S = 0.02, 0.1
SHIPPED = sorted(path.stem for path in PERSONAS.glob("*.toml"))
LEFT_ALONE_S = 30.0
"""Longer than anybody is waited for, comforted or said goodbye to."""


class Bus:
    """Servos whose bus goes while it is pulled. Every command that reaches them is held to their limits."""

    def __init__(self):
        self.servos, self.pulled = VirtualServos(on_move=self._hold_to_limits), False
        self._last_s, self._last = 0.0, self.servos.angles

    def move(self, t_s, angles):
        if self.pulled:
            raise DeviceLost("the servo bus does not answer")
        return self.servos.move(t_s, angles)

    def release(self):
        self.servos.release()

    def close(self):
        self.servos.close()

    def _hold_to_limits(self, t_s, angles):
        passed_s = min(t_s - self._last_s, MAX_STEP_S)
        for joint, limit in VIRTUAL_LIMITS.items():
            now_deg, before_deg = (getattr(pose, f"{joint}_deg") for pose in (angles, self._last))
            assert limit.min_deg <= now_deg <= limit.max_deg, joint
            assert abs(now_deg - before_deg) <= limit.max_speed_deg_s * passed_s + 1e-6, joint
        assert self.servos._limiter.resting == (), "the driver never has to stop a joint short"
        self._last_s, self._last = t_s, angles


@dataclass
class Life:
    """What a robot went through and did: every message, and the last state."""

    trace: list[object] = field(default_factory=list)
    state: str = ""


def lived(stretches, pulls, persona, seed):
    """Live through the stretches, then alone; every tick is held to the limits of the servos."""
    config = Config(
        robot=RobotSettings(persona=persona, seed=seed),
        voice=VoiceSettings(engine="chirps"),
        behaviour=BehaviourSettings(sleep_after_s=LEFT_ALONE_S / 2),
    )
    clock, bus, life = SteppedClock(), Bus(), Life()
    voice = build_voice(config.voice, RecordingSpeaker(clock, keep=2), "en", threaded=False)
    mind, body = inner_parts(config, bus, VirtualLights(2), voice)
    alone = (LEFT_ALONE_S, 10, (), Hearing("h", 0.0, 0.1, -60.0, 0.0, False, 0.0, None), health())
    tick, intent = 0, None
    for number, (duration_s, frame_every, seen, heard, able) in enumerate([*stretches, alone]):
        by_itself = number == len(stretches)
        bus.pulled = pulls[number % len(pulls)] and not by_itself
        tick_s = ALONE_TICK_S if by_itself else TICK_S
        for _ in range(max(1, round(duration_s / tick_s))):
            tick += 1
            t_s = clock.now_s()
            picture = Sighting(f"s{tick}", t_s, tick, 640, 480, 0.5, seen) if tick % frame_every == 0 else None
            hops = [msgspec.structs.replace(heard, id=f"h{tick}", t_s=t_s)] if tick % 5 == 0 else []
            mood, news = mind.step(t_s, picture, hops, able)
            intent = news or intent
            own, pose = body.step(t_s, intent, able, camera_on=True)
            life.trace += [mood, news, own, pose, *mind.reasons.drain()]
            clock.wait_s(tick_s)
    life.state = mind.behaviour.state
    return life


@settings(
    max_examples=6,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(
    st.lists(stretches(), min_size=2, max_size=4),
    st.lists(st.booleans(), min_size=1, max_size=3),
    st.sampled_from(SHIPPED),
    st.integers(0, 10_000),
)
def test_whatever_comes_servos_keep_their_limits_the_trace_repeats_and_there_is_a_way_out(
    stretches, pulls, persona, seed
):
    life = lived(stretches, pulls, persona, seed)
    assert life.state in ("alone", "asleep"), "left alone it comes to rest, whatever came before"
    assert lived(stretches, pulls, persona, seed).trace == life.trace


def test_another_seed_is_another_life():
    quiet = [(5.0, 5, (), Hearing("h", 0.0, 0.1, -60.0, 0.0, False, 0.0, None), health())]
    one, other = (lived(quiet, [False], "companion", random.Random(seed).randrange(1000)) for seed in (1, 2))
    assert one.trace != other.trace
