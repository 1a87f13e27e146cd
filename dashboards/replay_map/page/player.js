// The clock that all services share, and everything a hand can do with it.
const data = JSON.parse(document.getElementById("data").textContent), words = data.words;
const byId = (id) => document.getElementById(id);
const bases = data.networks.map((network) => new BaseMap(network));
const panels = data.sides.map((side) => new Panel(new Day(side), bases[side.network], words));
const view = new View(bases[0].box());
const layers = { trails: true, booked: true, refused: true, names: true };
const SPEEDS = [30, 60, 120, 300, 600], BIN_S = 900;
const isCalm = window.matchMedia("(prefers-reduced-motion: reduce)");
const CALM_STEP_MS = 1000;
let second = Math.min(Math.max(data.opening, data.first), data.last), isPlaying = false, before = null, isStale = true;

function words_at() {
  return panels.map(({ day }) => filled(words.summary, { title: day.title, ...day.countsAt(second) })).join(" / ");
}
function speak() { byId("spoken").textContent = `${clockOf(second)} ${words_at()}`; }

function show() {
  byId("clock").textContent = clockOf(second);
  const scrub = byId("scrub");
  scrub.value = second;
  scrub.setAttribute("aria-valuetext", clockOf(second));
  if (isStale) for (const panel of panels) panel.drawGround(view, layers);
  isStale = false;
  for (const panel of panels) panel.draw(view, second, layers);
  drawStrips();
}
function refresh() { isStale = true; show(); }
function goTo(moment) {
  second = Math.min(Math.max(moment, data.first), data.last);
  show();
}

function play(wanted) {
  isPlaying = wanted;
  if (isPlaying && second >= data.last) second = data.first;
  before = null;
  byId("play-word").textContent = isPlaying ? words.pause : words.play;
  byId("play").setAttribute("aria-pressed", String(isPlaying));
  byId("play-shape").setAttribute("d", isPlaying ? "M5 3h4v14H5zM11 3h4v14h-4z" : "M5 3l12 7-12 7z");
  if (isPlaying) window.requestAnimationFrame(tick);
  else speak();
}

function tick(now) {
  if (!isPlaying) return;
  if (before === null) before = now;
  const passed = now - before;
  if (!isCalm.matches || passed >= CALM_STEP_MS) { // whoever wants no motion sees one picture a second
    before = now;
    goTo(second + (Math.min(passed, 1500) / 1000) * Number(byId("speed").value));
  }
  if (second >= data.last) play(false);
  else window.requestAnimationFrame(tick);
}

// People by the time they wished for, in quarters of an hour: what became of them so far, and the hours to come.
function drawStrips() {
  const canvas = byId("strips"), context = canvas.getContext("2d"), { width, height } = canvas.getBoundingClientRect();
  const inset = 8, xOf = (at) => inset + ((at - data.first) / (data.last - data.first)) * (width - 2 * inset);
  context.clearRect(0, 0, width, height);
  const high = (height - 14) / panels.length;
  panels.forEach(({ bins }, row) => {
    const bottom = (row + 1) * high - 1, wide = xOf(data.first + BIN_S) - xOf(data.first);
    bins.forEach((bin, k) => {
      let y = bottom;
      const x = xOf(data.first + k * BIN_S) + 0.75;
      for (const [name, colour] of [["delivered", BLUE], ["others", "#b9bec3"], ["refused", RED]]) {
        const tall = (bin[name] / most()) * (high - 4);
        if (!tall) continue;
        context.globalAlpha = data.first + k * BIN_S <= second ? 1 : 0.3;
        context.fillStyle = colour;
        context.fillRect(x, y - tall, wide - 1.5, tall);
        if (name === "refused") hatch(context, x, y - tall, wide - 1.5, tall);
        y -= tall;
      }
    });
    context.globalAlpha = 1;
    context.fillStyle = "#d9d3c7";
    context.fillRect(inset, bottom, width - 2 * inset, 1);
  });
  context.font = `11px ${FONT}`;
  context.fillStyle = "#56626e";
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  for (let at = Math.ceil(data.first / 3600) * 3600; at <= data.last; at += 3600) {
    context.fillText(clockOf(at), Math.min(Math.max(xOf(at), 18), width - 18), height - 1);
  }
  context.fillStyle = INK;
  context.fillRect(xOf(second) - 0.75, 0, 1.5, height - 12);
}
function hatch(context, x, y, wide, tall) {
  context.save();
  context.beginPath();
  context.rect(x, y, wide, tall);
  context.clip();
  context.strokeStyle = "rgba(255, 255, 255, .85)";
  context.lineWidth = 1;
  context.beginPath();
  for (let k = -tall; k < wide; k += 4) { context.moveTo(x + k, y + tall); context.lineTo(x + k + tall, y); }
  context.stroke();
  context.restore();
}
function most() { return Math.max(1, ...panels.flatMap(({ bins }) => bins.map((bin) => bin.delivered + bin.others + bin.refused))); }
function countBins() {
  const count = Math.ceil((data.last - data.first) / BIN_S);
  for (const panel of panels) {
    panel.bins = Array.from({ length: count }, () => ({ delivered: 0, others: 0, refused: 0 }));
    for (const request of panel.day.requests) {
      const bin = panel.bins[Math.min(Math.max(Math.floor((request.wished - data.first) / BIN_S), 0), count - 1)];
      bin[request.fate in bin ? request.fate : "others"] += request.riders;
    }
  }
}

