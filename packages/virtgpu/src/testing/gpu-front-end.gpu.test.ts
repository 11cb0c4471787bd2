/** Our back-end process, driven without a VM: pixels to the front-end's window, 3D with fences, and everything a guest can do wrong. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { VhostUserRequest as R } from "@virtgpu/core/vhost-user";
import * as v from "@virtgpu/core/virgl";
import * as g from "@virtgpu/core/virtio-gpu";
import { Seal } from "../native/memory.js";
import { FREE, type GpuFrontEnd, RAM_BASE } from "./gpu-front-end.js";
import { startBackEnd, typeOf, untilLogged } from "./start-back-end.js";

const HEADER = g.VIRTIO_GPU_CTRL_HDR_BYTES;
const { VIRTIO_GPU_RESP_OK_NODATA: OK, VIRTIO_GPU_FLAG_FENCE: FENCE } = g;

const type = typeOf;
const start = startBackEnd;

/** A 2D resource of 4-byte pixels with its backing at `FREE`. */
function createBacked(frontEnd: GpuFrontEnd, id: number, width: number, height: number): void {
  assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [id, 2, width, height])), OK);
  const entry = [FREE, 0, width * height * 4, 0];
  assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [id, 1, ...entry])), OK);
}

for (const flags of [[], ["--virgl"]]) {
  test(`a frame reaches the front-end's window ${flags.join("")}`, (t) => {
    const frontEnd = start(t, flags);
    frontEnd.openGpuSocket();
    assert.equal(frontEnd.readGpuMessage().request, 1, "GET_PROTOCOL_FEATURES");
    frontEnd.replyGpu(1, new Uint8Array(8));
    assert.equal(frontEnd.readGpuMessage().request, 2, "SET_PROTOCOL_FEATURES");
    const [width, height] = [40, 3];
    createBacked(frontEnd, 1, width, height);
    const pixels = frontEnd.view(FREE, width * height * 4);
    for (let i = 0; i < width * height; i++) pixels.setUint32(4 * i, 0x010203 * (i % 80), true);
    frontEnd.request(g.VIRTIO_GPU_CMD_SET_SCANOUT, [0, 0, width, height, 0, 1]);
    assert.deepEqual(frontEnd.readGpuMessage(), {
      request: 7,
      payload: new Uint8Array(Uint32Array.of(0, width, height).buffer),
    });
    frontEnd.request(g.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, [0, 0, width, height, 0, 0, 1, 0]);
    assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_FLUSH, [8, 1, 16, 2, 1, 0])), OK);
    const update = frontEnd.readGpuMessage();
    const words = new Uint32Array(update.payload.buffer, 0, update.payload.length / 4);
    assert.deepEqual([update.request, ...words.subarray(0, 5)], [8, 0, 8, 1, 16, 2], "only the damage is sent");
    for (let y = 0; y < 2; y++) {
      for (let x = 0; x < 16; x++) {
        const expected = 0x010203 * (((y + 1) * width + x + 8) % 80);
        assert.equal(words[5 + y * 16 + x]! & 0xffffff, expected, `pixel ${x},${y}`);
      }
    }
  });
}

test("the guest's question for modes waits for the front-end, other requests do not", (t) => {
  const frontEnd = start(t);
  frontEnd.openPlainGpuSocket();
  frontEnd.submit(g.VIRTIO_GPU_CMD_GET_DISPLAY_INFO);
  assert.equal(frontEnd.readGpuMessage().request, 3);
  const info = new Uint8Array(HEADER + 16 * 24);
  new Uint32Array(info.buffer).set([0, 0, 1366, 768, 1], HEADER / 4);
  frontEnd.replyGpu(3, info);
  const answer = frontEnd.waitAnswer();
  assert.deepEqual(
    [8, 12, 16].map((at) => answer.getUint32(HEADER + at, true)),
    [1360, 768, 1],
    "1366 pixels are no multiple of 64 bytes: the next narrower mode is offered",
  );
});

