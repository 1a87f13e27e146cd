// Signs of the map, its legend and its counts: one drawing each, told apart by shape as well as by colour
// (Okabe and Ito's), so that they hold for colour-blind readers and in grey print.
const BLUE = "#0072b2", ORANGE = "#e69f00", GREEN = "#009e73", RED = "#d55e00", GREY = "#7d8790";

function disc(context, x, y, radius, fill, stroke, width = 1.6) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  if (fill) { context.fillStyle = fill; context.fill(); }
  if (stroke) { context.strokeStyle = stroke; context.lineWidth = width; context.stroke(); }
}

// A vehicle: filled with the number on board, or hollow; its nose shows where it is heading.
function drawVehicle(context, x, y, { load, angle, state, isChosen, scale = 1 }) {
  const radius = load ? 10 : 7.5, isResting = state === "break" || state === "failed";
  const colour = isResting ? GREY : BLUE;
  context.save();
  context.translate(x, y);
  context.scale(scale, scale);
  if (isChosen) disc(context, 0, 0, radius + 6, "rgba(230, 159, 0, .35)");
  disc(context, 0, 0, radius + 1.6, "#ffffff");
  if (angle !== null) {
    context.save();
    context.rotate(angle);
    context.beginPath();
    context.moveTo(radius * 0.45, -radius * 0.85);
    context.lineTo(radius * 1.3 + 5, 0);
    context.lineTo(radius * 0.45, radius * 0.85);
    context.closePath();
    context.fillStyle = colour;
    context.strokeStyle = "#ffffff";
    context.lineWidth = 3;
    context.stroke();
    context.fill();
    context.restore();
  }
  disc(context, 0, 0, radius, load ? colour : "#ffffff", colour, 2.4);
  if (load) {
    context.font = `700 ${load > 9 ? 11 : 12.5}px ${FONT}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillStyle = "#ffffff";
    context.fillText(load, 0, 0.8);
  } else if (state === "break") {
    context.fillStyle = GREY;
    context.fillRect(-2.8, -3.2, 1.9, 6.4);
    context.fillRect(0.9, -3.2, 1.9, 6.4);
  } else if (state === "failed") {
    drawCross(context, 0, 0, 3.4, GREY, 2, false);
  }
  context.restore();
}

// Somebody who waits: the ring closes after 60 minutes.
function drawWaiting(context, x, y, { riders, share }) {
  disc(context, x, y, 8.6, "rgba(255, 255, 255, .92)");
  disc(context, x, y, 5.6, ORANGE, INK, 1.3);
  if (share > 0) {
    context.beginPath();
    context.arc(x, y, 8.4, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * Math.min(share, 1));
    context.strokeStyle = INK;
    context.lineWidth = 2.2;
    context.lineCap = "butt";
    context.stroke();
  }
  if (riders > 1) {
    context.font = `700 9px ${FONT}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillStyle = INK;
    context.fillText(riders, x, y + 0.6);
  }
}

function drawBooked(context, x, y) { disc(context, x, y, 3.2, "rgba(255, 255, 255, .85)", "#8f8676", 1.3); }

function drawTarget(context, x, y) {
  for (const [colour, width] of [["#ffffff", 3.6], [BLUE, 1.7]]) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.strokeRect(x - 4, y - 4, 8, 8);
  }
}

function drawDelivered(context, x, y) {
  context.lineJoin = context.lineCap = "round";
  for (const [colour, width] of [["#ffffff", 6], [GREEN, 3]]) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(x - 5.5, y);
    context.lineTo(x - 1.5, y + 4.5);
    context.lineTo(x + 6, y - 5);
    context.stroke();
  }
}

function drawCross(context, x, y, size, colour, width, hasHalo = true) {
  context.lineCap = "round";
  for (const [paint, wide] of hasHalo ? [["#ffffff", width + 3], [colour, width]] : [[colour, width]]) {
    context.strokeStyle = paint;
    context.lineWidth = wide;
    context.beginPath();
    context.moveTo(x - size, y - size);
    context.lineTo(x + size, y + size);
    context.moveTo(x + size, y - size);
    context.lineTo(x - size, y + size);
    context.stroke();
  }
}

function drawOther(context, x, y) {
  disc(context, x, y, 5, "#ffffff", GREY, 1.6);
  context.fillStyle = GREY;
  context.fillRect(x - 2.6, y - 0.9, 5.2, 1.8);
}

