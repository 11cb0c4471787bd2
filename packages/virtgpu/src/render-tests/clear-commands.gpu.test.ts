import assert from "node:assert/strict";
import { after, test } from "node:test";
import { StreamBuilder } from "@virtgpu/core/testing";
import * as v from "@virtgpu/core/virgl";
import { RenderFixture } from "./render-fixture.js";

const fixture = new RenderFixture();
after(() => fixture[Symbol.dispose]());

const { VirglFormat } = v;
const BIND = v.VIRGL_BIND_RENDER_TARGET | v.VIRGL_BIND_SAMPLER_VIEW;
const SIZE = 16;
let nextId = 1;
let nextContext = 10;

function texture(format: number, layers = 1): number {
  const id = nextId++;
  const target = layers > 1 ? v.PIPE_TEXTURE_2D_ARRAY : v.PIPE_TEXTURE_2D;
  assert.equal(
    fixture.texture(id, { target, format, bind: BIND, width: SIZE, height: SIZE, arraySize: layers, lastLevel: 1 }),
    0,
  );
  return id;
}

function submit(stream: StreamBuilder, ...resources: number[]): number {
  const context = nextContext++;
  fixture.context(context);
  for (const resource of resources) fixture.renderer.attachResource(context, resource);
  return fixture.submit(stream, context);
}

/** Checks every texel: `inside` in the rectangle, zeros outside. */
function assertRectangle(
  pixels: Uint8Array,
  size: number,
  [x, y, w, h]: readonly number[],
  inside: readonly number[],
): void {
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const isInside = column >= x! && column < x! + w! && row >= y! && row < y! + h!;
      const at = (row * size + column) * inside.length;
      const got = [...pixels.subarray(at, at + inside.length)];
      assert.deepEqual(got, isInside ? inside : inside.map(() => 0), `(${column}, ${row})`);
    }
  }
}

for (const [name, format, texel] of [
  ["RGBA", VirglFormat.R8G8B8A8_UNORM, [1, 2, 3, 4]],
  ["BGRA, by its bytes", VirglFormat.B8G8R8A8_UNORM, [1, 2, 3, 4]],
  ["16-bit", VirglFormat.B5G6R5_UNORM, [0x34, 0x12]],
  ["integers", VirglFormat.R16G16_SINT, [1, 0x80, 0xff, 0x7f]],
  ["floats", VirglFormat.R32G32_FLOAT, [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]],
  ["depth and stencil", VirglFormat.Z24_UNORM_S8_UINT, [0x56, 0x34, 0x12, 0x99]],
] as const) {
  test(`CLEAR_TEXTURE fills a box with a texel: ${name}`, () => {
    const id = texture(format, 3);
    const words = new Uint32Array(4);
    new Uint8Array(words.buffer).set(texel);
    const clear = new StreamBuilder().command(v.VIRGL_CCMD_CLEAR_TEXTURE, [id, 1, 2, 3, 1, 4, 5, 2, ...words]);
    assert.equal(submit(clear, id), 0, fixture.log.at(-1));
    for (let layer = 0; layer < 3; layer++) {
      const pixels = fixture.read(id, SIZE / 2, SIZE / 2, texel.length, 1, layer);
      assertRectangle(pixels, SIZE / 2, layer === 0 ? [0, 0, 0, 0] : [2, 3, 4, 5], texel);
    }
    const outside = new StreamBuilder().command(v.VIRGL_CCMD_CLEAR_TEXTURE, [id, 1, 5, 3, 0, 4, 5, 1, ...words]);
    assert.notEqual(submit(outside, id), 0);
  });
}

const CLEAR_COLOR = v.PIPE_CLEAR_COLOR0 << 1;

function clearSurface(
  id: number,
  format: number,
  s0: number,
  value: ArrayLike<number>,
  box: readonly number[],
): number {
  const stream = new StreamBuilder()
    .createSubContext(id)
    .setSubContext(id)
    .createSurface(1, id, format)
    .command(v.VIRGL_CCMD_CLEAR_SURFACE, [s0, 1, ...Array.from(value), ...box]);
  return submit(stream, id);
}

for (const [name, format, texel] of [
  ["RGBA", VirglFormat.R8G8B8A8_UNORM, [255, 128, 0, 64]],
  ["BGRA", VirglFormat.B8G8R8A8_UNORM, [0, 128, 255, 64]],
] as const) {
  test(`CLEAR_SURFACE fills a rectangle in the guest's channel order: ${name}`, () => {
    const id = texture(format);
    const color = new Uint32Array(Float32Array.of(1, 128 / 255, 0, 64 / 255).buffer);
    assert.equal(clearSurface(id, format, CLEAR_COLOR, color, [3, 4, 5, 6]), 0, fixture.log.at(-1));
    assertRectangle(fixture.read(id, SIZE, SIZE), SIZE, [3, 4, 5, 6], texel);
    assert.notEqual(clearSurface(id, format, CLEAR_COLOR, color, [12, 0, 5, 1]), 0);
    assert.notEqual(clearSurface(id, format, v.PIPE_CLEAR_DEPTH << 1, color, [0, 0, 1, 1]), 0);
  });
}

test("CLEAR_SURFACE clears depth and stencil together and apart", () => {
  const format = VirglFormat.S8_UINT_Z24_UNORM;
  const value = new Uint32Array(4);
  new Float64Array(value.buffer)[0] = 1;
  value[2] = 0x7e;
  for (const [buffers, texel] of [
    [v.PIPE_CLEAR_DEPTHSTENCIL, [0x7e, 0xff, 0xff, 0xff]],
    [v.PIPE_CLEAR_DEPTH, [0, 0xff, 0xff, 0xff]],
    [v.PIPE_CLEAR_STENCIL, [0x7e, 0, 0, 0]],
  ] as const) {
    const id = texture(format);
    assert.equal(clearSurface(id, format, buffers << 1, value, [1, 2, 7, 5]), 0, fixture.log.at(-1));
    assertRectangle(fixture.read(id, SIZE, SIZE), SIZE, [1, 2, 7, 5], texel);
  }
});

test("no GL error came of any of it", () => {
  fixture.settle();
  assert.equal(fixture.renderer.counters.glErrors, 0, fixture.log.at(-1));
});
