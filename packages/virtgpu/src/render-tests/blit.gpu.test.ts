import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Backing } from "@virtgpu/core/memory";
import { StreamBuilder } from "@virtgpu/core/testing";
import * as v from "@virtgpu/core/virgl";
import { RenderFixture } from "./render-fixture.js";
import { random } from "./texel-contents.js";

const fixture = new RenderFixture();
after(() => fixture[Symbol.dispose]());

const { VirglFormat } = v;
const BIND = v.VIRGL_BIND_RENDER_TARGET | v.VIRGL_BIND_SAMPLER_VIEW;
const SIZE = 16;
let nextId = 1;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly width: number;
  readonly height: number;
  readonly depth: number;
}

const whole: Box = { x: 0, y: 0, z: 0, width: SIZE, height: SIZE, depth: 1 };

function texture(format: number, bytes: Uint8Array, layers = 1, samples = 0): number {
  const id = nextId++;
  const target = layers > 1 ? v.PIPE_TEXTURE_2D_ARRAY : v.PIPE_TEXTURE_2D;
  assert.equal(
    fixture.texture(id, { target, format, bind: BIND, width: SIZE, height: SIZE, arraySize: layers, samples }),
    0,
  );
  if (samples > 1) return id;
  const segment = fixture.segment(bytes.length);
  segment.bytes.set(bytes);
  const backing = new Backing([{ segment, offsetBytes: 0, lengthBytes: bytes.length }]);
  const transfer = { ...whole, level: 0, depth: layers, offsetBytes: 0, strideBytes: 0, layerStrideBytes: 0 };
  assert.equal(fixture.renderer.transferThrough(1, id, transfer, backing, "to-host"), 0);
  fixture.encoder.unregisterSegment(segment.id);
  return id;
}

function noise(bytes: number): Uint8Array {
  const next = random(bytes + nextId);
  return Uint8Array.from({ length: bytes }, () => next() >>> 13);
}

interface Blit {
  readonly dst: number;
  readonly dstFormat: number;
  readonly dstBox?: Box;
  readonly src: number;
  readonly srcFormat: number;
  readonly srcBox?: Box;
  readonly mask?: number;
  readonly linear?: boolean;
  readonly scissor?: readonly [number, number, number, number];
}

function blit(b: Blit): number {
  const boxWords = (box: Box) => [box.x, box.y, box.z, box.width, box.height, box.depth].map((n) => n >>> 0);
  const [minX, minY, maxX, maxY] = b.scissor ?? [0, 0, 0, 0];
  const s0 = (b.mask ?? v.PIPE_MASK_RGBA) | ((b.linear ? 1 : 0) << 8) | ((b.scissor === undefined ? 0 : 1) << 10);
  return fixture.submit(
    new StreamBuilder().command(v.VIRGL_CCMD_BLIT, [
      s0,
      minX | (minY << 16),
      maxX | (maxY << 16),
      b.dst,
      0,
      b.dstFormat,
      ...boxWords(b.dstBox ?? whole),
      b.src,
      0,
      b.srcFormat,
      ...boxWords(b.srcBox ?? whole),
    ]),
  );
}

/** The same in plain TypeScript, nearest. `order` maps a destination byte to its source byte; -1: 255. */
function expected(dst: Uint8Array, src: Uint8Array, b: Blit, order: readonly number[], keep = 0): Uint8Array {
  const out = dst.slice();
  const to = b.dstBox ?? whole;
  const from = b.srcBox ?? whole;
  const [minX, minY, maxX, maxY] = b.scissor ?? [0, 0, SIZE, SIZE];
  for (let z = 0; z < to.depth; z++) {
    for (let y = Math.max(to.y, minY); y < Math.min(to.y + to.height, maxY); y++) {
      for (let x = Math.max(to.x, minX); x < Math.min(to.x + to.width, maxX); x++) {
        const sx = Math.floor(from.x + ((x - to.x + 0.5) * from.width) / to.width);
        const sy = Math.floor(from.y + ((y - to.y + 0.5) * from.height) / to.height);
        for (let c = 0; c < 4; c++) {
          if (((keep >>> c) & 1) !== 0) continue;
          const at = (((from.z + z) * SIZE + sy) * SIZE + sx) * 4;
          out[(((to.z + z) * SIZE + y) * SIZE + x) * 4 + c] = order[c]! < 0 ? 255 : src[at + order[c]!]!;
        }
      }
    }
  }
  return out;
}

function readAll(id: number, layers: number): Uint8Array {
  const out = new Uint8Array(SIZE * SIZE * 4 * layers);
  for (let z = 0; z < layers; z++) out.set(fixture.read(id, SIZE, SIZE, 4, 0, z), z * SIZE * SIZE * 4);
  return out;
}

