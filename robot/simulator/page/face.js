// Moves the drawn head as the servos would be moved, and shows its lights.

import { HEAD, JAW_HINGES } from "./head.js";
import { approach, headPlaces, irisPlace, jawDrop, lidEdge, lidPath, lightColour, lipPaths, lowerLidPath, mouthCorner, readAngles } from "./geometry.js";

const SETTLE_MS = 45;
const CALM_EVERY_MS = 700;

export class Face {
  /** `svg` is filled with the head; `stage` gets the colour of the light that falls on it. */
  constructor(svg, stage) {
    svg.innerHTML = HEAD;
    this.part = (id) => svg.querySelector(`#${id}`);
    this.svg = svg;
    this.stage = stage;
    this.target = readAngles({ lid_left: -40, lid_right: -40 });
    this.shown = this.target;
    this.calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.lastMs = 0;
    this.running = false;
    for (const side of ["left", "right"]) this.part(`lower-${side}`).setAttribute("d", lowerLidPath());
    this.draw(this.shown);
  }

  /** Take new joint angles (degrees by joint) and lights ([red, green, blue] linear 0..1 each). */
  take(pose) {
    this.target = readAngles(pose.angles_deg);
    this.light(pose.lights ?? []);
    if (this.calm.matches) this.takeCalmly();
    else this.run();
  }

  /** For people who asked for less motion: no glide, no blink; a still face, renewed now and then. */
  takeCalmly() {
    if (this.waiting) return;
    const due = this.lastMs + CALM_EVERY_MS - performance.now();
    this.waiting = setTimeout(() => this.renew(), Math.max(0, due));
  }

  renew() {
    this.waiting = null;
    this.lastMs = performance.now();
    const shut = (angles) => Math.min(angles.lid_left, angles.lid_right) < -20;
    const closing = shut(this.target) && !shut(this.shown);
    if (closing && !this.doubted) {
      // A blink, or going to sleep? The next look will tell.
      this.doubted = true;
      this.takeCalmly();
      return;
    }
    this.doubted = false;
    this.shown = this.target;
    this.draw(this.shown);
  }

  run() {
    if (this.running) return;
    this.running = true;
    this.lastMs = performance.now();
    requestAnimationFrame((now) => this.step(now));
  }

  step(now) {
    const share = 1 - Math.exp(-Math.max(0, now - this.lastMs) / SETTLE_MS);
    this.lastMs = now;
    const arrived = Object.entries(this.target).every(([joint, angle]) => Math.abs(angle - this.shown[joint]) < 0.05);
    this.shown = arrived ? this.target : approach(this.shown, this.target, share);
    this.draw(this.shown);
    this.running = !arrived;
    if (this.running) requestAnimationFrame((later) => this.step(later));
  }

  draw(angles) {
    this.drawHead(angles.neck_pan, angles.neck_tilt);
    this.drawEyes(angles);
    for (const [side, way] of [["left", 1], ["right", -1]]) this.move(`brow-${side}`, `rotate(${way * angles[`brow_${side}`]})`);
    this.drawMouth(angles);
    this.svg.dataset.angles = JSON.stringify(angles);
  }

  drawHead(pan, tilt) {
    const { head, shell, features, ears } = headPlaces(pan, tilt);
    this.move("head-all", `translate(${head.x} ${head.y})`);
    this.move("shell-place", `translate(${320 + shell.x} ${shell.y}) scale(${shell.wide} 1) translate(-320 0)`);
    this.move("features", `translate(${320 + features.x} ${300 + features.y}) scale(${features.wide} ${features.high}) translate(-320 -300)`);
    this.move("ear-left", `translate(${ears.left} 0)`);
    this.move("ear-right", `translate(${ears.right} 0)`);
    this.move("tilt-horn", `rotate(${-tilt})`);
    this.part("pan-marks").innerHTML = panMarks(pan);
    this.jawAside = { x: features.x * 0.8, y: features.y * 0.35, wide: features.wide };
  }