function resize() {
  const sizes = panels.map((panel) => panel.resize());
  view.resize(Math.min(...sizes.map(([width]) => width)), Math.min(...sizes.map(([, height]) => height)));
  const strips = byId("strips"), { width, height } = strips.getBoundingClientRect(), ratio = window.devicePixelRatio || 1;
  strips.width = Math.round(width * ratio);
  strips.height = Math.round(height * ratio);
  strips.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
  refresh();
}

function zoom(factor, px, py) { view.zoom(factor, px, py); refresh(); }
function whole() { view.whole(); refresh(); }
function changeSpeed(steps) {
  const select = byId("speed");
  select.selectedIndex = Math.min(Math.max(select.selectedIndex + steps, 0), SPEEDS.length - 1);
}

function listen() {
  byId("play").addEventListener("click", () => play(!isPlaying));
  byId("start").addEventListener("click", () => goTo(data.first));
  byId("scrub").addEventListener("input", (event) => goTo(Number(event.target.value)));
  byId("scrub").addEventListener("change", speak);
  byId("zoom-in").addEventListener("click", () => zoom(1.6));
  byId("zoom-out").addEventListener("click", () => zoom(1 / 1.6));
  byId("whole").addEventListener("click", whole);
  for (const box of document.querySelectorAll("[data-layer]")) {
    box.addEventListener("change", () => { layers[box.dataset.layer] = box.checked; refresh(); });
  }
  window.addEventListener("resize", resize);
  document.addEventListener("keydown", onKey);
  for (const panel of panels) listenToMap(panel);
}

const PANS = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.tagName === "SELECT") return;
  if (event.target.classList.contains("map") && event.key in PANS) {
    event.preventDefault();
    view.pan(...PANS[event.key]);
    refresh();
    return;
  }
  const isOnButton = ["BUTTON", "INPUT"].includes(event.target.tagName) && event.target.id !== "scrub";
  const step = event.shiftKey ? 900 : 60;
  const actions = {
    " ": () => play(!isPlaying), ArrowLeft: () => goTo(second - step), ArrowRight: () => goTo(second + step),
    ArrowUp: () => changeSpeed(1), ArrowDown: () => changeSpeed(-1), Home: () => goTo(data.first), End: () => goTo(data.last),
    "+": () => zoom(1.6), ";": () => zoom(1.6), "-": () => zoom(1 / 1.6), 0: whole,
  };
  if (!(event.key in actions) || (event.key === " " && isOnButton)) return;
  event.preventDefault();
  actions[event.key]();
  if (!isPlaying && /Arrow|Home|End/.test(event.key)) speak();
}

function listenToMap({ map, tip }) {
  const panel = panels.find((one) => one.map === map);
  const pointers = new Map();
  const placeOf = (event) => { const box = map.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
  map.addEventListener("wheel", (event) => { event.preventDefault(); zoom(1.2 ** (-event.deltaY / 100), ...placeOf(event)); }, { passive: false });
  map.addEventListener("dblclick", (event) => zoom(1.8, ...placeOf(event)));
  map.addEventListener("pointerdown", (event) => { map.setPointerCapture(event.pointerId); pointers.set(event.pointerId, placeOf(event)); });
  map.addEventListener("pointermove", (event) => {
    const [x, y] = placeOf(event), held = pointers.get(event.pointerId);
    if (held && pointers.size === 2) {
      const other = [...pointers].find(([id]) => id !== event.pointerId)[1];
      zoom(Math.hypot(x - other[0], y - other[1]) / Math.max(Math.hypot(held[0] - other[0], held[1] - other[1]), 1), x, y);
    } else if (held) {
      view.pan(x - held[0], y - held[1]);
      refresh();
    } else {
      const text = panel.told(x, y, second);
      tip.hidden = text === null;
      tip.textContent = text || "";
      tip.style.left = `${Math.min(x + 14, map.clientWidth - tip.offsetWidth - 6)}px`;
      tip.style.top = `${Math.min(y + 14, map.clientHeight - tip.offsetHeight - 6)}px`;
      if (!isPlaying) show();
    }
    if (held) pointers.set(event.pointerId, [x, y]);
  });
  for (const name of ["pointerup", "pointercancel"]) map.addEventListener(name, (event) => pointers.delete(event.pointerId));
  map.addEventListener("pointerleave", () => { tip.hidden = true; panel.chosen = null; });
}

byId("sides").append(...panels.map(({ root }) => root));
byId("rows").append(...panels.map(({ day }) => made("span", {}, day.title)));
byId("scrub").min = data.first;
byId("scrub").max = data.last;
for (const speed of SPEEDS) {
  const text = speed < 60 ? words.speed_half : filled(words.speed_unit, { minutes: speed / 60 });
  byId("speed").append(made("option", { value: speed }, text));
}
byId("speed").value = 120;
const changed = panels.flatMap(({ day }) => day.stretches);
const signs = ["loaded", "empty", "break", "waiting", "booked", "target", "delivered", "refused", "others"];
if (changed.some(({ isClosed }) => isClosed)) signs.push("closed");
if (changed.some(({ isClosed }) => !isClosed)) signs.push("slow");
if (bases.some(({ marks }) => marks.some(({ isCertain }) => !isCertain))) signs.push("assumed");
for (const name of signs) {
  byId("legend").append(made("li", {}, signOf(name, 20), words[`legend_${name}`]));
}
countBins();
listen();
resize();
window.maasReplay = { // for tests and for pages that embed this one
  goTo, play, get second() { return second; }, get isPlaying() { return isPlaying; },
  countsAt: (side, at) => panels[side].day.countsAt(at),
  vehicle: (side, place, at) => { const { day } = panels[side]; return day.vehicleAt(day.vehicles[place], at); },
  load: (side, place, at) => { const { day } = panels[side]; return day.loadAt(day.vehicles[place], at); },
};
