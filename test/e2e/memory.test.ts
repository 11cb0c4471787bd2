/** What a client costs: peak memory of the process that serves it, on the same work on both servers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Bench, sandboxRefusal, usageOf } from "./harness.js";

const skip = (await sandboxRefusal()) ?? false;
const ALLOWED_EXTRA_BYTES = 80 * 1024 * 1024;
/** Many textures, buffers and programs, one context after another. */
const PROGRAM_ARGS = [
  "--size",
  "400x300",
  "-b",
  ":nframes=20:duration=30",
  "-b",
  "build",
  "-b",
  "texture",
  "-b",
  "jellyfish",
];

/** Largest peak of the server's processes while a client draws, sampled until the client has ended. */
async function peakRss(kind: "ours" | "c"): Promise<number> {
  await using bench = await Bench.create({ server: { kind }, x11: true });
  assert.ok(bench.server !== undefined);
  const { pid } = bench.server.process;
  let peak = 0;
  const sample = (): void => {
    peak = Math.max(peak, usageOf(pid).peakRssBytes);
  };
  const timer = setInterval(sample, 50);
  const result = await bench.client("glmark2-es2", PROGRAM_ARGS);
  clearInterval(timer);
  sample();
  assert.equal(result.code, 0, result.stdout);
  return peak;
}

test("a client's process peaks at most 80 MB above the C server's", { skip }, async () => {
  const c = await peakRss("c");
  const ours = await peakRss("ours");
  assert.ok(c > 0);
  const extra = (ours - c) / 1048576;
  assert.ok(
    ours - c <= ALLOWED_EXTRA_BYTES,
    `${extra.toFixed(0)} MB more than the C server's ${(c / 1048576).toFixed(0)} MB`,
  );
});
