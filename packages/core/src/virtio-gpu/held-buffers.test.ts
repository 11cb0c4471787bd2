/** Memory that a compositor or VMM reads: what would write it, or take it away, waits; what is behind it does not overtake. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Segment } from "../memory/index.js";
import { NullRenderer } from "../renderer/index.js";
import { DeviceOnQueue } from "../testing/device-on-queue.js";
import * as p from "./protocol.js";

const PIXELS = 0x40000;
const { VIRTIO_GPU_RESP_OK_NODATA: OK } = p;

function setUp() {
  const all = DeviceOnQueue.create2d();
  assert.equal(all.type(p.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [1, 1, 4, 4]), OK);
  assert.equal(all.type(p.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [1, 1, PIXELS, 0, 64, 0]), OK);
  all.display.held.add(1);
  return all;
}

const transfer = [0, 0, 4, 4, 0, 0, 1, 0] as const;
const typeAt = (all: DeviceOnQueue, { answerAt }: { answerAt: number }): number =>
  all.answer(answerAt).getUint32(0, true);

test("a transfer into memory that is read waits until it is released", () => {
  const all = setUp();
  const { device, display, driver } = all;
  const request = all.submit(p.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, transfer);
  assert.ok(device.isStalled);
  device.unstall(false);
  assert.ok(device.isStalled, "another buffer was released");
  assert.equal(driver.takeUsed(), null);
  display.held.clear();
  device.unstall(false);
  assert.ok(!device.isStalled);
  assert.equal(driver.takeUsed()?.head, request.head);
  assert.equal(typeAt(all, request), OK);
});

test("it waits no longer than it is let", () => {
  const all = setUp();
  const request = all.submit(p.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, transfer);
  all.device.unstall(true);
  assert.deepEqual([all.device.isStalled, typeAt(all, request)], [false, OK]);
});

test("UNREF and DETACH tell the display, and are answered when it has let go", () => {
  for (const command of [p.VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING, p.VIRTIO_GPU_CMD_RESOURCE_UNREF]) {
    const all = setUp();
    const { device, display } = all;
    const request = all.submit(command, [1, 0]);
    assert.equal(display.events.at(-1), "forget 1");
    assert.equal(typeAt(all, request), 0, "not answered");
    display.held.clear();
    device.unstall(false);
    assert.equal(typeAt(all, request), OK);
  }
});

test("memory that nobody reads, and cursors, do not wait", () => {
  const all = setUp();
  assert.equal(all.type(p.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [2, 1, 4, 4]), OK);
  assert.equal(all.type(p.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [2, 1, PIXELS, 0, 64, 0]), OK);
  assert.equal(all.type(p.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, [0, 0, 4, 4, 0, 0, 2, 0]), OK);
  all.submit(p.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, transfer);
  assert.equal(all.type(p.VIRTIO_GPU_CMD_MOVE_CURSOR, [0, 1, 1, 0, 0, 0, 0, 0], { on: "cursor" }), OK);
  assert.ok(all.device.isStalled);
});

test("a transfer that waits over a change of memory finds its backing again", () => {
  const all = setUp();
  const { device, display, ram, renderer } = all;
  ram.fill(0x5a, PIXELS, PIXELS + 64);
  const request = all.submit(p.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, transfer);
  all.changeMemory(all.region(0, all.ram.length, all.remapped()));
  display.held.clear();
  device.unstall(false);
  assert.deepEqual([device.isStalled, typeAt(all, request)], [false, OK]);
  assert.ok(renderer.pixels(1)!.pixels.every((byte) => byte === 0x5a));
});

test("a queue that stops, and a reset, end the wait", () => {
  const stopped = setUp();
  const request = stopped.submit(p.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, transfer);
  stopped.device.settle();
  assert.deepEqual([stopped.device.isStalled, typeAt(stopped, request)], [false, OK]);
  const reset = setUp();
  const forgotten = reset.submit(p.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, transfer);
  reset.device.reset();
  reset.device.unstall(true);
  assert.deepEqual([reset.device.isStalled, typeAt(reset, forgotten)], [false, 0]);
});

/** A renderer whose streams are resource ids that they draw to. */
class NamingRenderer extends NullRenderer {
  writesHeld(
    _contextId: number,
    stream: Segment,
    _at: number,
    length: number,
    isHeld: (id: number) => boolean,
  ): boolean {
    return Array.from(new Uint32Array(stream.bytes.buffer, 0, length)).some((id) => isHeld(id));
  }
}

test("a command stream that would draw to memory that is read waits, and what is behind it with it", () => {
  const capsets = [{ id: 1, version: 1, bytes: new Uint8Array(308) }];
  const all = DeviceOnQueue.create(new NamingRenderer({ capsets }));
  const inContext = { contextId: 1 };
  assert.equal(all.type(p.VIRTIO_GPU_CMD_CTX_CREATE, new Array<number>(18).fill(0), inContext), OK);
  const submit = [4, 0, 7] as const;
  assert.equal(all.type(p.VIRTIO_GPU_CMD_SUBMIT_3D, submit, inContext), OK, "nothing is held");
  all.display.held.add(8);
  assert.equal(all.type(p.VIRTIO_GPU_CMD_SUBMIT_3D, submit, inContext), OK, "another is held");
  all.display.held.add(7);
  const { head } = all.submit(p.VIRTIO_GPU_CMD_SUBMIT_3D, submit, inContext);
  assert.ok(all.device.isStalled);
  assert.equal(all.driver.takeUsed(), null);
  all.display.held.delete(7);
  all.device.unstall(false);
  assert.equal(all.driver.takeUsed()?.head, head);
});
