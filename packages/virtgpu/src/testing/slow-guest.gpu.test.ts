/** A guest that asks for much work at once, or for answers in many pieces: front-end and signals have their turn, and no answer is lost. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as g from "@virtgpu/core/virtio-gpu";
import { FREE, type GpuFrontEnd } from "./gpu-front-end.js";
import { startBackEnd, typeOf } from "./start-back-end.js";

const HEADER = g.VIRTIO_GPU_CTRL_HDR_BYTES;
const { VIRTIO_GPU_RESP_OK_NODATA: OK } = g;
/** Requests of two descriptors that the queue holds. */
const MANY = 32;
const SIDE = 4096;
const REQUEST = FREE;
const ANSWER = FREE + 0x1000;
const TABLE = FREE + 0x1_0000;
/** A piece of memory that backs the picture again and again. */
const PIXELS = FREE + 0x10_0000;
const PIECE_BYTES = 1 << 20;

/** Offers as many transfers of 64 MiB as the queue holds. Not from the first byte on: else the picture would be where the guest has it. */
function offerSlowRequests(frontEnd: GpuFrontEnd): void {
  assert.equal(typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [1, 1, SIDE, SIDE])), OK);
  const count = (SIDE * SIDE * 4) / PIECE_BYTES + 1;
  const entries = new Array(count).fill([PIXELS, 0, PIECE_BYTES, 0]).flat();
  assert.equal(typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [1, count, ...entries])), OK);
  const words = [g.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, 0, 0, 0, 0, 0, 0, 0, SIDE, SIDE, 4, 0, 1, 0];
  const view = frontEnd.view(REQUEST, 4 * words.length);
  words.forEach((word, i) => view.setUint32(4 * i, word, true));
  for (let i = 0; i < MANY; i++)
    frontEnd.control.offer([
      { address: REQUEST, lengthBytes: 4 * words.length, isWritable: false },
      { address: ANSWER, lengthBytes: HEADER, isWritable: true },
    ]);
  frontEnd.kick(0);
  frontEnd.waitUsed();
}

/** How many were answered since this was last asked. */
function answered(frontEnd: GpuFrontEnd): number {
  let count = 0;
  while (frontEnd.control.takeUsed() !== null) count++;
  return count;
}

test("a ring is stopped between two slow requests, not behind all of them", (t) => {
  const frontEnd = startBackEnd(t);
  offerSlowRequests(frontEnd);
  const served = frontEnd.protocol.stopRing(0) - 2;
  assert.equal(answered(frontEnd) + 1, served, "what was begun is answered");
  assert.ok(served < MANY, `all ${served} were served before`);
});

test("a signal to stop is heard between two slow requests", async (t) => {
  const frontEnd = startBackEnd(t);
  offerSlowRequests(frontEnd);
  process.kill(frontEnd.pid, "SIGTERM");
  assert.equal(await frontEnd.exited, "status 0");
  const served = answered(frontEnd) + 1;
  assert.ok(served < MANY, `all ${served} were served before`);
});

test("more pieces than may wait: later requests are taken when earlier ones were answered, all of them in full", (t) => {
  const frontEnd = startBackEnd(t);
  const request = frontEnd.view(REQUEST, HEADER + 8);
  request.setUint32(0, g.VIRTIO_GPU_CMD_GET_EDID, true);
  request.setUint32(4, g.VIRTIO_GPU_FLAG_FENCE, true);
  const whole = { address: REQUEST, lengthBytes: HEADER + 8, isWritable: false };
  const pieces = Array.from({ length: g.VIRTIO_GPU_RESP_EDID_BYTES + 64 }, (_, i) => ({
    address: ANSWER + i,
    lengthBytes: 1,
    isWritable: true,
  }));
  // 64 of them have more pieces than a device keeps.
  const inFlight = frontEnd.control.size;
  assert.ok(inFlight * g.VIRTIO_GPU_RESP_EDID_BYTES > g.defaultDeviceLimits.waitingSpans);
  for (let round = 0; round < 4; round++) {
    for (let i = 0; i < inFlight; i++) frontEnd.control.offerIndirect([whole, ...pieces], TABLE);
    frontEnd.kick(0);
    for (let i = 0; i < inFlight; i++)
      assert.equal(frontEnd.waitUsed().writtenBytes, g.VIRTIO_GPU_RESP_EDID_BYTES, `round ${round}, request ${i}`);
  }
  assert.equal(typeOf(frontEnd.view(ANSWER, 4)), g.VIRTIO_GPU_RESP_OK_EDID);
});
