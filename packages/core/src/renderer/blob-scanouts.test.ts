/** Untyped blobs as scanouts: read and exported alike by every renderer. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Backing,
  CopyLedger,
  DEFAULT_POLICY,
  NO_IMPORTS,
  VerdictBook,
  fourccCode,
  type DmaReach,
  type HostProfile,
  type ImportPolicy,
  type Segment,
  type SegmentId,
  type SharedFile,
} from "../memory/index.js";
import { BlobMemory, NullRenderer, Software2dRenderer, type BlobLayout } from "./index.js";

const SIZE = 1 << 16;
const BLOB_BYTES = 0x8000;
const LAYOUT: BlobLayout = { format: 2, width: 16, height: 8, strideBytes: 80, offsetBytes: 96 };
const FILE: SharedFile = {
  ...{ fd: 40, offsetBytes: 0, sizeBytes: SIZE, isSealed: true, isWriteSealed: false, pageBytes: 4096 },
};

interface BenchOptions {
  readonly policy?: Partial<ImportPolicy>;
  readonly profile?: HostProfile;
  readonly file?: Partial<SharedFile>;
  readonly reach?: DmaReach;
}

/** Blob 1 at 4096 of a memory file. */
function bench({ policy = {}, profile = NO_IMPORTS, file = {}, reach = "unknown" }: BenchOptions = {}) {
  const segment: Segment = { id: 1 as SegmentId, bytes: new Uint8Array(SIZE), file: { ...FILE, ...file } };
  const open = new Set<number>();
  let nextFd = 100;
  const makeFd = (): number => {
    open.add(++nextFd);
    return nextFd;
  };
  const renderer = new Software2dRenderer(new CopyLedger(), {
    policy: { ...DEFAULT_POLICY, ...policy },
    verdicts: new VerdictBook(),
    importer: {
      profile,
      createDmaBuf: makeFd,
      duplicate: makeFd,
      close: (fd) => assert.ok(open.delete(fd), "closed once"),
      sync: () => {},
      dmaReach: () => reach,
      createWindow: () => null,
    },
  });
  const backing = (...spans: readonly (readonly [number, number])[]): Backing =>
    new Backing(spans.map(([offsetBytes, lengthBytes]) => ({ segment, offsetBytes, lengthBytes })));
  const blob = { memory: BlobMemory.GUEST, blobId: 0, sizeBytes: BLOB_BYTES };
  assert.equal(renderer.createBlob(0, 1, blob, backing([4096, BLOB_BYTES])), 0);
  return { renderer, backing, open, export: (layout: BlobLayout | null) => renderer.scanoutBuffer(1, layout) };
}

test("a blob in one piece is handed on as the layout says, each layout as a buffer of its own, until it goes", () => {
  const b = bench();
  const buffer = b.export(LAYOUT)!;
  assert.deepEqual(buffer, {
    fd: 101,
    isDmaBuf: false,
    width: 16,
    height: 8,
    strideBytes: 80,
    offsetBytes: 4096 + 96,
    fourcc: fourccCode("XR24"),
    modifier: 0n,
    isYInverted: false,
    isGuestDrawn: true,
    serial: buffer.serial,
  });
  assert.equal(b.export({ ...LAYOUT }), buffer, "asked again, the same");
  const others: Partial<BlobLayout>[] = [
    { offsetBytes: 0 },
    { strideBytes: 64 },
    { width: 15 },
    { height: 7 },
    { format: 67 },
  ];
  const serials = others.map((change) => b.export({ ...LAYOUT, ...change })!.serial);
  assert.equal(new Set([buffer.serial, ...serials]).size, 6);
  assert.equal(b.export(LAYOUT), buffer, "still the same");
  assert.equal(b.renderer.resumeBacking(1, b.backing([4096, BLOB_BYTES])), 0);
  assert.equal(b.export(LAYOUT), buffer, "the same bytes, mapped anew");
  assert.equal(b.renderer.detachBacking(1), 0);
  assert.deepEqual([b.export(LAYOUT), b.open.size], [null, 0]);
  assert.equal(b.renderer.attachBacking(1, b.backing([8192, BLOB_BYTES])), 0);
  assert.notEqual(b.export(LAYOUT)!.serial, buffer.serial);
  assert.equal(b.renderer.unrefResource(1), 0);
  assert.deepEqual([b.export(LAYOUT), b.open.size], [null, 0]);
});

