// One colour for each feeling, the same in bars, boxes and curves. Never the only sign: a word always stands beside it.

const FEELINGS = {
  happy: "#e9a820",
  happiness: "#e9a820",
  sad: "#5488e8",
  sadness: "#5488e8",
  angry: "#e0574b",
  anger: "#e0574b",
  afraid: "#9b70dc",
  fear: "#9b70dc",
  surprised: "#1fa99d",
  surprise: "#1fa99d",
  disgust: "#7d9a3c",
  contempt: "#c0679b",
  neutral: "#8b98a5",
};

/** The colour of a feeling by name; grey-blue for one that has none, or none at all. */
export function feelingColour(name) {
  return FEELINGS[name] ?? "#9aa7b2";
}

/** A colour of the style sheet by its name, in the scheme (dark or light) that holds now. */
export function themeColour(name) {
  return window.getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** Make a canvas as sharp as the screen; returns its context, width and height in CSS pixels. */
export function sharpen(canvas) {
  const ratio = Math.min(2, window.devicePixelRatio || 1);
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}
