/** The picky host does what it is told, seen by a C program that has nothing of ours in it. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { askIndependently, describeRules, type PickyRules } from "./picky-host.js";

const GOOD = "ok seen=1 landed=1";
const ACCESS = "0x3002";
const ALLOC = "0x3003";
const MATCH = "0x3009";

const importing = (rules: PickyRules, ...tries: string[]): Promise<readonly string[]> =>
  askIndependently(rules, ["import", "surfaceless", ...tries]);

test("rules are written as the interposer reads them", () => {
  assert.equal(
    describeRules({
      stride: 96,
      offset: "none",
      formats: ["XR24", "AR24"],
      size: [64, 32],
      high: [0, 4096],
      bounce: true,
    }),
    "stride=96;offset=none;formats=XR24+AR24;size=64x32;high=0-4096;bounce",
  );
});

test("without rules it is the real driver: everything is imported in place", async () => {
  const answers = await importing(
    {},
    "64x64:XR24:256:0",
    "64x64:XR24:260:4",
    "100x64:AB24:402:2",
    "5x5:R8:7:1",
    "64x64:AR24:256:0:linear",
  );
  assert.deepEqual(answers, [GOOD, GOOD, GOOD, GOOD, GOOD]);
});

for (const multiple of [64, 256, 96]) {
  test(`strides that are no multiple of ${multiple} are refused`, async () => {
    const width = 5 * multiple;
    const answers = await importing(
      { stride: multiple },
      `${multiple}x8:XR24:${4 * multiple}:0`,
      `${width}x8:XR24:${4 * width + multiple}:4`,
      `${width}x8:XR24:${4 * width + 4}:0`,
      `${width}x8:XR24:${4 * width + multiple / 2}:0`,
      `1366x8:XR24:5464:0`,
    );
    assert.deepEqual(answers, [GOOD, GOOD, ACCESS, ACCESS, ACCESS]);
  });
}

test("a multiple may be told in texels, offsets may be refused, and the error chosen", async () => {
  assert.deepEqual(
    await importing(
      { strideTexels: 64, error: "match" },
      "64x8:XR24:256:0",
      "16x8:XR24:64:0",
      "64x8:R8:64:0",
      "64x8:R8:32:0",
    ),
    [GOOD, MATCH, GOOD, MATCH],
  );
  assert.deepEqual(await importing({ offset: 48, error: "alloc" }, "8x8:XR24:32:96", "8x8:XR24:32:64"), [GOOD, ALLOC]);
  assert.deepEqual(await importing({ offset: "none" }, "8x8:XR24:32:0", "8x8:XR24:32:4096"), [GOOD, ACCESS]);
});

test("formats, modifiers and sizes are refused", async () => {
  assert.deepEqual(await importing({ formats: ["XR24", "R8"] }, "8x8:XR24:32:0", "8x8:R8:8:0", "8x8:AB24:32:0"), [
    GOOD,
    GOOD,
    ACCESS,
  ]);
  assert.deepEqual(await importing({ modifier: "needed" }, "8x8:XR24:32:0", "8x8:XR24:32:0:linear"), [ACCESS, GOOD]);
  assert.deepEqual(await importing({ modifier: "refused" }, "8x8:XR24:32:0", "8x8:XR24:32:0:linear"), [GOOD, ACCESS]);
  assert.deepEqual(
    await importing({ size: [300, 200] }, "300x200:XR24:1200:0", "301x8:XR24:1204:0", "8x201:XR24:32:0"),
    [GOOD, ACCESS, ACCESS],
  );
});

test("pages above 4 GiB are refused, or bounced, and the others are not", async () => {
  const tries = [
    "64x64:XR24:256:0",
    "64x64:XR24:256:1032192",
    "64x64:XR24:256:1032196",
    "64x64:XR24:256:2097152",
  ] as const;
  const high = [1 << 20, 2 << 20] as const;
  assert.deepEqual(await importing({ high }, ...tries), [GOOD, GOOD, ACCESS, GOOD]);
  assert.deepEqual(await importing({ high, highBounces: true }, ...tries), [GOOD, GOOD, "ok seen=0 landed=0", GOOD]);
});

test("a bounced import is accepted, does not follow the guest and does not reach its memory", async () => {
  assert.deepEqual(await importing({ bounce: true }, "64x64:XR24:256:0", "5x5:R8:7:1"), [
    "ok seen=0 landed=0",
    "ok seen=0 landed=0",
  ]);
});

test("a refusal may be a crash of the driver", async () => {
  await assert.rejects(importing({ stride: 64, error: "crash" }, "64x8:XR24:256:0", "5x5:XR24:20:0"), {
    signal: "SIGSEGV",
  });
});

test("eglInitialize fails on the platforms that are named, with the error that is named or none", async () => {
  assert.deepEqual(await askIndependently({ initialize: ["surfaceless"] }, ["platforms"]), [
    "surfaceless 0x3001",
    "device ok",
  ]);
  assert.deepEqual(await askIndependently({ initialize: ["device"], initializeError: 0x3003 }, ["platforms"]), [
    "surfaceless ok",
    "device 0x3003",
  ]);
  assert.deepEqual(await askIndependently({ initialize: ["device"], initializeError: 0x3000 }, ["platforms"]), [
    "surfaceless ok",
    "device 0x3000",
  ]);
});

test("a DRM device that imports nothing stands before the software device, and surfaceless takes it", async () => {
  const devices = await askIndependently({ drmFirst: true }, ["devices"]);
  assert.match(devices[0]!, /EGL_EXT_device_drm/);
  assert.match(devices[1]!, /EGL_MESA_device_software/);
  assert.deepEqual(await importing({ drmFirst: true }, "64x64:XR24:256:0"), [ALLOC]);
  assert.deepEqual(await askIndependently({ drmFirst: true }, ["import", "device", "64x64:XR24:256:0"]), [GOOD]);
});

test("each refusal is a line in the log, with the rule", async () => {
  const folder = mkdtempSync(join(tmpdir(), "picky-"));
  try {
    const log = join(folder, "log");
    await importing({ stride: 64, offset: 64, log }, "8x8:XR24:64:4", "5x5:XR24:20:0");
    assert.equal(
      readFileSync(log, "utf8"),
      "refused offset: 8x8 XR24 stride 64 offset 4\nrefused stride: 5x5 XR24 stride 20 offset 0\n",
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