const RGBA = VirglFormat.R8G8B8A8_UNORM;
const BGRA = VirglFormat.B8G8R8A8_UNORM;
const SAME = [0, 1, 2, 3];
const SWAP = [2, 1, 0, 3];
const mirrored: Box = { ...whole, x: SIZE, width: -SIZE };
const upsideDown: Box = { ...whole, y: SIZE, height: -SIZE };

const cases: readonly (readonly [string, Omit<Blit, "dst" | "src">, readonly number[], number?])[] = [
  ["copies", { srcFormat: RGBA, dstFormat: RGBA }, SAME],
  ["copies BGRA", { srcFormat: BGRA, dstFormat: BGRA }, SAME],
  ["exchanges R and B", { srcFormat: BGRA, dstFormat: RGBA }, SWAP],
  ["exchanges B and R", { srcFormat: RGBA, dstFormat: BGRA }, SWAP],
  ["reads X8 as opaque", { srcFormat: VirglFormat.B8G8R8X8_UNORM, dstFormat: RGBA }, [2, 1, 0, -1]],
  ["mirrors", { srcFormat: RGBA, dstFormat: RGBA, srcBox: mirrored }, SAME],
  ["mirrors and exchanges", { srcFormat: RGBA, dstFormat: BGRA, srcBox: mirrored }, SWAP],
  ["turns upside down", { srcFormat: BGRA, dstFormat: RGBA, srcBox: upsideDown }, SWAP],
  ["enlarges", { srcFormat: RGBA, dstFormat: RGBA, srcBox: { ...whole, x: 3, y: 5, width: 4, height: 2 } }, SAME],
  [
    "enlarges and exchanges",
    { srcFormat: RGBA, dstFormat: BGRA, srcBox: { ...whole, x: 3, y: 5, width: 4, height: 2 } },
    SWAP,
  ],
  [
    "shrinks into a corner",
    { srcFormat: RGBA, dstFormat: BGRA, dstBox: { ...whole, x: 8, y: 8, width: 8, height: 4 } },
    SWAP,
  ],
  ["keeps to the scissor", { srcFormat: RGBA, dstFormat: RGBA, scissor: [2, 3, 9, 12] }, SAME],
  ["keeps to the scissor and exchanges", { srcFormat: RGBA, dstFormat: BGRA, scissor: [2, 3, 9, 12] }, SWAP],
  [
    "writes only the channels of the mask",
    { srcFormat: RGBA, dstFormat: RGBA, mask: v.PIPE_MASK_G | v.PIPE_MASK_A },
    SAME,
    0b0101,
  ],
  ["writes only R, which is byte 2 of BGRA", { srcFormat: RGBA, dstFormat: BGRA, mask: v.PIPE_MASK_R }, SWAP, 0b1011],
  [
    "copies layers",
    { srcFormat: RGBA, dstFormat: RGBA, srcBox: { ...whole, z: 1, depth: 2 }, dstBox: { ...whole, depth: 2 } },
    SAME,
  ],
  [
    "exchanges in layers",
    { srcFormat: RGBA, dstFormat: BGRA, srcBox: { ...whole, z: 1, depth: 2 }, dstBox: { ...whole, z: 1, depth: 2 } },
    SWAP,
  ],
];

for (const [name, request, order, keep] of cases) {
  test(`blit ${name}`, () => {
    const layers = request.srcBox?.depth === 2 ? 3 : 1;
    const srcBytes = noise(SIZE * SIZE * 4 * layers);
    const dstBytes = noise(SIZE * SIZE * 4 * layers);
    const full = {
      ...request,
      src: texture(request.srcFormat, srcBytes, layers),
      dst: texture(request.dstFormat, dstBytes, layers),
    };
    assert.equal(blit(full), 0, fixture.log.at(-1));
    assert.deepEqual(readAll(full.dst, layers), expected(dstBytes, srcBytes, full, order, keep));
    fixture.settle();
    assert.equal(fixture.renderer.counters.glErrors, 0, fixture.log.at(-1));
  });
}

test("blit within one texture reads what was there before", () => {
  const bytes = noise(SIZE * SIZE * 4);
  const id = texture(RGBA, bytes);
  const request = {
    src: id,
    dst: id,
    srcFormat: RGBA,
    dstFormat: RGBA,
    srcBox: { ...whole, width: 12 },
    dstBox: { ...whole, x: 4, width: 12 },
  };
  assert.equal(blit(request), 0);
  assert.deepEqual(readAll(id, 1), expected(bytes, bytes, request, SAME));
});

test("a linear blit halves by averaging", () => {
  const bytes = noise(SIZE * SIZE * 4);
  const request = {
    src: texture(RGBA, bytes),
    dst: texture(BGRA, new Uint8Array(SIZE * SIZE * 4)),
    srcFormat: RGBA,
    dstFormat: BGRA,
    dstBox: { ...whole, width: 8, height: 8 },
    linear: true,
  };
  assert.equal(blit(request), 0);
  const got = readAll(request.dst, 1);
  for (let y = 0; y < 8; y++) {
    for (let x = 0; x < 8; x++) {
      for (let c = 0; c < 4; c++) {
        const at = (dx: number, dy: number) => bytes[((2 * y + dy) * SIZE + 2 * x + dx) * 4 + SWAP[c]!]!;
        const mean = (at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1)) / 4;
        assert.ok(Math.abs(got[(y * SIZE + x) * 4 + c]! - mean) <= 1.01, `(${x}, ${y})[${c}]`);
      }
    }
  }
});

