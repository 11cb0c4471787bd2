/** Answers to fenced flushes of blobs wait until the display has read; those of others never do. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { NullRenderer } from "../renderer/index.js";
import { DeviceOnQueue, PIXELS, type RequestOptions } from "../testing/device-on-queue.js";
import { FLUSH_LIMIT_MS } from "./index.js";
import * as p from "./protocol.js";

const { VIRTIO_GPU_RESP_OK_NODATA: OK } = p;
const FENCED: RequestOptions = { flags: p.VIRTIO_GPU_FLAG_FENCE };
const BLOB = 3;
const CLASSIC = 4;

/** Scanout 0 shows a guest blob, scanout 1 (where there is one) nothing; the display is reading. */
function setUp() {
  const clock = { nowMs: 1000 };
  const all = DeviceOnQueue.create(new NullRenderer(), { clockMs: () => clock.nowMs });
  const blob = [BLOB, 1, 2, 1, 0, 0, 4096, 0, PIXELS, 0, 4096, 0];
  assert.equal(all.type(p.VIRTIO_GPU_CMD_RESOURCE_CREATE_BLOB, blob), OK);
  assert.equal(all.type(p.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [CLASSIC, 2, 16, 16]), OK);
  const show = [0, 0, 16, 16, 0, BLOB, 16, 16, 2, 0, 64, 0, 0, 0, 0, 0, 0, 0];
  assert.equal(all.type(p.VIRTIO_GPU_CMD_SET_SCANOUT_BLOB, show), OK);
  all.display.reading.add(0);
  const flush = (id: number, options?: RequestOptions) =>
    all.submit(p.VIRTIO_GPU_CMD_RESOURCE_FLUSH, [0, 0, 16, 16, id, 0], options);
  /** One turn of a transport. @returns heads of requests that were answered in it */
  const turn = (): number[] => {
    all.device.answerFlushes();
    all.device.poll();
    const heads: number[] = [];
    for (let used = all.driver.takeUsed(); used !== null; used = all.driver.takeUsed()) heads.push(used.head);
    return heads;
  };
  return { all, clock, flush, turn };
}

test("a fenced flush of a blob is answered, with its fence, when the display has read", () => {
  const { all, clock, flush, turn } = setUp();
  const request = flush(BLOB, FENCED);
  assert.deepEqual(turn(), []);
  assert.equal(all.device.flushDeadlineMs, clock.nowMs + FLUSH_LIMIT_MS);
  assert.ok(!all.device.isStalled);
  assert.equal(all.type(p.VIRTIO_GPU_CMD_GET_DISPLAY_INFO), p.VIRTIO_GPU_RESP_OK_DISPLAY_INFO, "others go on");
  all.display.reading.clear();
  assert.deepEqual(turn(), [request.head]);
  const answer = all.answer(request.answerAt);
  assert.deepEqual([answer.getUint32(0, true), answer.getUint32(4, true), answer.getUint32(8, true)], [OK, 1, 0x1234]);
  assert.equal(all.device.flushDeadlineMs, Infinity);
});

test("it waits less than guests do, each from its own time on", () => {
  const { clock, flush, turn } = setUp();
  assert.ok(FLUSH_LIMIT_MS < 50);
  const first = flush(BLOB, FENCED);
  clock.nowMs += 30;
  const second = flush(BLOB, FENCED);
  clock.nowMs += FLUSH_LIMIT_MS - 31;
  assert.deepEqual(turn(), []);
  clock.nowMs += 1;
  assert.deepEqual(turn(), [first.head]);
  clock.nowMs += 30;
  assert.deepEqual(turn(), [second.head]);
});

test("flushes without a fence, of classic resources, of what nobody shows or has read are answered at once", () => {
  const { all, flush, turn } = setUp();
  assert.deepEqual(turn(), []);
  for (const [id, options] of [
    [BLOB, {}],
    [CLASSIC, FENCED],
  ] as const) {
    const { head } = flush(id, options);
    assert.deepEqual(turn(), [head]);
  }
  assert.equal(all.type(p.VIRTIO_GPU_CMD_SET_SCANOUT, [0, 0, 16, 16, 0, CLASSIC]), OK);
  for (const id of [BLOB, CLASSIC]) {
    const { head } = flush(id, FENCED);
    assert.deepEqual(turn(), [head]);
  }
  const other = setUp();
  other.all.display.reading.clear();
  const { head } = other.flush(BLOB, FENCED);
  assert.deepEqual(other.turn(), [head]);
  const clockless = DeviceOnQueue.create(new NullRenderer());
  clockless.display.reading.add(0);
  assert.equal(clockless.device.flushDeadlineMs, Infinity);
});

test("a queue that stops, memory that changes and a reset end the wait", () => {
  const stopped = setUp();
  const request = stopped.flush(BLOB, FENCED);
  stopped.all.device.settle();
  assert.deepEqual(stopped.turn(), [request.head]);
  stopped.all.display.reading.clear();
  assert.deepEqual(stopped.turn(), [], "once");

  const moved = setUp();
  const late = moved.flush(BLOB, FENCED);
  moved.all.changeMemory(moved.all.region(0, moved.all.ram.length, moved.all.remapped()));
  moved.all.display.reading.clear();
  assert.deepEqual(moved.turn(), [late.head]);
  assert.equal(moved.all.answer(late.answerAt).getUint32(0, true), OK);

  const reset = setUp();
  reset.flush(BLOB, FENCED);
  reset.all.device.reset();
  reset.all.display.reading.clear();
  assert.deepEqual(reset.turn(), []);
  assert.equal(reset.all.device.flushDeadlineMs, Infinity);
});
