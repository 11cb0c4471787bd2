/** The record files that feature clients write (their format stands in common.h) and how two of them are compared. */

export type RecordKind = "rgba8" | "f32" | "u32" | "i32" | "bytes" | "text";

export interface ClientRecord {
  readonly name: string;
  readonly kind: RecordKind;
  readonly width: number;
  readonly height: number;
  /** Largest difference of one component that counts as equal, in the units of `kind`. */
  readonly tolerance: number;
  /** Share of the components that may differ by more. */
  readonly fraction: number;
  readonly data: Uint8Array;
}

export interface RecordDifference {
  readonly name: string;
  readonly reason: string;
}

const KINDS: readonly string[] = ["rgba8", "f32", "u32", "i32", "bytes", "text"] satisfies RecordKind[];

function isKind(word: string | undefined): word is RecordKind {
  return word !== undefined && KINDS.includes(word);
}

export function textOf(record: ClientRecord): string {
  return Buffer.from(record.data).toString("latin1");
}

/** Parses a whole file. A truncated last record is dropped: its client died while it wrote. */
export function parseRecords(file: Buffer): ClientRecord[] {
  const records: ClientRecord[] = [];
  let at = 0;
  while (at < file.length) {
    const end = file.indexOf(0x0a, at);
    if (end < 0) break;
    const [word, name, kind, ...numbers] = file.toString("latin1", at, end).split(" ");
    const [width = 0, height = 0, tolerance = 0, fraction = 0, length = 0] = numbers.map(Number);
    if (word !== "record" || name === undefined || !isKind(kind)) throw new Error(`no record at byte ${at}`);
    const start = end + 1;
    if (start + length + 1 > file.length) break;
    // Copied, so that every record's bytes are aligned for the typed arrays below.
    const data = Uint8Array.from(file.subarray(start, start + length));
    records.push({ name, kind, width, height, tolerance, fraction, data });
    at = start + length + 1;
  }
  return records;
}

type Components = Uint8Array | Uint32Array | Int32Array | Float32Array;

function componentsOf(record: ClientRecord): Components {
  const { kind, data } = record;
  if (kind === "f32") return new Float32Array(data.buffer);
  if (kind === "u32") return new Uint32Array(data.buffer);
  if (kind === "i32") return new Int32Array(data.buffer);
  return data;
}

function compareComponents(expected: ClientRecord, actual: ClientRecord): string | undefined {
  const a = componentsOf(expected);
  const b = componentsOf(actual);
  let beyond = 0;
  let largest = 0;
  let first = -1;
  for (let i = 0; i < a.length; i++) {
    const left = a[i] ?? 0;
    const right = b[i] ?? 0;
    // Not-a-number equals itself; -0 equals 0.
    if (left === right || Object.is(left, right)) continue;
    const difference = Math.abs(left - right);
    if (difference > largest) largest = difference;
    if (difference <= expected.tolerance) continue;
    beyond++;
    if (first < 0) first = i;
  }
  if (beyond <= expected.fraction * a.length) return undefined;
  const perPixel = a.length / (expected.width * expected.height);
  const pixel = Math.floor(first / perPixel);
  const show = (values: Components): string =>
    [...values.slice(pixel * perPixel, (pixel + 1) * perPixel)].map((value) => +value.toPrecision(7)).join(" ");
  return (
    `${beyond} of ${a.length} components differ, by at most ${largest}; first at ` +
    `(${pixel % expected.width}, ${Math.floor(pixel / expected.width)}): [${show(a)}] against [${show(b)}]`
  );
}

/** Undefined when equal within the record's own tolerance, else the reason. */
export function compareRecord(expected: ClientRecord, actual: ClientRecord | undefined): string | undefined {
  if (actual === undefined) return "missing";
  if (expected.kind === "text" && actual.kind === "text") {
    const [left, right] = [textOf(expected), textOf(actual)];
    return left === right ? undefined : `"${left}" against "${right}"`;
  }
  if (expected.kind !== actual.kind || expected.data.length !== actual.data.length) {
    return `${expected.kind} of ${expected.data.length} bytes against ${actual.kind} of ${actual.data.length}`;
  }
  return compareComponents(expected, actual);
}

export interface RecordComparison {
  readonly differences: readonly RecordDifference[];
  /** Features that one side offers and the other does not: records `FEATURE.offered`. Their other records are left out. */
  readonly notOffered: readonly string[];
}

export function compareRecords(expected: readonly ClientRecord[], actual: readonly ClientRecord[]): RecordComparison {
  const rest = new Map(actual.map((record) => [record.name, record]));
  const differences: RecordDifference[] = [];
  const notOffered: string[] = [];
  for (const record of expected) {
    const twin = rest.get(record.name);
    rest.delete(record.name);
    if (notOffered.some((feature) => record.name.startsWith(`${feature}.`))) continue;
    const reason = compareRecord(record, twin);
    if (reason === undefined) continue;
    const feature = record.name.replace(/\.offered$/, "");
    if (feature !== record.name && twin !== undefined) notOffered.push(feature);
    else differences.push({ name: record.name, reason });
  }
  for (const [name, record] of rest) {
    if (notOffered.some((feature) => name.startsWith(`${feature}.`))) continue;
    differences.push({ name, reason: record.kind === "text" ? `not expected: "${textOf(record)}"` : "not expected" });
  }
  return { differences, notOffered };
}

/** A picture that holds one value only shows nothing. */
export function isOneValue(record: ClientRecord): boolean {
  const step = record.width * record.height === 0 ? 1 : record.data.length / (record.width * record.height);
  for (let i = step; i < record.data.length; i++) if (record.data[i] !== record.data[i - step]) return false;
  return true;
}
