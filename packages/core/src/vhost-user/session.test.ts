import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLogger } from "../base/index.js";
import { GuestMemory } from "../memory/index.js";
import { testSegment } from "../testing/virtqueue-driver.js";
import {
  type Fd,
  type MappedRegion,
  VHOST_USER_F_PROTOCOL_FEATURES,
  VHOST_USER_NEED_REPLY,
  VHOST_USER_VERSION,
  type VhostUserDevice,
  VhostUserProtocolFeature,
  VhostUserRequest as R,
  VhostUserSession,
  type VringState,
} from "./index.js";

/** Files of 64 KiB behind made-up descriptors; counts what is open and mapped. */
function setUp(options: Partial<Pick<VhostUserDevice, "sharedMemory" | "sharesObjects">> = {}) {
  const open = new Set<number>();
  const replies: Uint8Array[] = [];
  const vrings = new Map<number, VringState>();
  const channels: number[] = [];
  /** First addresses of the regions that the device was told of, each time before they were in force. */
  const changes: number[][] = [];
  let mapped = 0;
  let resets = 0;
  const device: VhostUserDevice = {
    queueCount: 2,
    deviceFeatures: 3n,
    readConfig: () => Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0),
    writeConfig: () => {},
    setFeatures: () => {},
    updateVring: (index, vring) => void vrings.set(index, { ...vring }),
    stopVring: (index) => (vrings.delete(index) ? 7 : 0),
    memoryChanges: (next) => void changes.push(next.regions.map((region) => region.guestAddress)),
    sharedMemory: options.sharedMemory ?? [],
    sharesObjects: options.sharesObjects ?? false,
    sharedObject: (uuid) => (uuid[0] === 0xaa ? (77 as Fd) : null),
    setGpuSocket: (fd) => void channels.push(fd),
    setBackendChannel: (fd) => void channels.push(fd),
    reset: () => void resets++,
  };
  const port = {
    mapRegion(fd: Fd, offsetBytes: number, sizeBytes: number): MappedRegion | null {
      open.delete(fd);
      if (offsetBytes + sizeBytes > 0x10000) return null;
      mapped++;
      return { segment: testSegment(fd, 0x10000), offsetBytes, release: () => void mapped-- };
    },
    closeFd: (fd: Fd) => assert.ok(open.delete(fd), `descriptor ${fd} is closed once`),
  };
  const sentFds: number[] = [];
  const state = { isGone: false };
  const session = new VhostUserSession(new GuestMemory(), device, port, silentLogger, (message, fds) => {
    if (state.isGone) throw new Error("the front-end is gone");
    replies.push(message);
    sentFds.push(...fds);
  });
  const send = (
    request: number,
    payload: Uint8Array = new Uint8Array(0),
    fds: number[] = [],
    flags = VHOST_USER_VERSION,
  ) => {
    for (const fd of fds) open.add(fd);
    return session.handle(request, flags, payload, fds as Fd[]);
  };
  const counts = { mapped: () => mapped, resets: () => resets };
  return { session, send, replies, sentFds, state, open, vrings, channels, changes, ...counts };
}

function u64s(...values: (number | bigint)[]): Uint8Array {
  const bytes = new Uint8Array(8 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => view.setBigUint64(8 * i, BigInt(value), true));
  return bytes;
}

function u32s(...values: number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(values).buffer);
}

