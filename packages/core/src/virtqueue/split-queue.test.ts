import assert from "node:assert/strict";
import { test } from "node:test";
import { GuestMemory } from "../memory/index.js";
import { VirtqueueDriver, testSegment } from "../testing/virtqueue-driver.js";
import { DescriptorChain, SplitQueue, VIRTQ_DESC_F_INDIRECT, VIRTQ_DESC_F_NEXT, checkSplitQueue } from "./index.js";

const LOW = 0x1000;
const HIGH = 0x1_0000_0000;
const DATA = LOW + 0x4000;

/** Two regions, the second above 4 GiB, and a queue of 8 in the first. */
function setUp(options: { hasEventIndex?: boolean; hasIndirect?: boolean } = {}) {
  const memory = new GuestMemory();
  const low = testSegment(1, 0x10000);
  const high = testSegment(2, 0x2000);
  const regions = [
    { guestAddress: HIGH, sizeBytes: 0x2000, userAddress: 0x7000_0000_0000, segment: high, segmentOffsetBytes: 0 },
    { guestAddress: LOW, sizeBytes: 0x8000, userAddress: 0x6000_0000_0000, segment: low, segmentOffsetBytes: 0x1000 },
  ];
  assert.ok(memory.replace(regions));
  const driver = new VirtqueueDriver(memory, LOW, 8);
  const config = driver.config(options);
  assert.equal(checkSplitQueue(config), null);
  return { memory, driver, queue: new SplitQueue(memory, config), chain: new DescriptorChain(), low, high };
}

test("a request goes to the device and its answer comes back", () => {
  const { memory, driver, queue, chain } = setUp();
  assert.equal(queue.pop(chain), false);
  const request = memory.span(DATA, 4)!;
  request.segment.bytes.set([1, 2, 3, 4], request.offsetBytes);
  const head = driver.offer([
    { address: DATA, lengthBytes: 4, isWritable: false },
    { address: HIGH + 16, lengthBytes: 2, isWritable: true },
    { address: HIGH + 100, lengthBytes: 6, isWritable: true },
  ]);
  assert.equal(queue.pop(chain), true);
  assert.equal(chain.head, head);
  assert.deepEqual([chain.readableBytes, chain.writableBytes], [4, 8]);
  const read = new Uint8Array(3);
  assert.equal(chain.read(1, read), 3);
  assert.deepEqual([...read], [2, 3, 4]);
  assert.equal(chain.write(1, Uint8Array.of(9, 8, 7)), 3);
  const answer = memory.span(HIGH, 0x200)!.segment.bytes;
  assert.deepEqual([answer[16], answer[17], answer[100], answer[101]], [0, 9, 8, 7]);
  queue.push(chain.head, 4);
  assert.deepEqual(driver.takeUsed(), { head, writtenBytes: 4 });
  assert.equal(driver.takeUsed(), null);
});

test("indices wrap around after 65,536 requests", () => {
  const { driver, queue, chain } = setUp();
  for (let i = 0; i < 70_000; i++) {
    driver.offer([{ address: DATA, lengthBytes: 1, isWritable: true }]);
    assert.ok(queue.pop(chain), `request ${i}: ${queue.fault}`);
    queue.push(chain.head, 1);
    assert.equal(driver.takeUsed()?.head, chain.head);
  }
});

test("an indirect table is followed only where it was negotiated", () => {
  const buffers = [
    { address: DATA, lengthBytes: 8, isWritable: false },
    { address: DATA + 64, lengthBytes: 8, isWritable: true },
  ];
  const allowed = setUp({ hasIndirect: true });
  allowed.driver.offerIndirect(buffers, DATA + 512);
  assert.ok(allowed.queue.pop(allowed.chain));
  assert.deepEqual([allowed.chain.readableBytes, allowed.chain.writableBytes], [8, 8]);
  const refused = setUp();
  refused.driver.offerIndirect(buffers, DATA + 512);
  assert.equal(refused.queue.pop(refused.chain), false);
  assert.match(refused.queue.fault ?? "", /indirect/);
});

test("a buffer may run from one region into its neighbour, not past the end", () => {
  const memory = new GuestMemory();
  const a = testSegment(1, 0x1000);
  const b = testSegment(2, 0x1000);
  memory.replace([
    { guestAddress: 0, sizeBytes: 0x1000, userAddress: 0, segment: a, segmentOffsetBytes: 0 },
    { guestAddress: 0x1000, sizeBytes: 0x1000, userAddress: 0x1000, segment: b, segmentOffsetBytes: 0 },
  ]);
  const chain = new DescriptorChain();
  assert.equal(chain.add(memory, 0xff0, 32, true), null);
  assert.equal(chain.writable.length, 2);
  assert.match(chain.add(memory, 0x1ff0, 32, true) ?? "", /outside/);
});

test("the driver is notified once per used_event that was passed", () => {
  const { driver, queue, chain } = setUp({ hasEventIndex: true });
  const serve = (): boolean => {
    driver.offer([{ address: DATA, lengthBytes: 1, isWritable: true }]);
    queue.pop(chain);
    queue.push(chain.head, 0);
    return queue.needsNotification();
  };
  driver.setUsedEvent(0);
  assert.equal(serve(), true);
  assert.equal(serve(), false, "used_event 0 was passed before");
  driver.setUsedEvent(2);
  assert.equal(serve(), true);
  assert.equal(queue.needsNotification(), false, "nothing new");
  assert.equal(queue.enableNotification(), false);
  driver.offer([{ address: DATA, lengthBytes: 1, isWritable: true }]);
  assert.equal(queue.enableNotification(), true, "a request came before the device slept");
});

