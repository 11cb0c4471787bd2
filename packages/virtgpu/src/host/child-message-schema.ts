/**
 * What the server believes of a client process. The process is fed by a hostile client: once that client has taken it over, each line is
 * the client's. So the server takes nothing but messages of the right shape, with short names and finite figures; anything else ends
 * that process. Client processes need none of this and do not load it.
 */
import * as v from "valibot";
import type { ChildMessage } from "./child-messages.js";

/** Names of counters, reasons and paths. */
const MAX_NAMES = 256;
/** The longest text: a driver's compiler message in a log line. Lines are shorter than `MAX_LINE_BYTES` anyway. */
const MAX_TEXT = 65_536;
/** More than `explain` ever asks for. */
const MAX_LISTED = 4096;
const MAX_HEADS = 64;

const text = v.pipe(v.string(), v.maxLength(MAX_TEXT));
const word = v.pipe(v.string(), v.maxLength(4096));
/** JSON has no NaN, but 1e999 is Infinity. */
const figure = v.pipe(v.number(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const name = v.pipe(v.string(), v.regex(/^[ -~]{1,64}$/, "is a short name"));

const counts = v.pipe(
  v.record(name, figure),
  v.check((record) => Object.keys(record).length <= MAX_NAMES, `has at most ${MAX_NAMES} names`),
);
const totals = v.object({ bytes: counts, copies: counts, errors: counts, activity: counts, fences: counts });
const clientReport = { name: word, totals, peakRssBytes: figure, cpuMs: figure };

const resource = v.object({
  id: figure,
  kind: v.picklist(["buffer", "texture", "renderbuffer", "memory", "surface"]),
  use: word,
  format: word,
  width: figure,
  height: figure,
  layers: figure,
  levels: figure,
  samples: figure,
  hostBytes: figure,
  backingBytes: figure,
  backingEntries: figure,
  path: v.object({
    path: word,
    zeroCopy: v.boolean(),
    mayTear: v.boolean(),
    refused: v.pipe(v.array(v.object({ path: word, reason: word, detail: text, cure: text })), v.maxLength(MAX_NAMES)),
  }),
  movedBytes: counts,
  lastFrameBytes: counts,
  frames: figure,
});

const deviceReport = v.object({
  name: word,
  renderer: word,
  glVersion: word,
  frames: figure,
  movedBytes: counts,
  copies: counts,
  lastFrameBytes: counts,
  guestMemoryBytes: figure,
  resources: v.object({
    contexts: figure,
    resources: figure,
    hostBytes: figure,
    backingBytes: figure,
    paths: counts,
    listed: v.pipe(v.array(resource), v.maxLength(MAX_LISTED)),
  }),
  errors: counts,
  activity: counts,
  displays: v.pipe(
    v.array(v.object({ name: word, counters: counts, heads: v.pipe(v.array(text), v.maxLength(MAX_HEADS)) })),
    v.maxLength(MAX_HEADS),
  ),
  fenceLatency: counts,
  fences: counts,
});

/** Keys of a log line that are the logger's own, or the server's. */
const OWN_FIELDS: ReadonlySet<string> = new Set(["level", "time", "msg", "pid", "client"]);
const MAX_FIELDS = 64;

/** A log line is worth more than a field of it: what no field can be is left out. */
const fields = v.pipe(
  v.record(v.string(), v.unknown()),
  v.transform((record) => {
    const kept: Record<string, string | number | boolean> = {};
    for (const [key, value] of Object.entries(record).slice(0, MAX_FIELDS)) {
      if (OWN_FIELDS.has(key) || !/^[A-Za-z]\w{0,63}$/.test(key)) continue;
      if (typeof value === "string") kept[key] = value.slice(0, MAX_TEXT);
      else if (typeof value === "number" || typeof value === "boolean") kept[key] = value;
    }
    return kept;
  }),
);

const message = v.variant("type", [
  v.object({ type: v.literal("ready"), renderer: word, version: word, startMs: figure }),
  v.object({ type: v.literal("serving") }),
  v.object({ type: v.literal("failed"), code: word, message: text, cure: v.exactOptional(text) }),
  v.object({
    type: v.literal("log"),
    level: v.picklist(["debug", "info", "warn", "error"]),
    message: text,
    fields: v.exactOptional(fields),
  }),
  v.object({ type: v.literal("status"), ...clientReport }),
  v.object({ type: v.literal("report"), report: deviceReport }),
  v.object({ type: v.literal("end"), ...clientReport }),
]);

/** One line of a client process as a message. @throws {Error} that says what is wrong with it */
export function parseChildMessage(line: string): ChildMessage {
  const result = v.safeParse(message, JSON.parse(line));
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new Error(`${v.getDotPath(issue) ?? "the message"}: ${issue.message}`);
}
