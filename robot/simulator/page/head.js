// The robot's head as a drawing: a pedestal with lights, a neck on two servos, a ceramic shell, and on it every hinge
// that the real face has. Only shapes and their names; geometry.js says where they go, face.js moves them.

export const EYES = { left: { x: 414, y: 292 }, right: { x: 226, y: 292 }, radius: 55 };
export const BROW_PIVOTS = { left: { x: 476, y: 208 }, right: { x: 164, y: 208 } };
export const MOUTH_PIVOTS = { left: { x: 442, y: 404 }, right: { x: 198, y: 404 }, arm: 52 };
export const JAW_HINGES = { left: { x: 500, y: 372 }, right: { x: 140, y: 372 } };

const gradient = (id, stops, more = 'x1="0" y1="0" x2="0" y2="1"') =>
  `<linearGradient id="${id}" ${more}>${stops.map(([at, name]) => `<stop offset="${at}" class="${name}"/>`).join("")}</linearGradient>`;
const glow = (id, stops, more = "") =>
  `<radialGradient id="${id}" ${more}>${stops.map(([at, name]) => `<stop offset="${at}" class="${name}"/>`).join("")}</radialGradient>`;

const DEFINITIONS = `<defs>
${gradient("shell", [[0, "shell-top"], [0.55, "shell-mid"], [1, "shell-low"]])}
${gradient("plate", [[0, "plate-top"], [1, "plate-low"]])}
${gradient("metal", [[0, "metal-top"], [0.5, "metal-mid"], [1, "metal-low"]])}
${gradient("steel", [[0, "metal-low"], [0.3, "metal-top"], [0.75, "metal-mid"], [1, "metal-low"]], 'x1="0" y1="0" x2="1" y2="0"')}
${gradient("servo", [[0, "servo-top"], [1, "servo-low"]])}
${gradient("lid", [[0, "lid-top"], [0.55, "lid-mid"], [1, "lid-low"]])}
${gradient("base", [[0, "base-top"], [1, "base-low"]])}
${gradient("side", [[0, "side-dark"], [0.18, "side-none"], [0.82, "side-none"], [1, "side-dark"]], 'x1="0" y1="0" x2="1" y2="0"')}
${glow("ball", [[0, "ball-in"], [0.72, "ball-mid"], [1, "ball-out"]], 'cx="0.42" cy="0.36" r="0.68"')}
${glow("iris", [[0, "iris-in"], [0.62, "iris-mid"], [1, "iris-out"]])}
${glow("ground", [[0, "ground-in"], [1, "ground-out"]])}
${glow("lens", [[0, "lens-in"], [0.5, "lens-mid"], [1, "lens-out"]], 'cx="0.4" cy="0.36" r="0.7"')}
<pattern id="mesh" width="9" height="9" patternUnits="userSpaceOnUse"><rect width="9" height="9" class="mouth-inside"/><circle cx="4.500" cy="4.500" r="1.500" class="mesh-hole"/></pattern>
<clipPath id="clip-left"><circle r="${EYES.radius}"/></clipPath><clipPath id="clip-right"><circle r="${EYES.radius}"/></clipPath>
</defs>`;

const screw = (x, y, r = 5) =>
  `<g class="screw" transform="translate(${x} ${y}) rotate(${(x * 7 + y * 3) % 90})"><circle r="${r}"/><path d="M${-r * 0.6} 0h${r * 1.2}M0 ${-r * 0.6}v${r * 1.2}"/></g>`;
const horn = (id, r) => `<g id="${id}" class="horn"><circle r="${r}"/><path d="M0 ${-r * 0.72}V${r * 0.72}M${-r * 0.72} 0H${r * 0.72}"/><circle r="${r * 0.32}" class="hub"/></g>`;

const PEDESTAL = `<ellipse cx="320" cy="682" rx="250" ry="16" fill="url(#ground)"/>
<path d="M176 612q4-22 30-22h228q26 0 30 22l14 54q4 18-18 18H180q-22 0-18-18z" fill="url(#base)" class="edge"/>
<path d="M190 606q4-10 18-10h224q14 0 18 10" class="rim"/>
<rect x="192" y="629" width="256" height="32" rx="16" class="lamp-well"/><g id="lights"></g>`;

const NECK = `<rect x="262" y="560" width="116" height="34" rx="7" fill="url(#servo)" class="edge"/>${screw(274, 577, 4)}${screw(366, 577, 4)}
<ellipse cx="320" cy="560" rx="60" ry="13" fill="url(#metal)" class="edge"/><g id="pan-marks"></g>
<g id="column"><path d="M290 556V486h60v70q-30 9-60 0z" fill="url(#steel)" class="edge"/>
<path d="M300 492v58M340 492v58" class="groove"/>
<rect x="278" y="494" width="84" height="40" rx="8" fill="url(#servo)" class="edge"/><g transform="translate(320 514)">${horn("tilt-horn", 15)}</g>
${screw(288, 504, 3)}${screw(352, 504, 3)}${screw(288, 525, 3)}${screw(352, 525, 3)}</g>`;

const ear = (side, x) => `<g id="ear-${side}"><rect x="${x - 25}" y="254" width="50" height="112" rx="22" fill="url(#servo)" class="edge"/>
<rect x="${x - 16}" y="268" width="32" height="84" rx="15" class="ear-mesh"/>
${[0, 1, 2, 3, 4].map((i) => `<path d="M${x - 8} ${286 + i * 12}h16" class="slot"/>`).join("")}</g>`;

