/** On each picky host `virtgpu probe` finds the rule that was configured, exactly. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { HostProfile, ImageRules } from "@virtgpu/core/memory";
import type { PickyRules } from "./picky-host.js";
import { runOnPickyHost } from "./run-cli.js";

const NO_ZERO_COPY = 4;

async function probe(rules: PickyRules, status = 0): Promise<HostProfile> {
  const result = await runOnPickyHost(rules, ["probe", "--json", "--dry-run"]);
  assert.equal(result.status, status, result.stderr);
  return JSON.parse(result.stdout) as HostProfile;
}

test("what else the probe finds on the real driver: pinned buffers, no memory objects, and that sampling in place costs next to nothing", async () => {
  const { pinned, images, dma, buffers } = await probe({});
  assert.deepEqual(pinned, { addressMultipleBytes: 1 });
  assert.equal(buffers?.memoryObjects, false);
  assert.match(buffers.refusal, existsSync("/dev/udmabuf") ? /^the driver / : /^there is no udmabuf/);
  assert.equal(dma.addressBits, null);
  const ratio = images?.sampleCostRatio ?? 0;
  assert.ok(ratio > 0.05 && ratio < 20, `${ratio}`);
});

async function probeImages(rules: PickyRules, status = 0): Promise<ImageRules> {
  const { images, probed } = await probe(rules, status);
  assert.ok(images !== null);
  assert.deepEqual(probed?.inexact, []);
  return images;
}

const sameForAll = (bytes: number): Record<string, number> => ({ 1: bytes, 2: bytes, 4: bytes, 8: bytes });
const names = (images: ImageRules): string[] =>
  images.formats.map(({ fourcc }) => Buffer.from(Uint32Array.of(fourcc).buffer).toString("latin1").trim());

test("the real driver, without rules", async () => {
  const images = await probeImages({});
  assert.equal(images.strideMultipleBytes, 1);
  assert.deepEqual(images.strideMultiplesByTexel, sameForAll(1));
  assert.equal(images.offsetMultipleBytes, 1);
  assert.ok(images.maxWidth >= 4096 && images.maxHeight >= 4096);
  assert.equal(images.bounces, false);
  assert.equal(images.isCoherent, true);
  assert.equal(images.acceptsMemfd, true);
  for (const name of ["XR24", "AR24", "AB24", "RG16", "R8", "GR88"]) assert.ok(names(images).includes(name), name);
});

for (const [stride, error] of [
  [64, "access"],
  [256, "alloc"],
  [48, "access"],
  [96, "match"],
  [160, "access"],
  [320, "access"],
  [176, "alloc"],
] as const) {
  test(`strides in multiples of ${stride}, refused by ${error}`, async () => {
    const images = await probeImages({ stride, error });
    assert.equal(images.strideMultipleBytes, stride);
    assert.deepEqual(images.strideMultiplesByTexel, sameForAll(stride));
    assert.equal(images.offsetMultipleBytes, 1);
    assert.equal(images.bounces, false);
  });
}

test("strides in multiples of texels", async () => {
  const images = await probeImages({ strideTexels: 64 });
  assert.equal(images.strideMultipleBytes, 256);
  assert.deepEqual(images.strideMultiplesByTexel, { 1: 64, 2: 128, 4: 256, 8: 512 });
});

test("offsets, alone and together with strides", async () => {
  const both = await probeImages({ stride: 96, offset: 4096, error: "alloc" });
  assert.equal(both.strideMultipleBytes, 96);
  assert.equal(both.offsetMultipleBytes, 4096);
  assert.equal((await probeImages({ offset: 48 })).offsetMultipleBytes, 48);
  assert.equal((await probeImages({ offset: "none" })).offsetMultipleBytes, 2 ** 31);
});

test("formats and modifiers", async () => {
  assert.deepEqual(names(await probeImages({ formats: ["AB24", "R8", "GR88"] })), ["AB24", "R8", "GR88"]);
  const needed = await probe({ modifier: "needed" });
  assert.equal(needed.probed?.modifier, "needed");
  assert.ok(needed.images?.formats.every(({ modifiers }) => modifiers.length === 1));
  const refused = await probe({ modifier: "refused" });
  assert.equal(refused.probed?.modifier, "refused");
  assert.ok(refused.images?.formats.every(({ modifiers }) => modifiers.length === 0));
});

test("sizes, and that they do not disturb the rest", async () => {
  const images = await probeImages({ size: [2047, 1080], stride: 48 });
  assert.deepEqual([images.maxWidth, images.maxHeight, images.strideMultipleBytes], [2047, 1080, 48]);
});

test("a driver that crashes at what it does not take", async () => {
  const profile = await probe({ stride: 64, error: "crash" });
  assert.equal(profile.images?.strideMultipleBytes, 64);
  assert.equal(profile.images?.offsetMultipleBytes, 1);
});

test("bounced imports", async () => {
  const images = await probeImages({ bounce: true, stride: 64 }, NO_ZERO_COPY);
  assert.equal(images.bounces, true);
  assert.equal(images.isCoherent, false);
  // The rules are found all the same.
  assert.equal(images.strideMultipleBytes, 64);
  const table = await runOnPickyHost({ bounce: true }, ["probe", "--dry-run"]);
  assert.match(table.stdout, /^import\s+bounced$/m);
  assert.equal(table.status, NO_ZERO_COPY);
});

test("the wrong display: surfaceless takes a DRM device that imports nothing, the software device is found", async () => {
  const { probed, images } = await probe({ drmFirst: true });
  assert.deepEqual([probed?.platform, probed?.software], ["device", true]);
  assert.equal(images?.strideMultipleBytes, 1);
});

test("platforms that do not initialise are passed over; without any, or without the extension, nothing is imported", async () => {
  assert.equal((await probe({ initialize: ["surfaceless"] })).probed?.platform, "device");
  const none = await probe({ initialize: ["surfaceless", "device", "gbm", "wayland"] }, NO_ZERO_COPY);
  assert.equal(none.images, null);
  const absent = await probe({ hide: ["EGL_EXT_image_dma_buf_import"] }, NO_ZERO_COPY);
  assert.equal(absent.images, null);
});

test("the profile is written where it is asked for, and the table says what it says", async () => {
  const folder = mkdtempSync(join(tmpdir(), "probe-"));
  try {
    const path = join(folder, "deep", "profile.json");
    const result = await runOnPickyHost({ stride: 96 }, ["probe", `--profile=${path}`]);
    assert.equal(result.status, 0, result.stderr);
    assert.match(result.stdout, /^stride, 4-byte texels\s+multiple of 96$/m);
    const profile = JSON.parse(readFileSync(path, "utf8")) as HostProfile;
    assert.equal(profile.images?.strideMultipleBytes, 96);
    const byDefault = await runOnPickyHost({ stride: 96 }, ["probe"], { XDG_CACHE_HOME: folder });
    assert.match(byDefault.stderr, /virtgpu\/profile\.json/);
    assert.equal((JSON.parse(readFileSync(join(folder, "virtgpu/profile.json"), "utf8")) as HostProfile).version, 1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
