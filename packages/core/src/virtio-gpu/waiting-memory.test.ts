/** What requests keep while they wait: no more than their answers need, and not without end. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { NullRenderer } from "../renderer/index.js";
import { RecordingRenderer } from "../testing/index.js";
import { DeviceOnQueue, PIXELS } from "../testing/device-on-queue.js";
import { SplitQueue, type DescriptorChain } from "../virtqueue/index.js";
import { defaultDeviceLimits } from "./index.js";
import * as p from "./protocol.js";

const { VIRTIO_GPU_RESP_OK_NODATA: OK, VIRTIO_GPU_CTRL_HDR_BYTES: HEADER } = p;
const LIMITED = { ...defaultDeviceLimits, waitingSpans: 60 };
/** Where the long chains' request, table and answer lie. */
const REQUEST = 0x6_0000;
const ANSWER = 0x7_0000;
const TABLE = 0x8_0000;
const LONG = 3000;

/** Hands a request to the device whose answer has room in very many pieces of a byte. @returns its chain, which the device has now */
function submitLong(
  all: Pick<DeviceOnQueue, "memory" | "driver" | "device" | "ram">,
  type: number,
  words: number[] = [],
  flags = 0,
): DescriptorChain {
  const view = new DataView(all.ram.buffer);
  all.ram.fill(0, REQUEST, REQUEST + 128);
  view.setUint32(REQUEST, type, true);
  view.setUint32(REQUEST + 4, flags, true);
  words.forEach((word, i) => view.setUint32(REQUEST + HEADER + 4 * i, word, true));
  const lengthBytes = HEADER + 4 * words.length;
  const requests = Array.from({ length: lengthBytes }, (_, i) => ({
    address: REQUEST + i,
    lengthBytes: 1,
    isWritable: false,
  }));
  const rest = Array.from({ length: 200 }, (_, i) => ({
    address: REQUEST + 512 + i,
    lengthBytes: 1,
    isWritable: false,
  }));
  const answers = Array.from({ length: LONG }, (_, i) => ({ address: ANSWER + i, lengthBytes: 1, isWritable: true }));
  const queue = queueOf(all);
  all.driver.offerIndirect([...requests, ...rest, ...answers], TABLE);
  const chain = all.device.takeChain();
  assert.ok(queue.pop(chain), queue.fault ?? "nothing to pop");
  all.device.control(chain);
  return chain;
}

/** The device's queue once more, from the request that comes next, with indirect tables. */
function queueOf({ memory, driver }: Pick<DeviceOnQueue, "memory" | "driver">): SplitQueue {
  const config = { ...driver.config({ hasIndirect: true }), nextAvailable: driver.availableIndex };
  return new SplitQueue(memory, config);
}

const fenced = p.VIRTIO_GPU_FLAG_FENCE;

test("behind a fence a request keeps the pieces of its answer", () => {
  const all = DeviceOnQueue.create(new RecordingRenderer());
  all.renderer.isStalled = true;
  const chain = submitLong(all, p.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [1, 1, 4, 4], fenced);
  assert.equal(all.device.pendingCount, 1);
  assert.deepEqual([chain.readable.length, chain.writable.length], [0, HEADER]);
  all.renderer.isStalled = false;
  all.device.poll();
  assert.equal(all.driver.takeUsed()?.writtenBytes, HEADER);
  assert.equal(all.answer(ANSWER, 4).getUint32(0, true), OK);
});

test("a question for modes keeps its fixed part and room for the answer, and is answered in full", () => {
  const all = DeviceOnQueue.create(new NullRenderer());
  all.display.waiting = [];
  const chain = submitLong(all, p.VIRTIO_GPU_CMD_GET_EDID, [0, 0], fenced);
  assert.deepEqual([chain.readable.length, chain.writable.length], [112, p.VIRTIO_GPU_RESP_EDID_BYTES]);
  for (const done of all.display.waiting) done();
  all.device.poll();
  assert.equal(all.driver.takeUsed()?.writtenBytes, p.VIRTIO_GPU_RESP_EDID_BYTES);
  assert.equal(all.answer(ANSWER, 4).getUint32(0, true), p.VIRTIO_GPU_RESP_OK_EDID);
});

test("a request that waits for memory to be left keeps room for its answer", () => {
  const all = DeviceOnQueue.create(new RecordingRenderer());
  assert.equal(all.type(p.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [1, 1, 4, 4]), OK);
  assert.equal(all.type(p.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [1, 1, PIXELS, 0, 64, 0]), OK);
  all.renderer.isStalled = true;
  const chain = submitLong(all, p.VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING, [1, 0]);
  assert.deepEqual([chain.readable.length, chain.writable.length], [0, p.VIRTIO_GPU_RESP_EDID_BYTES]);
  all.device.poll();
});

