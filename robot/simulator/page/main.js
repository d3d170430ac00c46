// Joins the parts of the page. Messages come from the robot as they are in robot/messages.py.

import { Parts, Reasons, States } from "./behaviour.js";
import { Consent, isShut } from "./consent.js";
import { Connection } from "./connection.js";
import { Face } from "./face.js";
import { Handover } from "./handover.js";
import { Ears } from "./hearing.js";
import { MoodPanel } from "./mood.js";
import { Procedure } from "./procedure.js";
import { Sight } from "./sight.js";
import { Voice } from "./voice.js";
import { chirpWords, faceWords } from "./words.js";

const RUNGS = ["off", "presence", "feelings", "remember"];
const at = (id) => document.getElementById(id);

// The token in the address works once and is used up by now; a bookmark or a screenshot need not hold it.
// On the screen of a kiosk the robot is its face and nothing else.
document.body.classList.toggle("face-only", window.location.hash === "#face");
window.history.replaceState(null, "", `/${window.location.hash}`);

const face = new Face(at("head"), at("robot"));
const sight = new Sight({ picture: at("picture"), veil: at("no-picture"), line: at("faces"), expression: at("expression"), quality: at("quality") });
const ears = new Ears({ level: at("level"), state: at("voice-state"), figure: at("level-text"), heard: at("heard"), tone: at("tone"), whole: at("whole") });
const mood = new MoodPanel({ label: at("mood-label"), sure: at("mood-sure"), plane: at("plane"), curve: at("curve") });
const states = new States(at("states"));
const reasons = new Reasons(at("reasons"));
const parts = new Parts(at("parts"));
const voice = new Voice();
const procedure = new Procedure(at("procedure"), (title, key) => connection.answer(title, key));
const consent = new Consent({ ladder: at("ladder"), line: at("may-line"), mute: at("mute"), ask: (what, value) => connection.ask(what, value) });

let robotS = 0;
let heardMs = performance.now();

const takers = {
  BodyPose: (message) => face.take(message),
  Sighting: (message) => sight.take(message),
  Hearing: (message) => ears.take(message),
  HeardTone: (message) => ears.takeWhole(message),
  Mood: (message) => mood.take(message),
  Intent: takeIntent,
  Reason: takeReason,
  Consent: takeConsent,
  Health: takeHealth,
  Source: takeSource,
  Question: (question) => procedure.take(question),
  Hush: () => voice.hush(),
  Words: (words) => ears.takeWords(words),
};

const connection = new Connection({
  onMessage: (message) => {
    keepTime(message);
    takers[message.type]?.(message);
  },
  onPicture: (jpeg) => sight.takePicture(jpeg),
  onSound: (samples) => voice.play(samples),
});

connection.addEventListener("state", ({ detail: { state, words } }) => {
  document.body.dataset.connection = state;
  at("connection").textContent = words;
  if (state === "open" && handover.on) connection.choose("browser");
});

function keepTime(message) {
  if (!Number.isFinite(message.t_s)) return;
  if (message.t_s < robotS - 5) reasons.clear();
  robotS = message.t_s;
  heardMs = performance.now();
}

setInterval(() => reasons.age(robotS + (performance.now() - heardMs) / 1000), 1000);

function takeIntent(intent) {
  states.take(intent.state);
  const looks = faceWords(intent);
  face.describe(looks);
  const words = `Looks ${looks}`;
  if (at("looks").textContent !== words) at("looks").textContent = words;
  tellVisitor(intent);
  if (intent.say) caption(intent.say.text, intent.say.language);
  else if (intent.chirp) caption(chirpWords(intent.chirp), "en");
}

/** What the robot perceives and keeps, shown to somebody new for as long as they are there. */
function tellVisitor(intent) {
  const line = at("told");
  if (intent.notice) line.textContent = intent.notice;
  line.hidden = !line.textContent || ["alone", "asleep"].includes(intent.state);
  if (line.hidden) line.textContent = "";
}

