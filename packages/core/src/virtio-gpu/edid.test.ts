import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { EDID_BLOCK_BYTES, fitsEdid, makeEdid } from "./edid.js";

const modes = [
  [640, 480, 60],
  [1024, 768, 60],
  [1366, 768, 60],
  [1080, 1920, 60],
  [1920, 1080, 144],
  [3840, 2160, 60],
  [4095, 2160, 30],
  [1, 1, 60],
] as const;

test("the preferred mode can be read back from the detailed timing, and the block sums to zero", () => {
  for (const [width, height, refresh] of modes) {
    const edid = makeEdid({ preferred: { width, height, refresh }, name: "virtgpu", serial: 7 });
    assert.equal(edid.length, EDID_BLOCK_BYTES);
    assert.equal(edid.reduce((sum, byte) => sum + byte, 0) % 256, 0);
    const t = edid.subarray(54);
    assert.equal(t[2]! | ((t[4]! & 0xf0) << 4), width);
    assert.equal(t[5]! | ((t[7]! & 0xf0) << 4), height);
    const total = (width + (t[3]! | ((t[4]! & 0xf) << 8))) * (height + (t[6]! | ((t[7]! & 0xf) << 8)));
    const clock = (t[0]! | (t[1]! << 8)) * 10_000;
    // The clock is stored in steps of 10 kHz: exact only for modes that are not tiny.
    if (width > 1) assert.ok(Math.abs(clock / total - refresh) < 0.05, `${width}x${height}: ${clock / total} Hz`);
  }
});

test("modes that a detailed timing cannot carry are told apart, and refused", () => {
  for (const [width, height, refresh] of [
    [4096, 2160, 60],
    [0, 480, 60],
    [3840, 2160, 120],
  ] as const) {
    const preferred = { width, height, refresh };
    assert.equal(fitsEdid(preferred), false);
    assert.throws(() => makeEdid({ preferred, name: "x", serial: 1 }), RangeError);
  }
});

test("guests may choose the usual modes", () => {
  const edid = makeEdid({ preferred: { width: 1366, height: 768, refresh: 60 }, name: "virtgpu", serial: 7 });
  assert.deepEqual([edid[35], edid[36]], [0x21, 0x08], "640x480, 800x600, 1024x768");
  assert.deepEqual([...edid.subarray(38, 44)], [129, 0xc0, 129, 0x00, 129, 0x80], "1280x720, 1280x800, 1280x1024");
});

test("edid-decode finds nothing to complain about", (t) => {
  if (spawnSync("edid-decode", ["--version"]).error !== undefined)
    return t.skip("edid-decode is not installed (apt-get install edid-decode)");
  for (const [width, height, refresh] of modes.slice(0, 6)) {
    const input = makeEdid({ preferred: { width, height, refresh }, name: "virtgpu 1", serial: 1 });
    const run = spawnSync("edid-decode", ["--check"], { input, encoding: "utf8" });
    assert.match(run.stdout, /EDID conformity: PASS/, `${width}x${height}@${refresh}\n${run.stdout}`);
  }
});
