import assert from "node:assert/strict";
import { test } from "node:test";
import { GuestError } from "../../../base/index.js";
import { Backing, type Segment, type SegmentId } from "../../../memory/index.js";
import { RecordingGl } from "../../../testing/index.js";
import * as v from "../../../virgl/index.js";
import { FormatSupport } from "../format/index.js";
import { GlResource, checkShape } from "../resource/index.js";
import { BackingCursor } from "./backing-cursor.js";
import { TransferBox } from "./transfer-box.js";

const support = new FormatSupport(new RecordingGl().caps);
const BIG = 0xffffffff;

function resource(format: number, width: number, height: number, more: object = {}): GlResource {
  const args = {
    target: v.PIPE_TEXTURE_2D,
    format,
    bind: 8,
    width,
    height,
    depth: 1,
    arraySize: 1,
    lastLevel: 0,
    samples: 0,
    flags: 0,
    ...more,
  };
  const shape = checkShape(args, support);
  assert.ok(typeof shape !== "number", "the shape is refused");
  return new GlResource(1, shape, 1, { resourceFreed() {} });
}

function checked(target: GlResource, change: object): { code: number; box: TransferBox } {
  const box = new TransferBox();
  const all = {
    level: 0,
    x: 0,
    y: 0,
    z: 0,
    width: 1,
    height: 1,
    depth: 1,
    offsetBytes: 0,
    strideBytes: 0,
    layerStrideBytes: 0,
  };
  box.fromTransfer({ ...all, ...change });
  return { code: box.check(target), box };
}

const rgba = resource(v.VirglFormat.R8G8B8A8_UNORM, 20, 10, { lastLevel: 2 });

for (const change of [
  { level: 3 },
  { level: BIG },
  { x: 20 },
  { x: BIG, width: 2 },
  { width: 21 },
  { y: 9, height: 2 },
  { y: BIG, height: BIG },
  { z: 1 },
  { depth: 2 },
  { level: 1, width: 11 },
]) {
  test(`a box outside the level is refused: ${JSON.stringify(change)}`, () => {
    assert.equal(checked(rgba, change).code, GuestError.OUT_OF_BOUNDS);
  });
}

test("stride 0 is the level's, and layer stride 0 all its rows", () => {
  const array = resource(v.VirglFormat.R8G8B8A8_UNORM, 20, 10, {
    target: v.PIPE_TEXTURE_2D_ARRAY,
    arraySize: 3,
    lastLevel: 1,
  });
  const { code, box } = checked(array, { level: 1, x: 2, y: 1, width: 5, height: 3, depth: 2 });
  assert.equal(code, GuestError.NONE);
  assert.equal(box.strideBytes, 10 * 4);
  assert.equal(box.layerStrideBytes, 10 * 4 * 5);
  assert.equal(box.spanBytes, 200 + 2 * 40 + 20);
});

test("a stride below a row is refused, however few rows there are; a layer stride below a layer, where there are several", () => {
  assert.equal(checked(rgba, { width: 5, height: 2, strideBytes: 19 }).code, GuestError.BAD_VALUE);
  assert.equal(checked(rgba, { width: 5, height: 1, strideBytes: 19 }).code, GuestError.BAD_VALUE);
  assert.equal(checked(rgba, { width: 5, height: 1, strideBytes: 20 }).code, GuestError.NONE);
  const array = resource(v.VirglFormat.R8G8B8A8_UNORM, 20, 10, { target: v.PIPE_TEXTURE_2D_ARRAY, arraySize: 3 });
  assert.equal(checked(array, { width: 20, height: 10, depth: 2, layerStrideBytes: 799 }).code, GuestError.BAD_VALUE);
  assert.equal(checked(array, { width: 20, height: 10, depth: 2, layerStrideBytes: 800 }).code, GuestError.NONE);
  const single = checked(array, { width: 20, height: 10, depth: 1, layerStrideBytes: 1 });
  assert.equal(single.code, GuestError.NONE);
  assert.equal(single.box.layerStrideBytes, 800, "what the guest said of a single layer is not kept");
});

for (const [kind, change, width, height] of [
  ["one row, several layers", { width: 16, depth: 3, strideBytes: 1, layerStrideBytes: 64 }, 16, 1],
  ["one row of a taller texture", { width: 16, depth: 3, strideBytes: 2, layerStrideBytes: 640 }, 16, 10],
  ["a level of height 1", { level: 1, width: 8, depth: 3, strideBytes: 3, layerStrideBytes: 96 }, 16, 2],
] as const) {
  test(`a stride of less than one texel is refused: ${kind}`, () => {
    const shape = { target: v.PIPE_TEXTURE_2D_ARRAY, arraySize: 3, lastLevel: 1 };
    const array = resource(v.VirglFormat.R8G8B8A8_UNORM, width, height, shape);
    assert.equal(checked(array, change).code, GuestError.BAD_VALUE);
    const { level } = { level: 0, ...change };
    const legal = { ...change, level, strideBytes: 64, layerStrideBytes: 640 };
    assert.equal(checked(array, legal).code, GuestError.NONE);
  });
}

test("compressed boxes are whole blocks, or end at the level's edge", () => {
  const etc = resource(v.VirglFormat.ETC2_RGB8, 22, 10);
  assert.equal(checked(etc, { x: 2, width: 4, height: 4 }).code, GuestError.BAD_VALUE);
  assert.equal(checked(etc, { width: 3, height: 4 }).code, GuestError.BAD_VALUE);
  const { code, box } = checked(etc, { x: 4, y: 8, width: 18, height: 2 });
  assert.equal(code, GuestError.NONE);
  assert.equal(box.rows, 1);
  assert.equal(box.rowBytes, 5 * 8);
});

test("the largest numbers a guest can send stay exact", () => {
  const array = resource(v.VirglFormat.R8G8B8A8_UNORM, 20, 10, { target: v.PIPE_TEXTURE_2D_ARRAY, arraySize: 3 });
  const { code, box } = checked(array, { width: 20, height: 10, depth: 3, strideBytes: BIG, layerStrideBytes: BIG });
  assert.equal(code, GuestError.BAD_VALUE, "rows would overlap the next layer");
  assert.ok(box.strideBytes === BIG);
  const wide = checked(array, { width: 20, height: 1, depth: 3, strideBytes: BIG, layerStrideBytes: BIG });
  assert.equal(wide.code, GuestError.NONE);
  assert.equal(wide.box.spanBytes, 2 * BIG + 80);
});

test("a cursor gives every part of a range over scattered spans once", () => {
  const segment: Segment = { id: 7 as SegmentId, bytes: new Uint8Array(100) };
  const backing = new Backing([
    { segment, offsetBytes: 50, lengthBytes: 10 },
    { segment, offsetBytes: 0, lengthBytes: 5 },
    { segment, offsetBytes: 80, lengthBytes: 20 },
  ]);
  const cursor = new BackingCursor();
  assert.equal(cursor.seek(backing, 8, 20), false);
  const parts: number[][] = [];
  do parts.push([cursor.offsetBytes, cursor.lengthBytes, cursor.doneBytes]);
  while (cursor.advance());
  assert.deepEqual(parts, [
    [58, 2, 0],
    [0, 5, 2],
    [80, 13, 7],
  ]);
  assert.equal(cursor.seek(backing, 15, 20), true);
  assert.equal(cursor.offsetBytes, 80);
});
