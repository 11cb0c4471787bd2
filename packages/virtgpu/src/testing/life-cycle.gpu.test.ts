/** Resets, driver unbinds, disconnects and reconnects of our own process: nothing stays behind, the next driver finds a working device. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { VhostUserRequest as R } from "@virtgpu/core/vhost-user";
import * as g from "@virtgpu/core/virtio-gpu";
import { closeFd } from "../native/memory.js";
import { connectUnix } from "../native/socket.js";
import { FREE, GpuFrontEnd } from "./gpu-front-end.js";
import { listenBackEnd, startBackEnd, typeOf, until, untilLogged } from "./start-back-end.js";

const HEADER = g.VIRTIO_GPU_CTRL_HDR_BYTES;
const { VIRTIO_GPU_RESP_OK_NODATA: OK, VIRTIO_GPU_FLAG_FENCE: FENCE } = g;
const NAME = new Array<number>(16).fill(0x41414141);

/** The same ids each time: a resource or context that was left behind refuses its successor. */
function useEverything(frontEnd: GpuFrontEnd): void {
  const ok = (type: number, words: readonly number[], contextId = 0): void =>
    assert.equal(typeOf(frontEnd.request(type, words, { contextId })), OK, `command 0x${type.toString(16)}`);
  ok(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [1, 2, 16, 16]);
  ok(g.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [1, 1, FREE, 0, 1024, 0]);
  ok(g.VIRTIO_GPU_CMD_SET_SCANOUT, [0, 0, 16, 16, 0, 1]);
  ok(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_BLOB, [2, 1, 0, 1, 0, 0, 4096, 0, FREE, 0, 4096, 0]);
  ok(g.VIRTIO_GPU_CMD_CTX_CREATE, [4, 0, ...NAME], 1);
  ok(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_3D, [3, 2, 67, 10, 16, 16, 1, 1, 0, 0, 0, 0]);
  ok(g.VIRTIO_GPU_CMD_CTX_ATTACH_RESOURCE, [3, 0], 1);
  ok(g.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [3, 1, FREE, 0, 1024, 0]);
  ok(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_BLOB, [4, 2, 1, 0, 0, 0, 4096, 0]);
  drawAndRead(frontEnd);
}

/** Clears resource 3 to orange and reads it back. */
function drawAndRead(frontEnd: GpuFrontEnd): void {
  const colour = new Uint32Array(Float32Array.of(1, 0.4, 0, 1).buffer);
  const stream = [
    ...[(1 << 16) | 29, 1, (1 << 16) | 28, 1],
    ...[(5 << 16) | (8 << 8) | 1, 9, 3, 67, 0, 0],
    ...[(3 << 16) | 5, 1, 0, 9],
    ...[(8 << 16) | 7, 4, ...colour, 0, 0, 0],
  ];
  const inContext = { contextId: 1 };
  frontEnd.view(FREE, 4).setUint32(0, 0, true);
  frontEnd.request(g.VIRTIO_GPU_CMD_SUBMIT_3D, [stream.length * 4, 0, ...stream], inContext);
  const box = [0, 0, 0, 16, 16, 1, 0, 0, 3, 0, 0, 0];
  const fenced = { ...inContext, flags: FENCE, fenceId: 5n };
  assert.equal(typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_TRANSFER_FROM_HOST_3D, box, fenced)), OK);
  assert.equal(frontEnd.view(FREE, 4).getUint32(0, true), 0xff0066ff);
}

/** Fresh rings, as a driver makes them after it reset the device. */
function bindAgain(frontEnd: GpuFrontEnd): void {
  frontEnd.control.reset();
  frontEnd.cursor.reset();
  frontEnd.protocol.setU64(R.SET_FEATURES, frontEnd.offeredFeatures);
  frontEnd.startRings();
}

const stopRings = (frontEnd: GpuFrontEnd): number[] => [0, 1].map((ring) => frontEnd.protocol.stopRing(ring));

