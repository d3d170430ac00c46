from robot.config import BehaviourSettings
from robot.mind.distress import OFFER_AGAIN_S, Distress


def spells(distress: Distress, *lives: tuple[float, str], from_s: float = 0.0) -> list[tuple[float, str]]:
    """Live so many seconds of each state, ten ticks a second; when and why an offer was due."""
    found, t_s = [], from_s
    for number, (duration_s, state) in enumerate(lives):
        for _ in range(round(duration_s * 10)):
            t_s += 0.1
            offer = distress.step(t_s, state, f"r{number}")
            if offer is not None:
                assert offer[1], "an offer names the spells behind it"
                found.append((round(t_s, 1), offer[0]))
    return found


def test_joy_and_one_short_sorrow_call_nobody() -> None:
    lived = spells(Distress(BehaviourSettings()), (60, "attending"), (20, "comforting"), (60, "sharing_joy"))
    assert lived == []


def test_the_third_spell_calls_somebody() -> None:
    distress = Distress(BehaviourSettings())
    lived = spells(distress, *[(5, "comforting"), (5, "attending")] * 3)
    assert lived == [(20.1, "you have seemed troubled 3 times in this visit")]


def test_one_long_spell_calls_somebody() -> None:
    distress = Distress(BehaviourSettings(fetch_after_s=30.0))
    lived = spells(distress, (10, "attending"), (60, "calming"))
    assert [t_s for t_s, _ in lived] == [40.1]
    assert "for 30 s" in lived[0][1]


def test_sorrow_that_turns_into_anger_is_one_spell() -> None:
    assert spells(Distress(BehaviourSettings(fetch_after_times=2)), (5, "comforting"), (5, "calming")) == []


def test_a_visit_that_is_over_is_forgotten() -> None:
    distress = Distress(BehaviourSettings())
    assert spells(distress, *[(5, "comforting"), (5, "alone")] * 6) == []


def test_an_offer_is_not_repeated_soon_but_later_it_is() -> None:
    distress = Distress(BehaviourSettings(fetch_after_times=1))
    lived = spells(distress, *[(5, "comforting"), (5, "attending")] * 40)
    assert len(lived) == 2
    assert lived[1][0] - lived[0][0] >= OFFER_AGAIN_S
