/** A hostile driver against our own process: orders, lengths and descriptors that no driver sends. Answers are errors, never silence. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { type DriverBuffer, Random } from "@virtgpu/core/testing";
import { VhostUserRequest as R } from "@virtgpu/core/vhost-user";
import * as g from "@virtgpu/core/virtio-gpu";
import { FREE, type GpuFrontEnd, RAM_BASE } from "./gpu-front-end.js";
import { startBackEnd, typeOf, untilLogged } from "./start-back-end.js";

const HEADER = g.VIRTIO_GPU_CTRL_HDR_BYTES;
const {
  VIRTIO_GPU_RESP_OK_NODATA: OK,
  VIRTIO_GPU_RESP_ERR_UNSPEC: UNSPECIFIED,
  VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER: BAD_PARAMETER,
  VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID: BAD_RESOURCE,
} = g;
const SIDE = 4;
const SIZE = SIDE * SIDE * 4;
/** Where raw requests and their answers lie. */
const RAW = FREE + 0x10_0000;
const RAW_ANSWER = FREE + 0x20_0000;

/** Everything is as before: a resource can be made, used and dropped. */
function assertWorks(frontEnd: GpuFrontEnd, id = 0x7777): void {
  assert.equal(typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [id, 1, SIDE, SIDE])), OK);
  assert.equal(typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [id, 1, FREE, 0, SIZE, 0])), OK);
  assert.equal(typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, [0, 0, SIDE, SIDE, 0, 0, id, 0])), OK);
  assert.equal(typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_UNREF, [id, 0])), OK);
}

/** What one resource id is for the guest: the answers follow from it. */
interface Model {
  exists: boolean;
  isBacked: boolean;
}

interface Step {
  readonly name: string;
  readonly type: number;
  readonly words: readonly number[];
  /** @returns the answer that the specification asks for; changes the model as the command does */
  readonly expect: (model: Model) => number;
}

const onExisting = (then: (model: Model) => number) => (model: Model) => (model.exists ? then(model) : BAD_RESOURCE);

const steps: readonly Step[] = [
  {
    name: "create",
    type: g.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D,
    words: [9, 1, SIDE, SIDE],
    expect: (model) => {
      if (model.exists) return BAD_RESOURCE;
      Object.assign(model, { exists: true, isBacked: false });
      return OK;
    },
  },
  {
    name: "unref",
    type: g.VIRTIO_GPU_CMD_RESOURCE_UNREF,
    words: [9, 0],
    expect: onExisting((model) => {
      model.exists = false;
      return OK;
    }),
  },
  {
    name: "attach",
    type: g.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING,
    words: [9, 1, FREE, 0, SIZE, 0],
    expect: onExisting((model) => {
      if (model.isBacked) return UNSPECIFIED;
      model.isBacked = true;
      return OK;
    }),
  },
  {
    name: "detach",
    type: g.VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING,
    words: [9, 0],
    expect: onExisting((model) => {
      if (!model.isBacked) return UNSPECIFIED;
      model.isBacked = false;
      return OK;
    }),
  },
  {
    name: "transfer",
    type: g.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D,
    words: [0, 0, SIDE, SIDE, 0, 0, 9, 0],
    expect: onExisting((model) => (model.isBacked ? OK : BAD_PARAMETER)),
  },
  {
    name: "scanout",
    type: g.VIRTIO_GPU_CMD_SET_SCANOUT,
    words: [0, 0, SIDE, SIDE, 0, 9],
    expect: onExisting(() => OK),
  },
  {
    name: "flush",
    type: g.VIRTIO_GPU_CMD_RESOURCE_FLUSH,
    words: [0, 0, SIDE, SIDE, 9, 0],
    expect: onExisting(() => OK),
  },
];

for (const flags of [[], ["--virgl"]]) {
  test(`commands on one resource in every order of four ${flags.join("")}`, (t) => {
    const frontEnd = startBackEnd(t, flags);
    const count = steps.length;
    for (let n = 0; n < count ** 4; n++) {
      const order = [0, 1, 2, 3].map((digit) => steps[Math.floor(n / count ** digit) % count]!);
      const model: Model = { exists: false, isBacked: false };
      for (const [i, step] of order.entries()) {
        const answer = typeOf(frontEnd.request(step.type, step.words));
        const expected = step.expect(model);
        // The message is built only when needed: there are thousands.
        if (answer !== expected)
          assert.fail(
            `${order.map(({ name }) => name).join(", ")}: step ${i} gave 0x${answer.toString(16)}, not 0x${expected.toString(16)}`,
          );
      }
      if (model.exists) frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_UNREF, [9, 0]);
    }
    assertWorks(frontEnd);
  });
}

