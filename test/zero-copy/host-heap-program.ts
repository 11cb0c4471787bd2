/**
 * Memory of a dma-heap on a host that is not coherent, with a memory file in the heap's place (software EGL takes either): what is told to
 * the system around streams, and what becomes of blobs whose memory goes. Runs with Mesa 25.
 */
import assert from "node:assert/strict";
import { Backing, IMPORT_PATH_NAMES, type ImportServices, type Segment } from "@virtgpu/core/memory";
import { BlobMemory } from "@virtgpu/core/renderer";
import { StreamBuilder } from "@virtgpu/core/testing";
import * as v from "@virtgpu/core/virgl";
import { createMemfd, Mapping } from "virtgpu/native";
import { BINDS, setType } from "./guest-over-kit.js";
import { CONTEXT, ImportFixture, wholeBox, withProfile } from "./import-fixture.js";
import { check } from "./report.js";
import { clearStream, SamplingScene } from "./scene.js";

const SIDE = 64;
const SIZE = SIDE * SIDE * 4;
const RGBA = v.VirglFormat.R8G8B8A8_UNORM;
const syncs: string[] = [];

/** A driver that works on a copy of what it is given, but in place in memory of this heap; caches are to be told. */
function adjust(services: ImportServices): ImportServices {
  const changed = withProfile({ isCoherent: false, bounces: true, acceptsHeap: true })(services);
  const sync = (_fd: number, direction: string): void => void syncs.push(direction);
  return {
    ...changed,
    importer: Object.create(changed.importer, { sync: { value: sync } }) as ImportServices["importer"],
  };
}

const fixture = new ImportFixture({ zeroCopy: "auto", adjust });
const scene = new SamplingScene(fixture);
let id = 10;

/** What an allocation from a heap looks like. */
function heapMemory(sizeBytes: number): { segment: Segment; backing: Backing } {
  const fd = createMemfd("heap", sizeBytes);
  const plain = fixture.mapped(fd, Mapping.map(fd, 0, sizeBytes));
  const file = { ...plain.file!, isDmaBuf: true, host: { heap: "test", isTrusted: false } };
  const segment = { ...plain, file };
  return { segment, backing: new Backing([{ segment, offsetBytes: 0, lengthBytes: sizeBytes }]) };
}

/** A picture in memory that the guest maps. @returns the guest error code */
function createMapped(side: number, memory: Backing): number {
  const words = [v.PIPE_TEXTURE_2D, RGBA, BINDS, side, side, 1, 1, 0, 0, 0, id];
  fixture.submit(new StreamBuilder().command(v.VIRGL_CCMD_PIPE_RESOURCE_CREATE, words));
  const blob = { memory: BlobMemory.HOST3D, blobId: id, sizeBytes: memory.sizeBytes, isMapped: true };
  const code = fixture.renderer.createBlob(CONTEXT, id, blob, memory);
  fixture.renderer.attachResource(CONTEXT, id);
  return code;
}

function createTyped(memory: Backing): void {
  const blob = { memory: BlobMemory.HOST3D, blobId: 0, sizeBytes: memory.sizeBytes };
  fixture.must(fixture.renderer.createBlob(CONTEXT, id, blob, memory));
  fixture.renderer.attachResource(CONTEXT, id);
  fixture.submit(setType(id, SIDE, SIDE * 4, 0));
}

/** Syncs that the stream made. */
function during(run: () => void): string[] {
  syncs.length = 0;
  run();
  return [...syncs];
}

