/** Requests in flight are bounded: those above the limit are answered at once, with what is known, and none is lost. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { NullRenderer } from "../renderer/index.js";
import { RecordingRenderer } from "../testing/index.js";
import { DeviceOnQueue, PIXELS } from "../testing/device-on-queue.js";
import { defaultDeviceLimits } from "./index.js";
import * as p from "./protocol.js";

const limits = { ...defaultDeviceLimits, pending: 2 };
const { VIRTIO_GPU_RESP_OK_NODATA: OK } = p;

/** Heads of requests that were answered meanwhile. */
function answered({ driver }: Pick<DeviceOnQueue, "driver">): number[] {
  const heads: number[] = [];
  for (let used = driver.takeUsed(); used !== null; used = driver.takeUsed()) heads.push(used.head);
  return heads;
}

test("the limit is what queues hold", () => {
  assert.equal(defaultDeviceLimits.pending, 32_768);
});

test("requests behind fences: the next is answered before its fence", () => {
  const all = DeviceOnQueue.create(new RecordingRenderer(), { limits });
  all.renderer.isStalled = true;
  const flags = p.VIRTIO_GPU_FLAG_FENCE;
  const create = (id: number) => all.submit(p.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [id, 1, 4, 4], { flags });
  const held = [create(1).head, create(2).head];
  const extra = create(3);
  assert.deepEqual(answered(all), [extra.head]);
  const answer = all.answer(extra.answerAt);
  assert.deepEqual([answer.getUint32(0, true), answer.getUint32(4, true), answer.getUint32(8, true)], [OK, 1, 0x1234]);
  assert.equal(all.device.pendingCount, 2);
  all.renderer.isStalled = false;
  all.device.poll();
  assert.deepEqual(answered(all), held);
  all.renderer.isStalled = true;
  create(4);
  assert.deepEqual(answered(all), [], "there is room again");
});

test("questions that the display must ask somebody else: the next is told what is known", () => {
  const all = DeviceOnQueue.create(new NullRenderer(), { limits });
  const waiting: (() => void)[] = [];
  all.display.waiting = waiting;
  const ask = () => all.submit(p.VIRTIO_GPU_CMD_GET_DISPLAY_INFO, []);
  const held = [ask().head, ask().head];
  const extra = ask();
  assert.deepEqual(answered(all), [extra.head]);
  assert.equal(all.answer(extra.answerAt).getUint32(0, true), p.VIRTIO_GPU_RESP_OK_DISPLAY_INFO);
  assert.equal(waiting.length, 2, "the display was not asked for it");
  for (const done of waiting.splice(0)) done();
  assert.deepEqual(answered(all), held);
});

test("memory that the GPU has not left: the next DETACH waits for the GPU in place", () => {
  const all = DeviceOnQueue.create(new RecordingRenderer(), { limits });
  for (const id of [1, 2, 3]) {
    assert.equal(all.type(p.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [id, 1, 4, 4]), OK);
    assert.equal(all.type(p.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [id, 1, PIXELS, 0, 64, 0]), OK);
  }
  all.renderer.isStalled = true;
  const detach = (id: number) => all.submit(p.VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING, [id, 0]);
  const held = [detach(1).head, detach(2).head];
  assert.ok(!all.renderer.calls.includes("finish()"));
  const extra = detach(3);
  assert.equal(all.renderer.calls.at(-1), "finish()");
  assert.deepEqual(answered(all), [extra.head]);
  all.device.poll();
  assert.deepEqual(answered(all), held);
});
