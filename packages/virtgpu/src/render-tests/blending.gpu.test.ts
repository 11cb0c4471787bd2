import assert from "node:assert/strict";
import { after, test } from "node:test";
import { GuestError } from "@virtgpu/core/base";
import type { StreamBuilder } from "@virtgpu/core/testing";
import * as v from "@virtgpu/core/virgl";
import { RenderFixture, texel } from "./render-fixture.js";
import { createTarget, fill, fillPipeline, Handle, SIZE, uploadTriangle } from "./scene.js";

const fixture = new RenderFixture();
after(() => fixture[Symbol.dispose]());
fixture.context(2);
uploadTriangle(fixture, [2]);

const { VirglFormat } = v;
/** VIRGL_OBJ_BLEND_S2: enabled, additive, factors for colour and alpha. */
const blendBits = (src: number, dst: number): number => (1 | (src << 4) | (dst << 9) | (src << 17) | (dst << 22)) >>> 0;

/** Fills with `below`, then blends `color` over it. @returns the guest's texel */
function blended(
  id: number,
  format: number,
  bits: number,
  below: readonly [number, number, number, number],
  color: readonly [number, number, number, number],
  extra: (stream: StreamBuilder) => StreamBuilder = (stream) => stream,
): number[] {
  createTarget(fixture, id, format);
  const stream = extra(fillPipeline(id, id, format, 15, bits).clear(v.PIPE_CLEAR_COLOR0, [...below]));
  assert.equal(fixture.submit(fill(stream, color)), 0, fixture.log.join("\n"));
  fixture.settle();
  assert.equal(fixture.renderer.counters.glErrors, 0, fixture.log.join("\n"));
  return texel(fixture.read(id, SIZE, SIZE), SIZE, 2, 2);
}

const DST_ALPHA = blendBits(v.PIPE_BLENDFACTOR_DST_ALPHA, v.PIPE_BLENDFACTOR_ZERO);
const CONSTANT = blendBits(v.PIPE_BLENDFACTOR_CONST_COLOR, v.PIPE_BLENDFACTOR_ZERO);

test("destination alpha counts as 1 where the format has none", () => {
  assert.deepEqual(
    blended(1, VirglFormat.R8G8B8A8_UNORM, DST_ALPHA, [0, 0, 0, 0.2], [1, 1, 1, 1]).slice(0, 3),
    [51, 51, 51],
  );
  const x8 = blended(2, VirglFormat.R8G8B8X8_UNORM, DST_ALPHA, [0, 0, 0, 0.2], [1, 1, 1, 1]);
  assert.deepEqual(x8.slice(0, 3), [255, 255, 255]);
});

test("the blend constant and the write mask follow the guest's component order", () => {
  const constant = (stream: StreamBuilder): StreamBuilder =>
    stream.command(v.VIRGL_CCMD_SET_BLEND_COLOR, [0x3f800000, 0, 0, 0x3f800000]);
  const rgba = blended(3, VirglFormat.R8G8B8A8_UNORM, CONSTANT, [0, 0, 0, 0], [1, 1, 1, 1], constant);
  assert.deepEqual(rgba, [255, 0, 0, 255]);
  const bgra = blended(4, VirglFormat.B8G8R8A8_UNORM, CONSTANT, [0, 0, 0, 0], [1, 1, 1, 1], constant);
  assert.deepEqual(bgra, [0, 0, 255, 255]);
});

test("only red is written when the mask says so, in either byte order", () => {
  for (const [id, format, expected] of [
    [5, VirglFormat.R8G8B8A8_UNORM, [255, 0, 0, 0]],
    [6, VirglFormat.B8G8R8A8_UNORM, [0, 0, 255, 0]],
  ] as const) {
    createTarget(fixture, id, format);
    const stream = fillPipeline(id, id, format, v.PIPE_MASK_R).clear(v.PIPE_CLEAR_COLOR0, [0, 0, 0, 0]);
    assert.equal(fixture.submit(fill(stream, [1, 1, 1, 1])), 0);
    assert.deepEqual(texel(fixture.read(id, SIZE, SIZE), SIZE, 1, 1), expected);
  }
});

test("blending with a second colour output is refused, and leaves nothing behind that stops draws to two buffers", () => {
  const format = VirglFormat.R8G8B8A8_UNORM;
  const secondOutput = blendBits(v.PIPE_BLENDFACTOR_SRC1_COLOR, v.PIPE_BLENDFACTOR_INV_SRC1_ALPHA);
  createTarget(fixture, 7, format, [1, 2]);
  createTarget(fixture, 8, format);
  assert.equal(
    fixture.submit(fill(fillPipeline(1, 7, format, 15, secondOutput), [1, 1, 1, 1]), 2),
    GuestError.NOT_OFFERED,
  );
  const two = fillPipeline(7, 7, format).createSurface(20, 8, format).setFramebuffer([Handle.SURFACE, 20]);
  assert.equal(fixture.submit(fill(two, [1, 0, 0, 1])), GuestError.NONE, fixture.log.join("\n"));
  fixture.settle();
  assert.equal(fixture.renderer.counters.glErrors, 0, fixture.log.join("\n"));
  assert.deepEqual(texel(fixture.read(8, SIZE, SIZE), SIZE, 1, 1), [255, 0, 0, 255]);
});