for (const kind of ["mapped", "typed later"] as const) {
  check(`heap memory, ${kind}: in place though guest memory bounces; caches are told around streams`, () => {
    const { segment, backing } = heapMemory(SIZE);
    if (kind === "mapped") fixture.must(createMapped(SIDE, backing));
    else createTyped(backing);
    const verdict = fixture.imports.verdicts.of(id)!;
    assert.equal(IMPORT_PATH_NAMES[verdict.path], "host-heap", JSON.stringify(verdict.refused));
    const draw = scene.sampler(id, RGBA, SIDE, SIDE);
    segment.bytes.fill(0x3c);
    const before = fixture.counted();
    let pixels = new Uint8Array();
    assert.deepEqual(
      during(() => void (pixels = Uint8Array.from(draw()))),
      ["to-device"],
      "it is only read",
    );
    assert.deepEqual([...new Set(pixels)], [0x3c]);
    const cleared = during(() => fixture.submit(clearStream(500 + id, id, RGBA, [1, 1, 1, 1])));
    assert.deepEqual(cleared, ["to-device", "from-device"], "it is drawn to");
    assert.deepEqual([...new Set(segment.bytes)], [255], "there on return");
    const { upload, gather, snapshot } = fixture.payloadSince(before);
    assert.deepEqual([upload, gather, snapshot], [undefined, undefined, undefined]);
    fixture.must(fixture.renderer.unrefResource(id));
    assert.deepEqual(
      during(() => fixture.submit(new StreamBuilder().setSubContext(500 + id))),
      [],
      "nothing is left",
    );
    id++;
  });
}

check("a picture that the guest maps is transferred where it lies or not at all", () => {
  const { segment, backing } = heapMemory(2 * SIZE);
  fixture.must(createMapped(SIDE, backing));
  segment.bytes.fill(0x44);
  const before = fixture.counted();
  fixture.upload(id, SIDE, SIDE);
  fixture.download(id, SIDE, SIDE);
  const elsewhere = { ...wholeBox(SIDE, SIDE), offsetBytes: SIZE };
  assert.notEqual(fixture.renderer.transferToHost3d(CONTEXT, id, elsewhere), 0);
  assert.notEqual(fixture.renderer.transferFromHost3d(CONTEXT, id, elsewhere, true), 0);
  assert.deepEqual(fixture.payloadSince(before), {}, "nothing is moved");
  segment.bytes.fill(0x45);
  assert.deepEqual([...new Set(fixture.glContents(id, SIDE, SIDE))], [0x45], "it is where it was");
  fixture.must(fixture.renderer.unrefResource(id++));
});

check("guest memory bounces, so a picture in it is copied", () => {
  fixture.createBacked(id, { width: SIDE, height: SIDE }, 0);
  assert.equal(fixture.renderer.verdictOf(id)!.refused[0]!.detail, "this driver keeps a copy of what it imports");
  fixture.must(fixture.renderer.unrefResource(id++));
});

check("each mapped object costs a call at every stream, so there are not more than 256", () => {
  const first = id;
  const { segment } = heapMemory(4096);
  const codes: number[] = [];
  for (; id < first + 257; id++) {
    const backing = new Backing([{ segment, offsetBytes: 0, lengthBytes: 4096 }]);
    codes.push(createMapped(4, backing));
  }
  assert.deepEqual([codes.slice(0, 256).every((code) => code === 0), codes[256] === 0], [true, false]);
  for (let one = first; one < first + 256; one++) fixture.must(fixture.renderer.unrefResource(one));
  fixture.must(createMapped(4, new Backing([{ segment, offsetBytes: 0, lengthBytes: 4096 }])));
  fixture.must(fixture.renderer.unrefResource(id++));
});

check("a typed blob whose memory goes keeps its picture, and is copied when it has memory again", () => {
  const { segment, backing } = heapMemory(SIZE);
  createTyped(backing);
  const draw = scene.sampler(id, RGBA, SIDE, SIDE);
  segment.bytes.fill(0x11);
  assert.deepEqual([...new Set(draw())], [0x11]);
  fixture.must(fixture.renderer.detachBacking(id));
  segment.bytes.fill(0x22);
  assert.deepEqual([...new Set(draw())], [0x11], "what was there when it went");
  fixture.must(fixture.renderer.attachBacking(id, backing));
  assert.deepEqual([...new Set(draw())], [0x22]);
  fixture.must(fixture.renderer.unrefResource(id++));
});

check("no GL error was made", () => {
  fixture.settle();
  assert.equal(fixture.renderer.counters.glErrors, 0, fixture.log.join("\n"));
});
fixture.close();
