// What the robot hears: the level over the last seconds, whether someone speaks, and the tone of voice.

import { Bars } from "./bars.js";
import { sharpen, themeColour } from "./colours.js";
import { percent, plain } from "./words.js";

const COLUMNS = 96;
const QUIETEST_DBFS = -70;
const WORDS_STAY_MS = 10000;
const SURE = 0.5; // EVENT_SURE in robot/messages.py
const SOUND_STAYS_S = 1.5;
const SOUNDS = { laugh: "Someone laughs", cry: "Someone cries", scream: "Someone screams", sigh: "Someone sighs" };

/** What somebody does without words, of a tone's events; undefined where it is speech. */
function soundOf(events = {}) {
  return Object.keys(SOUNDS).find((name) => events[name] >= SURE);
}

export class Ears {
  constructor(page) {
    this.canvas = page.level;
    this.state = page.state;
    this.figure = page.figure;
    this.heard = page.heard;
    this.whole = page.whole;
    this.tone = new Bars(page.tone, { empty: "Not enough speech yet" });
    this.past = [];
    this.asked = false;
  }

  take(hearing) {
    this.past.push(hearing);
    if (this.past.length > COLUMNS) this.past.shift();
    if (hearing.tone) {
      this.sound = soundOf(hearing.tone.events);
      this.soundedAt = hearing.t_s;
      this.showTone(hearing.tone);
    }
    if (hearing.t_s - this.soundedAt > SOUND_STAYS_S) this.sound = undefined;
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      this.draw();
      this.write(hearing);
    });
  }

  /** Tones of speech or, of a sound without words, the events: the two never stand side by side. */
  showTone(tone) {
    const kind = Object.keys(tone.probabilities).join();
    if (kind !== this.kind) this.tone.clear();
    this.kind = kind;
    this.tone.show(tone.probabilities, { unsure: tone.unsure });
  }

  /** What was said stands here for a moment, and is kept nowhere. */
  takeWords({ text, language, command }) {
    this.heard.textContent = command ? `Heard the command: ${text}` : `Heard: “${text}”`;
    this.heard.lang = command ? "en" : language;
    this.heard.hidden = false;
    clearTimeout(this.forgetting);
    this.forgetting = setTimeout(() => this.forgetWords(), WORDS_STAY_MS);
  }

  /** How a whole sentence sounded, or a laugh, by the second opinion. */
  takeWhole({ tone }) {
    const how = tone.unsure ? "not sure" : `${plain(tone.label)} (${percent(tone.confidence)})`;
    this.whole.textContent = `The whole ${"none" in tone.probabilities ? "sound" : "sentence"}: ${how}`;
    this.whole.hidden = false;
    clearTimeout(this.forgettingWhole);
    this.forgettingWhole = setTimeout(() => this.forgetWhole(), WORDS_STAY_MS);
  }

  forgetWords() {
    clearTimeout(this.forgetting);
    this.heard.textContent = "";
    this.heard.hidden = true;
  }

  forgetWhole() {
    clearTimeout(this.forgettingWhole);
    this.whole.textContent = "";
    this.whole.hidden = true;
  }

  /** What was said, and how, is forgotten. */
  forgetSaid() {
    this.forgetWords();
    this.forgetWhole();
  }

  /** What was heard is forgotten. */
  clear() {
    this.forgetSaid();
    this.past = [];
    this.sound = undefined;
    this.tone.clear();
    this.state.textContent = "Quiet";
    this.figure.textContent = "";
    this.draw();
  }

  draw() {
    const { context, width, height } = sharpen(this.canvas);
    const step = width / COLUMNS;
    const colours = { voice: themeColour("accent"), own: themeColour("muted"), noise: themeColour("line-strong") };
    this.past.forEach((hop, index) => {
      const loud = Math.max(0, 1 - (hop.level_dbfs ?? -100) / QUIETEST_DBFS);
      const tall = Math.max(2, loud * (height - 8));
      context.fillStyle = hop.own_noise > 0.5 ? colours.own : hop.speaking ? colours.voice : colours.noise;
      context.beginPath();
      context.roundRect((COLUMNS - this.past.length + index) * step + step * 0.18, (height - tall) / 2, step * 0.64, tall, step * 0.32);
      context.fill();
    });
  }

  write(hearing) {
    const words = hearing.over_own ? "Someone talks over it" : hearing.own_noise > 0.5 ? "Its own voice or motion, ignored" : SOUNDS[this.sound] ?? (hearing.speaking ? "Someone is speaking" : "Quiet");
    if (this.state.textContent !== words) this.state.textContent = words;
    this.figure.textContent = `${Math.round(hearing.level_dbfs ?? -100)} dB`;
  }
}
