import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type DmaReach,
  type FilePiece,
  type HostAllocation,
  NO_IMPORTS,
  type Segment,
  type SegmentId,
} from "@virtgpu/core/memory";
import { PlainRegistry } from "../transport/session-memory.js";
import { NativeImporter } from "./native-importer.js";

/** A page of a file, or of what the host allocated. */
function piece(fd: number, host?: HostAllocation): FilePiece {
  const facts = { fd, offsetBytes: 0, sizeBytes: 4096, isSealed: true, isWriteSealed: false, pageBytes: 4096 };
  const segment: Segment = { id: 1 as SegmentId, bytes: new Uint8Array(4096) };
  const file = { ...facts, ...(host === undefined ? {} : { host }) };
  return { file, segment, segmentOffsetBytes: 0, offsetBytes: 0, lengthBytes: 4096 };
}

test("where memory lies: what the kernel says counts; a word is taken for a heap only, and only where the kernel says nothing", () => {
  const reachOf = (pieces: readonly FilePiece[], kernel: DmaReach): DmaReach =>
    new NativeImporter(NO_IMPORTS, new PlainRegistry(), () => kernel).dmaReach(pieces, 32);
  const trusted = piece(5, { heap: "linux,cma", isTrusted: true });
  const found = piece(5, { heap: "linux,cma", isTrusted: false });
  const file = piece(5, { heap: null, isTrusted: false });
  assert.deepEqual(
    [trusted, found, file, piece(5)].map((one) => reachOf([one], "unknown")),
    ["below", "unknown", "unknown", "unknown"],
  );
  for (const one of [trusted, found, file, piece(5)]) {
    assert.equal(reachOf([one], "above"), "above");
    assert.equal(reachOf([one], "below"), "below");
  }
  assert.equal(reachOf([trusted, piece(6)], "unknown"), "unknown");
});

test("whether guests can have host memory is asked each time: front-ends come and go", () => {
  const importer = new NativeImporter(NO_IMPORTS, new PlainRegistry());
  assert.equal(importer.mapsHostMemory, false);
  importer.askFrontEnd = () => true;
  assert.equal(importer.mapsHostMemory, true);
});
