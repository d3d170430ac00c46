"""The statechart: what the robot can be doing, beside what it can still do. Structure only; others send the events.

All regions are active at once. `behaviour` is the conversation, `hand_off` fetches a person, `consent` is the rung that
people let the robot stand on; the others follow the health of the parts (`robot.mind.faculties`). The chart holds no
timers: dwell times are kept by `robot.mind.decision` on the robot's clock, so that a stepped run is exact.
docs/reference/behaviour.md is drawn from this file by tools/diagram.py.
"""

from typing import Any

from statemachine import State, StateChart

from robot.consent import RUNGS


class CompanionChart(StateChart[Any]):
    """Every state and every allowed event. An event that no active state allows raises `TransitionNotAllowed`."""

    allow_event_without_transition = False
    catch_errors_as_events = False

    class life(State.Parallel):  # noqa: N801 - the class name is the state's id
        """All regions, always active together."""

        class behaviour(State.Compound):  # noqa: N801
            """What the robot is doing with the person in front."""

            alone = State(initial=True)
            asleep = State()
            noticing = State()
            parting = State()

            class engaged(State.Compound):  # noqa: N801
                """With somebody; the leaf answers the mood."""

                attending = State(initial=True)
                sharing_joy = State()
                comforting = State()
                calming = State()
                curious = State()

            doze = alone.to(asleep)
            notice = alone.to(noticing) | asleep.to(noticing)
            miss = noticing.to(alone)
            engage = noticing.to(engaged)
            leave = engaged.to(parting)
            fade = engaged.to(alone)
            come_back = parting.to(engaged)
            rest = parting.to(alone)
            fall_asleep = engaged.to(asleep) | noticing.to(asleep) | parting.to(asleep) | alone.to(asleep)

            attend = engaged.to(engaged.attending, internal=True)
            share_joy = engaged.to(engaged.sharing_joy, internal=True)
            comfort = engaged.to(engaged.comforting, internal=True)
            calm = engaged.to(engaged.calming, internal=True)
            wonder = engaged.to(engaged.curious, internal=True)

        class sight(State.Compound):  # noqa: N801
            """Whether the robot can see: `blind` when the camera is lost, `shut` when it was asked not to look."""

            seeing = State(initial=True)
            blind = State()
            shut = State()
            see = blind.to(seeing) | shut.to(seeing)
            go_blind = seeing.to(blind) | shut.to(blind)
            shut_eyes = seeing.to(shut) | blind.to(shut)

        class ears(State.Compound):  # noqa: N801
            """Whether the robot can hear: `deaf` when the microphone is lost, `plugged` when asked not to listen."""

            hearing = State(initial=True)
            deaf = State()
            plugged = State()
            hear = deaf.to(hearing) | plugged.to(hearing)
            go_deaf = hearing.to(deaf) | plugged.to(deaf)
            plug = hearing.to(plugged) | deaf.to(plugged)

        class empathy(State.Compound):  # noqa: N801
            """Whether feelings are read: `unreading` when the models fail, `private` when they may not be read here."""

            reading = State(initial=True)
            unreading = State()
            private = State()
            read = unreading.to(reading) | private.to(reading)
            stop_reading = reading.to(unreading) | private.to(unreading)
            keep_private = reading.to(private) | unreading.to(private)

        class muscles(State.Compound):  # noqa: N801
            """Whether the face can move."""

            able = State(initial=True)
            limp = State()
            stand_up = limp.to(able)
            go_limp = able.to(limp)

        class speech(State.Compound):  # noqa: N801
            """Whether the robot can make a sound."""

            vocal = State(initial=True)
            voiceless = State()
            find_voice = voiceless.to(vocal)
            lose_voice = vocal.to(voiceless)

        class hand_off(State.Compound):  # noqa: N801
            """Whether a person is fetched, and how far that has come."""

            unneeded = State(initial=True)
            offered = State()
            calling = State()
            coming = State()
            unanswered = State()
            offer_person = unneeded.to(offered)
            withdraw_offer = offered.to(unneeded)
            call_person = unneeded.to(calling) | offered.to(calling)
            miss_answer = calling.to(unanswered)
            promise_person = calling.to(coming) | unanswered.to(coming)
            hand_over = calling.to(unneeded) | coming.to(unneeded) | unanswered.to(unneeded)

        class heat(State.Compound):  # noqa: N801
            """Whether a part is too warm and rests when it can."""

            cool = State(initial=True)
            hot = State()
            heat_up = cool.to(hot)
            cool_down = hot.to(cool)

        class upkeep(State.Compound):  # noqa: N801
            """Whether the robot is being brought up to date."""

            settled = State(initial=True)
            updating = State()
            update = settled.to(updating)
            settle = updating.to(settled)

        class others(State.Compound):  # noqa: N801
            """Whether anything else is broken: lights, or a part without a region of its own."""

            whole = State(initial=True)
            degraded = State()
            degrade = whole.to(degraded)
            mend = degraded.to(whole)

        class mute(State.Compound):  # noqa: N801
            """Whether somebody has muted the robot: camera and microphone are let go until they undo it."""

            unmuted = State(initial=True)
            muted = State()
            hush = unmuted.to(muted)
            unhush = muted.to(unmuted)

        class consent(State.Compound):  # noqa: N801
            """How far the robot may go: the rung of the ladder (`robot.consent`)."""

            feelings = State(initial=True)
            off = State()
            presence = State()
            remember = State()
            allow_nothing = presence.to(off) | feelings.to(off) | remember.to(off)
            allow_presence = off.to(presence) | feelings.to(presence) | remember.to(presence)
            allow_feelings = off.to(feelings) | presence.to(feelings) | remember.to(feelings)
            allow_memory = off.to(remember) | presence.to(remember) | feelings.to(remember)


ENGAGED: frozenset[str] = frozenset({"attending", "sharing_joy", "comforting", "calming", "curious"})
"""The leaves of `engaged`."""

BEHAVIOURS: frozenset[str] = ENGAGED | {"asleep", "alone", "noticing", "parting"}
"""The leaves of the `behaviour` region; exactly one is active, and names `Intent.state`."""

HAND_OFFS: frozenset[str] = frozenset({"unneeded", "offered", "calling", "coming", "unanswered"})
"""The leaves of the `hand_off` region."""


def active_behaviour(chart: CompanionChart) -> str:
    """The active leaf of the `behaviour` region."""
    return str(next(value for value in chart.configuration_values if value in BEHAVIOURS))


def active_faculties(chart: CompanionChart) -> frozenset[str]:
    """The active leaves of the regions of health, such as {"seeing", "deaf", "reading", "able", "vocal", "cool"}."""
    active = frozenset(str(state.id) for state in chart.configuration if not state.states)
    return active - BEHAVIOURS - HAND_OFFS - frozenset(RUNGS)


def active_rung(chart: CompanionChart) -> str:
    """The active leaf of the `consent` region."""
    return str(next(value for value in chart.configuration_values if value in RUNGS))