function caption(words, language) {
  const line = at("caption");
  line.lang = language;
  line.textContent = words;
  line.classList.remove("fresh");
  void line.offsetWidth;
  line.classList.add("fresh");
}

function takeHealth(health) {
  parts.take(health);
  consent.takeHealth(health.parts);
  const open = health.parts.camera === "ok";
  face.cameraOpen(open);
  if (!open) sight.clear();
  if (health.parts.microphone !== "ok") ears.forgetSaid();
  followPermission(isShut(health.parts));
}

/** What was noted below a step down is forgotten on this page too. */
function takeConsent(message) {
  consent.take(message);
  if (RUNGS.indexOf(message.rung) >= RUNGS.indexOf(message.before)) return;
  reasons.clear();
  mood.clear();
  sight.clear();
  ears.clear();
}

/** The last meeting's delays stand above the reasons, for as long as there is no newer one. */
function takeReason(reason) {
  reasons.take(reason);
  if (reason.kind !== "encounter") return;
  at("delays").textContent = reason.text;
  at("delays").hidden = false;
}

const ASKS = {
  "ask-why": "why",
  "ask-wake": "wake",
  "ask-person": "person",
  "person-comes": "coming",
  "person-is-here": "handed_over",
  "say-stop": "stop",
  "say-yes": "yes",
  "say-no": "no",
  "more-of-that": "like",
  "less-of-that": "dislike",
};
for (const [button, what] of Object.entries(ASKS)) {
  at(button).addEventListener("click", () => connection.ask(what));
}

at("type").addEventListener("submit", (event) => {
  event.preventDefault();
  if (connection.type(at("typed").value)) at("typed").value = "";
});

// The visitor's camera and microphone.

const handover = new Handover({
  send: (frame) => connection.offer(frame),
  show: (canvas) => sight.takeImage(canvas),
  ended: () => {
    connection.choose("sample");
    showHandover();
  },
});

at("hand-over").addEventListener("click", async () => {
  at("trouble").hidden = true;
  at("hand-over").disabled = true;
  try {
    await handover.start();
    connection.choose("browser");
  } catch (error) {
    handover.stop();
    at("trouble").textContent = error.message;
    at("trouble").hidden = false;
  }
  at("hand-over").disabled = false;
  showHandover();
  if (handover.on) at("take-back").focus();
});

/** While the robot may not look, this page's own camera and microphone go dark too, and come back with it. */
let paused = false;
async function followPermission(shut) {
  if (shut && handover.on) {
    paused = true;
    handover.release();
    showHandover();
  } else if (!shut && paused) {
    paused = false;
    await handover.start().catch(() => connection.choose("sample"));
    showHandover();
  }
}

at("take-back").addEventListener("click", () => {
  if (paused) connection.choose("sample");
  paused = false;
  handover.stop();
  showHandover();
  at("hand-over").focus();
});

function showHandover() {
  at("hand-over").hidden = handover.on || paused;
  at("take-back").hidden = !handover.on && !paused;
  at("live").hidden = !handover.on;
  at("live-text").textContent = handover.words;
}

function takeSource(source) {
  if (handover.on && !source.yours && source.source === "browser") {
    handover.stop();
    at("trouble").textContent = "Another page has become the robot’s eyes and ears.";
    at("trouble").hidden = false;
  }
  at("hand-over").disabled = !source.possible;
  at("notice").hidden = !source.possible;
  if (!source.possible) {
    at("trouble").textContent = "This robot uses its own camera and microphone.";
    at("trouble").hidden = false;
  }
}

// The robot's voice.

at("sound").addEventListener("click", async () => {
  await voice.turn(!voice.on);
  at("sound").setAttribute("aria-pressed", String(voice.on));
});

// What is drawn on canvas does not follow the style sheet by itself.

const redraw = () => {
  mood.ask();
  ears.draw();
};
new ResizeObserver(redraw).observe(at("curve"));
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
