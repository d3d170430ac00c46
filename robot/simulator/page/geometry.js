// From joint angles to places in the drawing. Pure: no page, no time. Signs are the robot's own (see hardware/ports.py):
// its left is the viewer's right.

import { EYES, MOUTH_PIVOTS } from "./head.js";

export const JOINTS = ["neck_pan", "neck_tilt", "brow_left", "brow_right", "lid_left", "lid_right", "eyes_pan", "eyes_tilt", "mouth_left", "mouth_right", "jaw"];

const radians = (degrees) => (degrees * Math.PI) / 180;
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const round = (value) => Math.round(value * 100) / 100;

/** The eleven joints in degrees, whatever came: missing or no number is neutral. */
export function readAngles(given) {
  return Object.fromEntries(JOINTS.map((joint) => [joint, Number.isFinite(given?.[joint]) ? clamp(given[joint], -90, 90) : 0]));
}

/** A step towards `target`, `share` 0..1 of the way. */
export function approach(now, target, share) {
  return Object.fromEntries(JOINTS.map((joint) => [joint, now[joint] + (target[joint] - now[joint]) * share]));
}

/**
 * Turning a solid head, seen from the front: a point at depth z moves sideways by z sin(pan) and the face narrows by
 * cos(pan); likewise up and down with tilt. Features lie on the front (z = 112 units), ears at the sides (z = 0, 208 out).
 */
export function headPlaces(pan, tilt) {
  const [sinPan, cosPan] = [Math.sin(radians(pan)), Math.cos(radians(pan))];
  const [sinTilt, cosTilt] = [Math.sin(radians(tilt)), Math.cos(radians(tilt))];
  const lift = -34 * sinTilt;
  return {
    head: { x: round(10 * sinPan), y: round(lift) },
    shell: { x: round(14 * sinPan), y: round(-10 * sinTilt), wide: round(1 - 0.05 * Math.abs(sinPan)) },
    features: { x: round(84 * sinPan), y: round(-64 * sinTilt), wide: round(cosPan), high: round(0.25 + 0.75 * cosTilt) },
    ears: { left: round(208 * (cosPan - 1) - 26 * sinPan), right: round(-208 * (cosPan - 1) - 26 * sinPan) },
  };
}

/** Where the iris sits in the eyeball, and how foreshortened it is. */
export function irisPlace(pan, tilt) {
  const reach = EYES.radius * 0.98;
  return {
    x: round(reach * Math.sin(radians(pan))),
    y: round(-reach * Math.sin(radians(tilt))),
    wide: round(Math.cos(radians(pan))),
    high: round(Math.cos(radians(tilt))),
  };
}

/** Height of the upper lid's edge at the middle of the eye, in eye radii: -1 top, 1 bottom; -0.48 at 0 degrees. */
export function lidEdge(lid) {
  return round(Math.sin(radians(clamp(-29 - 2.15 * lid, -74, 57))));
}

/** The upper lid: a visor turning about the eye's level axis, its edge half an ellipse. */
export function lidPath(edge) {
  const r = EYES.radius + 1;
  const sweep = edge > 0 ? 0 : 1;
  return `M${-r} 0A${r} ${round(Math.abs(edge) * r)} 0 0 ${sweep} ${r} 0V${-r - 4}H${-r}Z`;
}

/** The lower lid stands still. */
export function lowerLidPath() {
  const r = EYES.radius + 1;
  return `M${-r} 0A${r} ${round(0.82 * r)} 0 0 0 ${r} 0V${r + 4}H${-r}Z`;
}

/** The end of a mouth arm turned up by `angle`. */
export function mouthCorner(side, angle) {
  const { x, y } = MOUTH_PIVOTS[side];
  const way = side === "left" ? -1 : 1;
  const turn = radians(angle);
  return { x: round(x + way * MOUTH_PIVOTS.arm * Math.cos(turn)), y: round(y - MOUTH_PIVOTS.arm * Math.sin(turn)) };
}

/** The lips between the two corners: silicone that sags where the corners rise and opens with the jaw. */
export function lipPaths(left, right, jaw) {
  const rest = (left.y + right.y) / 2;
  const sag = (MOUTH_PIVOTS.left.y - rest) * 1.15;
  const open = Math.max(0, jaw) * 2.9;
  const upper = rest + sag - open * 0.18;
  const lower = rest + sag + open;
  const curve = (from, y, to) => `${from.x} ${from.y}C${from.x + (to.x - from.x) * 0.28} ${round(y)} ${from.x + (to.x - from.x) * 0.72} ${round(y)} ${to.x} ${to.y}`;
  return { up: `M${curve(right, upper, left)}`, low: `M${curve(right, lower, left)}`, inside: `M${curve(right, upper, left)}L${curve(left, lower, right)}Z` };
}

/** How far the chin plate sinks, in drawing units. */
export function jawDrop(jaw) {
  return round(Math.max(0, jaw) * 1.25);
}

/** A linear light 0..1 as a CSS colour. */
export function lightColour(rgb) {
  const shown = rgb.map((channel) => Math.round(255 * clamp(channel || 0, 0, 1) ** (1 / 2.2)));
  return `rgb(${shown.join(" ")})`;
}
