// What the robot is doing, why, and which of its parts work.

import { ago, partWords, plain } from "./words.js";

const STATES = [
  { name: "asleep" },
  { name: "alone" },
  { name: "noticing" },
  { name: "engaged", inner: ["attending", "sharing_joy", "comforting", "calming", "curious"] },
  { name: "parting" },
];
const REASONS_SHOWN = 8;
const REASONS_KNOWN = 200;

export class States {
  /** `list` becomes a small diagram: one chip a state, the engaged ones in a frame of their own. */
  constructor(list) {
    this.list = list;
    this.chips = new Map();
    for (const state of STATES) list.append(state.inner ? this.frame(state) : this.chip(state.name));
  }

  chip(name) {
    const item = document.createElement("li");
    item.className = "state";
    item.textContent = plain(name);
    this.chips.set(name, item);
    return item;
  }

  frame({ name, inner }) {
    const item = document.createElement("li");
    const title = document.createElement("span");
    const list = document.createElement("ol");
    item.className = "frame";
    title.className = "frame-name";
    title.textContent = plain(name);
    list.append(...inner.map((each) => this.chip(each)));
    item.append(title, list);
    this.frameItem = item;
    return item;
  }

  take(state) {
    const name = String(state).split(".").at(-1);
    if (!this.chips.has(name)) this.list.append(this.chip(name));
    for (const [each, chip] of this.chips) {
      chip.classList.toggle("now", each === name);
      if (each === name) chip.setAttribute("aria-current", "step");
      else chip.removeAttribute("aria-current");
    }
    this.frameItem.classList.toggle("now", this.frameItem.contains(this.chips.get(name)));
  }
}

export class Reasons {
  constructor(list) {
    this.list = list;
    this.known = new Map();
    this.nowS = 0;
  }

  take(reason) {
    if (this.known.has(reason.id)) return;
    this.known.set(reason.id, reason);
    if (this.known.size > REASONS_KNOWN) this.known.delete(this.known.keys().next().value);
    this.list.querySelector(".empty")?.remove();
    this.list.prepend(this.row(reason));
    while (this.list.childElementCount > REASONS_SHOWN) this.list.lastElementChild.remove();
  }

  /** Forget everything: the robot was started anew. */
  clear() {
    this.known.clear();
    this.list.replaceChildren();
  }

  row(reason) {
    const item = document.createElement("li");
    const kind = document.createElement("span");
    const text = document.createElement("span");
    const time = document.createElement("span");
    item.dataset.kind = reason.kind;
    kind.className = "kind";
    kind.textContent = reason.kind;
    text.className = "text";
    text.textContent = reason.text;
    time.className = "figure";
    time.dataset.at = reason.t_s;
    time.textContent = ago(this.nowS - reason.t_s);
    item.append(kind, text, time);
    const chain = this.chain(reason);
    if (chain) item.append(chain);
    return item;
  }

  chain(reason) {
    const behind = reason.because.map((id) => this.known.get(id)).filter(Boolean);
    if (!behind.length) return null;
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = "because";
    const list = document.createElement("ul");
    for (const each of behind) {
      const item = document.createElement("li");
      item.textContent = each.text;
      list.append(item);
    }
    details.append(summary, list);
    return details;
  }

  /** Let the ages of the shown reasons go on. */
  age(nowS) {
    this.nowS = nowS;
    for (const time of this.list.querySelectorAll("[data-at]")) time.textContent = ago(nowS - Number(time.dataset.at));
  }
}

export class Parts {
  constructor(list) {
    this.list = list;
    this.last = "";
  }

  take(health) {
    const now = JSON.stringify(health.parts);
    if (now === this.last) return;
    this.last = now;
    this.list.replaceChildren(
      ...Object.entries(health.parts).map(([part, state]) => {
        const item = document.createElement("li");
        const name = document.createElement("span");
        const words = document.createElement("span");
        item.dataset.state = state;
        name.textContent = plain(part);
        words.className = "chip-state";
        words.textContent = partWords(state);
        item.append(name, words);
        return item;
      }),
    );
  }
}
