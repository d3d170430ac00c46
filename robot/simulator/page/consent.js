// How far the robot may go: the ladder of consent, the mute switch, and asking it why.

const RUNGS = {
  off: ["Nothing", "It neither sees nor hears."],
  presence: ["Presence", "It notices that somebody is here, and reads no feelings."],
  feelings: ["Feelings", "It reads feelings from face and voice, and keeps nothing."],
  remember: ["Remember", "It may know you again."],
};
const ORDER = Object.keys(RUNGS);

export class Consent {
  /** `ladder` becomes one radio button a rung; `ask(what, value)` sends a request. */
  constructor({ ladder, line, mute, ask }) {
    Object.assign(this, { line, mute, ask });
    this.inputs = new Map(ORDER.map((rung) => [rung, this.choice(ladder, rung)]));
    mute.addEventListener("click", () => ask("mute", mute.getAttribute("aria-pressed") === "true" ? "off" : "on"));
  }

  choice(ladder, rung) {
    const label = document.createElement("label");
    const input = document.createElement("input");
    const name = document.createElement("span");
    Object.assign(input, { type: "radio", name: "rung", value: rung, disabled: true });
    name.textContent = RUNGS[rung][0];
    label.append(input, name);
    ladder.append(label);
    input.addEventListener("change", () => this.ask("consent", rung));
    return input;
  }

  /** The robot said where it stands. What the place forbids cannot be chosen. */
  take({ rung, ceiling, refused }) {
    for (const [each, input] of this.inputs) {
      input.checked = each === rung;
      input.disabled = ORDER.indexOf(each) > ORDER.indexOf(ceiling);
    }
    const here = ceiling === "presence" ? " In this place it goes no further." : "";
    const why = refused === "person" ? " A step up needs somebody at the robot." : "";
    this.line.textContent = `${RUNGS[rung][1]}${here}${why}`;
  }

  /** Muted, whoever did it: by this button, another page, a command or the switch of the body. */
  takeHealth(parts) {
    const muted = Object.values(parts).includes("muted");
    this.mute.setAttribute("aria-pressed", String(muted));
    this.mute.textContent = muted ? "Muted" : "Mute";
  }
}

/** True while the robot lets neither a camera nor a microphone in: then the page's own go dark too. */
export function isShut(parts) {
  const shut = ["off", "muted"];
  return shut.includes(parts.camera) && shut.includes(parts.microphone);
}
