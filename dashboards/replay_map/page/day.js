// A day of one service: where every vehicle and every rider is at a second.
const COLUMNS = ["request", "origin", "destination", "riders", "asked", "wished", "due", "pickup", "ride", "end", "vehicle", "fate", "reason"];
const FATES = ["delivered", "refused", "declined", "cancelled", "no_show", "abandoned", "unfinished"];
const NEVER = 2 ** 31;

class Day {
  constructor(packed) {
    this.title = packed.title;
    this.places = [];
    const numbers = unpacked(packed.places);
    for (let k = 0; k < numbers.length; k += 3) {
      this.places.push({ x: numbers[k], y: numbers[k + 1], name: packed.names[numbers[k + 2]] });
    }
    this.vehicles = packed.vehicles.map((vehicle) => ({
      ...vehicle,
      base: this.places[vehicle.base],
      loadFrom: vehicle.loads.filter((_, k) => k % 2 === 0),
      load: vehicle.loads.filter((_, k) => k % 2 === 1),
      drives: [],
      departs: [],
    }));
    this.readDrives(packed);
    this.stretches = packed.stretches.map((one) => ({ ...one, lines: unpackedLines(one.lines, false) }));
    this.requests = this.readRequests(packed);
    this.happenings = this.readHappenings();
    this.happenedAt = this.happenings.map(({ at }) => at);
  }

  readDrives(packed) {
    const arcs = unpackedLines(packed.arcs, false).map(({ points }) => new Arc(points));
    const numbers = unpacked(packed.drives);
    let at = 0, depart = 0;
    while (at < numbers.length) {
      const vehicle = this.vehicles[numbers[at]];
      depart += numbers[at + 1];
      const drive = {
        depart, arrive: depart + numbers[at + 2], from: this.places[numbers[at + 3]], to: this.places[numbers[at + 4]],
        arcs: [], until: [],
      };
      const count = numbers[at + 5];
      let arc = 0, tenths = 0;
      at += 6;
      for (let k = 0; k < count; k++, at += 2) {
        drive.arcs.push(arcs[arc += numbers[at]]);
        drive.until.push(depart + (tenths += numbers[at + 1]) / 10);
      }
      vehicle.drives.push(drive);
      vehicle.departs.push(depart);
    }
  }

  readRequests(packed) {
    const numbers = unpacked(packed.requests), count = packed.requestCount;
    return Array.from({ length: count }, (_, k) => {
      const request = Object.fromEntries(COLUMNS.map((name, column) => [name, numbers[column * count + k]]));
      request.origin = this.places[request.origin];
      request.destination = this.places[request.destination];
      request.fate = FATES[request.fate];
      return request;
    });
  }

  // What the log tells, in order of time.
  readHappenings() {
    const found = [];
    for (const request of this.requests) {
      if (request.ride < NEVER) found.push({ at: request.ride, what: "picked_up", request });
      if (request.end < NEVER && request.fate !== "unfinished") found.push({ at: request.end, what: request.fate, request });
    }
    return found.sort((one, other) => one.at - other.at);
  }

  // {x, y, angle, drive, state} of a vehicle; null while it is off duty.
  vehicleAt(vehicle, second) {
    const place = lastUpTo(vehicle.departs, second), drive = vehicle.drives[place];
    if (drive && second < drive.arrive) {
      const { x, y, angle } = alongDrive(drive, second);
      return { x, y, angle, drive, state: "drives" };
    }
    const last = vehicle.drives[vehicle.drives.length - 1];
    const begin = Math.min(vehicle.shift[0], vehicle.departs.length ? vehicle.departs[0] : Infinity);
    if (second < begin || second > Math.max(vehicle.shift[1], last ? last.arrive : 0)) return null;
    const at = drive ? drive.to : vehicle.base;
    const isResting = vehicle.breaks.some(([from, until]) => from <= second && second < until);
    const state = vehicle.failed !== null && second >= vehicle.failed ? "failed" : isResting ? "break" : "stands";
    return { x: at.x, y: at.y, angle: null, drive: null, state };
  }

  loadAt(vehicle, second) {
    const place = lastUpTo(vehicle.loadFrom, second);
    return place < 0 ? 0 : vehicle.load[place];
  }

  // State of a request: null before anybody knows of it, then booked, waiting, riding, or its fate.
  stateAt(request, second) {
    if (request.end <= second) return request.fate;
    if (request.ride <= second) return "riding";
    if (request.due <= second && request.ride < NEVER) return "waiting";
    return request.asked <= second ? "booked" : null;
  }

  // Persons by state, as RiderCourses.riders_at.
  countsAt(second) {
    const counts = { delivered: 0, riding: 0, waiting: 0, refused: 0, others: 0, booked: 0 };
    for (const request of this.requests) {
      const state = this.stateAt(request, second);
      if (state !== null) counts[state in counts ? state : "others"] += request.riders;
    }
    return counts;
  }
}

class Arc {
  constructor(points) {
    this.points = points;
    this.lengths = [0];
    for (let k = 2; k < points.length; k += 2) {
      const step = Math.hypot(points[k] - points[k - 2], points[k + 1] - points[k - 1]);
      this.lengths.push(this.lengths[k / 2 - 1] + step);
    }
  }
  at(share) {
    const { points, lengths } = this, last = lengths.length - 1, along = share * lengths[last];
    const k = Math.min(Math.max(lastUpTo(lengths, along), 0), Math.max(last - 1, 0));
    const step = lengths[k + 1] - lengths[k], part = step > 0 ? (along - lengths[k]) / step : 0;
    const dx = points[2 * k + 2] - points[2 * k], dy = points[2 * k + 3] - points[2 * k + 1];
    return { x: points[2 * k] + part * dx, y: points[2 * k + 1] + part * dy, angle: Math.atan2(-dy, dx) };
  }
}

function alongDrive(drive, second) {
  if (!drive.arcs.length) return { x: drive.from.x, y: drive.from.y, angle: null };
  const k = Math.min(lastUpTo(drive.until, second) + 1, drive.arcs.length - 1);
  const from = k ? drive.until[k - 1] : drive.depart, span = drive.until[k] - from;
  return drive.arcs[k].at(span > 0 ? Math.min((second - from) / span, 1) : 1);
}

// Points of a drive between two seconds, ends included.
function partOfDrive(drive, from, until) {
  if (!drive.arcs.length || until <= from) return [];
  const first = alongDrive(drive, Math.max(from, drive.depart)), last = alongDrive(drive, Math.min(until, drive.arrive));
  const points = [first];
  for (let k = 0; k < drive.arcs.length; k++) {
    if (drive.until[k] <= from || (k ? drive.until[k - 1] : drive.depart) >= until) continue;
    const begin = k ? drive.until[k - 1] : drive.depart, { points: course, lengths } = drive.arcs[k];
    const whole = lengths[lengths.length - 1] || 1;
    for (let p = 0; p < lengths.length; p++) {
      const at = begin + (lengths[p] / whole) * (drive.until[k] - begin);
      if (at > from && at < until) points.push({ x: course[2 * p], y: course[2 * p + 1] });
    }
  }
  points.push(last);
  return points;
}
