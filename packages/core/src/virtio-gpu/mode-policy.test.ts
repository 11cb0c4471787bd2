import assert from "node:assert/strict";
import { test } from "node:test";
import { EDID_BLOCK_BYTES, filterEdid, fitMode, makeEdid, rowFits } from "./index.js";

const at = (edid: Uint8Array, from: number, to: number): number[] => Array.from(edid.subarray(from, to));
const sum = (block: Uint8Array): number => block.reduce((total, byte) => (total + byte) & 0xff, 0);

/** Widths that the standard timings and the preferred mode of a base block name. */
function widths(edid: Uint8Array): number[] {
  const standard = [38, 40, 42, 44, 46, 48, 50, 52].flatMap((i) => {
    const [first, second] = at(edid, i, i + 2) as [number, number];
    return first === 1 && second === 1 ? [] : [(first + 31) * 8];
  });
  return [edid[56]! | ((edid[58]! & 0xf0) << 4), ...standard];
}

test("a mode is made narrower until its rows fit; one that cannot be is left", () => {
  const mode = { width: 1366, height: 768, refresh: 60 };
  assert.deepEqual(fitMode(mode, 64), { ...mode, width: 1360 });
  assert.deepEqual(fitMode(mode, 256), { ...mode, width: 1344 });
  assert.deepEqual(fitMode(mode, 1), mode);
  assert.deepEqual(fitMode({ ...mode, width: 1080 }, 96), { ...mode, width: 1080 });
  assert.deepEqual(fitMode(mode, 60_000), mode);
});

test("our own EDID lists only modes whose rows fit", () => {
  const preferred = { width: 1344, height: 768, refresh: 60 };
  for (const strideMultipleBytes of [1, 64, 256, 384, 1000]) {
    const edid = makeEdid({ preferred, name: "x", serial: 1, strideMultipleBytes });
    assert.equal(sum(edid), 0);
    for (const width of widths(edid).slice(1)) assert.ok(rowFits(width, strideMultipleBytes), `${width}`);
  }
  assert.equal(widths(makeEdid({ preferred, name: "x", serial: 1, strideMultipleBytes: 1 })).length, 8);
  assert.deepEqual(widths(makeEdid({ preferred, name: "x", serial: 1, strideMultipleBytes: 1000 })), [1344]);
});

test("somebody else's EDID keeps its identity and loses the modes whose rows do not fit", () => {
  const preferred = { width: 1366, height: 768, refresh: 60 };
  const edid = makeEdid({ preferred, name: "other", serial: 77 });
  edid.set([0, 0, 0, 0xf7, 0, 10, 0xff, 0xff, 0xff, 0xff, 0xff, 0xf0, 0, 0, 0, 0, 0, 0], 90);
  edid[38] = 1400 / 8 - 31;
  const filtered = filterEdid(edid, 64);
  assert.equal(filtered.length, EDID_BLOCK_BYTES);
  assert.equal(sum(filtered), 0);
  assert.deepEqual(at(filtered, 0, 25), at(edid, 0, 25), "maker, serial and size");
  assert.deepEqual(at(filtered, 38, 40), [1, 1], "1400 is gone");
  assert.equal(widths(filtered)[0], 1360, "the preferred mode is narrower");
  assert.deepEqual(at(filtered, 59, 60), at(edid, 59, 60), "its height is the same");
  // 1400 x 1050 is bits 2 to 0 of the third byte and bit 7 of the fourth.
  assert.deepEqual(at(filtered, 96, 102), [0xff, 0xff, 0xf8, 0x7f, 0xff, 0xf0]);
  assert.equal(filterEdid(edid, 1), edid);
});

test("an extension of modes stays when all of them fit, and goes when not", () => {
  const base = makeEdid({ preferred: { width: 1280, height: 800, refresh: 60 }, name: "x", serial: 1 });
  const both = new Uint8Array(2 * EDID_BLOCK_BYTES);
  both.set(base);
  both[126] = 1;
  both[127]! -= 1;
  both.set([2, 3, 4], EDID_BLOCK_BYTES);
  const odd = makeEdid({ preferred: { width: 1366, height: 768, refresh: 60 }, name: "x", serial: 1 });
  both.set(odd.subarray(54, 72), EDID_BLOCK_BYTES + 4);
  const kept = filterEdid(both, 64);
  assert.equal(kept.length, 2 * EDID_BLOCK_BYTES);
  assert.equal(sum(kept.subarray(EDID_BLOCK_BYTES)), 0);
  assert.deepEqual(at(kept, EDID_BLOCK_BYTES + 4, EDID_BLOCK_BYTES + 22), new Array<number>(18).fill(0));
  const padded = new Uint8Array(8 * EDID_BLOCK_BYTES);
  padded.set(both);
  padded[126] = 2;
  assert.deepEqual(filterEdid(padded, 64), kept, "further blocks go");
  const alone = filterEdid(both, 4096);
  assert.deepEqual([alone.length, alone[126], sum(alone)], [EDID_BLOCK_BYTES, 0, 0]);
});
