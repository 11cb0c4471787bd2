/** 2D without a GL driver, drawn where the guest wrote it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Backing,
  CopyLedger,
  CopyReason,
  DEFAULT_POLICY,
  fourccCode,
  NO_IMPORTS,
  VerdictBook,
  type HostProfile,
  type ImportPolicy,
  type ImportServices,
  type Segment,
  type SegmentId,
} from "../memory/index.js";
import { Software2dRenderer } from "./index.js";

const WIDTH = 8;
const HEIGHT = 4;
const SIZE = WIDTH * HEIGHT * 4;
const XRGB = 2;
const BOX = { level: 0, x: 0, y: 0, z: 0, width: WIDTH, height: HEIGHT, depth: 1, layerStrideBytes: 0 };
const WHOLE = { ...BOX, offsetBytes: 0, strideBytes: WIDTH * 4 };

interface Bench {
  readonly renderer: Software2dRenderer;
  readonly ledger: CopyLedger;
  readonly memory: Segment;
  readonly closed: number[];
  readonly synced: string[];
  screen(): Uint8Array;
}

function bench(policy: Partial<ImportPolicy> = {}, profile: HostProfile = NO_IMPORTS): Bench {
  const bytes = new Uint8Array(1 << 16);
  const file = { fd: 40, offsetBytes: 0, sizeBytes: 1 << 16, isSealed: true, isWriteSealed: false, pageBytes: 4096 };
  const memory: Segment = { id: 1 as SegmentId, bytes, file };
  const closed: number[] = [];
  const synced: string[] = [];
  let nextFd = 100;
  const imports: ImportServices = {
    policy: { ...DEFAULT_POLICY, ...policy },
    verdicts: new VerdictBook(),
    importer: {
      profile,
      createDmaBuf: () => nextFd++,
      duplicate: () => nextFd++,
      close: (fd) => void closed.push(fd),
      sync: (fd, direction) => void synced.push(`${fd} ${direction}`),
      dmaReach: () => "unknown",
      createWindow: () => null,
    },
  };
  const ledger = new CopyLedger();
  const renderer = new Software2dRenderer(ledger, imports);
  const shape = { target: 2, bind: 0, depth: 1, arraySize: 1, lastLevel: 0, samples: 0, flags: 1 };
  assert.equal(renderer.createResource3d(1, { ...shape, format: XRGB, width: WIDTH, height: HEIGHT }), 0);
  const target: Segment = { id: 2 as SegmentId, bytes: new Uint8Array(SIZE) };
  const screen = (): Uint8Array => {
    assert.equal(renderer.readScanout(1, 0, 0, WIDTH, HEIGHT, target, 0, WIDTH * 4), 0);
    return target.bytes.slice();
  };
  return { renderer, ledger, memory, closed, synced, screen };
}

function attach({ renderer, memory }: Bench, ...spans: readonly (readonly [number, number])[]): void {
  const all = spans.map(([offsetBytes, lengthBytes]) => ({ segment: memory, offsetBytes, lengthBytes }));
  assert.equal(renderer.attachBacking(1, new Backing(all)), 0);
}

test("what the guest writes is on the screen with no command, and TRANSFER moves nothing", () => {
  const b = bench();
  attach(b, [4096, SIZE]);
  b.memory.bytes.fill(5, 4096, 4096 + SIZE);
  assert.equal(b.renderer.transferToHost3d(0, 1, WHOLE), 0);
  assert.deepEqual(b.screen(), new Uint8Array(SIZE).fill(5));
  b.memory.bytes.fill(6, 4096, 4096 + SIZE);
  assert.deepEqual(b.screen(), new Uint8Array(SIZE).fill(6));
  assert.equal(b.ledger.totalBytes[CopyReason.UPLOAD], 0);
});

test("with `never` and with `snapshot` it is there after TRANSFER only, counted", () => {
  for (const policy of [{ zeroCopy: "never" }, { present: "snapshot" }] as const) {
    const b = bench(policy);
    attach(b, [0, SIZE]);
    b.memory.bytes.fill(5, 0, SIZE);
    assert.deepEqual(b.screen(), new Uint8Array(SIZE));
    assert.equal(b.renderer.transferToHost3d(0, 1, WHOLE), 0);
    b.memory.bytes.fill(6, 0, SIZE);
    assert.deepEqual(b.screen(), new Uint8Array(SIZE).fill(5));
    assert.equal(b.ledger.totalBytes[CopyReason.UPLOAD], SIZE);
    assert.equal(b.renderer.scanoutBuffer(1, null), null);
  }
});

test("scattered pages are read where they lie; nothing can be exported of them without udmabuf", () => {
  const b = bench();
  attach(b, [8192, SIZE / 2], [0, SIZE / 2]);
  b.memory.bytes.fill(1, 8192, 8192 + SIZE / 2);
  b.memory.bytes.fill(2, 0, SIZE / 2);
  const screen = b.screen();
  assert.deepEqual([screen[0], screen[SIZE / 2 - 1], screen[SIZE / 2], screen[SIZE - 1]], [1, 1, 2, 2]);
  assert.equal(b.renderer.scanoutBuffer(1, null), null);
});

test("a display gets the memory file, another number when the memory changes, and it is closed", () => {
  const b = bench();
  attach(b, [4096, SIZE]);
  const buffer = b.renderer.scanoutBuffer(1, null)!;
  assert.deepEqual(
    [buffer.fd, buffer.offsetBytes, buffer.strideBytes, buffer.fourcc, buffer.isDmaBuf, buffer.isGuestDrawn],
    [100, 4096, WIDTH * 4, fourccCode("XR24"), false, true],
  );
  assert.equal(b.renderer.scanoutBuffer(1, null), buffer, "asked again, the same");
  assert.equal(b.renderer.detachBacking(1), 0);
  assert.equal(b.renderer.scanoutBuffer(1, null), null);
  assert.deepEqual(b.closed, [100]);
});

test("a guest that shows one resource after the other holds few descriptors", () => {
  const b = bench();
  const shape = { target: 2, bind: 0, depth: 1, arraySize: 1, lastLevel: 0, samples: 0, flags: 1 };
  const span = { segment: b.memory, offsetBytes: 4096, lengthBytes: SIZE };
  for (let id = 2; id < 200; id++) {
    assert.equal(b.renderer.createResource3d(id, { ...shape, format: XRGB, width: WIDTH, height: HEIGHT }), 0);
    assert.equal(b.renderer.attachBacking(id, new Backing([span])), 0);
    assert.notEqual(b.renderer.scanoutBuffer(id, null), null);
    assert.equal(b.renderer.scanoutBuffer(2, null)!.fd, 100, "in use");
  }
  assert.equal(b.closed.length, 198 - 64);
  b.renderer.destroy();
  assert.equal(b.closed.length, 198);
});

test("with udmabuf, scattered pages are one dma-buf, whose caches are cleaned at every TRANSFER", () => {
  const udmabuf = { listLimit: 8, sizeLimitBytes: 1 << 20, pageBytes: 4096 };
  const b = bench({}, { ...NO_IMPORTS, udmabuf });
  attach(b, [8192, SIZE]);
  assert.equal(b.renderer.transferToHost3d(0, 1, WHOLE), 0);
  assert.deepEqual(b.synced, [], "nobody reads it yet");
  const buffer = b.renderer.scanoutBuffer(1, null)!;
  assert.deepEqual([buffer.isDmaBuf, buffer.offsetBytes], [true, 0]);
  assert.equal(b.renderer.transferToHost3d(0, 1, WHOLE), 0);
  assert.deepEqual(b.synced, [`${buffer.fd} to-device`]);
  assert.equal(b.renderer.unrefResource(1), 0);
  assert.deepEqual(b.closed, [buffer.fd]);
});

test("DETACH keeps the picture, counted; memory attached later does not replace it before TRANSFER", () => {
  const b = bench();
  attach(b, [0, SIZE]);
  b.memory.bytes.fill(7, 0, SIZE);
  assert.equal(b.renderer.detachBacking(1), 0);
  assert.equal(b.ledger.totalBytes[CopyReason.SNAPSHOT], SIZE);
  b.memory.bytes.fill(8, 0, SIZE);
  assert.deepEqual(b.screen(), new Uint8Array(SIZE).fill(7));
  attach(b, [0, SIZE]);
  assert.deepEqual(b.screen(), new Uint8Array(SIZE).fill(7));
  assert.equal(b.renderer.transferToHost3d(0, 1, WHOLE), 0);
  assert.deepEqual(b.screen(), new Uint8Array(SIZE).fill(8));
});

test("a transfer in another layout is a copy from then on", () => {
  const b = bench();
  attach(b, [0, SIZE]);
  b.memory.bytes.fill(1, 0, SIZE);
  b.memory.bytes.fill(9, 0, 8);
  const part = { ...BOX, x: 4, y: 2, width: 2, height: 1, offsetBytes: 0, strideBytes: 8 };
  assert.equal(b.renderer.transferToHost3d(0, 1, part), 0);
  const screen = b.screen();
  assert.deepEqual([...screen.subarray((2 * WIDTH + 4) * 4, (2 * WIDTH + 6) * 4)], new Array(8).fill(9));
  b.memory.bytes.fill(0, 0, SIZE);
  assert.deepEqual(b.screen(), screen);
  assert.ok(b.ledger.totalBytes[CopyReason.UPLOAD]! > 0);
});

test("memory too small for the picture is never read as one", () => {
  const b = bench();
  attach(b, [0, SIZE - 1]);
  assert.deepEqual(b.screen(), new Uint8Array(SIZE));
  assert.notEqual(b.renderer.transferToHost3d(0, 1, WHOLE), 0);
});