test("3D: capsets, a context, a clear that the guest reads back behind a fence", (t) => {
  const frontEnd = start(t, ["--virgl"]);
  const info = frontEnd.request(g.VIRTIO_GPU_CMD_GET_CAPSET_INFO, [1, 0]);
  assert.equal(type(info), g.VIRTIO_GPU_RESP_OK_CAPSET_INFO);
  const [id, version, size] = [0, 4, 8].map((at) => info.getUint32(HEADER + at, true));
  const capset = frontEnd.request(g.VIRTIO_GPU_CMD_GET_CAPSET, [id!, version!]);
  assert.equal(capset.byteLength, HEADER + size!);
  const inContext = { contextId: 1 };
  assert.equal(
    type(frontEnd.request(g.VIRTIO_GPU_CMD_CTX_CREATE, [4, 0, ...new Array<number>(16).fill(0x41414141)], inContext)),
    OK,
  );
  const [width, height] = [16, 16];
  // PIPE_TEXTURE_2D, R8G8B8A8_UNORM, RENDER_TARGET | SAMPLER_VIEW.
  assert.equal(
    type(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_3D, [5, 2, 67, 10, width, height, 1, 1, 0, 0, 0, 0])),
    OK,
  );
  frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [5, 1, FREE, 0, width * height * 4, 0]);
  assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_CTX_ATTACH_RESOURCE, [5, 0], inContext)), OK);
  const half = new Uint32Array(Float32Array.of(1, 0.4, 0, 1).buffer);
  const stream = [
    ...[(1 << 16) | 29, 1, (1 << 16) | 28, 1], // CREATE_SUB_CTX 1, SET_SUB_CTX 1
    ...[(5 << 16) | (8 << 8) | 1, 9, 5, 67, 0, 0], // CREATE_OBJECT SURFACE 9 of resource 5
    ...[(3 << 16) | 5, 1, 0, 9], // SET_FRAMEBUFFER_STATE
    ...[(8 << 16) | 7, 4, ...half, 0, 0, 0], // CLEAR colour 0
  ];
  const fenced = { ...inContext, flags: FENCE, fenceId: 0x1_0000_0001n };
  const submitted = frontEnd.request(g.VIRTIO_GPU_CMD_SUBMIT_3D, [stream.length * 4, 0, ...stream], fenced);
  assert.deepEqual([type(submitted), submitted.getBigUint64(8, true)], [OK, 0x1_0000_0001n]);
  const box = [0, 0, 0, width, height, 1, 0, 0, 5, 0, 0, 0];
  assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_TRANSFER_FROM_HOST_3D, box, { ...fenced, fenceId: 2n })), OK);
  const pixel = frontEnd.view(FREE, 4);
  assert.deepEqual(
    [0, 1, 2, 3].map((i) => pixel.getUint8(i)),
    [255, 102, 0, 255],
  );
  assert.doesNotMatch(frontEnd.log, /error|warn/);
});

test("a 2D resource is read by 3D, and a 3D resource is on the scanout", (t) => {
  const frontEnd = start(t, ["--virgl"]);
  frontEnd.openPlainGpuSocket();
  const side = 8;
  createBacked(frontEnd, 1, side, side);
  for (let i = 0; i < side * side; i++) frontEnd.view(FREE + 4 * i, 4).setUint32(0, 0x010203 * i, true);
  frontEnd.request(g.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, [0, 0, side, side, 0, 0, 1, 0]);
  const inContext = { contextId: 1 };
  frontEnd.request(g.VIRTIO_GPU_CMD_CTX_CREATE, [4, 0, ...new Array<number>(16).fill(0x41414141)], inContext);
  // PIPE_TEXTURE_2D, B8G8R8X8_UNORM, RENDER_TARGET | SAMPLER_VIEW | SCANOUT.
  const shape = [2, 2, 10 | (1 << 18), side, side, 1, 1, 0, 0, 0, 0];
  assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_3D, [2, ...shape])), OK);
  for (const id of [1, 2])
    assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_CTX_ATTACH_RESOURCE, [id, 0], inContext)), OK);
  const copy = [(13 << 16) | v.VIRGL_CCMD_RESOURCE_COPY_REGION, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, side, side, 1];
  assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_SUBMIT_3D, [copy.length * 4, 0, ...copy], inContext)), OK);
  assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_SET_SCANOUT, [0, 0, side, side, 0, 2])), OK);
  frontEnd.readGpuMessage();
  assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_FLUSH, [0, 0, side, side, 2, 0])), OK);
  const words = new Uint32Array(Uint8Array.from(frontEnd.readGpuMessage().payload).buffer, 20);
  assert.ok(
    words.every((pixel, i) => (pixel & 0xffffff) === 0x010203 * i),
    "what the guest's processor drew",
  );
});

/** What a driver may do to the rings; each must break that queue only. */
const violations: [string, (f: GpuFrontEnd) => void][] = [
  ["a chain that loops", (f) => rawChain(f, { flags: 1, next: 0 })],
  ["an address outside memory", (f) => rawChain(f, { address: RAM_BASE - 4096 })],
  [
    "a length past the end of memory",
    (f) => rawChain(f, { address: RAM_BASE + f.ram.bytes.length - 8, lengthBytes: 16 }),
  ],
  ["an address above 2^53", (f) => rawChain(f, { address: 2 ** 60 })],
  ["an indirect table inside an indirect table", (f) => rawChain(f, { flags: 5 })],
  ["a head outside the table", (f) => f.control.publish(64)],
  ["an index that runs away", (f) => f.control.setAvailableIndex(1000)],
];