const SHELL = `<path id="skull" d="M320 96C452 96 522 150 526 268C529 344 522 398 500 434C470 474 400 482 320 482C240 482 170 474 140 434C118 398 111 344 114 268C118 150 188 96 320 96Z" fill="url(#shell)" class="edge"/>
<path d="M320 96C452 96 522 150 526 268C529 344 522 398 500 434C470 474 400 482 320 482C240 482 170 474 140 434C118 398 111 344 114 268C118 150 188 96 320 96Z" fill="url(#side)"/>
<path d="M176 156C214 120 270 110 320 110S426 120 464 156" class="shine"/>`;

const jawArm = (side) => `<g id="jaw-arm-${side}" transform="translate(${JAW_HINGES[side].x} ${JAW_HINGES[side].y})">
<path class="link" d="M0 0L${side === "left" ? -38 : 38} 76"/><g transform="translate(${side === "left" ? -38 : 38} 76)">${screw(0, 0, 4)}</g></g>`;

const JAW = `<g id="jaw"><path d="M226 400H414L424 462Q320 482 216 462Z" fill="url(#servo)"/><path d="M252 424v34M286 426v38M320 427v39M354 426v38M388 424v34" class="slot"/><path d="M196 440C232 470 408 470 444 440C452 462 440 492 412 502C372 516 268 516 228 502C200 492 188 462 196 440Z" fill="url(#shell)" class="edge"/>
<path d="M250 496q70 12 140 0" class="groove"/>${screw(236, 484, 4)}${screw(404, 484, 4)}</g>`;

const eye = (side) => {
  const { x, y } = EYES[side];
  const r = EYES.radius;
  return `<g id="eye-${side}" transform="translate(${x} ${y})"><circle r="${r + 11}" fill="url(#metal)" class="edge"/><circle r="${r + 4}" class="socket"/>
<g clip-path="url(#clip-${side})"><circle r="${r}" fill="url(#ball)"/>
<g id="iris-${side}"><circle r="30" fill="url(#iris)"/><circle r="30" class="iris-ring"/><circle r="22" class="iris-spokes"/><circle r="14" class="pupil"/><circle cx="-9" cy="-10" r="6.500" class="glint"/><circle cx="8" cy="9" r="3" class="glint faint"/></g>
<path id="lid-shade-${side}" class="lid-shade"/><path id="lower-${side}" fill="url(#lid)" class="lid-edge"/><path id="lid-${side}" fill="url(#lid)" class="lid-edge"/></g>
${[-1, 1].map((way) => `<g transform="translate(${way * (r + 7.5)} 0)"><g id="lid-pin-${side}-${way < 0 ? "a" : "b"}" class="pin"><circle r="6.500"/><path d="M-4.500 0h9"/></g></g>`).join("")}</g>`;
};

const brow = (side) => {
  const { x, y } = BROW_PIVOTS[side];
  const way = side === "left" ? -1 : 1;
  return `<g transform="translate(${x} ${y})"><rect x="${way < 0 ? -16 : -30}" y="-15" width="46" height="30" rx="6" fill="url(#servo)" class="edge"/>
<g id="brow-${side}"><path d="M0 -9Q${way * 62} -24 ${way * 116} -8Q${way * 122} 0 ${way * 115} 7Q${way * 62} -5 0 10Q${way * -11} 8 ${way * -11} 0T0 -9Z" class="brow"/>
<path d="M${way * 18} -8Q${way * 62} -19 ${way * 106} -7" class="brow-shine"/>${horn(`brow-horn-${side}`, 10)}</g></g>`;
};

const mouthArm = (side) => {
  const { x, y } = MOUTH_PIVOTS[side];
  const way = side === "left" ? -1 : 1;
  return `<g transform="translate(${x} ${y})"><rect x="${way < 0 ? -14 : -24}" y="-14" width="38" height="28" rx="6" fill="url(#servo)" class="edge"/>
<g id="mouth-arm-${side}"><path class="link" d="M0 0H${way * MOUTH_PIVOTS.arm}"/>${horn(`mouth-horn-${side}`, 10)}</g></g>`;
};

const PLATE = `<path d="M320 168C430 168 492 186 494 280C496 352 486 404 462 436C434 462 390 466 320 466C250 466 206 462 178 436C154 404 144 352 146 280C148 186 210 168 320 168Z" fill="url(#plate)" class="plate-edge"/>
<path d="M308 352q12 -10 24 0q4 12 -12 13q-16 -1 -12 -13z" class="nose"/>`;

const CAMERA = `<g transform="translate(320 140)"><rect x="-43" y="-17" width="86" height="34" rx="17" class="lamp-well"/><circle cx="-13" r="13" fill="url(#metal)"/><circle cx="-13" r="9.500" fill="url(#lens)"/><circle cx="-16" cy="-3" r="2" class="glint"/>
<circle id="camera-light" cx="22" r="5" class="camera-light"/></g>`;

const MOUTH = `<path id="mouth-inside" fill="url(#mesh)"/><path id="lip-low" class="lip"/><path id="lip-up" class="lip"/>
<circle id="corner-left" r="6" class="corner"/><circle id="corner-right" r="6" class="corner"/>`;

export const HEAD = `${DEFINITIONS}<g transform="translate(0 20)">${PEDESTAL}${NECK}</g>
<g id="head-all"><g id="ears">${ear("right", 112)}${ear("left", 528)}</g>${jawArm("right")}${jawArm("left")}<g id="jaw-place">${JAW}</g>
<g id="shell-place">${SHELL}</g>
<g id="features">${PLATE}${CAMERA}${screw(178, 270)}${screw(462, 270)}${screw(214, 440)}${screw(426, 440)}
${eye("right")}${eye("left")}${brow("right")}${brow("left")}${mouthArm("right")}${mouthArm("left")}${MOUTH}</g></g>`;
