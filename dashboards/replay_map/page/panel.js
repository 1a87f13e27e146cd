// One service: its counts, its map, its log.
const TRAIL_S = 300, SHOWN_S = { delivered: 240, others: 600 }, LABEL_S = 1500, FULL_RING_S = 3600;
const COUNTED = ["delivered", "riding", "waiting", "refused", "others"];
const COUNT_SIGNS = { delivered: "delivered", riding: "loaded", waiting: "waiting", refused: "refused", others: "others" };
const LOG_SIGNS = { picked_up: "loaded", delivered: "delivered", refused: "refused" };
const LOG_LINES = 4;
const CROWD = 60, SMALL = 0.6; // vehicles beyond which they are drawn small, without ids and trails

function made(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

class Panel {
  constructor(day, base, words) {
    Object.assign(this, { day, base, words, counts: {}, hits: [], spots: new Map(), chosen: null });
    this.root = made("section", { class: "side", "aria-label": day.title }, made("h2", {}, day.title));
    const list = made("dl", { class: "counts" });
    for (const name of COUNTED) {
      this.counts[name] = made("dd", { "data-count": name }, "0");
      list.append(made("div", {}, signOf(COUNT_SIGNS[name], 27), made("dt", {}, words[name]), this.counts[name]));
    }
    this.map = made("div", { class: "map", role: "group", tabindex: "0", "aria-label": filled(words.map_of, { title: day.title }) });
    this.ground = made("canvas", { "aria-hidden": "true" });
    this.live = made("canvas", { "aria-hidden": "true" });
    this.log = made("ul", { class: "log", role: "log", "aria-live": "off" });
    this.tip = made("div", { class: "tip", hidden: "" });
    this.map.append(this.ground, this.live, this.log, this.tip);
    this.root.append(list, this.map);
  }

  resize() {
    const { width, height } = this.map.getBoundingClientRect(), ratio = window.devicePixelRatio || 1;
    for (const canvas of [this.ground, this.live]) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    return [width, height];
  }

  drawGround(view, layers) { this.base.draw(this.ground.getContext("2d"), view, layers.names); }

  draw(view, second, layers) {
    const context = this.live.getContext("2d");
    context.clearRect(0, 0, view.width, view.height);
    this.hits = [];
    for (const one of this.day.stretches) if (one.from <= second && second < one.until) drawStretch(context, view, one);
    const labels = this.drawRequests(context, view, second, layers);
    this.drawLabels(context, this.drawVehicles(context, view, second, layers), labels, layers);
    this.write(second);
  }

  drawRequests(context, view, second, layers) {
    const labels = [];
    for (const request of this.day.requests) {
      const state = this.day.stateAt(request, second);
      if (state === null) continue;
      const from = request.origin, x = view.px(from.x), y = view.py(from.y), age = second - request.end;
      if (state === "booked") {
        if (layers.booked) drawBooked(context, x, y);
      } else if (state === "waiting") {
        const waited = second - request.due;
        drawWaiting(context, x, y, { riders: request.riders, share: waited / FULL_RING_S });
        if (waited >= 300) labels.push({ text: filled(this.words.minutes, { count: Math.floor(waited / 60) }), x, y, colour: INK, order: -waited });
      } else if (state === "riding") {
        if (this.day.vehicles.length <= CROWD) drawTarget(context, view.px(request.destination.x), view.py(request.destination.y));
      } else if (state === "delivered") {
        if (age < SHOWN_S.delivered) {
          context.globalAlpha = 1 - 0.8 * (age / SHOWN_S.delivered);
          drawDelivered(context, view.px(request.destination.x), view.py(request.destination.y));
          context.globalAlpha = 1;
        }
        continue;
      } else if (state === "refused") {
        if (!layers.refused) continue;
        const isNew = age < LABEL_S;
        context.globalAlpha = isNew ? 1 : 0.75;
        drawCross(context, x, y, isNew ? 5.2 : 3.6, RED, isNew ? 3.2 : 2.2);
        context.globalAlpha = 1;
        if (isNew) labels.push({ text: this.words.short_reasons[request.reason] || "", x, y, colour: "#8f3f00", order: age });
      } else if (age < SHOWN_S.others) {
        drawOther(context, x, y);
      } else continue;
      this.hits.push({ x, y, radius: 9, request, state });
    }
    return labels.sort((one, other) => one.order - other.order);
  }

  drawVehicles(context, view, second, layers) {
    const seen = [];
    for (const vehicle of this.day.vehicles) {
      const at = this.day.vehicleAt(vehicle, second);
      if (at) seen.push({ vehicle, at, load: this.day.loadAt(vehicle, second), x: view.px(at.x), y: view.py(at.y) });
    }
    const isCrowd = seen.length > CROWD;
    for (const { vehicle, at, load } of seen) {
      if (layers.trails && (!isCrowd || vehicle === this.chosen)) this.drawTrail(context, view, vehicle, at, load, second);
    }
    const standing = new Map();
    for (const one of seen.filter(({ at }) => at.drive === null)) {
      const key = `${one.at.x} ${one.at.y}`;
      standing.set(key, [...(standing.get(key) || []), one]);
    }
    for (const group of standing.values()) {
      group.forEach((one, k) => { one.x += (k - (group.length - 1) / 2) * 19; });
    }
    seen.sort((one, other) => Math.sign(one.load) - Math.sign(other.load));
    for (const { vehicle, at, load, x, y } of seen) {
      drawVehicle(context, x, y, { load, angle: at.angle, state: at.state, isChosen: vehicle === this.chosen, scale: isCrowd ? SMALL : 1 });
      this.hits.push({ x, y, radius: 12, vehicle, at, load });
    }
    return { seen, named: isCrowd ? seen.filter(({ vehicle }) => vehicle === this.chosen) : seen };
  }

  // Ids of vehicles, then how long people wait, then why some were refused: each where there is room beside its
  // sign, away from names of places if it can be. One without room is left out.
  drawLabels(context, { seen, named }, labels, layers) {
    const names = layers.names ? this.base.named : [], taken = seen.map(({ x, y }) => [x - 9, y - 9, x + 9, y + 9]);
    const touches = (box, others) => others.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]);
    const place = (text, spots, colour, kept = -1) => {
      const wide = context.measureText(text).width + 2;
      const boxes = spots.map(([x, y, align]) => {
        const left = align === "center" ? x - wide / 2 : align === "right" ? x - wide : x;
        return [left, y - 6, left + wide, y + 6];
      });
      // Where it stood in the picture before, if it may stay there: a name that hops is hard to read.
      let k = kept >= 0 && !touches(boxes[kept], taken) ? kept : boxes.findIndex((box) => !touches(box, taken) && !touches(box, names));
      if (k < 0) k = boxes.findIndex((box) => !touches(box, taken));
      if (k < 0) return k;
      taken.push(boxes[k]);
      haloed(context, text, spots[k][0], spots[k][1], colour, spots[k][2]);
      return k;
    };
    context.font = `700 10.5px ${FONT}`;
    for (const { vehicle, x, y } of [...named].reverse()) {
      const spots = [[x, y + 18, "center"], [x, y - 18, "center"], [x + 15, y, "left"], [x - 15, y, "right"]];
      this.spots.set(vehicle.id, place(vehicle.id, spots, "#004b78", this.spots.get(vehicle.id)));
    }
    context.font = `700 11px ${FONT}`;
    for (const { text, x, y, colour } of labels) {
      if (text) place(text, [[x + 11, y, "left"], [x - 11, y, "right"], [x, y - 15, "center"], [x, y + 15, "center"]], colour);
    }
  }

  // Where it comes from, fading; where it is going, dashed.
  drawTrail(context, view, vehicle, at, load, second) {
    context.lineCap = context.lineJoin = "round";
    const steps = 6;
    for (let step = 0; step < steps; step++) {
      const from = second - (TRAIL_S * (steps - step)) / steps, until = second - (TRAIL_S * (steps - step - 1)) / steps;
      const first = Math.max(lastUpTo(vehicle.departs, from), 0);
      context.beginPath();
      for (let k = first; k < vehicle.drives.length && vehicle.departs[k] < until; k++) {
        if (vehicle.drives[k].arrive <= from) continue;
        line(context, view, partOfDrive(vehicle.drives[k], Math.max(from, vehicle.departs[k]), Math.min(until, vehicle.drives[k].arrive)));
      }
      context.globalAlpha = 0.1 + 0.5 * ((step + 1) / steps);
      context.strokeStyle = load ? BLUE : "#6fa9cf";
      context.lineWidth = load ? 4 : 2.6;
      context.stroke();
    }
    context.globalAlpha = 1;
    if (!at.drive) return;
    context.beginPath();
    line(context, view, partOfDrive(at.drive, second, at.drive.arrive));
    context.setLineDash([1.5, 5]);
    context.strokeStyle = BLUE;
    context.lineWidth = vehicle === this.chosen ? 3 : 2;
    context.stroke();
    context.setLineDash([]);
  }

  write(second) {
    const counts = this.day.countsAt(second);
    for (const name of COUNTED) {
      const text = filled(this.words.people, { count: counts[name] });
      if (this.counts[name].textContent !== text) this.counts[name].textContent = text;
    }
    const last = lastUpTo(this.day.happenedAt, second);
    if (last === this.logged) return;
    this.logged = last;
    this.log.replaceChildren(...this.day.happenings.slice(Math.max(last - LOG_LINES + 1, 0), last + 1).map((one) => this.logLine(one)));
  }

  logLine({ at, what, request }) {
    const values = { reason: this.words.reasons[request.reason], minutes: Math.max(0, Math.round((request.pickup - request.due) / 60)) };
    const text = `${this.wayOf(request)}　${filled(this.words[`log_${what}`], values)}`;
    return made("li", {}, signOf(LOG_SIGNS[what] || "others", 17), made("time", {}, clockOf(at)), made("span", {}, text));
  }

  wayOf({ origin, destination }) {
    const named = (place) => place.name || this.words.somewhere;
    return filled(this.words.from_to, { origin: named(origin), destination: named(destination) });
  }

  // The text about what is under the pointer, or null.
  told(px, py, second) {
    const under = this.hits.filter(({ x, y, radius }) => Math.hypot(px - x, py - y) <= radius).pop();
    this.chosen = under ? under.vehicle || null : null;
    if (!under) return null;
    const { words } = this;
    if (under.vehicle) {
      const { vehicle, at, load } = under;
      const doing = { break: words.on_break, failed: words.out_of_order, stands: words.stands }[at.state];
      return [filled(words.vehicle, vehicle), filled(words.on_board, { count: load, seats: vehicle.seats }),
        doing || filled(words.drives_until, { clock: clockOf(at.drive.arrive) })].join("\n");
    }
    const { request, state } = under;
    const lines = [this.wayOf(request), filled(words.people, { count: request.riders }), filled(words.wished, { clock: clockOf(request.wished) })];
    if (state === "waiting") {
      lines.push(filled(words.waits_since, { clock: clockOf(request.due), minutes: Math.floor((second - request.due) / 60) }));
    } else if (words[`log_${state}`]) {
      lines.push(filled(words[`log_${state}`], { reason: words.reasons[request.reason] }));
    } else lines.push(words[state]);
    return lines.join("\n");
  }
}

function line(context, view, points) {
  points.forEach(({ x, y }, k) => (k ? context.lineTo(view.px(x), view.py(y)) : context.moveTo(view.px(x), view.py(y))));
}