function rawChain(
  f: GpuFrontEnd,
  change: { address?: number; lengthBytes?: number; flags?: number; next?: number },
): void {
  f.control.writeDescriptor(0, { address: FREE, lengthBytes: 32, flags: 0, next: 0, ...change });
  f.control.publish(0);
}

for (const [name, violate] of violations) {
  test(`${name}: the queue stops, the device lives and works after a reset`, async (t) => {
    const frontEnd = start(t);
    violate(frontEnd);
    frontEnd.kick(0);
    assert.throws(() => frontEnd.waitUsed(200), /no answer/);
    await untilLogged(frontEnd, /The guest broke the control queue/);
    for (const ring of [0, 1]) frontEnd.protocol.stopRing(ring);
    frontEnd.protocol.send(R.RESET_DEVICE);
    frontEnd.control.reset();
    frontEnd.cursor.reset();
    frontEnd.startRings();
    assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [1, 1, 4, 4])), OK);
  });
}

test("requests of every length are answered, and unknown ones refused", (t) => {
  const frontEnd = start(t, ["--virgl"]);
  const commands = [
    ...g.commandTable.filter((row) => row.queue === "control").map((row) => row.type),
    0,
    0x10e,
    0x20a,
    0xffffffff,
  ];
  for (const command of commands) {
    for (let words = 0; words < 24; words++) {
      const answer = frontEnd.request(command, new Array<number>(words).fill(0xffffffff));
      assert.ok(type(answer) >= 0x1100, `${command.toString(16)} with ${words} words: ${type(answer).toString(16)}`);
    }
  }
  assert.equal(
    type(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [77, 1, 4, 4])),
    OK,
    "the device is as before",
  );
});

test("a request without room for its answer is given back, with nothing written", (t) => {
  const frontEnd = start(t);
  frontEnd.view(FREE, 24).setUint32(0, g.VIRTIO_GPU_CMD_GET_DISPLAY_INFO, true);
  const head = frontEnd.control.offer([{ address: FREE, lengthBytes: 24, isWritable: false }]);
  frontEnd.kick(0);
  assert.deepEqual(frontEnd.waitUsed(), { head, writtenBytes: 0 });
});

test("a front-end that takes its memory away is told, and the process ends by itself", async (t) => {
  // Sealed against more seals: the back-end cannot forbid what the front-end is going to do.
  const frontEnd = start(t, [], { seals: Seal.SEAL });
  createBacked(frontEnd, 1, 64, 64);
  frontEnd.truncateMemory();
  frontEnd.kick(0);
  assert.equal(await frontEnd.exited, "status 1");
  assert.match(frontEnd.log, /shrank its memory file/);
});

test("messages that break the protocol end the process with a word, not a crash", async (t) => {
  for (const [request, payload] of [
    [99, new Uint8Array(0)],
    [R.SET_FEATURES, new Uint8Array(4)],
    [R.SET_VRING_NUM, Uint8Array.of(200, 0, 0, 0, 1, 0, 0, 0)],
  ] as const) {
    const frontEnd = start(t);
    frontEnd.protocol.send(request, payload);
    assert.equal(await frontEnd.exited, "status 1");
    assert.match(frontEnd.log, /broke the protocol/);
  }
});

test("memory that comes and goes leaves no descriptor and no mapping behind", (t) => {
  const frontEnd = start(t);
  const fdsAfter = (rounds: number): number => {
    for (let i = 0; i < rounds; i++) frontEnd.startRings();
    assert.equal(frontEnd.protocol.getU64(R.GET_QUEUE_NUM), 2n);
    return readdirSync(`/proc/${frontEnd.pid}/fd`).length;
  };
  const before = fdsAfter(10);
  assert.equal(fdsAfter(100), before);
});

for (const flags of [[], ["--virgl"]]) {
  test(`backing is found again when memory is mapped anew while the guest runs ${flags.join("")}`, (t) => {
    const frontEnd = start(t, flags);
    frontEnd.openPlainGpuSocket();
    createBacked(frontEnd, 1, 4, 4);
    frontEnd.request(g.VIRTIO_GPU_CMD_SET_SCANOUT, [0, 0, 4, 4, 0, 1]);
    frontEnd.readGpuMessage();
    for (const colour of [0x112233, 0x445566]) {
      frontEnd.announceMemory();
      for (let i = 0; i < 16; i++) frontEnd.view(FREE, 64).setUint32(4 * i, colour, true);
      assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, [0, 0, 4, 4, 0, 0, 1, 0])), OK);
      assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_FLUSH, [0, 0, 4, 4, 1, 0])), OK);
      const { payload } = frontEnd.readGpuMessage();
      assert.equal(new DataView(payload.buffer).getUint32(20, true) & 0xffffff, colour);
    }
  });
}
