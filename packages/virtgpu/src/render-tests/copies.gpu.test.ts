/** Every place of the GLES renderer that moves bytes, and exactly how many the ledger says it moved. See docs/copies.md. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { GuestError } from "@virtgpu/core/base";
import { Backing, CopyReason, type Segment } from "@virtgpu/core/memory";
import { byReasonName, type Counts } from "@virtgpu/core/renderer";
import { FormatSupport, FormatUse, FORMAT_ROWS } from "@virtgpu/core/renderer/gles";
import { StreamBuilder } from "@virtgpu/core/testing";
import * as v from "@virtgpu/core/virgl";
import { RenderFixture } from "./render-fixture.js";

const { VirglFormat } = v;
const fixture = new RenderFixture();
after(() => fixture[Symbol.dispose]());
const { ledger, renderer } = fixture;

const WIDTH = 60;
const HEIGHT = 20;
let nextId = 100;

/** What `work` moved, all of it and of it for one resource. */
function moved(id: number, work: () => void): { all: Counts; own: Counts } {
  const before = { all: ledger.totalBytes.slice(), own: ledger.resource(id)?.total ?? new Float64Array(99) };
  work();
  const difference = (now: Float64Array, then: Float64Array): Counts =>
    byReasonName(now.map((value, reason) => value - then[reason]!));
  return {
    all: difference(ledger.totalBytes, before.all),
    own: difference(ledger.resource(id)?.total ?? new Float64Array(before.all.length), before.own),
  };
}

/** All that was moved was moved for this resource. */
function expectMoved(id: number, expected: Counts, work: () => void): void {
  const { all, own } = moved(id, work);
  assert.deepEqual(all, expected);
  assert.deepEqual(own, expected);
}

function texture(format: number, width = WIDTH, height = HEIGHT): number {
  const id = nextId++;
  const bind = v.VIRGL_BIND_SAMPLER_VIEW;
  assert.equal(fixture.texture(id, { format, bind, width, height }), GuestError.NONE);
  return id;
}

function buffer(sizeBytes: number): number {
  const id = nextId++;
  const bind = v.VIRGL_BIND_VERTEX_BUFFER;
  const shape = { target: v.PIPE_BUFFER, format: VirglFormat.R8_UNORM, bind, width: sizeBytes, height: 1 };
  assert.equal(fixture.texture(id, shape), GuestError.NONE);
  return id;
}

/** In one piece, or in pieces of which none begins with a row. */
function backing(sizeBytes: number, pieceBytes = sizeBytes): Backing {
  const segment: Segment = fixture.segment(sizeBytes);
  const spans = [];
  for (let at = 0; at < sizeBytes; at += pieceBytes)
    spans.push({ segment, offsetBytes: at, lengthBytes: Math.min(pieceBytes, sizeBytes - at) });
  return new Backing(spans);
}

function box(width = WIDTH, height = HEIGHT, strideBytes = 0) {
  return { level: 0, x: 0, y: 0, z: 0, width, height, depth: 1, offsetBytes: 0, strideBytes, layerStrideBytes: 0 };
}

type Direction = "to-host" | "from-host";

function transfer(id: number, memory: Backing, direction: Direction, area = box()): void {
  assert.equal(renderer.attachBacking(id, memory), GuestError.NONE);
  const code =
    direction === "to-host" ? renderer.transferToHost3d(1, id, area) : renderer.transferFromHost3d(1, id, area, true);
  assert.equal(code, GuestError.NONE);
  assert.equal(renderer.detachBacking(id), GuestError.NONE);
}

const BYTES = WIDTH * HEIGHT * 4;

test("textures: one upload from memory in one piece, also with padded rows; gathered first from pieces", () => {
  const id = texture(VirglFormat.R8G8B8A8_UNORM);
  expectMoved(id, { upload: BYTES }, () => transfer(id, backing(BYTES), "to-host"));
  const padded = box(WIDTH, HEIGHT, WIDTH * 4 + 32);
  expectMoved(id, { upload: BYTES }, () => transfer(id, backing(BYTES + HEIGHT * 32), "to-host", padded));
  expectMoved(id, { upload: BYTES, gather: BYTES }, () => transfer(id, backing(BYTES, 1000), "to-host"));
  const part = box(7, 3);
  expectMoved(id, { upload: 7 * 3 * 4 }, () => transfer(id, backing(BYTES), "to-host", part));
});