  drawEyes(angles) {
    const iris = irisPlace(angles.eyes_pan, angles.eyes_tilt);
    for (const side of ["left", "right"]) {
      const edge = lidEdge(angles[`lid_${side}`]);
      this.move(`iris-${side}`, `translate(${iris.x} ${iris.y}) scale(${iris.wide} ${iris.high})`);
      this.part(`lid-${side}`).setAttribute("d", lidPath(edge));
      this.part(`lid-shade-${side}`).setAttribute("d", lidPath(Math.min(1, edge + 0.16)));
      this.move(`lid-pin-${side}-a`, `rotate(${angles[`lid_${side}`] * 2})`);
      this.move(`lid-pin-${side}-b`, `rotate(${-angles[`lid_${side}`] * 2})`);
    }
  }

  drawMouth(angles) {
    const corners = {};
    for (const [side, way] of [["left", 1], ["right", -1]]) {
      const angle = angles[`mouth_${side}`];
      corners[side] = mouthCorner(side, angle);
      this.move(`mouth-arm-${side}`, `rotate(${way * angle})`);
      this.move(`corner-${side}`, `translate(${corners[side].x} ${corners[side].y})`);
    }
    const lips = lipPaths(corners.left, corners.right, angles.jaw);
    this.part("mouth-inside").setAttribute("d", lips.inside);
    this.part("lip-up").setAttribute("d", lips.up);
    this.part("lip-low").setAttribute("d", lips.low);
    const aside = this.jawAside;
    const drop = jawDrop(angles.jaw);
    this.move("jaw-place", `translate(${320 + aside.x} ${aside.y + drop}) scale(${aside.wide} 1) translate(-320 0)`);
    for (const [side, way] of [["left", 1], ["right", -1]]) {
      const hinge = JAW_HINGES[side];
      const x = 320 + (hinge.x - 320) * aside.wide + aside.x;
      this.move(`jaw-arm-${side}`, `translate(${x} ${hinge.y + aside.y + drop * 0.4}) rotate(${way * angles.jaw * 0.6})`);
    }
  }

  light(lights) {
    const row = this.part("lights");
    if (row.childElementCount !== lights.length * 2) row.innerHTML = lampRow(lights.length);
    const mean = [0, 1, 2].map((channel) => lights.reduce((sum, lamp) => sum + (lamp[channel] || 0), 0) / Math.max(1, lights.length));
    lights.forEach((lamp, index) => {
      row.children[index * 2].setAttribute("fill", lightColour(lamp));
      row.children[index * 2].setAttribute("opacity", Math.min(0.5, Math.max(...lamp, 0) * 0.5).toFixed(2));
      row.children[index * 2 + 1].setAttribute("fill", Math.max(...lamp) > 0.004 ? lightColour(lamp) : "");
    });
    this.stage.style.setProperty("--glow", lightColour(mean));
    this.stage.style.setProperty("--glow-strength", Math.min(1, Math.max(...mean) * 1.6).toFixed(2));
  }

  /** The small light beside the lens: on while the robot's camera is open. */
  cameraOpen(open) {
    this.part("camera-light").classList.toggle("on", open);
  }

  /** Say in words what the face shows, for those who do not see it. */
  describe(words) {
    this.svg.setAttribute("aria-label", `The robot looks ${words}`);
  }

  move(id, transform) {
    this.part(id).setAttribute("transform", transform);
  }
}

function panMarks(pan) {
  return [-75, -50, -25, 0, 25, 50, 75]
    .map((at) => ((at + pan) * Math.PI) / 180)
    .filter((turn) => Math.cos(turn) > 0.1)
    .map((turn) => `<path class="mark${Math.abs(turn - (pan * Math.PI) / 180) < 1e-9 ? " zero" : ""}" d="M${(320 + 58 * Math.sin(turn)).toFixed(1)} ${(560 + 12 * Math.cos(turn) - 5).toFixed(1)}v7"/>`)
    .join("");
}

function lampRow(count) {
  const step = 232 / Math.max(1, count);
  return Array.from({ length: count }, (_, index) => {
    const x = 204 + step * (index + 0.5);
    const r = Math.min(10, step * 0.36);
    return `<circle cx="${x}" cy="645" r="${r * 1.9}"/><circle cx="${x}" cy="645" r="${r}" class="lamp"/>`;
  }).join("");
}