test("transfers whose stride holds no row are refused, and show no byte that the guest did not write", (t) => {
  const frontEnd = startBackEnd(t, ["--virgl"]);
  const inContext = { contextId: 1 };
  const [width, depth] = [16, 256];
  const size = width * depth * 4;
  const start = FREE + 0x40_0000;
  const name = new Array<number>(16).fill(0x41414141);
  assert.equal(typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_CTX_CREATE, [4, 0, ...name], inContext)), OK);
  // PIPE_TEXTURE_3D, R8G8B8A8_UNORM, RENDER_TARGET | SAMPLER_VIEW: one row and many layers.
  const shape = [3, 67, 10, width, 1, depth, 1, 0, 0, 0, 0];
  assert.equal(typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_3D, [5, ...shape])), OK);
  assert.equal(typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [5, 1, start, 0, size, 0])), OK);
  assert.equal(typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_CTX_ATTACH_RESOURCE, [5, 0], inContext)), OK);
  const memory = frontEnd.view(start, size);
  for (let at = 0; at < size; at += 4) memory.setUint32(at, 0xaaaaaaaa, true);
  const { VIRTIO_GPU_CMD_TRANSFER_TO_HOST_3D: TO_HOST, VIRTIO_GPU_CMD_TRANSFER_FROM_HOST_3D: FROM_HOST } = g;
  const box = [0, 0, 0, width, 1, depth, 0, 0, 5, 0];
  // Guest memory is read, and written, until the fence has signalled.
  const fenced = (fenceId: bigint) => ({ ...inContext, flags: g.VIRTIO_GPU_FLAG_FENCE, fenceId });
  for (const stride of [1, 2, 3, 4, 60, 63]) {
    for (const type of [TO_HOST, FROM_HOST])
      assert.equal(typeOf(frontEnd.request(type, [...box, stride, 64], inContext)), BAD_PARAMETER, `stride ${stride}`);
  }
  assert.equal(typeOf(frontEnd.request(FROM_HOST, [...box, 64, 64], fenced(1n))), OK);
  for (let at = 0; at < size; at += 4) assert.equal(memory.getUint32(at, true), 0, "nothing was uploaded");
  for (let at = 0; at < size; at += 4) memory.setUint32(at, at, true);
  assert.equal(typeOf(frontEnd.request(TO_HOST, [...box, 64, 64], fenced(2n))), OK);
  for (let at = 0; at < size; at += 4) memory.setUint32(at, 0, true);
  assert.equal(typeOf(frontEnd.request(FROM_HOST, [...box, 64, 64], fenced(3n))), OK);
  for (let at = 0; at < size; at += 4) assert.equal(memory.getUint32(at, true), at, "a right stride moves all of it");
  assertWorks(frontEnd);
});

/** Offers a raw request and waits for its end. */
function sendRaw(frontEnd: GpuFrontEnd, buffers: readonly DriverBuffer[]): { head: number; writtenBytes: number } {
  const head = frontEnd.control.offer(buffers);
  frontEnd.kick(0);
  const used = frontEnd.waitUsed();
  assert.equal(used.head, head);
  return used;
}

/** Writes a request of u32s at `RAW`. @returns its length */
function writeRaw(frontEnd: GpuFrontEnd, type: number, words: readonly number[]): number {
  const view = frontEnd.view(RAW, HEADER + 4 * words.length);
  for (let at = 0; at < HEADER; at += 4) view.setUint32(at, at === 0 ? type : 0, true);
  words.forEach((word, i) => view.setUint32(HEADER + 4 * i, word >>> 0, true));
  return view.byteLength;
}

test("every command at every length, cut into pieces, with answers of every size", (t) => {
  const frontEnd = startBackEnd(t, ["--virgl"]);
  const answer = frontEnd.view(RAW_ANSWER, 4096);
  const random = new Random(7);
  for (const { type, fixedBytes, queue } of g.commandTable) {
    if (queue !== "control") continue;
    const whole = writeRaw(frontEnd, type, new Array<number>(40).fill(0));
    for (let length = 1; length <= fixedBytes + 4; length += length < HEADER ? 5 : 4) {
      const cut = 1 + random.below(length);
      const room = random.below(80);
      answer.setUint32(0, 0, true);
      const pieces: DriverBuffer[] = [
        { address: RAW, lengthBytes: cut, isWritable: false },
        { address: RAW + cut, lengthBytes: Math.min(length, whole) - cut, isWritable: false },
        { address: RAW_ANSWER, lengthBytes: room >> 1, isWritable: true },
        { address: RAW_ANSWER + (room >> 1), lengthBytes: room - (room >> 1), isWritable: true },
      ];
      const { writtenBytes } = sendRaw(frontEnd, pieces);
      assert.ok(writtenBytes <= room, "never more than there is room for");
      if (length < HEADER && room >= 4) assert.equal(answer.getUint32(0, true), UNSPECIFIED);
      else if (length < fixedBytes && room >= 4) assert.equal(answer.getUint32(0, true), BAD_PARAMETER);
      else if (room >= 4) assert.ok(answer.getUint32(0, true) >= 0x1100);
    }
  }
  assertWorks(frontEnd);
});

