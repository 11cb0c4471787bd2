/**
 * Runs inside a VM with memory below and above 4 GiB: with `--dma-bits=32` exactly those host blobs are drawn in place whose pages
 * /proc/self/pagemap shows below; the others are copied, and say why. Argument: the back-end.
 */
import assert from "node:assert/strict";
import * as g from "@virtgpu/core/virtio-gpu";
import { createMemfd, Mapping, pageFrames } from "virtgpu/native";
import { GuestOverKit, type MappedBlob, setType } from "../guest-over-kit.js";
import { check, checkLater } from "../report.js";
import { SamplingScene } from "../scene.js";

const BITS = 32;
const SIDE = 64;
const SIZE = SIDE * SIDE * 4;
const PAGE = 4096;
const FILE_BYTES = 256 << 20;
/** More than lies above. */
const MAX_FILES = 18;
const BLOBS = 6;

const guest = GuestOverKit.start(process.argv[2]!, ["--host-heap=none", `--dma-bits=${BITS}`]);
const scene = new SamplingScene(guest);
const blobs = new Map<number, MappedBlob>();
/** Where each lay before the host looked. */
const before = new Map<number, boolean>();
let id = 20;

const isAbove = (blob: MappedBlob): boolean => {
  const address = blob.highestAddress();
  assert.ok(address !== null, "this program may look at pages");
  return address >= 2 ** BITS;
};

/** Blobs that get a type, filled by the guest and sampled. */
function make(count: number): void {
  for (let i = 0; i < count; i++, id++) {
    assert.equal(guest.createBlob(id, SIZE), g.VIRTIO_GPU_RESP_OK_NODATA);
    guest.attach(id);
    const blob = guest.map(id);
    blob.bytes.fill(id);
    before.set(id, isAbove(blob));
    guest.submit(setType(id, SIDE, SIDE * 4, 0));
    assert.deepEqual([...new Set(scene.sampler(id, 67, SIDE, SIDE)())], [id], "right pixels on any path");
    blobs.set(id, blob);
  }
}

/** Takes memory until new pages come from below. */
function fillAbove(): void {
  for (let i = 0; i < MAX_FILES; i++) {
    const fd = createMemfd(`fill-${i}`, FILE_BYTES);
    const { bytes } = Mapping.map(fd, 0, FILE_BYTES);
    for (let at = 0; at < FILE_BYTES; at += PAGE) bytes[at] = 1;
    if (pageFrames(fd, FILE_BYTES - (1 << 20), 1 << 20)!.highestAddress < 2 ** BITS) return;
  }
}

check("host blobs from memory files, before and after the memory above 4 GiB is used up", () => {
  make(BLOBS);
  fillAbove();
  make(BLOBS);
});

await checkLater("exactly those below 4 GiB are drawn where they lie", async () => {
  const listed = await guest.explain();
  const counts = { above: 0, below: 0 };
  for (const [blobId, blob] of blobs) {
    const lies = isAbove(blob);
    // The kernel may move pages that nobody pins.
    if (lies !== before.get(blobId)) continue;
    const { path, movedBytes } = listed.find((row) => row.id === blobId)!;
    if (lies) {
      assert.deepEqual([path.zeroCopy, path.refused[0]!.reason], [false, "dma-reach"], `blob ${blobId}`);
      assert.match(path.refused[0]!.cure, /--host-heap=NAME/);
    } else assert.deepEqual([path.path, movedBytes], ["host-memfd", {}], `blob ${blobId}`);
    counts[lies ? "above" : "below"]++;
  }
  assert.ok(counts.above > 0 && counts.below > 0, `${JSON.stringify(counts)}: this machine shows nothing`);
  return `${counts.above} above, ${counts.below} below`;
});

await checkLater("the back-end ends as it should", async () => {
  assert.equal(await guest.close(), "status 0", guest.frontEnd.log);
});
