"""The values that flow between the stages, left to right: Sighting, Hearing, Mood, Intent, and back only OwnMotion.

All are frozen, carry units in their names and a time on the robot's clock, and encode to one JSON line. Nothing here
depends on how long a computation took, so that the same run gives the same messages. `id` names a message in the
reasons: a letter for its kind and a count, `s12`, `h4`, `w2`, `c1`, `q2`, `m7`, `i3`, `r9`.
"""

import msgspec

from robot.asked import By as By
from robot.asked import Consent as Consent
from robot.asked import Request as Request
from robot.asked import Rung as Rung
from robot.asked import What as What
from robot.called import HandOff


class Box(msgspec.Struct, frozen=True):
    """A rectangle relative to its picture: left, top, width, height, 0..1 of the frame; it may stick out."""

    x: float
    y: float
    width: float
    height: float

    @property
    def centre(self) -> tuple[float, float]:
        """The middle, (x, y) relative to the frame."""
        return self.x + self.width / 2, self.y + self.height / 2


NO_EVENT = "none"
EVENT_SURE = 0.5
"""An event less probable than this is unsure: of noise that it never heard, the model calls 1.4 % of windows one."""


class Percept(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one model makes of one sense: a guess with its doubt.

    `probabilities` are calibrated and sum to 1. `label` is the most likely one, `confidence` its probability.
    `unsure` is true when that is below the model's threshold. `valence` and `arousal` are the expected position on
    the circumplex, each -1..1, unpleasant to pleasant and calm to excited. `quality` 0..1 says how good the input was.
    `events` are the probabilities of sounds such as laughter, if the model listens for any, `NO_EVENT` that of no
    such sound. Of a sound that was no speech they are the `probabilities`, too.
    """

    label: str
    confidence: float
    unsure: bool
    valence: float
    arousal: float
    quality: float
    probabilities: dict[str, float]
    events: dict[str, float] = {}

    @property
    def is_wordless(self) -> bool:
        """Whether it is of a sound that was no speech."""
        return bool(self.events) and self.probabilities.keys() == self.events.keys()


class FaceQuality(msgspec.Struct, frozen=True):
    """How well a face can be read, each 0..1, one being perfect: size, light, sharpness, pose (facing, level)."""

    size: float
    light: float
    sharpness: float
    pose: float

    @property
    def overall(self) -> float:
        """The weakest part decides."""
        return min(self.size, self.light, self.sharpness, self.pose)


class Intensities(msgspec.Struct, frozen=True):
    """How strongly parts of a face move, each 0..1: a reading of feelings, there only where those may be read."""

    smile: float
    brow_down: float
    brow_up: float
    jaw_open: float


class Regard(msgspec.Struct, frozen=True):
    """What head and eyes of one face do, from its landmarks in the frame of `t_s`, which may be a few frames old.

    Angles are relative to the line from the face to the camera: 0, 0 is straight at the robot; positive to the
    robot's left (the picture's left) and up, roll positive clockwise in the picture. `gaze` is head and eyes together.
    `looking` at the robot has hysteresis; `sure` 0..1 is how far the gaze is inside or outside of the bounds. `mouth`
    0..1 is how far the lips are apart; `talking` is true while they have been moving. `lean` is the size of the face
    over its usual one: above 1 nearer. `quality` 0..1 is how well all of this can be told.
    """

    t_s: float
    head_pan_deg: float
    head_tilt_deg: float
    head_roll_deg: float
    gaze_pan_deg: float
    gaze_tilt_deg: float
    looking: bool
    sure: float
    eyes_closed: bool
    mouth: float
    talking: bool
    lean: float
    quality: float
    intensities: Intensities | None = None


class SeenHand(msgspec.Struct, frozen=True):
    """One hand in the frame of `t_s`, which may be a few frames old.

    `shape` is `none`, `fist`, `open_palm`, `pointing`, `thumb_up`, `thumb_down`, `victory` or `i_love_you`,
    `confidence` 0..1 its probability. `right` says that it is a right hand. `quality` 0..1 is how well it can be seen.
    """

    t_s: float
    box: Box
    right: bool
    shape: str
    confidence: float
    quality: float


class Gesture(msgspec.Struct, frozen=True):
    """A sign that was given with head or hand, complete at `t_s`.

    `kind` of the head: `nod`, `shake`, `tilt`, `lean_in`, `lean_away`; of a hand: `wave`, `open_palm`, `thumb_up`,
    `thumb_down`, `pointing`, `victory`, `fist`. `track` is the face that it belongs to (None: cannot be told).
    `confidence` and `quality` are 0..1. A gesture stands in each sighting for half a second, so that none is missed;
    `kind`, `track` and `t_s` together name it.
    """

    kind: str
    t_s: float
    track: int | None
    confidence: float
    quality: float


class SeenFace(msgspec.Struct, frozen=True):
    """One face in one frame.

    `track` stays the same while the same face stays in view; `score` 0..1 is the detector's. `eyes` are the (x, y) of
    the eyes on the picture's left and right, relative to the frame; `roll_deg` is how far the head is tilted,
    positive clockwise in the picture. `regard` is None where attention is switched off or was not looked for.
    """

    track: int
    box: Box
    score: float
    eyes: tuple[tuple[float, float], tuple[float, float]]
    roll_deg: float
    quality: FaceQuality
    expression: Percept | None = None
    regard: Regard | None = None


class Sighting(msgspec.Struct, frozen=True, tag=True):
    """What one frame showed. `brightness` 0..1 is the mean grey of the picture. Faces are ordered largest first.

    `camera_pan_deg` and `camera_tilt_deg` say where the camera pointed when the frame was taken (positive left and up
    from the robot's point of view); both are 0 for a camera that does not move with the head. `gestures` are those of
    the last half second, `hands` those in view.
    """

    id: str
    t_s: float
    frame: int
    width_px: int
    height_px: int
    brightness: float
    faces: tuple[SeenFace, ...]
    camera_pan_deg: float = 0.0
    camera_tilt_deg: float = 0.0
    hands: tuple[SeenHand, ...] = ()
    gestures: tuple[Gesture, ...] = ()


class Hearing(msgspec.Struct, frozen=True, tag=True):
    """What one hop of sound held.

    `t_s` is the end of the hop. `level_dbfs` is its RMS level (-100 for silence). `speaking` is voice activity with
    hangover, `speech_probability` the detector's own. `own_noise` 0..1 is the part of the hop masked because the
    robot itself moved or spoke. `over_own` is true where somebody talks so loud over the robot's own voice that it is
    not that voice. `tone` is there only when enough fresh, unmasked speech was heard.
    """

    id: str
    t_s: float
    duration_s: float
    level_dbfs: float
    speech_probability: float
    speaking: bool
    own_noise: float
    tone: Percept | None = None
    over_own: bool = False


class HeardWords(msgspec.Struct, frozen=True, tag=True):
    """What the words of one turn seem to mean: labels and numbers, never the words.

    `t_s` is when they were understood, `began_s` and `ended_s` when the person spoke. `words` counts them, `confidence`
    0..1 is the recogniser's. `intent` is one of `robot.mind.talk.intents`, such as `greeting` or `tells`; `topic` one
    of its topics, such as `work`, or None. `feeling` is there where feelings may be read and the words have any.
    `crisis` is true for words that a person must hear of at once. `minute` is the minute of the day, where the robot
    has a clock on the wall.
    """

    id: str
    t_s: float
    began_s: float
    ended_s: float
    language: str
    words: int
    confidence: float
    intent: str
    topic: str | None = None
    feeling: Percept | None = None
    crisis: bool = False
    minute: int | None = None


class HeardCommand(msgspec.Struct, frozen=True, tag=True):
    """A spoken command: one of a closed list (`robot.senses.hearing.words.commands`), never other words.

    `t_s` is when it was understood, `ended_s` when the person had spoken it. `confidence` 0..1 is the recogniser's.
    `name` is `stop`, `louder`, `quieter`, `sleep`, `wake`, `why`, `remember`, `forget`, `person`, `yes` or `no`.
    """

    id: str
    t_s: float
    ended_s: float
    name: str
    confidence: float


class HeardTone(msgspec.Struct, frozen=True, tag=True):
    """How one turn was said as a whole: a second, slower opinion on its tone, beside those in `Hearing`.

    `t_s` is when it was judged, `began_s` and `ended_s` when the person spoke, or laughed or cried: then `tone` has the
    events alone.
    """

    id: str
    t_s: float
    began_s: float
    ended_s: float
    tone: Percept


class OwnMotion(msgspec.Struct, frozen=True, tag=True):
    """What the body does right now, so that the senses do not mistake it for a person.

    `servo_speed` 0..1 is the fastest joint's speed over its limit; `speaking` is true while the speaker sounds.
    `neck_pan_deg` and `neck_tilt_deg` are where the neck was sent, for a camera that it carries. `voice_dbfs` is the
    RMS level that the speaker plays just now, -100 for nothing.
    """

    t_s: float
    servo_speed: float
    speaking: bool
    neck_pan_deg: float = 0.0
    neck_tilt_deg: float = 0.0
    voice_dbfs: float = -100.0


BROKEN: frozenset[str] = frozenset({"lost", "refused", "weak"})
"""The health of a part that does not do what it should."""

UNMISSED: frozenset[str] = frozenset({"edgetpu", "fleet", "voice_tone_deep"})
"""Parts that nobody who is there misses: the processor does an accelerator's work, a fleet is for others, and a second
opinion on a voice has a first."""


class Health(msgspec.Struct, frozen=True, tag=True):
    """Which parts work.

    Part name (`camera`, `microphone`, `speaker`, `servos`, `lights`, `face_expression`, `voice_tone`, `edgetpu`,
    `storage`, `models`, ...) to `ok`, `off` (not asked for), `lost` (gone, being tried again), `muted`, `refused` (a
    model that broke its contract), `read_only` (a disk that takes nothing), `hot` (works, and rests when it can),
    `weak` (`power`: the supply's voltage is too low) or `updating`. `power` and `processor` are there where the
    computer tells of them.
    """

    t_s: float
    parts: dict[str, str]


class ModelUse(msgspec.Struct, frozen=True, tag=True):
    """Which version of a model reads a sense from now on, or what became of a new one.

    `source` is `trial` (new, being watched), `current`, `previous`, `factory` (what shipped), or `refused` (none is
    whole; `version` is then empty). `text` says what changed and why.
    """

    t_s: float
    model: str
    version: str
    source: str
    text: str


class Mood(msgspec.Struct, frozen=True, tag=True):
    """How the person in front seems to feel, over seconds, and how sure the robot is.

    `label` is `unsure`, `neutral`, `happy`, `sad`, `angry`, `afraid` or `surprised`. `confidence` 0..1. `face_weight`,
    `voice_weight` and `words_weight` 0..1 say what it rests on. `because` names the messages behind it.
    """

    id: str
    t_s: float
    label: str
    confidence: float
    valence: float
    arousal: float
    face_weight: float
    voice_weight: float
    because: tuple[str, ...]
    words_weight: float = 0.0


class Utterance(msgspec.Struct, frozen=True):
    """Something to say: the words, their BCP 47 language, and the feeling that modulates the voice (each -1..1)."""

    text: str
    language: str
    valence: float
    arousal: float


class Intent(msgspec.Struct, frozen=True, tag=True):
    """What the robot means to do now; the body works out how.

    `state` is the behaviour's active leaf. `valence` and `arousal` -1..1 are what the face shows. `gaze_pan_deg` and
    `gaze_tilt_deg` say where to look (0, 0 straight ahead; positive left and up from the robot's point of view).
    `light` names an effect in `robot.body.lights`. `liveliness` 0..1 scales the habits. `say` and `chirp` hold a
    thing to utter once, in the message where they appear: `chirp` names a sound in `robot.body.sounds`. `hush` stops
    speech at once. `still` stops every move for as long as it stands. `loudness` is a share of the usual one, 0..1.4.
    `notice` is text to show to somebody new: what the robot perceives. `fetch` is true in the message that offers to
    fetch a person; `hand_off` is there in each message in which fetching one came further.
    """

    id: str
    t_s: float
    state: str
    valence: float
    arousal: float
    gaze_pan_deg: float
    gaze_tilt_deg: float
    light: str
    liveliness: float
    because: tuple[str, ...]
    say: Utterance | None = None
    chirp: str | None = None
    hush: bool = False
    still: bool = False
    loudness: float = 1.0
    notice: str | None = None
    fetch: bool = False
    hand_off: HandOff | None = None


class Reason(msgspec.Struct, frozen=True, tag=True):
    """Why something changed, in plain words.

    `kind` is `mood`, `state`, `expression`, `word`, `sound`, `light`, `health`, `model` (a new version is tried, kept
    or left), `care` (an offer to fetch a person), `answer` (to a question), `energy` (calmer or lively again), `voice`
    (whose it is taken for) or `encounter` (how quickly the robot answered in a meeting that is over). `because` names
    the messages and reasons behind it, so that the chain leads back to percepts. Numbers only, no media.
    """

    id: str
    t_s: float
    kind: str
    what: str
    text: str
    because: tuple[str, ...]


class BodyPose(msgspec.Struct, frozen=True, tag=True):
    """What the body was told in one tick: joint name to degrees, and the lights as (red, green, blue), 0..1 each."""

    t_s: float
    angles_deg: dict[str, float]
    lights: tuple[tuple[float, float, float], ...]


Heard = HeardWords | HeardCommand | HeardTone
"""What was understood of speech."""

Signal = Heard | Request | Consent
"""What a person gives the robot to understand, beyond being seen and heard. Each reaction picks what it answers."""

Message = Sighting | Hearing | Signal | OwnMotion | Health | ModelUse | Mood | Intent | Reason | BodyPose
"""Everything that may stand in a report, one JSON object a line."""