test("a multisampled source is resolved, also into the other channel order", () => {
  const src = nextId++;
  assert.equal(fixture.texture(src, { format: RGBA, bind: BIND, width: SIZE, height: SIZE, samples: 4 }), 0);
  const clear = new StreamBuilder()
    .createSubContext(src)
    .setSubContext(src)
    .createSurface(1, src, RGBA)
    .setFramebuffer([1])
    .clear(v.PIPE_CLEAR_COLOR0, [1, 128 / 255, 0, 64 / 255]);
  assert.equal(fixture.submit(clear), 0);
  for (const [format, texel] of [
    [RGBA, [255, 128, 0, 64]],
    [BGRA, [0, 128, 255, 64]],
  ] as const) {
    const dst = texture(format, noise(SIZE * SIZE * 4));
    assert.equal(blit({ src, dst, srcFormat: RGBA, dstFormat: format }), 0, fixture.log.at(-1));
    const got = readAll(dst, 1);
    for (let i = 0; i < got.length; i++) assert.equal(got[i], texel[i % 4]);
  }
});

/** Stencil bytes are equal; depth may lose its last bit where the driver blits it as a float. */
function assertDepthStencil(got: Uint8Array, want: Uint8Array, message: string): void {
  const a = new DataView(got.buffer);
  const b = new DataView(want.buffer);
  for (let at = 0; at < got.length; at += 4) {
    assert.equal(got[at], want[at], `stencil: ${message}`);
    const difference = (a.getUint32(at, true) >>> 8) - (b.getUint32(at, true) >>> 8);
    assert.ok(Math.abs(difference) <= 2, `depth off by ${difference}: ${message}`);
  }
}

test("depth and stencil are blitted together and apart, also scaled", () => {
  const Z = VirglFormat.S8_UINT_Z24_UNORM;
  for (const mask of [v.PIPE_MASK_Z, v.PIPE_MASK_S, v.PIPE_MASK_ZS]) {
    for (const srcBox of [whole, { ...whole, width: 8, height: 8 }]) {
      const srcBytes = noise(SIZE * SIZE * 4);
      const dstBytes = noise(SIZE * SIZE * 4);
      const b = { src: texture(Z, srcBytes), dst: texture(Z, dstBytes), srcFormat: Z, dstFormat: Z, mask, srcBox };
      assert.equal(blit(b), 0, fixture.log.at(-1));
      const keep = (mask & v.PIPE_MASK_Z ? 0 : 0b1110) | (mask & v.PIPE_MASK_S ? 0 : 1);
      assertDepthStencil(
        readAll(b.dst, 1),
        expected(dstBytes, srcBytes, b, SAME, keep),
        `mask ${mask} of ${srcBox.width}`,
      );
    }
  }
});

test("copies between regions keep bytes, and boxes outside are refused", () => {
  const srcBytes = noise(SIZE * SIZE * 4);
  const dstBytes = noise(SIZE * SIZE * 4);
  const src = texture(RGBA, srcBytes);
  const dst = texture(RGBA, dstBytes);
  const copy = (dx: number, dy: number, sx: number, sy: number, w: number, h: number, ctx = 1) =>
    fixture.submit(
      new StreamBuilder().command(v.VIRGL_CCMD_RESOURCE_COPY_REGION, [dst, 0, dx, dy, 0, src, 0, sx, sy, 0, w, h, 1]),
      ctx,
    );
  assert.equal(copy(3, 4, 5, 6, 7, 8), 0);
  const box = { x: 5, y: 6, z: 0, width: 7, height: 8, depth: 1 };
  const want = expected(
    dstBytes,
    srcBytes,
    { src, dst, srcFormat: RGBA, dstFormat: RGBA, srcBox: box, dstBox: { ...box, x: 3, y: 4 } },
    SAME,
  );
  assert.deepEqual(readAll(dst, 1), want);
  for (const [i, args] of [
    [10, 0, 0, 0, 7, 1],
    [0, 0, 10, 0, 7, 1],
    [0, 0xffffffff, 0, 0, 1, 2],
    [0, 0, 0, 0, 17, 1],
  ].entries()) {
    const context = 50 + i;
    fixture.context(context);
    fixture.renderer.attachResource(context, src);
    fixture.renderer.attachResource(context, dst);
    assert.notEqual(copy(...(args as [number, number, number, number, number, number]), context), 0);
  }
  assert.deepEqual(readAll(dst, 1), want);
});
