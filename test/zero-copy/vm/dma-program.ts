/**
 * Runs inside a VM with memory below and above 4 GiB: `--dma-bits=32` refuses exactly the buffers whose pages /proc/self/pagemap shows
 * above, before a driver is asked; without the privilege to know, it refuses them all.
 */
import assert from "node:assert/strict";
import {
  Backing,
  ImportPath,
  ImportReason,
  type ImportVerdict,
  type Segment,
  type SegmentId,
} from "@virtgpu/core/memory";
import { sharedFile } from "virtgpu/import";
import { createMemfd, Mapping, pageFrames } from "virtgpu/native";
import { ImportFixture, PAGE } from "../import-fixture.js";
import { check } from "../report.js";

const FILES = 8;
const FILE_BYTES = 512 << 20;
const BITS = 32;
const [WIDTH, HEIGHT] = [64, 64];
const SIZE = WIDTH * HEIGHT * 4;
/** Buffers looked at in each file. */
const SAMPLES = 24;

const fixture = new ImportFixture({ zeroCopy: "always", dmaBits: BITS });
let id = 1;

/** A memory file with every page there. */
function fill(index: number): { fd: number; segment: Segment } {
  const fd = createMemfd(`memory-${index}`, FILE_BYTES);
  const mapping = Mapping.map(fd, 0, FILE_BYTES);
  for (let at = 0; at < FILE_BYTES; at += PAGE) mapping.bytes[at] = 1;
  const file = sharedFile(fd, 0)!;
  return {
    fd,
    segment: { id: fixture.encoder.registerSegment(mapping.bytes) as SegmentId, bytes: mapping.bytes, file },
  };
}

function attach(segment: Segment, offsetBytes: number): ImportVerdict {
  fixture.must(fixture.create(id, { width: WIDTH, height: HEIGHT }));
  const backing = new Backing([{ segment, offsetBytes, lengthBytes: SIZE }]);
  fixture.must(fixture.renderer.attachBacking(id, backing));
  segment.bytes.fill(id & 0xff, offsetBytes, offsetBytes + SIZE);
  fixture.upload(id, WIDTH, HEIGHT);
  assert.deepEqual([...new Set(fixture.glContents(id, WIDTH, HEIGHT))], [id & 0xff], "right pixels on any path");
  const verdict = fixture.renderer.verdictOf(id)!;
  fixture.must(fixture.renderer.unrefResource(id++));
  return verdict;
}

const files = Array.from({ length: FILES }, (_, i) => fill(i));

check("exactly the buffers above 4 GiB are refused", () => {
  let above = 0;
  let below = 0;
  for (const { fd, segment } of files) {
    for (let sample = 0; sample < SAMPLES; sample++) {
      const offset = Math.floor((sample * FILE_BYTES) / SAMPLES / PAGE) * PAGE;
      const isAbove = (): boolean => {
        const frames = pageFrames(fd, offset, SIZE)!;
        assert.equal(frames.unknownPages, 0);
        return frames.highestAddress >= 2 ** BITS;
      };
      const before = isAbove();
      const verdict = attach(segment, offset);
      // The kernel may move pages that nobody pins.
      if (before !== isAbove()) continue;
      const isRefused = verdict.refused.some(({ reason }) => reason === ImportReason.DMA_REACH);
      assert.equal(isRefused, before, `file at ${offset}: ${JSON.stringify(verdict.refused)}`);
      assert.equal(verdict.path, before ? ImportPath.UPLOAD : ImportPath.MEMFD);
      if (before) above++;
      else below++;
    }
  }
  assert.ok(above > 0 && below > 0, `${above} above and ${below} below: this machine shows nothing`);
  return `${above} above, ${below} below`;
});

check("without the privilege to know, the answer is unknown, never good", () => {
  process.seteuid!(65_534);
  const verdict = attach(files[0]!.segment, 0);
  process.seteuid!(0);
  assert.equal(verdict.path, ImportPath.UPLOAD);
  assert.equal(verdict.refused[0]!.reason, ImportReason.DMA_REACH_UNKNOWN);
});
fixture.close();
