// Roads, river, outline and names below the vehicles.
const FONT = '"BIZ UDPGothic", "Hiragino Sans", "Yu Gothic UI", Meiryo, "Noto Sans JP", IPAPGothic, system-ui, sans-serif';
const INK = "#17222d", PAPER = "#ebe7de", GROUND = "#fbfaf6";

// By road class, motorway to service road: width in pixels at the first scale and when near, colour, and the
// metres a pixel may stand for while the class is still drawn.
const ROADS = [
  [3.4, 9, "#b09f83", 400], [3.2, 9, "#b6a68b", 400], [2.6, 8, "#bfb198", 300], [2.0, 7, "#cabea8", 200],
  [1.4, 5.5, "#d2c8b6", 120], [0.9, 4, "#dad2c3", 90], [0.7, 3.4, "#dfd8cb", 70], [0.5, 2.5, "#e3ddd2", 30],
];
const CASED = 4; // classes drawn with a light edge

class View {
  constructor(box) { this.box = box; this.width = this.height = 1; this.whole(); }
  whole() {
    const [left, bottom, right, top] = this.box;
    this.x = (left + right) / 2;
    this.y = (bottom + top) / 2;
    this.scale = this.least = 0.97 * Math.min(this.width / (right - left), this.height / (top - bottom));
    this.isWhole = true;
  }
  resize(width, height) {
    this.width = width;
    this.height = height;
    if (this.isWhole) this.whole();
  }
  px(x) { return this.width / 2 + (x - this.x) * this.scale; }
  py(y) { return this.height / 2 - (y - this.y) * this.scale; }
  zoom(factor, px = this.width / 2, py = this.height / 2) {
    const scale = Math.min(Math.max(this.scale * factor, this.least * 0.6), 2);
    this.x += (px - this.width / 2) * (1 / this.scale - 1 / scale);
    this.y -= (py - this.height / 2) * (1 / this.scale - 1 / scale);
    this.scale = scale;
    this.isWhole = false;
  }
  pan(dx, dy) {
    const [left, bottom, right, top] = this.box;
    this.x = Math.min(Math.max(this.x - dx / this.scale, left), right);
    this.y = Math.min(Math.max(this.y + dy / this.scale, bottom), top);
    this.isWhole = false;
  }
  sees(box) {
    const wide = this.width / 2 / this.scale, high = this.height / 2 / this.scale;
    return box[2] >= this.x - wide && box[0] <= this.x + wide && box[3] >= this.y - high && box[1] <= this.y + high;
  }
}

class BaseMap {
  constructor(packed) {
    this.roads = unpackedLines(packed.roads, true);
    this.outline = unpackedLines(packed.outline, false)[0];
    this.river = unpackedLines(packed.river, false)[0];
    this.shields = packed.shields;
    this.named = []; // boxes of the names and signs that were drawn last, in pixels
    this.marks = packed.marks.map(([x, y, name, kind, weight, isCertain]) => ({ x, y, name, kind, weight, isCertain }));
  }

  // What is worth seeing first: the city, or everything.
  box() {
    if (this.outline) return this.outline.box;
    return this.roads.reduce(
      (all, { box }) => [Math.min(all[0], box[0]), Math.min(all[1], box[1]), Math.max(all[2], box[2]), Math.max(all[3], box[3])],
      [Infinity, Infinity, -Infinity, -Infinity]);
  }

  draw(context, view, hasNames) {
    context.fillStyle = this.outline ? PAPER : GROUND;
    context.fillRect(0, 0, view.width, view.height);
    if (this.outline) {
      trace(context, view, this.outline.points);
      context.fillStyle = GROUND;
      context.fill();
    }
    context.lineCap = context.lineJoin = "round";
    if (this.river) {
      trace(context, view, this.river.points);
      context.strokeStyle = "#cfdfe8";
      context.lineWidth = Math.max(5, Math.min(200 * view.scale, 60));
      context.lineCap = "butt";
      context.stroke();
      context.lineCap = "round";
    }
    this.drawRoads(context, view);
    if (this.outline) {
      trace(context, view, this.outline.points);
      context.setLineDash([7, 3, 1.5, 3]);
      context.strokeStyle = "#a59c8b";
      context.lineWidth = 1.2;
      context.stroke();
      context.setLineDash([]);
    }
    if (hasNames) this.drawNames(context, view);
    drawScale(context, view);
  }

  drawRoads(context, view) {
    const metres = 1 / view.scale, near = Math.min(Math.max((Math.log2(view.scale) + 4.6) / 5, 0), 1);
    for (let code = ROADS.length - 1; code >= 0; code--) {
      const [thin, wide, colour, mostMetres] = ROADS[code];
      if (metres > mostMetres) continue;
      context.beginPath();
      for (const { head, points, box } of this.roads) {
        if (head !== code || !view.sees(box)) continue;
        if (Math.max(box[2] - box[0], box[3] - box[1]) * view.scale < 0.4) continue;
        context.moveTo(view.px(points[0]), view.py(points[1]));
        for (let k = 2; k < points.length; k += 2) context.lineTo(view.px(points[k]), view.py(points[k + 1]));
      }
      const width = thin + (wide - thin) * near;
      if (code < CASED) {
        context.strokeStyle = "#ffffff";
        context.lineWidth = width + 2;
        context.stroke();
      }
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.stroke();
    }
  }

