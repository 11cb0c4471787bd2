import assert from "node:assert/strict";
import { after, test } from "node:test";
import { GuestError } from "@virtgpu/core/base";
import { Backing, type SegmentId } from "@virtgpu/core/memory";
import { StreamBuilder } from "@virtgpu/core/testing";
import * as v from "@virtgpu/core/virgl";
import { Mapping } from "../native/index.js";
import { RenderFixture } from "./render-fixture.js";

const fixture = new RenderFixture();
after(() => fixture[Symbol.dispose]());

const { VirglFormat } = v;
const RGBA = VirglFormat.R8G8B8A8_UNORM;
const BIND = v.VIRGL_BIND_RENDER_TARGET | v.VIRGL_BIND_SAMPLER_VIEW;
const BIG = 0xffffffff;
let nextContext = 100;

/** A fresh context that may use the resources, so that one bad command does not hide the next. */
function contextFor(...resources: number[]): number {
  const id = nextContext++;
  fixture.context(id);
  for (const resource of resources) fixture.renderer.attachResource(id, resource);
  return id;
}

function backingBytes(size: number): { backing: Backing; bytes: Uint8Array } {
  const segment = fixture.segment(size);
  return { backing: new Backing([{ segment, offsetBytes: 0, lengthBytes: size }]), bytes: segment.bytes };
}

const box = {
  level: 0,
  x: 0,
  y: 0,
  z: 0,
  width: 16,
  height: 16,
  depth: 1,
  offsetBytes: 0,
  strideBytes: 0,
  layerStrideBytes: 0,
};

test("a transfer needs backing, and enough of it", () => {
  fixture.texture(1, { format: RGBA, bind: BIND, width: 16, height: 16 });
  const { renderer } = fixture;
  assert.equal(renderer.transferToHost3d(1, 1, box), GuestError.BAD_BACKING);
  const { backing } = backingBytes(16 * 16 * 4);
  assert.equal(renderer.attachBacking(1, backing), GuestError.NONE);
  assert.equal(renderer.transferToHost3d(1, 1, box), GuestError.NONE);
  for (const change of [
    { offsetBytes: 4 },
    { offsetBytes: BIG },
    { offsetBytes: 2 ** 53 },
    { strideBytes: 68 },
    { strideBytes: BIG },
    { strideBytes: BIG, height: 2 },
  ]) {
    for (const now of [true, false]) {
      assert.equal(renderer.transferFromHost3d(1, 1, { ...box, ...change }, now), GuestError.BAD_BACKING);
    }
    assert.equal(renderer.transferToHost3d(1, 1, { ...box, ...change }), GuestError.BAD_BACKING);
  }
  assert.equal(renderer.detachBacking(1), GuestError.NONE);
  assert.equal(renderer.transferToHost3d(1, 1, box), GuestError.BAD_BACKING);
});

/** A 3D texture of one row and many layers, as in the fault that this file's first cases come from. */
const LAYERS = 256;
const thin = { target: v.PIPE_TEXTURE_3D, format: RGBA, bind: BIND, width: 16, height: 1, depth: LAYERS };
const thinBox = { ...box, height: 1, depth: LAYERS, strideBytes: 1, layerStrideBytes: 64 };

test("a stride below one texel is refused on every way to a texture of one row, and brings nothing of ours back", () => {
  const { renderer } = fixture;
  const size = 16 * LAYERS * 4;
  fixture.texture(30, thin);
  const { backing, bytes } = backingBytes(size);
  bytes.fill(0xaa);
  assert.equal(renderer.attachBacking(30, backing), GuestError.NONE);
  const transfer = { resource: 30, box: [0, 0, 0, 16, 1, LAYERS] as const, stride: 1, layerStride: 64 };
  const words = new Uint32Array(size / 4).fill(0xaaaaaaaa);
  const streams = {
    "transfer to host": new StreamBuilder().transfer(transfer, 0, v.VIRGL_TRANSFER_TO_HOST),
    "transfer from host": new StreamBuilder().transfer(transfer, 0, v.VIRGL_TRANSFER_FROM_HOST),
    "inline write": new StreamBuilder().inlineWrite(transfer, words),
    "copy transfer": new StreamBuilder().copyTransfer(transfer, 30, 0),
  };
  for (const [name, stream] of Object.entries(streams))
    assert.equal(fixture.submit(stream, contextFor(30)), GuestError.BAD_VALUE, name);
  assert.equal(renderer.transferToHost3d(1, 30, thinBox), GuestError.BAD_VALUE);
  for (const now of [true, false]) assert.equal(renderer.transferFromHost3d(1, 30, thinBox, now), GuestError.BAD_VALUE);
  for (const direction of ["to-host", "from-host"] as const)
    assert.equal(renderer.transferThrough(1, 30, thinBox, backing, direction), GuestError.BAD_VALUE);
  assert.ok(bytes.every((byte) => byte === 0xaa));
  assert.equal(renderer.transferThrough(1, 30, { ...thinBox, strideBytes: 0 }, backing, "from-host"), GuestError.NONE);
  assert.ok(
    bytes.every((byte) => byte === 0),
    "nothing was ever uploaded",
  );
});

