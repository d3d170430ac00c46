// Where a face looks, how its head is held, and what hands show, drawn over the picture; and the same in words.

const SIGNS = {
  nod: "a nod",
  shake: "a shake of the head",
  tilt: "a tilted head",
  lean_in: "leaning in",
  lean_away: "leaning away",
  wave: "a wave",
  open_palm: "an open palm: stop",
  thumb_up: "a thumb up",
  thumb_down: "a thumb down",
  pointing: "pointing",
  victory: "a victory sign",
  fist: "a fist",
};

const LOOKING = "#56b4e9";
const AWAY = "#f0e442";

/** The gaze of both eyes as arrows, and the head's direction as a fine line from between them. */
export function drawRegard(context, canvas, face) {
  const { regard } = face;
  if (!regard) return;
  const scale = canvas.width / 640;
  const reach = face.box.height * canvas.height;
  const middle = [(face.eyes[0][0] + face.eyes[1][0]) / 2, (face.eyes[0][1] + face.eyes[1][1]) / 2];
  context.strokeStyle = regard.looking ? LOOKING : AWAY;
  context.lineWidth = 1.5 * scale;
  ray(context, canvas, middle, regard.head_pan_deg, regard.head_tilt_deg, reach);
  context.lineWidth = 3 * scale;
  for (const eye of face.eyes) {
    if (regard.eyes_closed) shut(context, canvas, eye, 10 * scale);
    else ray(context, canvas, eye, regard.gaze_pan_deg, regard.gaze_tilt_deg, 0.8 * reach, 4 * scale);
  }
}

/** A frame around a hand, with the shape that it makes. */
export function drawHand(context, canvas, hand) {
  const scale = canvas.width / 640;
  const [x, y] = [hand.box.x * canvas.width, hand.box.y * canvas.height];
  context.strokeStyle = LOOKING;
  context.lineWidth = 2 * scale;
  context.setLineDash([6 * scale, 4 * scale]);
  context.strokeRect(x, y, hand.box.width * canvas.width, hand.box.height * canvas.height);
  context.setLineDash([]);
  const shape = hand.shape === "none" ? "a hand" : hand.shape.replaceAll("_", " ");
  label(context, `${hand.right ? "right" : "left"}: ${shape}`, x, y + hand.box.height * canvas.height + 4 * scale, scale);
}

/** The signs of the last moment, in the corner. */
export function drawSigns(context, canvas, gestures) {
  const words = signWords(gestures);
  if (words) label(context, words, 8 * (canvas.width / 640), 8 * (canvas.width / 640), canvas.width / 640);
}

export function signWords(gestures) {
  return [...new Set((gestures ?? []).map((gesture) => SIGNS[gesture.kind] ?? gesture.kind))].join(", ");
}

export function regardWords(regard) {
  if (!regard) return "";
  if (regard.eyes_closed) return "eyes shut";
  return `${regard.looking ? "looks here" : "looks away"}${regard.talking ? ", talks" : ""}`;
}

// A person's left is the picture's right: pan is positive to the picture's left, tilt upwards.
function ray(context, canvas, [x, y], panDeg, tiltDeg, reach, dot = 0) {
  const [fromX, fromY] = [x * canvas.width, y * canvas.height];
  const toX = fromX - Math.sin((panDeg * Math.PI) / 180) * reach;
  const toY = fromY - Math.sin((tiltDeg * Math.PI) / 180) * reach;
  context.beginPath();
  context.moveTo(fromX, fromY);
  context.lineTo(toX, toY);
  context.stroke();
  if (!dot) return;
  context.fillStyle = context.strokeStyle;
  context.beginPath();
  context.arc(toX, toY, dot, 0, 2 * Math.PI);
  context.fill();
}

function shut(context, canvas, [x, y], half) {
  context.beginPath();
  context.moveTo(x * canvas.width - half, y * canvas.height);
  context.lineTo(x * canvas.width + half, y * canvas.height);
  context.stroke();
}

function label(context, words, x, y, scale) {
  context.font = `600 ${14 * scale}px system-ui, sans-serif`;
  context.textBaseline = "top";
  context.fillStyle = "rgb(15 20 24 / 82%)";
  context.fillRect(x - 4 * scale, y - 3 * scale, context.measureText(words).width + 8 * scale, 22 * scale);
  context.fillStyle = "#fff";
  context.fillText(words, x, y);
}
