/** Rows of pictures and blobs in memory of very many pieces: each piece is looked at a few times, not once for every row. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Backing,
  CopyLedger,
  DEFAULT_POLICY,
  NO_IMPORTS,
  VerdictBook,
  type ImportServices,
  type MemorySpan,
  type Segment,
  type SegmentId,
} from "../memory/index.js";
import { BlobMemory, Software2dRenderer } from "./index.js";

const WIDTH = 2;
const HEIGHT = 2048;
const ROW = WIDTH * 4;
const SIZE = ROW * HEIGHT;
const SPANS = SIZE;
const BGRX = 2;

const imports: ImportServices = {
  policy: DEFAULT_POLICY,
  verdicts: new VerdictBook(),
  importer: {
    profile: NO_IMPORTS,
    createDmaBuf: () => -1,
    duplicate: () => -1,
    close: () => {},
    sync: () => {},
    dmaReach: () => "unknown",
    createWindow: () => null,
  },
};

/** Every byte is a span of its own, and there is one row more. */
function scattered() {
  const segment: Segment = { id: 1 as SegmentId, bytes: new Uint8Array(2 * (SPANS + ROW)) };
  segment.bytes.forEach((_byte, i) => (segment.bytes[i] = (i >> 1) % 251));
  const all = { looks: 0, bytes: Uint8Array.from({ length: SPANS + ROW }, (_, i) => i % 251) };
  const spans = Array.from({ length: SPANS + ROW }, (_, i): MemorySpan => ({
    segment,
    offsetBytes: 2 * i,
    get lengthBytes() {
      all.looks++;
      return 1;
    },
  }));
  return { all, backing: new Backing(spans) };
}

/** Per span: found, read, and summed up once. */
function assertFew(all: { looks: number }, what: string): void {
  assert.ok(all.looks < 10 * SPANS, `${what}: ${all.looks} looks at ${SPANS} spans`);
  all.looks = 0;
}

test("an upload, a picture in place and a blob", () => {
  const shape = { target: 2, bind: 0, depth: 1, arraySize: 1, lastLevel: 0, samples: 0, flags: 1, format: BGRX };
  const screen: Segment = { id: 2 as SegmentId, bytes: new Uint8Array(SIZE) };
  const box = { level: 0, x: 0, y: 0, z: 0, width: WIDTH, height: HEIGHT, depth: 1, layerStrideBytes: 0 };

  for (const offsetBytes of [0, 4]) {
    const renderer = new Software2dRenderer(new CopyLedger(), offsetBytes === 0 ? imports : undefined);
    assert.equal(renderer.createResource3d(1, { ...shape, width: WIDTH, height: HEIGHT }), 0);
    const { all, backing } = scattered();
    assert.equal(renderer.attachBacking(1, backing), 0);
    all.looks = 0;
    assert.equal(renderer.transferToHost3d(0, 1, { ...box, offsetBytes, strideBytes: ROW }), 0);
    assertFew(all, "upload");
    assert.equal(renderer.readScanout(1, 0, 0, WIDTH, HEIGHT, screen, 0, ROW), 0);
    assertFew(all, "scanout");
    assert.deepEqual(screen.bytes, all.bytes.slice(offsetBytes, offsetBytes + SIZE));
    assert.deepEqual(renderer.pixels(1)!.pixels, all.bytes.slice(offsetBytes, offsetBytes + SIZE));
    assertFew(all, "pixels");
  }

  const renderer = new Software2dRenderer(new CopyLedger(), imports);
  const { all, backing } = scattered();
  assert.equal(renderer.createBlob(0, 7, { memory: BlobMemory.GUEST, blobId: 0, sizeBytes: SIZE + ROW }, backing), 0);
  all.looks = 0;
  const layout = { format: BGRX, width: WIDTH, height: HEIGHT, strideBytes: ROW, offsetBytes: 5 };
  assert.equal(renderer.readScanout(7, 0, 0, WIDTH, HEIGHT, screen, 0, ROW, layout), 0);
  assertFew(all, "blob");
  assert.deepEqual(screen.bytes, all.bytes.slice(5, 5 + SIZE));
});