const resets: [string, (frontEnd: GpuFrontEnd) => void][] = [
  ["SET_STATUS 0", (f) => f.protocol.setU64(R.SET_STATUS, 0n)],
  ["RESET_DEVICE", (f) => f.protocol.send(R.RESET_DEVICE)],
  [
    "GET_VRING_BASE, then SET_STATUS 0 (a driver's unbind)",
    (f) => {
      stopRings(f);
      f.protocol.setU64(R.SET_STATUS, 0n);
    },
  ],
];

test("after every kind of reset the next driver finds a fresh device", (t) => {
  const frontEnd = startBackEnd(t, ["--virgl"]);
  frontEnd.openPlainGpuSocket();
  const countFds = (): number => readdirSync(`/proc/${frontEnd.pid}/fd`).length;
  const after: number[] = [];
  for (let round = 0; round < 2; round++) {
    for (const [name, reset] of resets) {
      useEverything(frontEnd);
      frontEnd.readGpuMessage();
      reset(frontEnd);
      assert.deepEqual(
        [...new Uint32Array(Uint8Array.from(frontEnd.readGpuMessage().payload).buffer)],
        [0, 0, 0],
        `${name}: the scanout is off`,
      );
      stopRings(frontEnd);
      bindAgain(frontEnd);
      frontEnd.protocol.getU64(R.GET_QUEUE_NUM);
      after.push(countFds());
    }
  }
  assert.deepEqual(after, new Array<number>(after.length).fill(after[0]!), "no descriptor stays open");
  assert.doesNotMatch(frontEnd.log, /error/);
});

test("rings that stop and start again without a reset go on where they were", (t) => {
  const frontEnd = startBackEnd(t, ["--virgl"]);
  useEverything(frontEnd);
  const bases = stopRings(frontEnd);
  assert.equal(bases[0], frontEnd.control.availableIndex);
  frontEnd.startRings(bases);
  drawAndRead(frontEnd);
});

test("what is in flight when the rings stop is answered first", (t) => {
  const frontEnd = startBackEnd(t, ["--virgl"]);
  frontEnd.openPlainGpuSocket();
  frontEnd.submit(g.VIRTIO_GPU_CMD_GET_DISPLAY_INFO);
  assert.equal(frontEnd.readGpuMessage().request, 3, "the question waits for the window");
  const bases = stopRings(frontEnd);
  assert.equal(typeOf(frontEnd.waitAnswer()), g.VIRTIO_GPU_RESP_OK_DISPLAY_INFO);
  frontEnd.startRings(bases);
  const info = new Uint8Array(HEADER + 16 * 24);
  frontEnd.replyGpu(3, info);
  frontEnd.protocol.getU64(R.GET_QUEUE_NUM);
  assert.equal(frontEnd.control.takeUsed(), null, "once");
});

test("a question for modes outlives a change of memory", (t) => {
  const frontEnd = startBackEnd(t);
  frontEnd.openPlainGpuSocket();
  frontEnd.submit(g.VIRTIO_GPU_CMD_GET_DISPLAY_INFO);
  assert.equal(frontEnd.readGpuMessage().request, 3);
  frontEnd.announceMemory();
  frontEnd.protocol.getU64(R.GET_QUEUE_NUM);
  assert.equal(frontEnd.control.takeUsed(), null);
  const info = new Uint8Array(HEADER + 16 * 24);
  new Uint32Array(info.buffer).set([0, 0, 1600, 900, 1], HEADER / 4);
  frontEnd.replyGpu(3, info);
  const answer = frontEnd.waitAnswer();
  assert.deepEqual(
    [8, 12].map((at) => answer.getUint32(HEADER + at, true)),
    [1600, 900],
  );
});

/** Memory mappings of a memfd named `name` in a process. */
function mappingsOf(pid: number, name: string): number {
  return readFileSync(`/proc/${pid}/maps`, "utf8").split(name).length - 1;
}