test("chains of many and of empty pieces, and indirect ones, are read whole", (t) => {
  const frontEnd = startBackEnd(t);
  const length = writeRaw(frontEnd, g.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [5, 1, 4, 4]);
  const bytes: DriverBuffer[] = Array.from({ length }, (_, i) => ({
    address: RAW + i,
    lengthBytes: 1,
    isWritable: false,
  }));
  const room = { address: RAW_ANSWER, lengthBytes: HEADER, isWritable: true };
  assert.equal(sendRaw(frontEnd, [...bytes, room]).writtenBytes, HEADER);
  assert.equal(typeOf(frontEnd.view(RAW_ANSWER, 4)), OK);
  const empty = { address: RAW, lengthBytes: 0, isWritable: false };
  assert.equal(sendRaw(frontEnd, [empty, empty, room]).writtenBytes, HEADER, "an empty request has an answer");
  assert.equal(typeOf(frontEnd.view(RAW_ANSWER, 4)), UNSPECIFIED);
  assert.equal(sendRaw(frontEnd, [room]).writtenBytes, HEADER, "no request at all");
  const whole = { address: RAW, lengthBytes: length, isWritable: false };
  writeRaw(frontEnd, g.VIRTIO_GPU_CMD_RESOURCE_UNREF, [5, 0]);
  const head = frontEnd.control.offerIndirect([whole, room], RAW + 0x1000);
  frontEnd.kick(0);
  assert.deepEqual(frontEnd.waitUsed(), { head, writtenBytes: HEADER });
  assert.equal(typeOf(frontEnd.view(RAW_ANSWER, 4)), OK);
});

/** Descriptors that break the rules of indirect tables and of order; each stops the queue that they are in. */
const [NEXT, WRITE, INDIRECT] = [1, 2, 4];
const violations: [string, (f: GpuFrontEnd) => void][] = [
  ["an indirect table of no bytes", (f) => indirect(f, { lengthBytes: 0 })],
  ["an indirect table of half an entry", (f) => indirect(f, { lengthBytes: 24 })],
  ["an indirect table outside memory", (f) => indirect(f, { address: RAM_BASE - 64 })],
  ["an indirect table over the end of memory", (f) => indirect(f, { address: RAM_BASE + f.ram.bytes.length - 16 })],
  ["an indirect table of 4 GiB", (f) => indirect(f, { lengthBytes: 0xffff_fff0 })],
  ["an indirect table with a successor", (f) => indirect(f, { flags: INDIRECT | NEXT })],
  ["a loop in an indirect table", (f) => indirect(f, {}, { flags: NEXT, next: 0 })],
  ["a successor outside the indirect table", (f) => indirect(f, {}, { flags: NEXT, next: 2 })],
  ["an indirect table in an indirect table", (f) => indirect(f, {}, { flags: INDIRECT, next: 0 })],
  [
    "a readable buffer behind a writable one",
    (f) => {
      f.control.writeDescriptor(0, { address: FREE, lengthBytes: 24, flags: WRITE | NEXT, next: 1 });
      f.control.writeDescriptor(1, { address: FREE, lengthBytes: 24, flags: 0, next: 0 });
      f.control.publish(0);
    },
  ],
  [
    "a loop over the whole table",
    (f) => {
      for (let i = 0; i < 64; i++)
        f.control.writeDescriptor(i, { address: FREE, lengthBytes: 1, flags: NEXT, next: (i + 1) % 64 });
      f.control.publish(0);
    },
  ],
  ["a chain of more pieces than any driver has", (f) => longChain(f, 5000)],
  ["an index one too far", (f) => f.control.setAvailableIndex(f.control.availableIndex + 65)],
];

/** One indirect descriptor at 0 with a table of two entries at `RAW`, the first of them changed. */
function indirect(
  f: GpuFrontEnd,
  change: { address?: number; lengthBytes?: number; flags?: number },
  entry: { flags?: number; next?: number } = {},
): void {
  const view = f.view(RAW, 32);
  for (const at of [0, 16]) {
    view.setUint32(at, FREE, true);
    view.setUint32(at + 4, 0, true);
    view.setUint32(at + 8, 24, true);
    view.setUint32(at + 12, 0, true);
  }
  view.setUint16(12, entry.flags ?? 0, true);
  view.setUint16(14, entry.next ?? 0, true);
  f.control.writeDescriptor(0, { address: RAW, lengthBytes: 32, flags: INDIRECT, next: 0, ...change });
  f.control.publish(0);
}

