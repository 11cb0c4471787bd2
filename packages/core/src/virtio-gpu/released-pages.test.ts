/** UNREF and DETACH while the GPU reaches the pages: they wait for it, nobody waits for them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { RecordingRenderer } from "../testing/index.js";
import { DeviceOnQueue, PIXELS } from "../testing/device-on-queue.js";
import * as p from "./protocol.js";

const { VIRTIO_GPU_RESP_OK_NODATA: OK } = p;
const GIVING_BACK = [p.VIRTIO_GPU_CMD_RESOURCE_UNREF, p.VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING] as const;

/** Resource 1 with pages, and a GPU that is at work until `finish`. */
function setUp() {
  const all = DeviceOnQueue.create(new RecordingRenderer());
  create(all);
  all.renderer.isStalled = true;
  return all;
}

function create(all: DeviceOnQueue<RecordingRenderer>): void {
  assert.equal(all.type(p.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [1, 1, 4, 4]), OK);
  assert.equal(all.type(p.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [1, 1, PIXELS, 0, 64, 0]), OK);
}

const typeAt = (all: DeviceOnQueue<RecordingRenderer>, { answerAt }: { answerAt: number }): number =>
  all.answer(answerAt).getUint32(0, true);

for (const command of GIVING_BACK) {
  const name = command === p.VIRTIO_GPU_CMD_RESOURCE_UNREF ? "UNREF" : "DETACH";

  test(`${name} is answered when the GPU has left the pages; requests behind it and cursors are not kept waiting`, () => {
    const all = setUp();
    const request = all.submit(command, [1, 0]);
    assert.ok(!all.device.isStalled);
    assert.equal(all.type(p.VIRTIO_GPU_CMD_GET_DISPLAY_INFO), p.VIRTIO_GPU_RESP_OK_DISPLAY_INFO);
    assert.equal(all.type(p.VIRTIO_GPU_CMD_MOVE_CURSOR, [0, 1, 1, 0, 0, 0, 0, 0], { on: "cursor" }), OK);
    assert.equal(all.type(p.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [2, 1, 4, 4]), OK);
    assert.equal(typeAt(all, request), 0, "not answered");
    assert.ok(!all.renderer.calls.includes("finish()"), "nobody waited");
    all.renderer.isStalled = false;
    all.device.poll();
    assert.equal(all.driver.takeUsed()?.head, request.head);
    assert.equal(typeAt(all, request), OK);
    assert.equal(all.driver.takeUsed(), null);
  });

  test(`a fenced ${name} is answered once, by its fence`, () => {
    const all = setUp();
    const request = all.submit(command, [1, 0], { flags: p.VIRTIO_GPU_FLAG_FENCE });
    all.device.poll();
    assert.equal(typeAt(all, request), 0);
    all.renderer.isStalled = false;
    all.device.poll();
    assert.equal(all.driver.takeUsed()?.head, request.head);
    assert.equal(all.driver.takeUsed(), null);
  });

  test(`${name} behind a queue that stops is answered after the GPU was waited for`, () => {
    const all = setUp();
    const request = all.submit(command, [1, 0]);
    all.device.settle();
    assert.equal(all.renderer.calls.at(-1), "finish()");
    assert.equal(all.driver.takeUsed()?.head, request.head);
    assert.equal(typeAt(all, request), OK);
    all.device.poll();
    assert.equal(all.driver.takeUsed(), null, "once");
  });

  test(`${name} is answered before the memory changes`, () => {
    const all = setUp();
    const request = all.submit(command, [1, 0]);
    all.changeMemory(all.region(0, PIXELS));
    assert.equal(typeAt(all, request), OK);
  });
}

test("the id of a resource that waits is free", () => {
  const all = setUp();
  const request = all.submit(p.VIRTIO_GPU_CMD_RESOURCE_UNREF, [1, 0]);
  create(all);
  all.renderer.isStalled = false;
  all.device.poll();
  assert.equal(all.driver.takeUsed()?.head, request.head);
  assert.ok(all.renderer.bytesOf(1) !== undefined);
});

test("a reset waits for the GPU, as the guest's memory is its own again, and answers nothing", () => {
  const all = setUp();
  all.submit(p.VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING, [1, 0]);
  all.device.reset();
  assert.equal(all.renderer.calls.at(-1), "finish()");
  all.device.poll();
  assert.equal(all.driver.takeUsed(), null);
});

test("a change of memory waits for the GPU once more after contents were taken out of it", () => {
  const all = setUp();
  all.renderer.calls.length = 0;
  all.changeMemory(all.region(0, PIXELS));
  assert.equal(all.renderer.calls.filter((call) => call === "finish()").length, 2);
  assert.equal(all.renderer.calls.at(-1), "finish()");
});