test("a front-end that disconnects leaves nothing behind, and the next has a working device", async (t) => {
  const { path, child, log } = await listenBackEnd(t, ["--virgl"]);
  const countFds = (): number => readdirSync(`/proc/${child.pid}/fd`).length;
  const gone = (times: number): boolean => log().split("the front-end is gone").length - 1 === times;
  let fds = 0;
  for (let round = 1; round <= 6; round++) {
    const frontEnd = GpuFrontEnd.connect(path);
    useEverything(frontEnd);
    const listener = frontEnd.openBackEndChannel();
    frontEnd.openGpuSocket();
    // It goes while the front-end maps, a question for modes waits and a fence is under way.
    frontEnd.submit(g.VIRTIO_GPU_CMD_RESOURCE_MAP_BLOB, [4, 0, 0, 0]);
    closeFd(listener.next().fds[0]!);
    frontEnd.submit(g.VIRTIO_GPU_CMD_GET_DISPLAY_INFO);
    frontEnd.submit(g.VIRTIO_GPU_CMD_RESOURCE_FLUSH, [0, 0, 1, 1, 1, 0], { flags: FENCE, fenceId: 9n });
    await frontEnd.close();
    await until(() => gone(round), `the back-end did not notice: ${log()}`);
    if (round === 2) fds = countFds();
  }
  await until(() => countFds() === fds, `descriptors stay open: ${fds} before, ${countFds()} now`);
  assert.equal(mappingsOf(child.pid!, "guest-ram"), 0, "guest memory is not mapped any more");
  assert.equal(child.exitCode, null, "the process lives");
});

test("a front-end that breaks the protocol or takes its memory away costs its own session only", async (t) => {
  const { path, child, log } = await listenBackEnd(t, []);
  const first = GpuFrontEnd.connect(path);
  first.protocol.send(99);
  await until(() => /broke the protocol/.test(log()), "a broken message is told");
  await first.close();
  const second = GpuFrontEnd.connect(path, { seals: 1 });
  second.protocol.getU64(R.GET_QUEUE_NUM);
  second.truncateMemory();
  second.kick(0);
  await until(() => /shrank its memory file/.test(log()), `the loss of memory is told: ${log()}`);
  await second.close();
  const third = GpuFrontEnd.connect(path);
  t.after(() => third.close());
  assert.equal(typeOf(third.request(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [1, 1, 4, 4])), OK);
  assert.equal(child.exitCode, null);
});

test("a front-end that comes while the process has no descriptor left for it waits, and is served when there is one", async (t) => {
  const { path, child, log } = await listenBackEnd(t, []);
  const limitOpenFiles = (count: number): void =>
    assert.equal(spawnSync("prlimit", [`--pid=${child.pid}`, `--nofile=${count}:`]).status, 0);
  await GpuFrontEnd.connect(path).close();
  await until(() => /the front-end is gone/.test(log()), "the process is well under way");
  limitOpenFiles(4);
  const early = connectUnix(path);
  await until(() => /cannot accept a connection now/.test(log()), `the shortage is told: ${log()}`);
  await delay(350);
  assert.equal(child.exitCode, null, log());
  closeFd(early);
  limitOpenFiles(1024);
  const frontEnd = GpuFrontEnd.connect(path);
  t.after(() => frontEnd.close());
  assert.equal(typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [1, 1, 4, 4])), OK);
  assert.equal(log().split("cannot accept a connection now").length - 1, 1, "told once");
});

test("memory taken away while the device reads it ends that session, not the process's sanity", async (t) => {
  // The GL driver reads the pages, from the addon: the guard works there too.
  const frontEnd = startBackEnd(t, ["--virgl"], { seals: 1 });
  assert.equal(typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [1, 1, 1024, 1024])), OK);
  const entry = [FREE, 0, 4 << 20, 0];
  assert.equal(typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [1, 1, ...entry])), OK);
  // Rings and requests stay, the pixels go.
  frontEnd.truncateMemory(FREE);
  frontEnd.submit(g.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, [0, 0, 1024, 1024, 0, 0, 1, 0]);
  await untilLogged(frontEnd, /shrank its memory file/);
  assert.equal(await frontEnd.exited, "status 1");
});