/** An indirect chain of `count` buffers of a byte. */
function longChain(f: GpuFrontEnd, count: number): void {
  f.control.offerIndirect(
    new Array<DriverBuffer>(count).fill({ address: FREE, lengthBytes: 1, isWritable: true }),
    RAW,
  );
}

test("descriptors that break the rules stop their queue; a reset starts it again, in the same process", async (t) => {
  const frontEnd = startBackEnd(t);
  for (const [i, [name, violate]] of violations.entries()) {
    violate(frontEnd);
    frontEnd.kick(0);
    const told = (): number => frontEnd.log.split("The guest broke the control queue").length - 1;
    for (let tries = 0; tries < 500 && told() <= i; tries++) await untilLogged(frontEnd, /The guest broke/).then(pause);
    assert.equal(told(), i + 1, name);
    assert.equal(frontEnd.control.takeUsed(), null, name);
    for (const ring of [0, 1]) frontEnd.protocol.stopRing(ring);
    frontEnd.protocol.send(R.RESET_DEVICE);
    frontEnd.control.reset();
    frontEnd.cursor.reset();
    frontEnd.startRings();
    assertWorks(frontEnd, 1);
  }
});

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}

for (const flags of [[], ["--virgl"]]) {
  test(`a storm of random commands: every one is answered, the device lives ${flags.join("")}`, (t) => {
    const frontEnd = startBackEnd(t, [...flags, "--log-level=error"]);
    const random = new Random(20_260_101);
    const types = [...g.commandTable.filter((row) => row.queue === "control").map((row) => row.type), 0x10f, 0x2ff];
    /** Numbers near the edges of what is valid: small ids and sizes, addresses in and out of memory, ends of ranges. */
    const edges = [0, 1, 2, 3, 4, 16, 64, 67, 256, 4096, 16_384, FREE, RAM_BASE, 0x7fffffff, 0x80000000, 0xffffffff];
    frontEnd.protocol.getU64(R.GET_QUEUE_NUM);
    const fdsBefore = readdirSync(`/proc/${frontEnd.pid}/fd`).length;
    for (let i = 0; i < 3000; i++) {
      const words = Array.from({ length: random.below(20) }, () => edges[random.below(edges.length)]!);
      const header = {
        flags: random.below(4),
        fenceId: BigInt(i),
        contextId: random.below(4),
        ringIndex: random.below(3) * 32,
      };
      const answer = frontEnd.request(types[random.below(types.length)]!, words, header);
      assert.ok(typeOf(answer) >= 0x1100 && typeOf(answer) <= 0x1205, `request ${i}: 0x${typeOf(answer).toString(16)}`);
    }
    frontEnd.protocol.send(R.RESET_DEVICE);
    for (const ring of [0, 1]) frontEnd.protocol.stopRing(ring);
    frontEnd.control.reset();
    frontEnd.cursor.reset();
    frontEnd.protocol.setU64(R.SET_FEATURES, frontEnd.offeredFeatures);
    frontEnd.startRings();
    assertWorks(frontEnd);
    frontEnd.protocol.getU64(R.GET_QUEUE_NUM);
    assert.equal(readdirSync(`/proc/${frontEnd.pid}/fd`).length, fdsBefore, "no descriptor is left behind");
  });
}

test("cursors of any kind do no harm (CVE-2016-9846)", (t) => {
  const frontEnd = startBackEnd(t);
  const random = new Random(3);
  const edges = [0, 1, 2, 15, 16, 0x7fffffff, 0xffffffff];
  assert.equal(typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [1, 1, 64, 64])), OK);
  assert.equal(typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [2, 1, 3, 3])), OK);
  for (let i = 0; i < 500; i++) {
    const view = frontEnd.view(RAW, 56);
    view.setUint32(0, random.below(4) === 0 ? random.below(0x400) : 0x300 + random.below(2), true);
    for (let at = 4; at < 56; at += 4) view.setUint32(at, edges[random.below(edges.length)]!, true);
    frontEnd.cursor.offer([{ address: RAW, lengthBytes: random.below(57), isWritable: false }]);
    frontEnd.kick(1);
    // As many as the queue holds may be under way; then the oldest must have come back.
    frontEnd.waitCursorUsed();
  }
  assertWorks(frontEnd);
});
