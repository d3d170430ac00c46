"""The behaviour: the statechart driven by who is there, how they seem to feel and what still works; gives the `Intent`.

Stepped by the loop at its own rate. Events are sent only when a decision is due, so a step in which nothing changes
costs a few comparisons. Threads: one caller. Never raises on any percepts.
"""

from collections.abc import Sequence
from math import hypot
from random import Random

from robot.config import BehaviourSettings
from robot.messages import Health, Hearing, Intent, Mood, Utterance
from robot.mind.attention import Focus
from robot.mind.decision import DOES, Decision, Situation, decide
from robot.mind.distress import Distress
from robot.mind.faculties import EVENTS, FAULTS, HEALTHY, MENDED, SAYS, changes, describe_part, faculties
from robot.mind.mood import UNSURE
from robot.mind.mood_labels import MOODS
from robot.mind.persona import Persona
from robot.mind.presence import SIGHTINGS_TO_MEET, Presence
from robot.mind.reasons import Reasons
from robot.mind.statechart import ENGAGED, CompanionChart, active_behaviour
from robot.mind.waiting import Waiting
from robot.mind.wording import YIELD_S, Call, Wish, Wording

GAZE_STEP_DEG = 2.0
"""A smaller move of the gaze is not worth a new intent: a face's box jitters by about a degree."""

FAULT_LIGHT_S = 3.0
"""With company, the fault light gives way to the state's own after this; alone it stays, for whoever looks after it."""

SPOKEN_ANSWERS = ENGAGED - {"attending"}
"""The engaged states that come with words of their own."""

KEEP_FAULT_WORDS_S = 3600.0
"""Words about a fault wait this long for somebody awake to hear them."""

NEWCOMER_LIGHT_S = 0.8
"""How long the light answers somebody who joins a company."""

TURNED_AWAY_S = 0.7
"""A face hidden for longer may be on its way out: nothing is said that a goodbye would cut short."""

NOTICES = ("notice_private", "notice")
"""The words for somebody new: where only presence is perceived, and where feelings are read."""

KEEP_NOTICE_S = 20.0
KEEP_OFFER_S = 20.0
"""A notice, and an offer to fetch a person, are not given up for want of a pause."""

OFFER_AGAIN_S = 60.0
"""Somebody who just chats is not asked after every sentence whether they need help; a chirp answers them instead."""