test("what does not lie in the blob, or is no picture, is never handed on", () => {
  const b = bench();
  assert.equal(b.export(null), null);
  for (const [name, change] of [
    ["rows beyond the blob, though not beyond its memory", { offsetBytes: BLOB_BYTES - 80 * 7 - 63 }],
    ["far beyond", { offsetBytes: 0xffff_ffff }],
    ["a stride that is absurd", { strideBytes: 0xffff_ffff }],
    ["a size that is absurd", { width: 0xffff_ffff, height: 0xffff_ffff }],
    ["a format that is none", { format: 5 }],
  ] as const)
    assert.equal(b.export({ ...LAYOUT, ...change }), null, name);
  assert.notEqual(b.export({ ...LAYOUT, offsetBytes: BLOB_BYTES - 80 * 7 - 64 }), null, "to the last byte");
  assert.equal(b.renderer.scanoutBuffer(2, LAYOUT), null, "no such blob");
});

test("scattered blobs need udmabuf; files that shrink, policies and addresses out of reach are copied", () => {
  const udmabuf = { listLimit: 8, sizeLimitBytes: 1 << 20, pageBytes: 4096 };
  for (const [profile, isExported] of [
    [NO_IMPORTS, false],
    [{ ...NO_IMPORTS, udmabuf }, true],
  ] as const) {
    const b = bench({ profile });
    b.renderer.detachBacking(1);
    b.renderer.attachBacking(1, b.backing([0x8000, 0x4000], [0, 0x4000]));
    const buffer = b.export({ ...LAYOUT, offsetBytes: 0x4000 - 96 });
    assert.equal(buffer?.isDmaBuf ?? false, isExported);
  }
  const refused: BenchOptions[] = [
    { policy: { zeroCopy: "never" } },
    { policy: { present: "snapshot" } },
    { policy: { dmaBits: 32 }, reach: "above" },
    { policy: { dmaBits: 32 }, reach: "unknown" },
    { file: { isSealed: false } },
  ];
  for (const options of refused) assert.equal(bench(options).export(LAYOUT), null, JSON.stringify(options));
  assert.notEqual(bench({ policy: { dmaBits: 32 }, reach: "below" }).export(LAYOUT), null);
});

test("memory that is a dma-buf is handed on as that, udmabuf or not", () => {
  const udmabuf = { listLimit: 8, sizeLimitBytes: 1 << 20, pageBytes: 4096 };
  for (const profile of [NO_IMPORTS, { ...NO_IMPORTS, udmabuf }]) {
    const buffer = bench({ profile, file: { isDmaBuf: true } }).export(LAYOUT)!;
    assert.deepEqual([buffer.isDmaBuf, buffer.offsetBytes], [true, 4096 + 96]);
  }
});

test("a guest that looks at one blob in ever more layouts holds few descriptors", () => {
  const b = bench();
  for (let i = 0; i < 200; i++) assert.notEqual(b.export({ ...LAYOUT, offsetBytes: 4 * i }), null);
  assert.equal(b.open.size, 64);
  b.renderer.destroy();
  assert.equal(b.open.size, 0);
});

test("a renderer without imports hands nothing on", () => {
  const renderer = new NullRenderer();
  const segment: Segment = { id: 1 as SegmentId, bytes: new Uint8Array(SIZE), file: FILE };
  const backing = new Backing([{ segment, offsetBytes: 0, lengthBytes: BLOB_BYTES }]);
  const blob = { memory: BlobMemory.GUEST, blobId: 0, sizeBytes: BLOB_BYTES };
  assert.equal(renderer.createBlob(0, 1, blob, backing), 0);
  assert.equal(renderer.scanoutBuffer(1, LAYOUT), null);
  const target: Segment = { id: 2 as SegmentId, bytes: new Uint8Array(16 * 8 * 4) };
  segment.bytes.fill(7);
  assert.equal(renderer.readScanout(1, 0, 0, 16, 8, target, 0, 64, LAYOUT), 0);
  assert.ok(target.bytes.every((byte) => byte === 7));
});
