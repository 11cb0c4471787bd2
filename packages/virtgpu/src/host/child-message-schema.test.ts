/** A client process that a client has taken over tells its server anything: what comes through has the right shape, or is an error. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseChildMessage } from "./child-message-schema.js";
import { addTotals, NO_TOTALS, type ChildMessage, type Counts, type Totals } from "./child-messages.js";

const COUNTS = { upload: 5 };
const TOTALS = { bytes: COUNTS, copies: COUNTS, errors: {}, activity: { frames: 1 }, fences: { 3: 1, sumMs: 0.5 } };
const RESOURCE = {
  ...{ id: 7, kind: "texture", use: "sampled", format: "B8G8R8A8_UNORM" },
  ...{
    width: 64,
    height: 64,
    layers: 1,
    levels: 1,
    samples: 0,
    hostBytes: 16384,
    backingBytes: 16384,
    backingEntries: 1,
  },
  path: {
    ...{ path: "copied", zeroCopy: false, mayTear: false },
    refused: [{ path: "memfd", reason: "stride", detail: "stride 100 is not a multiple of 64", cure: "" }],
  },
  ...{ movedBytes: COUNTS, lastFrameBytes: {}, frames: 3 },
};
const REPORT = {
  ...{ name: "glmark2", renderer: "llvmpipe", glVersion: "3.2", frames: 9, movedBytes: COUNTS, copies: COUNTS },
  ...{ lastFrameBytes: {}, guestMemoryBytes: 1, errors: {}, activity: {}, fenceLatency: {}, fences: {} },
  resources: { contexts: 1, resources: 1, hostBytes: 1, backingBytes: 1, paths: { copied: 1 }, listed: [RESOURCE] },
  displays: [{ name: "png", counters: { flushes: 1 }, heads: ["copied (why)"] }],
};

/** One of every message that a process sends. */
const MESSAGES: readonly Record<string, unknown>[] = [
  { type: "ready", renderer: "llvmpipe", version: "3.2", startMs: 120 },
  { type: "serving" },
  { type: "failed", code: "EGL", message: "no driver", cure: "install one" },
  { type: "log", level: "warn", message: "slow", fields: { resource: 7, name: "x", isOld: true } },
  { type: "status", name: "glmark2", totals: TOTALS, peakRssBytes: 1, cpuMs: 0.5 },
  { type: "report", report: REPORT },
  { type: "end", name: "glmark2", totals: TOTALS, peakRssBytes: 1, cpuMs: 0.5 },
];

/** What a place is replaced by; JSON has no NaN, but 1e999. */
const POISON = ["null", "[]", "{}", '"x"', "-1", "1e999", "true", '{"__proto__":{"a":1}}', '{"constructor":1}'];

/** Every place of a message, as the keys that lead there. */
function* placesIn(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  yield path;
  if (typeof value !== "object" || value === null) return;
  for (const [key, part] of Object.entries(value)) yield* placesIn(part, [...path, key]);
}

/** The message as text, with `text` at the place; `undefined`: left out. */
function withAt(message: unknown, path: readonly string[], text: string | undefined): string {
  const mark = "\u{1F6A9}";
  const copy = structuredClone({ root: message }) as Record<string, unknown>;
  let holder: Record<string, unknown> = copy;
  const keys = ["root", ...path];
  for (const key of keys.slice(0, -1)) holder = holder[key] as Record<string, unknown>;
  if (text === undefined) Reflect.deleteProperty(holder, keys.at(-1)!);
  else holder[keys.at(-1)!] = mark;
  return JSON.stringify(copy["root"] ?? null).replace(`"${mark}"`, text ?? "");
}

test("every message that a process sends comes through whole", () => {
  for (const message of MESSAGES) assert.deepEqual(parseChildMessage(JSON.stringify(message)), message);
});

test("whatever stands at whichever place: a message that the server can add up, or an error", () => {
  let refused = 0;
  let passed = 0;
  for (const message of MESSAGES) {
    for (const path of placesIn(message)) {
      for (const text of [...POISON, undefined]) {
        const line = withAt(message, path, text);
        let parsed: ChildMessage;
        try {
          parsed = parseChildMessage(line);
        } catch (error) {
          assert.ok(error instanceof Error && !(error instanceof TypeError), `${line}: ${String(error)}`);
          refused++;
          continue;
        }
        passed++;
        if (parsed.type === "log") assert.ok(["debug", "info", "warn", "error"].includes(parsed.level), line);
        if (parsed.type !== "status" && parsed.type !== "end") continue;
        for (const counts of Object.values(addTotals(NO_TOTALS, parsed.totals)) as Counts[])
          for (const n of Object.values(counts)) assert.ok(n >= 0 && n < 2 ** 53, line);
      }
    }
  }
  assert.ok(refused > 500 && passed > 50, `${refused} refused, ${passed} passed`);
});

test("a log line keeps what can be a field, and never the logger's own", () => {
  const fields = { level: "x", time: 1, msg: "y", client: 3, pid: 4, "a b": 1, list: [1], good: "kept", alsoGood: 2 };
  const parsed = parseChildMessage(JSON.stringify({ type: "log", level: "info", message: "m", fields }));
  assert.deepEqual(parsed, { type: "log", level: "info", message: "m", fields: { good: "kept", alsoGood: 2 } });
});

test("names that clients invent do not make the sums grow for ever", () => {
  let sum: Totals = NO_TOTALS;
  for (let client = 0; client < 100; client++) {
    const names = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`c${client}n${i}`, 1]));
    const line = JSON.stringify({
      type: "end",
      name: "",
      totals: { ...TOTALS, errors: names },
      peakRssBytes: 0,
      cpuMs: 0,
    });
    const parsed = parseChildMessage(line);
    assert.ok(parsed.type === "end");
    sum = addTotals(sum, parsed.totals);
  }
  assert.ok(Object.keys(sum.errors).length <= 512);
  assert.equal(sum.activity["frames"], 100);
});
