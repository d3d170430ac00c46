// Plain words for what the numbers say.

/** What the robot's own face shows, from the valence and arousal of its intent. */
export function faceWords({ state = "", valence = 0, arousal = 0 } = {}) {
  if (state === "asleep") return "asleep";
  if (valence > 0.3) return arousal > 0.35 ? "delighted" : "happy";
  if (valence > 0.1) return arousal > 0.35 ? "lively" : "content";
  if (valence < -0.3) return arousal > 0.25 ? "upset" : "sad";
  if (valence < -0.08) return "concerned";
  if (state === "curious") return "curious";
  if (arousal > 0.35) return "alert";
  return arousal < -0.3 ? "drowsy" : "calm";
}

const MOODS = { unsure: "Not sure yet", neutral: "Neutral", happy: "Happy", sad: "Sad", angry: "Angry", afraid: "Afraid", surprised: "Surprised" };

/** A mood's label as a headline. */
export function moodWords(label) {
  return MOODS[label] ?? plain(label);
}

const PARTS = {
  ok: "working",
  off: "not in use",
  lost: "gone, trying again",
  muted: "muted",
  refused: "model refused",
  hot: "too warm, resting",
  updating: "being updated",
  read_only: "read-only: look at the memory card",
};

/** A part's state. */
export function partWords(state) {
  return PARTS[state] ?? plain(state);
}

const CHIRPS = {
  hello: "a rising greeting",
  happy: "a happy chirp",
  soothe: "a soft, soothing sound",
  curious: "a curious chirp",
  farewell: "a falling goodbye",
  yawn: "a yawn",
  fault: "two low tones: something is wrong",
};

/** A wordless sound, for the caption. */
export function chirpWords(name) {
  return `(${CHIRPS[name] ?? `${plain(name)} sound`})`;
}

/** `sharing_joy` as "sharing joy". */
export function plain(name) {
  return String(name ?? "").replaceAll("_", " ").replaceAll(".", " ");
}

/** 0.734 as "73 %". */
export function percent(fraction) {
  return `${Math.round(100 * (Number.isFinite(fraction) ? fraction : 0))} %`;
}

/** How long ago, for a list that is read at a glance. */
export function ago(seconds) {
  if (!(seconds >= 2)) return "now";
  if (seconds < 60) return `${Math.round(seconds)} s ago`;
  return seconds < 3600 ? `${Math.round(seconds / 60)} min ago` : "long ago";
}