test("without event indices the driver's flag decides whether it is notified", () => {
  const { driver, queue, chain, low } = setUp();
  const flags = new DataView(low.bytes.buffer, 0x1000 + driver.layout.available - LOW, 2);
  driver.offer([{ address: DATA, lengthBytes: 1, isWritable: true }]);
  queue.pop(chain);
  queue.push(chain.head, 0);
  assert.equal(queue.needsNotification(), true);
  flags.setUint16(0, 1, true);
  assert.equal(queue.needsNotification(), false, "VIRTQ_AVAIL_F_NO_INTERRUPT");
});

test("a queue may be full, and one request may take all of it", () => {
  const { driver, queue, chain } = setUp();
  const buffer = { address: DATA, lengthBytes: 1, isWritable: true };
  for (let i = 0; i < 8; i++) driver.offer([buffer]);
  for (let i = 0; i < 8; i++) assert.ok(queue.pop(chain), queue.fault ?? "no request");
  assert.equal(queue.pop(chain), false);
  driver.offer(new Array(8).fill(buffer));
  assert.ok(queue.pop(chain), queue.fault ?? "no request");
  assert.equal(chain.writable.length, 8);
});

test("sizes that are no power of two up to 32768 are refused, and rings that are not where they must be", () => {
  const { driver } = setUp();
  const config = driver.config();
  const sizes = [0, 3, 65_536, 1, 32_768].map((size) => checkSplitQueue({ ...config, size }));
  assert.ok(sizes.slice(0, 3).every((reason) => /power of two/.test(reason ?? "")));
  assert.deepEqual(sizes.slice(3), [null, "descriptor table outside guest memory"]);
  const shorter = (part: "descriptors" | "available" | "used") =>
    checkSplitQueue({ ...config, [part]: { ...config[part], lengthBytes: config[part].lengthBytes - 1 } });
  assert.match(shorter("descriptors") ?? "", /descriptor table/);
  assert.match(shorter("available") ?? "", /available ring outside/);
  assert.match(shorter("used") ?? "", /used ring outside/);
  const moved = (part: "available" | "used", bytes: number) =>
    checkSplitQueue({ ...config, [part]: { ...config[part], offsetBytes: config[part].offsetBytes + bytes } });
  assert.match(moved("available", 1) ?? "", /not 2-byte aligned/);
  assert.match(moved("used", 2) ?? "", /not 4-byte aligned/);
});

const violations: [string, (s: ReturnType<typeof setUp>) => void, RegExp][] = [
  ["an available index that runs away", (s) => s.driver.setAvailableIndex(9), /ahead/],
  ["a head outside the table", (s) => s.driver.publish(8), /descriptor 8/],
  ["a chain that loops", (s) => loop(s), /loop/],
  ["a successor outside the table", (s) => raw(s, { flags: VIRTQ_DESC_F_NEXT, next: 8 }), /descriptor 8/],
  ["an address outside memory", (s) => raw(s, { address: 0x9000 }), /outside/],
  ["a length past the region's end", (s) => raw(s, { address: LOW + 0x7fff, lengthBytes: 2 }), /outside/],
  ["an address above 2^53", (s) => raw(s, { address: 2 ** 60 }), /2\^53/],
  ["readable after writable", (s) => order(s), /readable/],
  ["an indirect table of odd size", (s) => raw(s, { flags: VIRTQ_DESC_F_INDIRECT, lengthBytes: 17 }), /17 bytes/],
  ["an empty indirect table", (s) => raw(s, { flags: VIRTQ_DESC_F_INDIRECT, lengthBytes: 0 }), /0 bytes/],
  ["an indirect table outside memory", (s) => raw(s, { flags: VIRTQ_DESC_F_INDIRECT, address: 0x9000 }), /outside/],
  ["indirect with a successor", (s) => raw(s, { flags: VIRTQ_DESC_F_INDIRECT | VIRTQ_DESC_F_NEXT }), /successor/],
];

for (const [name, violate, reason] of violations) {
  test(`${name} breaks the queue and nothing else`, () => {
    const set = setUp({ hasIndirect: true });
    violate(set);
    assert.equal(set.queue.pop(set.chain), false);
    assert.match(set.queue.fault ?? "", reason);
    assert.equal(set.queue.pop(set.chain), false);
    assert.equal(set.driver.takeUsed(), null);
  });
}

function raw(
  s: ReturnType<typeof setUp>,
  change: { address?: number; lengthBytes?: number; flags?: number; next?: number },
): void {
  s.driver.writeDescriptor(0, { address: DATA, lengthBytes: 16, flags: 0, next: 0, ...change });
  s.driver.publish(0);
}

function loop(s: ReturnType<typeof setUp>): void {
  for (const next of [1, 0])
    s.driver.writeDescriptor(1 - next, { address: DATA, lengthBytes: 4, flags: VIRTQ_DESC_F_NEXT, next });
  s.driver.publish(0);
}

function order(s: ReturnType<typeof setUp>): void {
  s.driver.offer([
    { address: DATA, lengthBytes: 4, isWritable: true },
    { address: DATA, lengthBytes: 4, isWritable: false },
  ]);
}

test("regions that overlap or leave their segment are refused and the old ones stay", () => {
  const { memory } = setUp();
  const region = { guestAddress: 0, sizeBytes: 16, userAddress: 0, segment: testSegment(3, 16), segmentOffsetBytes: 0 };
  assert.equal(memory.replace([region, { ...region, guestAddress: 8 }]), false);
  assert.equal(memory.replace([{ ...region, segmentOffsetBytes: 1 }]), false);
  assert.equal(memory.replace([{ ...region, sizeBytes: 2 ** 53 }]), false);
  assert.ok(memory.span(HIGH, 0x2000));
});
