// The record files that clients write (the format stands in common.h) and their comparison.

/**
 * @typedef {object} ClientRecord
 * @property {string} name
 * @property {'rgba8' | 'f32' | 'u32' | 'i32' | 'bytes' | 'text'} kind
 * @property {number} width
 * @property {number} height
 * @property {number} tolerance  largest difference of one component that counts as equal, in the units of `kind`
 * @property {number} fraction   share of the components that may differ by more
 * @property {Buffer} data
 */

/** Parses a whole record file; a truncated last record is dropped (its client died while writing it). */
export function parseRecords(file) {
  const records = [];
  let at = 0;
  while (at < file.length) {
    const end = file.indexOf(0x0a, at);
    if (end < 0) break;
    const [word, name, kind, width, height, tolerance, fraction, length] = file.toString("latin1", at, end).split(" ");
    if (word !== "record") throw new Error(`not a record at byte ${at}`);
    const start = end + 1;
    if (start + Number(length) + 1 > file.length) break;
    records.push({
      name,
      kind,
      width: Number(width),
      height: Number(height),
      tolerance: Number(tolerance),
      fraction: Number(fraction),
      data: Buffer.from(file.subarray(start, start + Number(length))),
    });
    at = start + Number(length) + 1;
  }
  return records;
}

function componentsOf({ kind, data }) {
  const copy = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
  if (kind === "f32") return new Float32Array(copy);
  if (kind === "u32") return new Uint32Array(copy);
  if (kind === "i32") return new Int32Array(copy);
  return new Uint8Array(copy);
}

function compareComponents(expected, actual) {
  const a = componentsOf(expected);
  const b = componentsOf(actual);
  let beyond = 0;
  let largest = 0;
  let first = -1;
  for (let i = 0; i < a.length; i++) {
    if (Object.is(a[i], b[i])) continue;
    const difference = Math.abs(a[i] - b[i]);
    if (difference > largest || Number.isNaN(difference)) largest = difference;
    if (difference <= expected.tolerance) continue;
    beyond++;
    if (first < 0) first = i;
  }
  if (beyond <= expected.fraction * a.length) return undefined;
  const perPixel = expected.kind === "bytes" ? 1 : a.length / (expected.width * expected.height);
  const pixel = Math.floor(first / perPixel);
  const base = pixel * perPixel;
  const show = (values) => `[${[...values.slice(base, base + perPixel)].map((v) => +v.toPrecision(7)).join(" ")}]`;
  return (
    `${beyond} of ${a.length} components differ, by at most ${largest}; first at ` +
    `(${pixel % expected.width}, ${Math.floor(pixel / expected.width)}): ${show(a)} against ${show(b)}`
  );
}

/** Compares one record with its twin; undefined when equal within the record's tolerance, else the reason. */
export function compareRecord(expected, actual) {
  if (actual === undefined) return "missing";
  if (expected.kind !== actual.kind || expected.data.length !== actual.data.length) {
    return (
      `another kind or size: ${expected.kind} ${expected.data.length} against ${actual.kind} ${actual.data.length}` +
      (expected.kind === "text" ? `: "${expected.data}" against "${actual.data}"` : "")
    );
  }
  if (expected.data.equals(actual.data)) return undefined;
  if (expected.kind === "text") return `"${expected.data}" against "${actual.data}"`;
  return compareComponents(expected, actual);
}

/** Every difference of `actual` from `expected`, as `{name, reason}`, unexpected extra records included. */
export function compareRecords(expected, actual) {
  const rest = new Map(actual.map((record) => [record.name, record]));
  const differences = [];
  for (const record of expected) {
    const reason = compareRecord(record, rest.get(record.name));
    if (reason !== undefined) differences.push({ name: record.name, reason });
    rest.delete(record.name);
  }
  for (const [name, record] of rest) {
    differences.push({ name, reason: `not expected${record.kind === "text" ? `: "${record.data}"` : ""}` });
  }
  return differences;
}

/** A picture or array of components that holds one value only cannot show that drawing works. */
export function isUniform(record) {
  if (record.kind === "text" || record.data.length < 4096) return false;
  const step = record.kind === "rgba8" ? 4 : record.data.length / (record.width * record.height);
  for (let i = step; i < record.data.length; i++) if (record.data[i] !== record.data[i - step]) return false;
  return true;
}
