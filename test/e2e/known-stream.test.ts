/** `virtgpu replay` of the committed stream gives its known frames, on either server; a wrong frame is noticed. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { listFrames, readFrame, type Frame } from "./frames.js";
import { Bench, sandboxRefusal } from "./harness.js";
import { differencesFromKnown, KNOWN_STREAM } from "./known-stream.js";
import { replay } from "./recordings.js";

const skip = (await sandboxRefusal()) ?? false;

async function framesOn(kind: "ours" | "c"): Promise<Frame[]> {
  await using bench = await Bench.create({ server: { kind } });
  assert.ok(bench.server !== undefined);
  const framesDir = join(bench.sandbox.workDir, "frames");
  const played = await replay(bench.sandbox, bench.server, KNOWN_STREAM, { framesDir });
  const frames = listFrames(framesDir).map(readFrame);
  assert.equal(frames.length, played.frames);
  return frames;
}

for (const kind of ["ours", "c"] as const) {
  test(
    `the committed stream gives its known frames on ${kind === "c" ? "the C server" : "ours"}`,
    { skip },
    async () => {
      assert.deepEqual(differencesFromKnown(await framesOn(kind)), []);
    },
  );
}

test("control: frames in the wrong order, missing or of one colour are noticed", { skip }, async () => {
  const frames = await framesOn("c");
  assert.ok(differencesFromKnown(frames.toReversed()).length > 0);
  assert.match(differencesFromKnown(frames.slice(0, 10)).join("\n"), /missing/);
  const grey = frames.map(({ width, height, pixels }) => ({ width, height, pixels: new Uint8Array(pixels.length) }));
  assert.match(differencesFromKnown(grey).join("\n"), /one colour/);
});