test("a picture whose rows are 4 GiB apart is moved, or refused, and never a bug of ours", (t) => {
  const mapping = Mapping.mapPrivate(2 ** 32);
  if (mapping === null) return t.skip("the system has no 4 GiB of address space for it");
  const { renderer, encoder } = fixture;
  fixture.texture(31, { format: RGBA, bind: BIND, width: 4, height: 2 });
  const segment = { id: encoder.registerSegment(mapping.bytes) as SegmentId, bytes: mapping.bytes };
  const backing = new Backing([{ segment, offsetBytes: 0, lengthBytes: 2 ** 32 }]);
  const stride = 2 ** 32 - 16;
  mapping.bytes.fill(1, 0, 16).fill(2, stride);
  const far = { ...box, width: 4, height: 2, strideBytes: stride };
  assert.equal(renderer.transferThrough(1, 31, far, backing, "to-host"), GuestError.NONE);
  assert.deepEqual(fixture.read(31, 4, 2), new Uint8Array(32).fill(1, 0, 16).fill(2, 16));
  mapping.bytes.fill(0, 0, 16).fill(0, stride);
  assert.equal(renderer.transferThrough(1, 31, far, backing, "from-host"), GuestError.NONE);
  assert.deepEqual(
    [mapping.bytes[15], mapping.bytes[16], mapping.bytes[stride - 1], mapping.bytes[stride]],
    [1, 0, 0, 2],
  );
  encoder.unregisterSegment(segment.id);
  mapping.release();
});

test("inline data shorter than its box is refused", () => {
  fixture.texture(2, { format: RGBA, bind: BIND, width: 16, height: 16 });
  const write = (words: number, width: number, height: number) => {
    const payload = [2, 0, 0, 0, 0, 0, 0, 0, width, height, 1, ...Array.from({ length: words }, () => 0x01020304)];
    return fixture.submit(new StreamBuilder().command(v.VIRGL_CCMD_RESOURCE_INLINE_WRITE, payload), contextFor(2));
  };
  assert.equal(write(16, 16, 1), GuestError.NONE);
  assert.equal(write(15, 16, 1), GuestError.BAD_LENGTH);
  assert.equal(write(16, 16, 2), GuestError.BAD_LENGTH);
  assert.equal(write(16, BIG, 1), GuestError.OUT_OF_BOUNDS);
  assert.deepEqual([...fixture.read(2, 16, 16).subarray(0, 4)], [4, 3, 2, 1]);
});

test("contents that nobody wrote are zero: what another guest left stays hidden", () => {
  const { renderer } = fixture;
  for (const format of [RGBA, VirglFormat.R9G9B9E5_FLOAT, VirglFormat.S8_UINT_Z24_UNORM]) {
    for (let round = 0; round < 2; round++) {
      const id = 10;
      fixture.texture(id, { format, bind: BIND, width: 64, height: 64, lastLevel: 1 });
      const level1 = fixture.read(id, 32, 32, 4, 1);
      const level0 = fixture.read(id, 64, 64);
      assert.ok(level0.every((byte) => byte === 0) && level1.every((byte) => byte === 0), v.virglFormatName(format));
      const { backing, bytes } = backingBytes(64 * 64 * 4);
      bytes.fill(0x5a);
      renderer.transferThrough(1, id, { ...box, width: 64, height: 64 }, backing, "to-host");
      renderer.unrefResource(id);
    }
  }
});

