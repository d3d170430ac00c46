// The mood: a label, how sure the robot is, a point on the plane of pleasantness and excitement, and the last minute.

import { feelingColour, sharpen, themeColour } from "./colours.js";
import { moodWords, percent } from "./words.js";

const SHOWN_S = 60;
const STRIP = 14;
const DESCRIBE_EVERY_S = 5;

export class MoodPanel {
  constructor(page) {
    Object.assign(this, page);
    this.past = [];
    this.describedS = -Infinity;
    this.asked = false;
  }

  /** What was felt is forgotten. */
  clear() {
    this.past = [];
    this.label.textContent = moodWords("unsure");
    this.label.removeAttribute("data-feeling");
    this.sure.textContent = "";
    this.curve.setAttribute("aria-label", "Mood over the last minute");
    this.ask();
  }

  take(mood) {
    const last = this.past.at(-1);
    if (last && mood.t_s < last.t_s - 1) this.past = [];
    this.past.push(mood);
    while (this.past.length > 2 && mood.t_s - this.past[1].t_s > SHOWN_S) this.past.shift();
    this.ask();
  }

  /** Draw again, for example when the window's size or the colour scheme changed. */
  ask() {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      this.draw();
    });
  }

  draw() {
    const now = this.past.at(-1);
    this.drawPlane(now);
    this.drawCurve(now);
    if (!now) return;
    this.label.textContent = moodWords(now.label);
    this.label.dataset.feeling = now.label;
    const rests = now.face_weight + now.voice_weight > 0 ? `, ${percent(now.face_weight / (now.face_weight + now.voice_weight))} from the face` : "";
    this.sure.textContent = `${percent(now.confidence)} sure${rests}`;
    if (now.t_s - this.describedS >= DESCRIBE_EVERY_S) {
      this.describedS = now.t_s;
      this.curve.setAttribute("aria-label", describe(this.past));
      this.plane.setAttribute("aria-label", `${now.valence > 0.1 ? "Pleasant" : now.valence < -0.1 ? "Unpleasant" : "Neither pleasant nor unpleasant"}, ${now.arousal > 0.1 ? "excited" : now.arousal < -0.1 ? "calm" : "neither excited nor calm"}`);
    }
  }

  drawPlane(now) {
    const { context, width, height } = sharpen(this.plane);
    const [x0, y0, reach] = [width / 2, height / 2, Math.max(0, Math.min(width, height) / 2 - 20)];
    context.strokeStyle = themeColour("line");
    context.lineWidth = 1;
    for (const part of [1, 0.5]) {
      context.beginPath();
      context.arc(x0, y0, reach * part, 0, 2 * Math.PI);
      context.stroke();
    }
    context.beginPath();
    context.moveTo(x0 - reach, y0);
    context.lineTo(x0 + reach, y0);
    context.moveTo(x0, y0 - reach);
    context.lineTo(x0, y0 + reach);
    context.stroke();
    this.drawNames(context, x0, y0, reach);
    const place = (mood) => [x0 + reach * mood.valence, y0 - reach * mood.arousal];
    const trail = this.past.filter((mood) => now.t_s - mood.t_s < 8);
    trail.forEach((mood, index) => {
      context.fillStyle = feelingColour(mood.label);
      context.globalAlpha = (0.35 * index) / trail.length;
      context.beginPath();
      context.arc(...place(mood), 4, 0, 2 * Math.PI);
      context.fill();
    });
    context.globalAlpha = 1;
    if (now) this.drawPoint(context, ...place(now), now);
  }

  drawPoint(context, x, y, now) {
    context.fillStyle = feelingColour(now.label);
    context.globalAlpha = 0.22;
    context.beginPath();
    context.arc(x, y, 9 + 14 * (1 - now.confidence), 0, 2 * Math.PI);
    context.fill();
    context.globalAlpha = 1;
    context.beginPath();
    context.arc(x, y, 7, 0, 2 * Math.PI);
    context.fill();
    context.strokeStyle = themeColour("card");
    context.lineWidth = 2;
    context.stroke();
  }

  drawNames(context, x0, y0, reach) {
    context.fillStyle = themeColour("muted");
    context.font = "11px system-ui, sans-serif";
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText("excited", x0, y0 - reach - 10);
    context.fillText("calm", x0, y0 + reach + 10);
    context.save();
    context.translate(x0 + reach + 10, y0);
    context.rotate(Math.PI / 2);
    context.fillText("pleasant", 0, 0);
    context.restore();
    context.save();
    context.translate(x0 - reach - 10, y0);
    context.rotate(-Math.PI / 2);
    context.fillText("unpleasant", 0, 0);
    context.restore();
  }

  drawCurve(now) {
    const { context, width, height } = sharpen(this.curve);
    const tall = height - STRIP - 8;
    const place = (t) => width * (1 - ((now?.t_s ?? 0) - t) / SHOWN_S);
    const level = (value) => tall / 2 - (value * (tall - 12)) / 2;
    context.strokeStyle = themeColour("line");
    context.lineWidth = 1;
    context.beginPath();
    for (const value of [-1, 0, 1]) {
      context.moveTo(0, level(value));
      context.lineTo(width, level(value));
    }
    context.stroke();
    this.drawStrip(context, place, height);
    if (this.past.length < 2) return;
    this.drawSureness(context, place, level);
    this.drawLine(context, place, (mood) => level(mood.arousal), themeColour("arousal"), [5, 4]);
    this.drawLine(context, place, (mood) => level(mood.valence), themeColour("valence"), []);
  }

  drawSureness(context, place, level) {
    context.fillStyle = themeColour("valence");
    context.globalAlpha = 0.16;
    context.beginPath();
    const half = (mood) => 0.3 * (1 - mood.confidence) + 0.02;
    this.past.forEach((mood) => context.lineTo(place(mood.t_s), level(mood.valence + half(mood))));
    this.past.toReversed().forEach((mood) => context.lineTo(place(mood.t_s), level(mood.valence - half(mood))));
    context.fill();
    context.globalAlpha = 1;
  }

  drawLine(context, place, level, colour, dash) {
    context.strokeStyle = colour;
    context.lineWidth = 2.5;
    context.lineJoin = "round";
    context.setLineDash(dash);
    context.beginPath();
    this.past.forEach((mood) => context.lineTo(place(mood.t_s), level(mood)));
    context.stroke();
    context.setLineDash([]);
  }

  drawStrip(context, place, height) {
    this.past.forEach((mood, index) => {
      const to = this.past[index + 1]?.t_s ?? mood.t_s;
      context.fillStyle = feelingColour(mood.label);
      context.globalAlpha = mood.label === "unsure" ? 0.25 : 0.9;
      context.fillRect(place(mood.t_s), height - STRIP, place(to) - place(mood.t_s) + 0.6, STRIP - 4);
    });
    context.globalAlpha = 1;
  }
}

/** The last minute in a sentence. */
export function describe(past) {
  const lasted = new Map();
  past.forEach((mood, index) => {
    const until = past[index + 1]?.t_s ?? mood.t_s + 0.01;
    lasted.set(mood.label, (lasted.get(mood.label) ?? 0) + until - mood.t_s);
  });
  const [label] = [...lasted.entries()].sort((a, b) => b[1] - a[1])[0];
  return `Over the last minute mostly: ${moodWords(label).toLowerCase()}. Now: ${moodWords(past.at(-1).label).toLowerCase()}.`;
}
