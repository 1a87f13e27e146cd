// Numbers of dashboards/replay_map/packing.py.
function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const numbers = [];
  let value = 0, factor = 1;
  for (const byte of bytes) {
    value += (byte & 127) * factor; // not by shifts: numbers may have more than 32 bits
    factor *= 128;
    if (byte < 128) {
      numbers.push(value % 2 ? -(value + 1) / 2 : value / 2);
      value = 0;
      factor = 1;
    }
  }
  return numbers;
}

// Lines of packed_lines: {head, points: Float64Array of x, y, ..., box}.
function unpackedLines(text, hasHeads) {
  const numbers = unpacked(text), lines = [];
  let at = 0, x = 0, y = 0;
  while (at < numbers.length) {
    const head = hasHeads ? numbers[at++] : 0, count = numbers[at++];
    const points = new Float64Array(2 * count), box = [Infinity, Infinity, -Infinity, -Infinity];
    for (let k = 0; k < count; k++) {
      points[2 * k] = x += numbers[at++];
      points[2 * k + 1] = y += numbers[at++];
      box[0] = Math.min(box[0], x); box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x); box[3] = Math.max(box[3], y);
    }
    lines.push({ head, points, box });
  }
  return lines;
}

// Position of the last entry that is not above the value, -1 before the first.
function lastUpTo(values, value) {
  let low = 0, high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] <= value) low = middle + 1; else high = middle;
  }
  return low - 1;
}

function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

function clockOf(second) {
  const minutes = Math.floor(second / 60), pad = (n) => String(n).padStart(2, "0");
  return `${pad(Math.floor(minutes / 60))}:${pad(((minutes % 60) + 60) % 60)}`;
}