test("a partial upload leaves zeros around it", () => {
  fixture.texture(11, { format: RGBA, bind: BIND, width: 16, height: 16 });
  const { backing, bytes } = backingBytes(16);
  bytes.fill(0xff);
  fixture.renderer.transferThrough(
    1,
    11,
    { ...box, x: 3, y: 5, width: 4, height: 1, strideBytes: 16 },
    backing,
    "to-host",
  );
  const pixels = fixture.read(11, 16, 16);
  assert.equal(
    pixels.reduce((sum, byte) => sum + byte, 0),
    16 * 255,
  );
  assert.equal(pixels[(5 * 16 + 3) * 4], 255);
});

test("buffers start as zeros, go both ways, and refuse what is outside", () => {
  const { renderer } = fixture;
  fixture.texture(12, {
    target: v.PIPE_BUFFER,
    format: VirglFormat.R8_UNORM,
    bind: v.VIRGL_BIND_VERTEX_BUFFER,
    width: 3_000_000,
    height: 1,
  });
  const { backing, bytes } = backingBytes(3_000_000);
  bytes.fill(0x77);
  const move = (x: number, width: number, offsetBytes: number, direction: "to-host" | "from-host") =>
    renderer.transferThrough(1, 12, { ...box, x, width, height: 1, offsetBytes }, backing, direction);
  assert.equal(move(0, 3_000_000, 0, "from-host"), GuestError.NONE);
  assert.ok(bytes.every((byte) => byte === 0));
  bytes.set([1, 2, 3, 4, 5], 100);
  assert.equal(move(2_000_001, 5, 100, "to-host"), GuestError.NONE);
  assert.equal(move(2_000_000, 8, 0, "from-host"), GuestError.NONE);
  assert.deepEqual([...bytes.subarray(0, 8)], [0, 1, 2, 3, 4, 5, 0, 0]);
  assert.equal(move(2_999_999, 2, 0, "to-host"), GuestError.OUT_OF_BOUNDS);
  assert.equal(move(BIG, BIG, 0, "to-host"), GuestError.OUT_OF_BOUNDS);
});

test("buffers without a GL object keep their bytes in guest memory, or privately where there is none", () => {
  const { renderer } = fixture;
  fixture.texture(13, {
    target: v.PIPE_BUFFER,
    format: VirglFormat.R8_UNORM,
    bind: v.VIRGL_BIND_CUSTOM,
    width: 64,
    height: 1,
  });
  const { backing, bytes } = backingBytes(64);
  bytes.fill(9);
  const all = { ...box, width: 64, height: 1 };
  assert.equal(renderer.transferThrough(1, 13, all, backing, "from-host"), GuestError.NONE);
  assert.ok(
    bytes.every((byte) => byte === 0),
    "private bytes start as zeros",
  );
  bytes.fill(7);
  assert.equal(renderer.transferThrough(1, 13, all, backing, "to-host"), GuestError.NONE);
  bytes.fill(0);
  assert.equal(renderer.transferThrough(1, 13, all, backing, "from-host"), GuestError.NONE);
  assert.ok(bytes.every((byte) => byte === 7));
});

test("resources are limited by memory, and what is freed counts no more", () => {
  const { renderer } = fixture;
  const huge = {
    target: v.PIPE_TEXTURE_2D_ARRAY,
    format: VirglFormat.R32G32B32A32_FLOAT,
    bind: BIND,
    width: 16384,
    height: 16384,
  };
  assert.equal(fixture.texture(20, { ...huge, arraySize: 2048 }), GuestError.OUT_OF_MEMORY);
  assert.equal(fixture.texture(20, { format: RGBA, bind: BIND, width: 16, height: 16 }), GuestError.NONE);
  assert.equal(fixture.texture(20, { format: RGBA, bind: BIND, width: 16, height: 16 }), GuestError.ALREADY_EXISTS);
  assert.equal(renderer.unrefResource(20), GuestError.NONE);
  assert.equal(renderer.unrefResource(20), GuestError.UNKNOWN_RESOURCE);
});

test("no GL error came of any of it", () => {
  fixture.settle();
  assert.equal(fixture.renderer.counters.glErrors, 0, fixture.log.at(-1));
});