test("a request of the cursor queue waits for nobody, whatever it asks", () => {
  const all = DeviceOnQueue.create(new NullRenderer());
  all.display.waiting = [];
  all.submit(p.VIRTIO_GPU_CMD_GET_DISPLAY_INFO, [], { on: "cursor" });
  assert.notEqual(all.driver.takeUsed(), null);
  assert.equal(all.display.waiting.length, 0);
});

test("requests that wait fill the device up to a bound; answers, a stop and a reset make room", () => {
  const all = DeviceOnQueue.create(new RecordingRenderer(), { limits: LIMITED });
  const { device, renderer } = all;
  const fill = (): void => {
    renderer.isStalled = true;
    let count = 0;
    for (; !device.isFull && count < 100; count++)
      submitLong(all, p.VIRTIO_GPU_CMD_GET_DISPLAY_INFO + 0xff, [], fenced);
    assert.equal(count, 3, "24 pieces each, 60 are the bound");
  };
  fill();
  renderer.isStalled = false;
  device.poll();
  assert.ok(!device.isFull && device.pendingCount === 0);
  fill();
  device.settle();
  assert.ok(!device.isFull && device.pendingCount === 0);
  fill();
  device.reset();
  assert.ok(!device.isFull && device.pendingCount === 0);
  renderer.isStalled = false;
  device.poll();
  fill();
});

test("a request that waits twice, and one whose memory goes, are counted once", () => {
  const all = DeviceOnQueue.create(new RecordingRenderer(), { limits: { ...LIMITED, waitingSpans: 1 } });
  const { device, display, renderer } = all;
  const waiting: (() => void)[] = [];
  display.waiting = waiting;
  renderer.isStalled = true;
  // First for the window, then for its fence.
  submitLong(all, p.VIRTIO_GPU_CMD_GET_DISPLAY_INFO, [], fenced);
  assert.ok(device.isFull);
  for (const done of waiting.splice(0)) done();
  assert.equal(device.pendingCount, 1);
  assert.ok(device.isFull);
  renderer.isStalled = false;
  device.poll();
  assert.ok(!device.isFull);
  submitLong(all, p.VIRTIO_GPU_CMD_GET_DISPLAY_INFO);
  all.changeMemory(all.region(0, REQUEST));
  assert.ok(device.isFull);
  for (const done of waiting.splice(0)) done();
  assert.ok(!device.isFull, "given back without an answer");
});

test("room in one piece is one piece", () => {
  const all = DeviceOnQueue.create(new RecordingRenderer(), { limits: { ...LIMITED, waitingSpans: 5 } });
  all.renderer.isStalled = true;
  for (let i = 1; i < 5; i++) all.submit(p.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [i, 1, 4, 4], { flags: fenced });
  assert.ok(!all.device.isFull);
  all.submit(p.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [5, 1, 4, 4], { flags: fenced });
  assert.ok(all.device.isFull);
  assert.equal(defaultDeviceLimits.waitingSpans, 65_536);
});

test("entries without bytes are not kept, and neighbours are one piece; the bytes are the same", () => {
  const all = DeviceOnQueue.create2d();
  assert.equal(all.type(p.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [1, 2, 4, 4]), OK);
  const entry = (address: number, lengthBytes: number): number[] => [address, 0, lengthBytes, 0];
  const entries = [
    ...new Array<number[]>(500).fill(entry(PIXELS, 0)),
    ...[entry(PIXELS + 16, 16), entry(PIXELS + 32, 8), entry(PIXELS, 0), entry(PIXELS + 40, 8), entry(PIXELS, 16)],
    ...[entry(PIXELS + 100, 16), ...new Array<number[]>(500).fill(entry(PIXELS, 0))],
  ];
  all.ram.forEach((_byte, i) => (all.ram[i] = i >= PIXELS && i < PIXELS + 200 ? i - PIXELS : all.ram[i]!));
  const words = [1, entries.length, ...entries.flat()];
  assert.equal(all.type(p.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, words), OK);
  const described = all.renderer.describe(8).listed[0]!;
  assert.deepEqual([described.backingEntries, described.backingBytes], [3, 64]);
  assert.equal(all.type(p.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, [0, 0, 4, 4, 0, 0, 1, 0]), OK);
  const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);
  assert.deepEqual([...all.renderer.pixels(1)!.pixels], [...range(16, 32), ...range(0, 16), ...range(100, 16)]);
  all.type(p.VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING, [1, 0]);
  assert.equal(
    all.type(p.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [1, 1, 0x7fff_ffff, 0, 16, 0]),
    p.VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER,
  );
});
