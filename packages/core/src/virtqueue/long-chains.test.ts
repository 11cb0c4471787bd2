/** How long a chain may be, and what is left of one that waits. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { GuestMemory } from "../memory/index.js";
import { type DriverBuffer, testSegment, VirtqueueDriver } from "../testing/virtqueue-driver.js";
import { CHAIN_MAX, DescriptorChain, SplitQueue, VIRTQ_DESC_F_NEXT } from "./index.js";

const REGION = 1 << 20;
const TABLE = 0x1_0000;
/** The end of the first region. */
const EDGE = REGION;

/** Two regions that are neighbours, and a queue of `size` in the first. */
function setUp(size: number) {
  const memory = new GuestMemory();
  const region = (i: number) => ({
    guestAddress: i * REGION,
    sizeBytes: REGION,
    userAddress: i * REGION,
    segment: testSegment(i + 1, REGION),
    segmentOffsetBytes: 0,
  });
  assert.ok(memory.replace([region(0), region(1)]));
  const driver = new VirtqueueDriver(memory, 0, size);
  const queue = new SplitQueue(memory, driver.config({ hasIndirect: true }));
  return { memory, driver, queue, chain: new DescriptorChain() };
}

const bytes = (count: number, isWritable: boolean, address = 0x8_0000): DriverBuffer[] =>
  Array.from({ length: count }, (_, i) => ({ address: address + i, lengthBytes: 1, isWritable }));

test("what Linux sends for a stream of 16 MiB is taken, from a queue of any size", () => {
  const { driver, queue, chain } = setUp(64);
  // A header, 4,096 pages, an answer.
  driver.offerIndirect([...bytes(4097, false), ...bytes(1, true)], TABLE);
  assert.ok(queue.pop(chain), queue.fault ?? "no request");
  assert.deepEqual([chain.readableBytes, chain.writableBytes, chain.spans], [4097, 1, 4098]);
});

test("a longer chain breaks the queue; empty buffers count, and a larger queue has longer ones", () => {
  const whole = setUp(64);
  whole.driver.offerIndirect(bytes(CHAIN_MAX, true), TABLE);
  assert.ok(whole.queue.pop(whole.chain), whole.queue.fault ?? "no request");
  whole.driver.offerIndirect(bytes(CHAIN_MAX + 1, true), TABLE);
  assert.equal(whole.queue.pop(whole.chain), false);
  assert.match(whole.queue.fault ?? "", /more than 4160 descriptors/);
  assert.ok(whole.chain.spans <= CHAIN_MAX);

  const empty = setUp(64);
  empty.driver.offerIndirect(
    new Array<DriverBuffer>(8000).fill({ address: 0, lengthBytes: 0, isWritable: true }),
    TABLE,
  );
  assert.equal(empty.queue.pop(empty.chain), false);
  assert.match(empty.queue.fault ?? "", /more than 4160 descriptors/, "empty buffers count too");

  const large = setUp(8192);
  for (let i = 0; i < 8192; i++)
    large.driver.writeDescriptor(i, { address: 0x8_0000, lengthBytes: 1, flags: VIRTQ_DESC_F_NEXT, next: i + 1 });
  large.driver.writeDescriptor(8191, { address: 0x8_0000, lengthBytes: 1, flags: 0, next: 0 });
  large.driver.publish(0);
  assert.ok(large.queue.pop(large.chain), "a queue may be longer, and its chains with it");
});

test("buffers over neighbouring regions are counted in pieces", () => {
  const { driver, queue, chain } = setUp(64);
  const over = new Array<DriverBuffer>(CHAIN_MAX / 2).fill({ address: EDGE - 1, lengthBytes: 2, isWritable: true });
  driver.offerIndirect(over, TABLE);
  assert.ok(queue.pop(chain), queue.fault ?? "no request");
  assert.equal(chain.spans, CHAIN_MAX);
  driver.offerIndirect([...over, ...bytes(1, true)], TABLE);
  assert.equal(queue.pop(chain), false);
  assert.match(queue.fault ?? "", /more than 4160 pieces/);
});

test("a trimmed chain keeps the spans of its first bytes, finds them again, and answers with them", () => {
  const { memory, driver, queue, chain } = setUp(64);
  const head = driver.offerIndirect(
    [...bytes(40, false), { address: EDGE - 2, lengthBytes: 4, isWritable: true }, ...bytes(40, true)],
    TABLE,
  );
  assert.ok(queue.pop(chain));
  chain.trim(24, 3);
  assert.deepEqual([chain.readable.length, chain.writable.length, chain.spans], [24, 2, 26]);
  assert.deepEqual([chain.readableBytes, chain.writableBytes], [24, 4]);
  assert.equal(chain.read(0, new Uint8Array(112)), 24);
  chain.trim(0, 3);
  assert.deepEqual([chain.readable.length, chain.writable.length, chain.head], [0, 2, head]);
  assert.ok(chain.rebind(memory), "the addresses were cut with the spans");
  assert.equal(chain.write(0, Uint8Array.of(7, 8, 9)), 3);
  const at = (address: number): number => memory.span(address, 1)!.segment.bytes[address % REGION]!;
  assert.deepEqual([at(EDGE - 2), at(EDGE - 1), at(EDGE)], [7, 8, 9]);
  chain.trim(0, 1000);
  assert.equal(chain.spans, 2, "trimming never brings anything back");
});