test("textures: one read-back into memory in one piece; spread afterwards into pieces", () => {
  const id = texture(VirglFormat.R8G8B8A8_UNORM);
  transfer(id, backing(BYTES), "to-host");
  expectMoved(id, { readback: BYTES }, () => transfer(id, backing(BYTES), "from-host"));
  expectMoved(id, { readback: BYTES, gather: BYTES }, () => transfer(id, backing(BYTES, 1000), "from-host"));
});

test("depth with stencil is turned round in staging, both ways", () => {
  const id = texture(VirglFormat.Z24_UNORM_S8_UINT);
  expectMoved(id, { upload: BYTES, gather: BYTES, swizzle: BYTES }, () => transfer(id, backing(BYTES), "to-host"));
  const isDirect = new FormatSupport(fixture.gl.caps).can(VirglFormat.Z24_UNORM_S8_UINT, FormatUse.READ_DIRECT);
  const back = isDirect
    ? { readback: BYTES, gather: BYTES, swizzle: BYTES }
    : { "host convert": BYTES, readback: BYTES, gather: BYTES };
  expectMoved(id, back, () => transfer(id, backing(BYTES), "from-host"));
});

test("what the driver does not read back is packed by the GPU first", () => {
  const support = new FormatSupport(fixture.gl.caps);
  const row = FORMAT_ROWS.find(
    (each) =>
      each.blockBytes === 2 &&
      !each.isCompressed &&
      !each.isDepth &&
      support.can(each.virglFormat, FormatUse.SAMPLE) &&
      !support.can(each.virglFormat, FormatUse.READ_DIRECT),
  );
  assert.ok(row !== undefined);
  const id = texture(row.virglFormat);
  const bytes = WIDTH * HEIGHT * 2;
  transfer(id, backing(bytes), "to-host");
  expectMoved(id, { "host convert": bytes, readback: bytes, gather: bytes }, () =>
    transfer(id, backing(bytes), "from-host"),
  );
});

test("buffers: read by the driver where they lie, piece by piece", () => {
  const id = buffer(5000);
  expectMoved(id, { upload: 5000 }, () => transfer(id, backing(5000), "to-host", box(5000, 1)));
  expectMoved(id, { upload: 5000 }, () => transfer(id, backing(5000, 1000), "to-host", box(5000, 1)));
  expectMoved(id, { readback: 5000 }, () => transfer(id, backing(5000, 1000), "from-host", box(5000, 1)));
});

test("data in the command stream is put aside, then uploaded", () => {
  const id = buffer(64);
  const stream = new StreamBuilder().inlineWrite({ resource: id, box: [8, 0, 0, 32, 1, 1] }, new Uint32Array(8));
  const commandBytes = stream.build().length * 4;
  const { all, own } = moved(id, () => assert.equal(fixture.submit(stream), GuestError.NONE));
  assert.deepEqual(own, { inline: 32, upload: 32 });
  assert.deepEqual(all, { ...own, "command stream": commandBytes });
});

test("a clear with a texel is drawn up in staging, then uploaded", () => {
  const id = texture(VirglFormat.R8G8B8A8_UNORM);
  transfer(id, backing(BYTES), "to-host");
  const clear = new StreamBuilder().command(v.VIRGL_CCMD_CLEAR_TEXTURE, [id, 0, 2, 3, 0, 5, 6, 1, 1, 2, 3, 4]);
  const { own } = moved(id, () => assert.equal(fixture.submit(clear), GuestError.NONE));
  assert.deepEqual(own, { inline: 5 * 6 * 4, upload: 5 * 6 * 4 });
});

test("the command stream counts once, also when its context is dead", () => {
  fixture.context(7);
  const wrong = new StreamBuilder().command(0xfe, [1, 2, 3]);
  const bytes = wrong.build().length * 4;
  for (let round = 0; round < 2; round++) {
    const { all } = moved(0, () => assert.notEqual(fixture.submit(wrong, 7), GuestError.NONE));
    assert.deepEqual(all, { "command stream": bytes });
  }
});

test("constants that outlive their stream are kept", () => {
  const stream = new StreamBuilder().setConstants(
    v.PIPE_SHADER_VERTEX,
    Array.from({ length: 16 }, () => 1),
  );
  const { all } = moved(0, () => assert.equal(fixture.submit(stream), GuestError.NONE));
  assert.deepEqual(all, { constants: 64, "command stream": stream.build().length * 4 });
});

