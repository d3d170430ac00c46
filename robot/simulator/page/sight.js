// What the robot sees: the picture, a box for each face with its number, the largest face's expression and quality.

import { Bars } from "./bars.js";
import { feelingColour } from "./colours.js";
import { drawHand, drawRegard, drawSigns, regardWords, signWords } from "./regard.js";
import { moodWords, percent } from "./words.js";

const GONE_AFTER_MS = 3000;

export class Sight {
  constructor(page) {
    this.canvas = page.picture;
    this.context = this.canvas.getContext("2d", { alpha: false });
    this.veil = page.veil;
    this.line = page.line;
    this.expression = new Bars(page.expression, { empty: "No face to read" });
    this.quality = new Bars(page.quality, { empty: "No face to judge", coloured: false });
    this.image = null;
    this.sighting = null;
    this.imageMs = -Infinity;
    this.asked = false;
  }

  /** A picture from the robot, as a JPEG blob. */
  async takePicture(blob) {
    try {
      this.takeImage(await createImageBitmap(blob));
    } catch {
      // A picture that cannot be decoded is followed by the next one.
      this.veil.textContent = "The picture cannot be read";
    }
  }

  /** A picture as anything that a canvas can draw. */
  takeImage(image) {
    if (this.image !== image) this.image?.close?.();
    this.image = image;
    this.imageMs = performance.now();
    this.ask();
  }

  /** The robot sees nothing any more, or was asked to forget: no picture and no face stay behind. */
  clear() {
    this.image?.close?.();
    this.image = this.sighting = null;
    this.imageMs = -Infinity;
    this.ask();
  }

  take(sighting) {
    this.sighting = sighting;
    this.ask();
  }

  ask() {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      this.draw();
    });
  }

  draw() {
    this.drawPicture();
    const faces = this.sighting?.faces ?? [];
    for (const face of faces) this.drawFace(face);
    for (const hand of this.sighting?.hands ?? []) drawHand(this.context, this.canvas, hand);
    drawSigns(this.context, this.canvas, this.sighting?.gestures);
    this.write(faces);
  }

  drawPicture() {
    const fresh = this.image && performance.now() - this.imageMs < GONE_AFTER_MS;
    this.veil.hidden = Boolean(fresh);
    const shape = fresh ? this.image : { width: this.sighting?.width_px ?? 640, height: this.sighting?.height_px ?? 480 };
    if (this.canvas.width !== shape.width || this.canvas.height !== shape.height) {
      this.canvas.width = shape.width;
      this.canvas.height = shape.height;
    }
    if (fresh) this.context.drawImage(this.image, 0, 0);
    else this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  drawFace(face) {
    const { context, canvas } = this;
    const [x, y] = [face.box.x * canvas.width, face.box.y * canvas.height];
    const [width, height] = [face.box.width * canvas.width, face.box.height * canvas.height];
    const label = face.expression?.unsure ? "unsure" : face.expression?.label;
    const scale = canvas.width / 640;
    context.lineWidth = 3 * scale;
    context.strokeStyle = feelingColour(label);
    context.beginPath();
    context.roundRect(x, y, width, height, 14 * scale);
    context.stroke();
    const felt = label ? `${label} ${percent(face.expression.confidence)}` : "";
    const words = [face.track, felt, regardWords(face.regard)].filter(Boolean).join(" · ");
    drawRegard(context, canvas, face);
    context.font = `600 ${15 * scale}px system-ui, sans-serif`;
    const wide = context.measureText(words).width + 18 * scale;
    const top = Math.max(4 * scale, y - 30 * scale);
    context.fillStyle = "rgb(15 20 24 / 82%)";
    context.beginPath();
    context.roundRect(x, top, wide, 24 * scale, 12 * scale);
    context.fill();
    context.fillStyle = "#fff";
    context.textBaseline = "middle";
    context.fillText(words, x + 9 * scale, top + 12.5 * scale);
  }

  write(faces) {
    const first = faces[0];
    const words = faces.length === 0 ? "No face in view" : faces.length === 1 ? `One face, number ${first.track}` : `${faces.length} faces, looking at number ${first.track}`;
    if (this.line.textContent !== words) this.line.textContent = words;
    const felt = first?.expression ? moodWords(first.expression.label).toLowerCase() : "";
    const told = [felt, regardWords(first?.regard), signWords(this.sighting?.gestures)].filter(Boolean).join(", ");
    this.canvas.setAttribute("aria-label", told ? `${words}: ${told}` : words);
    if (!first) {
      this.expression.clear();
      this.quality.clear();
      return;
    }
    const { size, light, sharpness, pose } = first.quality;
    this.quality.show({ size, light, sharpness, pose });
    if (first.expression) this.expression.show(first.expression.probabilities, { unsure: first.expression.unsure });
    else this.expression.clear();
  }
}