// A station, hospital, shop, bath, school, office; hollow where its position is assumed.
function drawPlace(context, x, y, { kind, isCertain }) {
  const paint = "#4a5a6a", ground = isCertain ? paint : "#ffffff", glyph = isCertain ? "#ffffff" : paint;
  context.save();
  context.translate(x, y);
  context.beginPath();
  context.roundRect(-6.5, -6.5, 13, 13, kind === "onsen" || kind === "office" ? 6.5 : 3);
  context.fillStyle = ground;
  context.fill();
  context.strokeStyle = isCertain ? "#ffffff" : paint;
  context.lineWidth = 1.2;
  if (!isCertain) context.setLineDash([2.2, 1.8]);
  context.stroke();
  context.setLineDash([]);
  context.fillStyle = context.strokeStyle = glyph;
  context.lineWidth = 1.5;
  context.lineCap = "round";
  context.beginPath();
  if (kind === "hospital" || kind === "clinic") {
    const half = kind === "hospital" ? 4.2 : 3;
    context.fillRect(-1.3, -half, 2.6, 2 * half);
    context.fillRect(-half, -1.3, 2 * half, 2.6);
  } else if (kind === "rail") {
    context.fillRect(-3.6, -3.6, 7.2, 4.6);
    context.fillRect(-3.6, 2.2, 2, 1.8);
    context.fillRect(1.6, 2.2, 2, 1.8);
  } else if (kind === "shop") {
    context.fillRect(-3.4, -0.8, 6.8, 4.6);
    context.arc(0, -1, 2.1, Math.PI, 0);
    context.stroke();
  } else if (kind === "onsen") {
    for (const dx of [-2.6, 0, 2.6]) {
      context.moveTo(dx, -3.2);
      context.quadraticCurveTo(dx + 1.6, -1.2, dx, 0);
      context.quadraticCurveTo(dx - 1.4, 1.2, dx, 3);
    }
    context.stroke();
  } else {
    disc(context, 0, 0, 2, glyph);
  }
  context.restore();
}

// A road that is closed (barred red, no entry in its middle) or slow (dotted orange) for a while.
function drawStretch(context, view, { lines, isClosed }) {
  const strokes = isClosed ? [["#ffffff", 9, []], [RED, 6, []], ["#ffffff", 3.2, [5, 6]]] : [["#ffffff", 7, []], [ORANGE, 4, [1, 6]]];
  context.lineJoin = "round";
  for (const [colour, width, dashes] of strokes) {
    context.lineCap = dashes.length && !isClosed ? "round" : "butt";
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.setLineDash(dashes);
    context.beginPath();
    for (const { points } of lines) {
      context.moveTo(view.px(points[0]), view.py(points[1]));
      for (let k = 2; k < points.length; k += 2) context.lineTo(view.px(points[k]), view.py(points[k + 1]));
    }
    context.stroke();
  }
  context.setLineDash([]);
  if (!isClosed || !lines.length) return;
  const middle = lines[lines.length >> 1].points, at = (middle.length >> 2) * 2;
  drawNoEntry(context, view.px(middle[at]), view.py(middle[at + 1]));
}

function drawNoEntry(context, x, y) {
  disc(context, x, y, 8.5, RED, "#ffffff", 2);
  context.fillStyle = "#ffffff";
  context.fillRect(x - 5, y - 1.8, 10, 3.6);
}

const SIGNS = {
  loaded: (c) => drawVehicle(c, -3, 0, { load: 3, angle: 0, state: "drives" }),
  empty: (c) => drawVehicle(c, -2, 0, { load: 0, angle: 0, state: "drives" }),
  break: (c) => drawVehicle(c, 0, 0, { load: 0, angle: null, state: "break" }),
  waiting: (c) => drawWaiting(c, 0, 0, { riders: 1, share: 0.35 }),
  booked: (c) => drawBooked(c, 0, 0),
  target: (c) => drawTarget(c, 0, 0),
  delivered: (c) => drawDelivered(c, 0, 0),
  refused: (c) => drawCross(c, 0, 0, 5.5, RED, 3.2),
  others: (c) => drawOther(c, 0, 0),
  closed: (c) => drawNoEntry(c, 0, 0),
  slow: (c) => drawStretch(c, { px: (x) => x, py: (y) => y }, { lines: [{ points: [-9, 0, 9, 0] }], isClosed: false }),
  assumed: (c) => drawPlace(c, 0, 0, { kind: "hospital", isCertain: false }),
};

// A sign as a small canvas for text.
function signOf(name, side = 18) {
  const canvas = document.createElement("canvas"), ratio = 2;
  canvas.width = canvas.height = 32 * ratio;
  canvas.style.cssText = `width:${side}px;height:${side}px;flex:none`;
  canvas.setAttribute("aria-hidden", "true");
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  context.translate(16, 16);
  if (!name.startsWith("l") && name !== "empty" && name !== "break") context.scale(1.35, 1.35);
  SIGNS[name](context);
  return canvas;
}
