/** A hostile front-end against our own process: messages that no VMM sends. Each costs its own session; the process serves the next. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { Random, VhostUserFrontEnd, u32s, u64s } from "@virtgpu/core/testing";
import {
  VHOST_USER_HEADER_BYTES,
  VHOST_USER_NEED_REPLY,
  VHOST_USER_VERSION,
  VhostUserRequest as R,
} from "@virtgpu/core/vhost-user";
import { VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, VIRTIO_GPU_RESP_OK_NODATA } from "@virtgpu/core/virtio-gpu";
import { createEventFd } from "../native/events.js";
import { closeFd, createMemfd } from "../native/memory.js";
import { connectUnix, sendFds, writeFrom } from "../native/socket.js";
import { GpuFrontEnd } from "./gpu-front-end.js";
import { listenBackEnd, socketOf, typeOf, until } from "./start-back-end.js";

const requests: readonly number[] = [...Object.values(R), 0, 6, 7, 31, 42, 43, 99, 0xffffffff];
/** Numbers near the edges of what a field may be. */
const edges = [0n, 1n, 2n, 8n, 63n, 64n, 0x100n, 0x1000n, 0x8000n, 0xffffffffn, 1n << 32n, 1n << 53n, (1n << 64n) - 1n];

test("a storm of messages, with descriptors and without: each ends its own session at most", async (t) => {
  const { path, child, log } = await listenBackEnd(t, []);
  const countFds = (): number => readdirSync(`/proc/${child.pid}/fd`).length;
  const random = new Random(99);
  const memory = createMemfd("storm", 1 << 20);
  const event = createEventFd();
  t.after(() => [memory, event].forEach(closeFd));
  const served = (): number => log().split("a front-end connected").length - 1;
  let before = 0;
  for (let round = 0; round < 150; round++) {
    const fd = connectUnix(path);
    const protocol = new VhostUserFrontEnd(socketOf(fd));
    try {
      protocol.send(R.SET_PROTOCOL_FEATURES, u64s((1n << 64n) - 1n));
      for (let i = 0; i < 12; i++) {
        const words = Array.from({ length: random.below(8) }, () => random.pick(edges));
        const payload = random.oneIn(3) ? u32s(random.below(3), ...words.map(Number)) : u64s(...words);
        const fds = Array.from({ length: random.oneIn(2) ? 0 : random.below(9) }, () => random.pick([memory, event]));
        const flags = random.oneIn(8)
          ? random.below(16)
          : VHOST_USER_VERSION | (random.oneIn(4) ? VHOST_USER_NEED_REPLY : 0);
        protocol.send(random.pick(requests), payload, fds, flags);
      }
    } catch (error) {
      // The back-end hung up meanwhile: that is its right.
      assert.match(String(error), /EPIPE|ECONNRESET/);
    } finally {
      closeFd(fd);
    }
    if (round === 20) {
      await until(() => served() >= 21, "sessions are served one after the other");
      before = countFds();
    }
  }
  await until(() => served() === 150, `every session was served: ${served()}`);
  const frontEnd = GpuFrontEnd.connect(path);
  assert.equal(typeOf(frontEnd.request(VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [1, 1, 4, 4])), VIRTIO_GPU_RESP_OK_NODATA);
  await frontEnd.close();
  await until(() => countFds() <= before, `descriptors stay open: ${before} before, ${countFds()} now`);
  assert.equal(child.exitCode, null);
});

test("messages in pieces, cut off, and longer than any message end their session only", async (t) => {
  const { path, child, log } = await listenBackEnd(t, []);
  const header = (request: number, sizeBytes: number): Uint8Array => u32s(request, VHOST_USER_VERSION, sizeBytes);
  const cases: readonly [string, Uint8Array][] = [
    ["half a header", header(R.SET_OWNER, 0).subarray(0, 5)],
    ["a header without its payload", header(R.SET_FEATURES, 8)],
    ["a payload cut off", Uint8Array.from([...header(R.SET_FEATURES, 8), 1, 2, 3])],
    ["a payload of 4 GiB", header(R.SET_FEATURES, 0xffffffff)],
    ["a payload longer than any", Uint8Array.from([...header(R.GET_CONFIG, 4096), ...new Uint8Array(4096)])],
  ];
  for (const [i, [, bytes]] of cases.entries()) {
    const fd = connectUnix(path);
    writeFrom(fd, bytes, 0, bytes.length);
    closeFd(fd);
    await until(() => log().split("the front-end is gone").length - 1 === i + 1, `the session ends: ${log()}`);
  }
  // In pieces, with a descriptor in the first: one message all the same.
  const fd = connectUnix(path);
  t.after(() => closeFd(fd));
  const event = createEventFd();
  t.after(() => closeFd(event));
  const call = Uint8Array.from([...header(R.SET_VRING_CALL, 8), ...u64s(0n)]);
  sendFds(fd, call, 0, 3, [event]);
  writeFrom(fd, call, 3, VHOST_USER_HEADER_BYTES - 2);
  writeFrom(fd, call, VHOST_USER_HEADER_BYTES + 1, 7);
  assert.equal(new VhostUserFrontEnd(socketOf(fd)).getU64(R.GET_QUEUE_NUM), 2n);
  assert.equal(child.exitCode, null);
});