class Behaviour:
    """Decides what the robot does. The same steps with the same generator give the same intents."""

    def __init__(
        self, settings: BehaviourSettings, persona: Persona, language: str, reasons: Reasons, rng: Random
    ) -> None:
        self._settings = settings
        self._persona = persona
        self._language = language
        self._reasons = reasons
        self._chart = CompanionChart()
        self._presence = Presence(settings.lost_face_s)
        self._distress = Distress(settings)
        self.waiting = Waiting(settings)
        self._wording = Wording(persona, language, settings.say_again_after_s, rng)
        self._chirped_s: dict[str, float] = {}
        self._parts: dict[str, str] = {}
        self._faculties = HEALTHY
        self._fault_s = float("-inf")
        self._now = Situation("alone", 0.0, 0.0, float("-inf"), 0.0, answered=False, sees=True, reads=True)
        self._state_id = ""
        self._why = "I have just started"
        self._look = self._light = ""
        self._chirp: Call | None = None
        self._hush = self._fetch = False
        self._notice: str | None = None
        self._told: set[int] = set()
        self._came_back = False
        self._newcomer_s = float("-inf")
        self.glances_s: tuple[float, ...] = ()
        self._cited: list[str] = []
        self._intent: Intent | None = None
        self._count = 0

    @property
    def state(self) -> str:
        """The active leaf of the behaviour region."""
        return self._now.state

    @property
    def state_id(self) -> str:
        """The reason for that state."""
        return self._state_id

    @property
    def faculties(self) -> frozenset[str]:
        """The active state of each degraded region, such as {"seeing", "deaf", "reading", "able", "vocal"}."""
        return self._faculties

    def step(self, t_s: float, mood: Mood, focus: Focus, hearings: Sequence[Hearing], health: Health) -> Intent | None:
        """The new intent, or None while the last one still holds. The first step always gives one."""
        self._hush, self._fetch, self._notice, self._cited, self.glances_s = False, False, None, [], ()
        if self._intent is None:
            self._begin(t_s)
        if health.parts != self._parts:
            self._follow_health(t_s, health)
        if self._now.sees:
            self._presence.step(t_s, focus, hearings, self._now.state in ENGAGED)
        elif hearings:
            self._presence.listen(t_s, hearings)
        if mood.label != UNSURE:
            self._now.unsure_s = t_s
        while (decision := decide(t_s, self._now, self._presence, mood, self._settings)) is not None:
            self._follow(t_s, decision)
        if self._now.state in ENGAGED and mood.label != UNSURE and mood.label in MOODS:
            self._now.answered = True
        self._tell_newcomer(t_s, focus)
        self._care(t_s)
        self._be_patient(t_s, hearings)
        return self._intend(t_s, mood, focus)

    def _begin(self, t_s: float) -> None:
        self._now.entered_s = t_s
        self._state_id = self._reasons.add(t_s, "state", "alone", f"{DOES['alone']} because {self._why}")
        self._cited.append(self._state_id)

    def _follow_health(self, t_s: float, health: Health) -> None:
        """Write a reason for each part that changed, and move the degraded regions."""
        causes = [
            self._reasons.add(t_s, "health", part, describe_part(part, status))
            for part, status in health.parts.items()
            if status != self._parts.get(part, "ok")
        ]
        self._parts = dict(health.parts)
        able = faculties(self._parts)
        for change in changes(self._faculties, able):
            self._chart.send(EVENTS[change.after])
            self._tell_change(t_s, change.before, change.after, causes)
        if self._now.sees and "seeing" not in able:
            self._presence.forget_face()
            self._now.blind_s = t_s
        if "hearing" not in able:
            self._presence.forget_voice()
        self._faculties = able
        self._now.sees, self._now.reads = "seeing" in able, "reading" in able

    def _tell_change(self, t_s: float, before: str, after: str, causes: list[str]) -> None:
        reason_id = self._reasons.add(t_s, "health", after, SAYS[after], causes)
        self._cited.append(reason_id)
        self._wording.drop(before)
        if after in FAULTS:
            self._fault_s = t_s
            self._chirp = Call("fault", t_s + YIELD_S, SAYS[after], reason_id)
        if after in FAULTS or MENDED.get(before) == after:
            self._wording.wish(t_s, after, SAYS[after], reason_id, keep_s=KEEP_FAULT_WORDS_S)

    def _follow(self, t_s: float, decision: Decision) -> None:
        """Send the event and enter the state it leads to."""
        before = self._now.state
        if decision.event == "notice" and (trail := self._presence.noticed(t_s)) is not None:
            self.glances_s += (t_s - trail.since_s,)
        self._chart.send(decision.event)
        state = active_behaviour(self._chart)
        because = self._reasons.cite(*decision.clues) + ((decision.mood_id,) if decision.mood_id else ())
        self._why = decision.why
        self._state_id = self._reasons.add(t_s, "state", state, f"{DOES[state]} because {self._why}", because)
        self._cited.append(self._state_id)
        self._wording.drop(before)
        if state in ENGAGED:
            self._now.answered = before in ENGAGED
            self._now.engaged_s = self._now.engaged_s if before in ENGAGED else t_s
        if state not in ENGAGED:  # whoever these words were for has gone
            self._wording.drop(*NOTICES, "fetch")
        self._came_back = decision.event == "come_back"
        if state == "alone":
            self._told.clear()
            self._presence.forget_face()
            self._presence.forget_voice()
        # Cheerful words begun a moment ago must not run on into somebody's anger, or after them.
        self._hush = self._hush or (state in ("calming", "parting") and self._wording.sounding(t_s))
        self._now.state, self._now.entered_s = state, t_s
        self._ask_for_words(t_s, decision.event, state)
        self._ask_for_chirp(t_s, state)

    def _ask_for_words(self, t_s: float, event: str, state: str) -> None:
        match event:
            case "engage":
                if self._presence.face.count:
                    self._wording.wish(t_s, "hello", "we have just met", self._state_id, urgent=True)
                else:  # a voice is talking: answer its first pause, or not at all
                    self._wording.wish(t_s, "hello_voice", "we have just met", self._state_id, keep_s=YIELD_S * 0.9)
            case "leave":
                self._wording.drop("hello", "hello_voice")
                self._wording.wish(t_s, state, self._why, self._state_id, urgent=True)
            case _:
                if state in SPOKEN_ANSWERS:  # more to the point than a greeting that still waits for a pause
                    self._wording.drop("hello_voice")
                self._wording.wish(t_s, state, self._why, self._state_id)

    def _tell_newcomer(self, t_s: float, focus: Focus) -> None:
        """Say and show a face that is new what is perceived here, once in a visit."""
        if self._now.state not in ENGAGED:
            return
        if focus.newcomer_s is not None:
            self._newcomer_s = t_s
            self.glances_s += (t_s - focus.newcomer_s,)
        if self._came_back and focus.face is not None:
            self._told |= {focus.person, *focus.people}  # whoever comes back within a goodbye is taken to be the same
            self._came_back = False
        if focus.face is None or focus.person in self._told or self._presence.face.count < SIGHTINGS_TO_MEET:
            return
        self._told |= {focus.person, *focus.people}
        key = NOTICES["private" not in self._faculties]
        self._wording.wish(t_s, key, "your face is new to me", self._state_id, keep_s=KEEP_NOTICE_S)
        if "voiceless" in self._faculties:
            self._notice = self._persona.phrases(key, self._language)[0]
            self._cited.append(self._state_id)

    def _care(self, t_s: float) -> None:
        """Offer to fetch a person when distress comes back or stays."""
        offer = self._distress.step(t_s, self._now.state, self._state_id)
        if offer is None:
            return
        why, because = offer
        text = f"I offer to fetch a person because {why}"
        reason_id = self._reasons.add(t_s, "care", "fetch", text, because)
        self._cited.append(reason_id)
        self._fetch = True
        self._wording.drop(self._now.state)
        self._wording.wish(t_s, "fetch", why, reason_id, keep_s=KEEP_OFFER_S)

    def _be_patient(self, t_s: float, hearings: Sequence[Hearing]) -> None:
        """Give somebody who waits for an answer a sound, a filler, an offer of help, each in its time."""
        faced = self._presence.face.fresh(t_s, self._settings.lost_face_s) or not self._now.sees
        can = self._now.state in ENGAGED and "voiceless" not in self._faculties
        self.waiting.step(t_s, hearings, attended=faced and can)
        if self.waiting.since_s is None:
            self._wording.drop("filler", "offer")
            return
        going = self._now.sees and not self._presence.face.fresh(t_s, TURNED_AWAY_S)
        due = None if going else self.waiting.due(t_s)
        if due is None or self.waiting.clue is None:
            return
        heard_id = self._reasons.cite(self.waiting.clue)[0]
        why = f"you have waited for an answer for {t_s - self.waiting.since_s:.1f} s"
        at_once = due == "offer" and not self._wording.talking(t_s)
        again_s = OFFER_AGAIN_S if due == "offer" else None
        said = due != "chirp" and self._wording.wish(t_s, due, why, heard_id, urgent=at_once, again_s=again_s)
        if due == "chirp" or (due == "offer" and not said):
            chirp = self._persona.manner_in(self._now.state).chirp or "curious"
            self._chirp = Call(chirp, t_s + YIELD_S, why, heard_id)

    def _ask_for_chirp(self, t_s: float, state: str) -> None:
        chirp = self._persona.manner_in(state).chirp
        chirped_s = self._chirped_s.get(state, float("-inf"))
        if chirp is not None and t_s - chirped_s >= self._settings.say_again_after_s:
            self._chirp = Call(chirp, t_s + YIELD_S, DOES[state], self._state_id)
            self._chirped_s[state] = t_s

    def _intend(self, t_s: float, mood: Mood, focus: Focus) -> Intent | None:
        """Put together what should be shown and uttered; None if that is what is already meant."""
        manner = self._persona.manner_in(self._now.state)
        valence, arousal = manner.show(mood.valence, mood.arousal)
        pan_deg, tilt_deg = self._gaze_deg(focus)
        light = self._pick_light(t_s, manner.light)
        self._tell_look(t_s, manner.look, light)
        say, chirp = self._utter(t_s, valence, arousal), self._sound(t_s)
        last = self._intent
        only_moved = False
        if last is not None and not self._cited:
            moved = hypot(pan_deg - last.gaze_pan_deg, tilt_deg - last.gaze_tilt_deg) >= GAZE_STEP_DEG
            felt = (valence, arousal) != (last.valence, last.arousal)
            if not moved and not felt:
                return None
            only_moved = not felt
            self._cited = self._cite_change(mood, felt, moved)
        intent = Intent(
            id=f"i{self._count}",
            t_s=round(t_s, 6),
            state=self._now.state,
            valence=valence,
            arousal=arousal,
            gaze_pan_deg=pan_deg,
            gaze_tilt_deg=tilt_deg,
            light=light[0],
            liveliness=manner.liveliness,
            because=tuple(dict.fromkeys(self._cited)),
            say=say,
            chirp=chirp,
            hush=self._hush,
            notice=self._notice,
            fetch=self._fetch,
        )
        self._count += 1
        self._intent = intent
        if not only_moved:  # following a face would flood the ring
            self._reasons.note(intent.id, f"I look {manner.look} and my light is {light[0]}", intent.because)
        return intent

    def _gaze_deg(self, focus: Focus) -> tuple[float, float]:
        """Towards the face that this is about, straight ahead where there is none."""
        if self._presence.face.count == 0:
            return 0.0, 0.0
        return focus.look_pan_deg, focus.look_tilt_deg

    def _cite_change(self, mood: Mood, felt: bool, moved: bool) -> list[str]:
        cited = [self._state_id]
        if felt:
            cited.append(mood.id)
        if moved and self._presence.face.last is not None:
            cited += self._reasons.cite(self._presence.face.last)
        return cited

    def _pick_light(self, t_s: float, own: str) -> tuple[str, str]:
        """The light and why: the state's own, unless there is more to say.

        Somebody who joins is greeted by the light at once, since a look that is begun is not broken off. A fault shows
        for as long as nobody is there, and for a moment with company.
        """
        by_itself = self._now.state in ("alone", "asleep")
        broken = self._faculties & FAULTS
        if broken and (by_itself or t_s - self._fault_s < FAULT_LIGHT_S):
            return "fault", " and ".join(SAYS[fault] for fault in sorted(broken))
        if self._now.state in ENGAGED and t_s - self._newcomer_s < NEWCOMER_LIGHT_S:
            return self._persona.manner_in("noticing").light, "somebody else came into view"
        return own, DOES[self._now.state]

    def _tell_look(self, t_s: float, look: str, light: tuple[str, str]) -> None:
        if look != self._look:
            self._look = look
            text = f"I look {look} because {self._why}"
            self._cited.append(self._reasons.add(t_s, "expression", look, text, (self._state_id,)))
        effect, why = light
        if effect != self._light:
            self._light = effect
            text = f"My light is {effect} because {why}"
            self._cited.append(self._reasons.add(t_s, "light", effect, text, (self._state_id,)))

    def _utter(self, t_s: float, valence: float, arousal: float) -> Utterance | None:
        if "voiceless" in self._faculties or self._now.state == "asleep":
            return None
        due = self._wording.due(t_s, self._presence.speaking(t_s))
        if due is None:
            return None
        phrase = self._say(t_s, *due)
        if due[0].key == "hello" and (more := self._wording.join(t_s, *NOTICES)) is not None:
            phrase = f"{phrase} {self._say(t_s, *more)}"
        return Utterance(phrase, self._language, valence, arousal)

    def _say(self, t_s: float, wish: Wish, phrase: str) -> str:
        """Write the reason for words that are said now."""
        text = f"I say “{phrase}” because {wish.why}"
        self._cited.append(self._reasons.add(t_s, "word", wish.key, text, (wish.because,)))
        self.waiting.spoke(wish.key)
        if wish.key in NOTICES:
            self._notice = phrase
        return phrase

    def _sound(self, t_s: float) -> str | None:
        """The chirp that is due. One over a speaking person would deafen the robot to the very voice it answers."""
        call = self._chirp
        if call is None or (self._presence.speaking(t_s) and t_s < call.until_s):
            return None
        self._chirp = None
        if t_s >= call.until_s or "voiceless" in self._faculties:
            return None
        text = f"I chirp {call.name} because {call.why}"
        self._cited.append(self._reasons.add(t_s, "sound", call.name, text, (call.because,)))
        self.waiting.chirped()
        return call.name