  drawNames(context, view) {
    const taken = this.named = [];
    const isFree = (box) => {
      const isTaken = taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]);
      if (!isTaken) taken.push(box);
      return !isTaken;
    };
    const metres = 1 / view.scale;
    const isSeen = ({ x, y }) => view.sees([x, y, x, y]);
    const places = this.marks.filter((mark) => mark.kind !== "town" && isSeen(mark) && metres < (ALWAYS.has(mark.kind) ? 80 : 16));
    places.sort((one, other) => ALWAYS.has(other.kind) - ALWAYS.has(one.kind));
    for (const mark of places) {
      const x = view.px(mark.x), y = view.py(mark.y);
      mark.isDrawn = isFree([x - 7, y - 7, x + 7, y + 7]);
      if (mark.isDrawn) drawPlace(context, x, y, mark);
    }
    for (const mark of this.marks.filter((one) => one.kind === "town" && isSeen(one))) {
      const size = mark.weight > 4000 ? 15 : mark.weight > 1200 ? 12.5 : 11;
      if (metres > (mark.weight > 300 ? 100 : 26)) continue;
      context.font = `${mark.weight > 4000 ? 700 : 400} ${size}px ${FONT}`;
      const wide = context.measureText(mark.name).width / 2 + 4, x = view.px(mark.x), y = view.py(mark.y);
      for (const dy of [0, -size - 3, size + 3]) {
        if (!isFree([x - wide, y + dy - size / 2 - 2, x + wide, y + dy + size / 2 + 2])) continue;
        haloed(context, mark.name, x, y + dy, mark.weight > 4000 ? "#4a4336" : "#7a705f", "center");
        break;
      }
    }
    context.font = `11px ${FONT}`;
    for (const mark of places) {
      const x = view.px(mark.x) + 10, y = view.py(mark.y), wide = context.measureText(mark.name).width;
      if (mark.isDrawn && metres < 40 && isFree([x, y - 7, x + wide + 3, y + 7])) haloed(context, mark.name, x, y, "#3f4c59", "left");
    }
    if (metres < 60) this.drawShields(context, view, isFree);
  }

  drawShields(context, view, isFree) {
    context.font = `700 10px ${FONT}`;
    for (const [x, y, name] of this.shields) {
      const px = view.px(x), py = view.py(y), isNational = name[0] === "R", text = name.replace(/^[A-Z]/, "");
      const wide = context.measureText(text).width / 2 + 4;
      if (!view.sees([x, y, x, y]) || (!isNational && 1 / view.scale > 20)) continue;
      if (!isFree([px - wide, py - 7, px + wide, py + 7])) continue;
      context.beginPath();
      context.roundRect(px - wide, py - 6.5, 2 * wide, 13, 3);
      context.fillStyle = isNational ? "#6f7f92" : "#ffffff";
      context.strokeStyle = isNational ? "#ffffff" : "#8d99a6";
      context.lineWidth = 1;
      context.fill();
      context.stroke();
      context.fillStyle = isNational ? "#ffffff" : "#56626e";
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillText(text, px, py + 0.5);
    }
  }
}

const ALWAYS = new Set(["rail", "hospital"]);

function trace(context, view, points) {
  context.beginPath();
  context.moveTo(view.px(points[0]), view.py(points[1]));
  for (let k = 2; k < points.length; k += 2) context.lineTo(view.px(points[k]), view.py(points[k + 1]));
}

function haloed(context, text, x, y, colour, align) {
  context.textAlign = align;
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.strokeStyle = "rgba(251, 250, 246, .92)";
  context.lineWidth = 3.5;
  context.strokeText(text, x, y);
  context.fillStyle = colour;
  context.fillText(text, x, y);
}

function drawScale(context, view) {
  const most = 110 / view.scale, power = 10 ** Math.floor(Math.log10(most));
  const metres = [5, 2, 1].map((step) => step * power).find((length) => length <= most), width = metres * view.scale;
  const right = 12 + width, y = view.height - 12;
  context.strokeStyle = "rgba(255, 255, 255, .9)";
  context.lineWidth = 5;
  context.lineCap = "butt";
  for (const [colour, wide] of [["rgba(255, 255, 255, .9)", 4.5], ["#4a5561", 1.6]]) {
    context.strokeStyle = colour;
    context.lineWidth = wide;
    context.beginPath();
    context.moveTo(right - width, y - 5);
    context.lineTo(right - width, y);
    context.lineTo(right, y);
    context.lineTo(right, y - 5);
    context.stroke();
  }
  context.font = `11px ${FONT}`;
  haloed(context, metres >= 1000 ? `${metres / 1000} km` : `${metres} m`, right - width / 2, y - 9, "#4a5561", "center");
}