test("a scanout that is read counts as the display says, and once more where red and blue are exchanged", () => {
  for (const [format, exchange] of [
    [VirglFormat.B8G8R8A8_UNORM, false],
    [VirglFormat.R8G8B8A8_UNORM, true],
  ] as const) {
    const id = texture(format);
    transfer(id, backing(BYTES), "to-host");
    const target = fixture.segment(BYTES);
    const read = (reason?: 0 | 1 | 4): void => {
      const area = [0, 0, WIDTH, HEIGHT, target, 0, WIDTH * 4] as const;
      assert.equal(renderer.readScanout(id, ...area, null, reason), GuestError.NONE);
    };
    const swizzle = exchange ? { swizzle: BYTES } : {};
    expectMoved(id, { readback: BYTES, ...swizzle }, () => read());
    expectMoved(id, { display: BYTES, ...swizzle }, () => read(CopyReason.DISPLAY));
    expectMoved(id, { readback: BYTES, ...swizzle }, () => read());
  }
});

test("a copy within one buffer goes over a temporary one where it overlaps", () => {
  const id = buffer(1000);
  const copy = (to: number): StreamBuilder =>
    new StreamBuilder().command(v.VIRGL_CCMD_RESOURCE_COPY_REGION, [id, 0, to, 0, 0, id, 0, 0, 0, 0, 400, 1, 1]);
  const { own } = moved(id, () => assert.equal(fixture.submit(copy(100)), GuestError.NONE));
  assert.deepEqual(own, { "host convert": 400 });
  const apart = moved(id, () => assert.equal(fixture.submit(copy(500)), GuestError.NONE));
  assert.deepEqual(apart.own, {});
});

test("storage that cannot be cleared is filled with zeros before a part of it is uploaded", () => {
  const id = texture(VirglFormat.R9G9B9E5_FLOAT);
  expectMoved(id, { "zero fill": BYTES, upload: 4 * 4 * 4 }, () =>
    transfer(id, backing(BYTES), "to-host", box(4, 4, WIDTH * 4)),
  );
});

test("a query's result is written for the guest", () => {
  const id = nextId++;
  const shape = {
    target: v.PIPE_BUFFER,
    format: VirglFormat.R8_UNORM,
    bind: v.VIRGL_BIND_CUSTOM,
    width: 64,
    height: 1,
  };
  assert.equal(fixture.texture(id, shape), GuestError.NONE);
  renderer.attachBacking(id, backing(64));
  const stream = new StreamBuilder()
    .createQuery(9, v.PIPE_QUERY_OCCLUSION_COUNTER, id)
    .command(v.VIRGL_CCMD_BEGIN_QUERY, [9])
    .command(v.VIRGL_CCMD_END_QUERY, [9])
    .command(v.VIRGL_CCMD_GET_QUERY_RESULT, [9, 0]);
  const { own } = moved(id, () => {
    assert.equal(fixture.submit(stream), GuestError.NONE);
    fixture.settle();
  });
  assert.deepEqual(own, { "query result": 16 });
});

test("a resource's figures go with it, the totals stay; its id starts anew", () => {
  const id = texture(VirglFormat.R8G8B8A8_UNORM);
  transfer(id, backing(BYTES), "to-host");
  const before = ledger.totalBytes[CopyReason.UPLOAD];
  assert.equal(renderer.unrefResource(id), GuestError.NONE);
  assert.equal(ledger.resource(id), null);
  assert.equal(ledger.totalBytes[CopyReason.UPLOAD], before);
});

test("the renderer tells its resources: kind, size, memory, path and why, most moved first", () => {
  const id = texture(VirglFormat.R8G8B8A8_UNORM, 1000, 500);
  const memory = backing(2_000_000, 1 << 20);
  assert.equal(renderer.attachBacking(id, memory), GuestError.NONE);
  renderer.transferToHost3d(1, id, box(1000, 500));
  const { listed, resources, paths } = renderer.describe(3);
  assert.equal(listed.length, 3);
  assert.ok(resources > 3);
  assert.equal(
    Object.values(paths).reduce((sum, count) => sum + count, 0),
    resources,
  );
  const [first] = listed;
  assert.equal(first?.id, id);
  const { kind, format, width, height, hostBytes, backingBytes, backingEntries, use } = first;
  assert.deepEqual(
    { kind, format, width, height, hostBytes, backingBytes, backingEntries, use },
    {
      kind: "texture",
      format: "R8G8B8A8_UNORM",
      width: 1000,
      height: 500,
      hostBytes: 2_000_000,
      backingBytes: 2_000_000,
      backingEntries: 2,
      use: "sampled",
    },
  );
  assert.equal(first.path.path, "gather");
  assert.equal(first.path.zeroCopy, false);
  assert.ok((first.path.refused[0]?.detail ?? "").length > 0);
  assert.deepEqual(first.movedBytes, { upload: 2_000_000, gather: 2_000_000 });
});
