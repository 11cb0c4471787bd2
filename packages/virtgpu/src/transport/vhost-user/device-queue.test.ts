/** How long a queue is served before others have their turn. The clock is the test's. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLogger } from "@virtgpu/core/base";
import { GuestMemory } from "@virtgpu/core/memory";
import { testSegment, VirtqueueDriver } from "@virtgpu/core/testing";
import type { VringState } from "@virtgpu/core/vhost-user";
import { DescriptorChain } from "@virtgpu/core/virtqueue";
import { DeviceQueue } from "./device-queue.js";

const RAM_BYTES = 1 << 16;

/** A queue of 256 with `offered` requests, each of which takes `requestMs`; so does every look at the clock with `clockMs`. */
function setUp(offered: number, requestMs: number, clockMs = 0) {
  const memory = new GuestMemory();
  const segment = testSegment(1, RAM_BYTES);
  memory.replace([{ guestAddress: 0, sizeBytes: RAM_BYTES, userAddress: 0, segment, segmentOffsetBytes: 0 }]);
  const driver = new VirtqueueDriver(memory, 0, 256);
  const { descriptors, available, used } = driver.layout;
  const vring: VringState = {
    ...{ size: 256, descriptorAddress: descriptors, availableAddress: available, usedAddress: used, base: 0 },
    ...{ kick: null, call: null, error: null, isStarted: true, isEnabled: true },
  };
  let nowMs = 1000;
  const queue = new DeviceQueue("control", silentLogger, () => (nowMs += clockMs));
  queue.update(memory, vring, 0n);
  for (let i = 0; i < offered; i++) driver.offer([{ address: 0x8000, lengthBytes: 8, isWritable: true }]);
  let handled = 0;
  const serve = (take = (): DescriptorChain | null => new DescriptorChain()): [number, boolean] => {
    handled = 0;
    const hasMore = queue.serve(take, () => {
      handled++;
      nowMs += requestMs;
    });
    return [handled, hasMore];
  };
  return { queue, serve };
}

test("fast requests: 64 in a turn, the others in the next", () => {
  const { serve } = setUp(100, 0.01);
  assert.deepEqual(serve(), [64, true]);
  assert.deepEqual(serve(), [36, false]);
  assert.deepEqual(serve(), [0, false]);
});

test("slow requests: the turn ends when it has been long enough, after one at least", () => {
  const slow = setUp(5, 4);
  assert.deepEqual(
    [slow.serve(), slow.serve()],
    [
      [3, true],
      [2, false],
    ],
  );
  const slowest = setUp(3, 4500);
  assert.deepEqual(
    [slowest.serve(), slowest.serve()],
    [
      [1, true],
      [1, true],
    ],
  );
  assert.deepEqual(setUp(2, 0, 4500).serve(), [1, true], "on a machine that does something else in between, too");
  assert.equal(slowest.queue.stop(), 2, "a stop between two of them finds one that was not begun");
});

test("a device that takes no more leaves the queue as it is", () => {
  const { queue, serve } = setUp(3, 1);
  assert.deepEqual(
    serve(() => null),
    [0, false],
  );
  assert.deepEqual(serve(), [3, false]);
  assert.equal(queue.stop(), 3);
});