function bytes(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function replyU64(reply: Uint8Array | undefined): bigint {
  assert.ok(reply !== undefined, "there is a reply");
  return new DataView(reply.buffer).getBigUint64(12, true);
}

const region = (guestAddress: number, sizeBytes: number, offset = 0) =>
  u64s(guestAddress, sizeBytes, 0x7000_0000 + guestAddress, offset);
const table = (...regions: Uint8Array[]) => bytes(u32s(regions.length, 0), ...regions);

test("the start-up that QEMU does ends with two rings that may run", () => {
  const { send, replies, vrings, session, channels, open } = setUp();
  assert.ok(send(R.GET_FEATURES).ok);
  const features = replyU64(replies.at(-1));
  assert.equal(features & 3n, 3n);
  assert.ok(features & (1n << VHOST_USER_F_PROTOCOL_FEATURES));
  send(R.GET_PROTOCOL_FEATURES);
  assert.equal(replyU64(replies.at(-1)), session.offeredProtocolFeatures);
  send(R.SET_PROTOCOL_FEATURES, u64s(1n << VhostUserProtocolFeature.REPLY_ACK));
  send(R.SET_FEATURES, u64s(features | (1n << 45n)));
  assert.equal(session.features, features, "what was not offered is masked out");
  assert.ok(send(R.SET_MEM_TABLE, table(region(0, 0x8000), region(0x10_0000_0000, 0x4000, 0x1000)), [50, 51]).ok);
  assert.equal(session.memory.regions[1]?.segmentOffsetBytes, 0x1000);
  send(R.GPU_SET_SOCKET, undefined, [60]);
  assert.deepEqual(channels, [60]);
  open.delete(60);
  for (const index of [0, 1]) {
    send(R.SET_VRING_NUM, u32s(index, 64));
    send(R.SET_VRING_BASE, u32s(index, 0));
    send(R.SET_VRING_ADDR, bytes(u32s(index, 0), u64s(0x7000_0000, 0x7000_1000, 0x7000_2000, 0)));
    send(R.SET_VRING_CALL, u64s(index), [70 + index]);
    send(R.SET_VRING_KICK, u64s(index), [80 + index]);
    send(R.SET_VRING_ENABLE, u32s(index, 1));
  }
  const ring = vrings.get(1);
  assert.deepEqual(
    [ring?.size, ring?.kick, ring?.call, ring?.isEnabled, ring?.availableAddress],
    [64, 81, 71, true, 0x7000_2000],
  );
  send(R.GET_VRING_BASE, u32s(1, 0));
  assert.deepEqual([...new Uint32Array(replies.at(-1)!.buffer, 12)], [1, 7]);
  assert.equal(vrings.has(1), false);
  session.close();
  assert.equal(open.size, 0, "every descriptor is closed");
});

test("a message that asks for an acknowledgement gets exactly one reply", () => {
  const { send, replies } = setUp();
  const flags = VHOST_USER_VERSION | VHOST_USER_NEED_REPLY;
  send(R.SET_OWNER, undefined, [], flags);
  assert.equal(replies.length, 0, "REPLY_ACK is not negotiated");
  send(R.SET_PROTOCOL_FEATURES, u64s(1n << VhostUserProtocolFeature.REPLY_ACK), [], flags);
  assert.equal(replyU64(replies.pop()), 0n);
  send(R.GET_QUEUE_NUM, undefined, [], flags);
  assert.deepEqual([replies.length, replyU64(replies.pop())], [1, 2n]);
  assert.equal(send(R.SET_MEM_TABLE, table(region(0, 0x20000)), [9], flags).ok, false);
  assert.equal(replyU64(replies.pop()), 1n);
});

test("memory comes and goes, and nothing stays mapped", () => {
  const { send, session, mapped, changes } = setUp();
  const slot = (...values: [number, number]) => bytes(u64s(0), region(...values));
  assert.ok(send(R.ADD_MEM_REG, slot(0, 0x1000), [1]).ok);
  assert.ok(send(R.ADD_MEM_REG, slot(0x1000, 0x1000), [2]).ok);
  assert.equal(mapped(), 2);
  assert.ok(session.memory.span(0x1800, 0x100));
  assert.ok(send(R.REM_MEM_REG, slot(0x1000, 0x1000), [3]).ok, "some front-ends send a descriptor here");
  assert.equal(session.memory.span(0x1800, 0x100), null);
  assert.ok(send(R.SET_MEM_TABLE, table(region(0x4000, 0x1000)), [4]).ok);
  assert.equal(session.memory.span(0, 1), null);
  assert.equal(mapped(), 1);
  assert.deepEqual(changes, [[0], [0, 0x1000], [0], [0x4000]], "the device is told of each, with what comes");
  assert.equal(send(R.ADD_MEM_REG, slot(0x4800, 0x1000), [5]).ok, false, "it overlaps");
  assert.deepEqual([mapped(), changes.length], [1, 4], "of what does not come it is not");
  session.close();
  assert.equal(mapped(), 0);
});

test("configuration reads past the end are zero, and lengths must agree", () => {
  const { send, replies } = setUp();
  assert.ok(send(R.GET_CONFIG, bytes(u32s(8, 16, 0), new Uint8Array(16).fill(255))).ok);
  assert.deepEqual([...new Uint32Array(replies.at(-1)!.buffer, 24)], [1, 2, 0, 0]);
  assert.ok(send(R.GET_CONFIG, bytes(u32s(240, 16, 0), new Uint8Array(16))).ok, "up to the end of what may be");
  assert.equal(send(R.GET_CONFIG, bytes(u32s(241, 16, 0), new Uint8Array(16))).ok, false);
  assert.equal(send(R.GET_CONFIG, bytes(u32s(0, 17, 0), new Uint8Array(16))).ok, false);
  assert.equal(send(R.GET_CONFIG, bytes(u32s(0xffffffff, 16, 0), new Uint8Array(16))).ok, false);
  assert.equal(send(R.GET_CONFIG, u32s(0)).ok, false);
});

test("eight regions are taken, the ninth is refused until another goes", () => {
  const { send, session, mapped } = setUp();
  const slot = (index: number) => bytes(u64s(0), region(index * 0x1000, 0x1000));
  const eight = Array.from({ length: 8 }, (_, index) => region(index * 0x1000, 0x1000));
  assert.ok(send(R.SET_MEM_TABLE, table(...eight), [1, 2, 3, 4, 5, 6, 7, 8]).ok);
  assert.equal(send(R.ADD_MEM_REG, slot(8), [9]).ok, false);
  assert.ok(send(R.REM_MEM_REG, slot(0)).ok);
  assert.ok(send(R.ADD_MEM_REG, slot(8), [9]).ok);
  assert.equal(mapped(), 8);
  session.close();
  assert.equal(mapped(), 0);
});

test("a ring starts with its kick; without protocol features it is enabled from the start", () => {
  for (const features of [0n, 1n << VHOST_USER_F_PROTOCOL_FEATURES]) {
    const { send, vrings } = setUp();
    send(R.SET_FEATURES, u64s(features));
    send(R.SET_VRING_CALL, u64s(0), [5]);
    assert.equal(vrings.size, 0, "a call starts nothing");
    send(R.SET_VRING_KICK, u64s(0), [6]);
    assert.equal(vrings.get(0)?.isEnabled, features === 0n);
  }
});

test("status 0 resets the device, others do not", () => {
  const { send, replies, resets } = setUp();
  send(R.SET_STATUS, u64s(0xf));
  assert.equal(resets(), 0);
  send(R.GET_STATUS);
  assert.equal(replyU64(replies.at(-1)), 0xfn);
  send(R.SET_STATUS, u64s(0));
  assert.equal(resets(), 1);
});

test("messages that break the protocol end the session and leak nothing", () => {
  const cases: [string, number, Uint8Array, number[]][] = [
    ["an unknown request", 99, new Uint8Array(0), []],
    ["a short payload", R.SET_FEATURES, u32s(1), []],
    ["a long payload", R.GET_FEATURES, u64s(1), []],
    ["a ring that does not exist", R.SET_VRING_NUM, u32s(2, 64), []],
    ["a ring index in a descriptor message", R.SET_VRING_KICK, u64s(255), [1]],
    ["a kick without descriptor", R.SET_VRING_KICK, u64s(0), []],
    ["regions without descriptors", R.SET_MEM_TABLE, table(region(0, 0x1000)), []],
    ["more regions than bytes", R.SET_MEM_TABLE, u32s(2, 0), [1, 2]],
    ["more regions than allowed", R.SET_MEM_TABLE, u32s(9, 0), [1, 2, 3, 4, 5, 6, 7, 8]],
    ["regions that overlap", R.SET_MEM_TABLE, table(region(0, 0x1000), region(0x800, 0x1000)), [1, 2]],
    [
      "a region longer than its file",
      R.SET_MEM_TABLE,
      table(region(0, 0x1000), region(0x1000, 0x10000, 0x1000)),
      [1, 2],
    ],
    ["an address above 2^53", R.SET_MEM_TABLE, table(u64s(1n << 60n, 0x1000, 0, 0)), [1]],
    ["a size above 2^53", R.SET_MEM_TABLE, table(u64s(0, 1n << 60n, 0, 0)), [1]],
    ["a user address above 2^53", R.SET_MEM_TABLE, table(u64s(0, 0x1000, 1n << 60n, 0)), [1]],
    ["an offset above 2^53", R.SET_MEM_TABLE, table(u64s(0, 0x1000, 0, 1n << 60n)), [1]],
    ["an empty region", R.ADD_MEM_REG, bytes(u64s(0), region(0, 0)), [1]],
    ["removal of what is not there", R.REM_MEM_REG, bytes(u64s(0), region(0, 0x1000)), []],
    ["a GPU socket without descriptor", R.GPU_SET_SOCKET, new Uint8Array(0), []],
  ];
  for (const [name, request, payload, fds] of cases) {
    const set = setUp();
    assert.equal(set.send(request, payload, fds).ok, false, name);
    set.session.close();
    assert.deepEqual([set.open.size, set.mapped()], [0, 0], name);
  }
  const wrongVersion = setUp();
  assert.equal(wrongVersion.send(R.SET_OWNER, undefined, [5], 2).ok, false);
  assert.equal(wrongVersion.open.size, 0);
});

test("shared memory and shared objects are offered with what they need, and answered only when negotiated", () => {
  const none = setUp();
  const bits = (1n << VhostUserProtocolFeature.SHMEM) | (1n << VhostUserProtocolFeature.SHARED_OBJECT);
  assert.equal(none.session.offeredProtocolFeatures & bits, 0n);
  const { send, replies, sentFds, session } = setUp({
    sharedMemory: [{ shmId: 1, sizeBytes: 0x4000_0000 }],
    sharesObjects: true,
  });
  assert.equal(session.offeredProtocolFeatures & bits, bits);
  send(R.SET_PROTOCOL_FEATURES, u64s(bits));
  assert.ok(send(R.GET_SHMEM_CONFIG).ok);
  const config = new DataView(replies.at(-1)!.buffer, 12);
  assert.deepEqual(
    [config.byteLength, config.getUint32(0, true), config.getBigUint64(16, true)],
    [2056, 1, 0x4000_0000n],
  );
  const known = new Uint8Array(16).fill(0xaa);
  assert.ok(send(R.GET_SHARED_OBJECT, known).ok);
  assert.deepEqual([[...replies.at(-1)!.subarray(12)], sentFds], [[...known], [77]]);
  assert.ok(send(R.GET_SHARED_OBJECT, new Uint8Array(16)).ok, "an unknown object is not an error of the protocol");
  assert.deepEqual(sentFds, [77]);
  for (const [request, payload] of [
    [R.GET_SHMEM_CONFIG, new Uint8Array(0)],
    [R.GET_SHARED_OBJECT, known],
  ] as const) {
    const early = setUp({ sharedMemory: [{ shmId: 1, sizeBytes: 4096 }], sharesObjects: true });
    assert.equal(early.send(request, payload).ok, false, "not negotiated");
  }
  assert.equal(send(R.GET_SHARED_OBJECT, new Uint8Array(15)).ok, false, "a UUID has 16 bytes");
  assert.equal(send(R.GET_SHMEM_CONFIG, new Uint8Array(8)).ok, false, "without payload");
});

test("a reply that cannot be sent leaves no descriptor open", () => {
  const { send, open, state } = setUp();
  state.isGone = true;
  assert.throws(() => send(R.GET_VRING_BASE, u32s(0, 0), [5, 6]), /gone/);
  assert.throws(() => send(R.GET_FEATURES, undefined, [7]), /gone/);
  assert.equal(open.size, 0);
});
