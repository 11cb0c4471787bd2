import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { HostError } from "@virtgpu/core/base";
import {
  Mapping,
  Poll,
  acceptUnix,
  cancelWait,
  closeFd,
  connectUnix,
  createEventFd,
  createMemfd,
  drainEventFd,
  listenUnix,
  peerCredentials,
  pollFds,
  readExact,
  readInto,
  recvFds,
  sendFds,
  sendNow,
  setSendBuffer,
  signalEventFd,
  socketPair,
  waitReadable,
  writeFrom,
} from "./index.js";

function openFds(): number {
  return readdirSync("/proc/self/fd").length;
}

function inFolder(run: (folder: string) => void | Promise<void>): () => Promise<void> {
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), "virtgpu-socket-"));
    try {
      await run(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

test(
  "a listening socket is 0600 from the first moment, accepts, and names its peer",
  inFolder(async (folder) => {
    const path = join(folder, "s");
    const umask = process.umask(0);
    const listener = listenUnix(path);
    process.umask(umask);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(acceptUnix(listener), -1, "nobody waits");
    const waited = waitReadable(listener);
    const client = connectUnix(path);
    assert.equal(await waited, true);
    const server = acceptUnix(listener);
    assert.ok(server >= 0);
    const peer = peerCredentials(server);
    assert.deepEqual(peer, { pid: process.pid, uid: process.getuid!(), gid: process.getgid!() });
    assert.throws(
      () => listenUnix(path),
      (error) => error instanceof HostError && error.code === "EADDRINUSE",
    );
    for (const fd of [listener, client, server]) closeFd(fd);
    assert.throws(
      () => connectUnix(path),
      (error) => error instanceof HostError && error.code === "ECONNREFUSED",
      "a dead socket",
    );
    assert.throws(
      () => connectUnix(join(folder, "x".repeat(200))),
      (error) => error instanceof HostError && error.code === "ENAMETOOLONG",
    );
  }),
);

test("a send buffer decides how much goes while nobody reads; what is no socket has none", () => {
  const bytes = new Uint8Array(1 << 18);
  const sentBy = (sizeBytes: number): number => {
    const [a, b] = socketPair();
    assert.equal(setSendBuffer(a, sizeBytes), true);
    let sent = 0;
    for (let more = -1; more !== 0; sent += more) more = sendNow(a, bytes, 0, bytes.length);
    for (const fd of [a, b]) closeFd(fd);
    return sent;
  };
  // Linux allows at least 212992 unless somebody has turned it down.
  const [small, large] = [sentBy(1 << 14), sentBy(1 << 17)];
  assert.ok(small > 0 && large > 2 * small, `${small} and ${large} bytes`);
  const file = createMemfd("no-socket", 4096);
  assert.equal(setSendBuffer(file, 1 << 16), false);
  closeFd(file);
});

test("descriptors travel with the bytes and arrive close-on-exec", () => {
  const before = openFds();
  const [a, b] = socketPair();
  const memory = createMemfd("sent", 4096);
  const ours = Mapping.map(memory, 0, 4096);
  ours.bytes[7] = 99;
  const message = Uint8Array.of(1, 2, 3, 4);
  assert.equal(sendFds(a, message, 1, 3, [memory, memory]), 3);
  const received = new Uint8Array(16);
  const { bytes, fds } = recvFds(b, received, 4, 12, 4);
  assert.equal(bytes, 3);
  assert.deepEqual(Array.from(received.subarray(4, 7)), [2, 3, 4]);
  assert.equal(fds.length, 2);
  const theirs = Mapping.map(fds[0]!, 0, 4096);
  assert.equal(theirs.bytes[7], 99);
  sendFds(a, message, 0, 1, [memory, memory, memory]);
  const few = recvFds(b, received, 0, 1, 1);
  assert.equal(few.fds.length, 1, "what exceeds is closed");
  ours.release();
  theirs.release();
  for (const fd of [a, b, memory, ...fds, ...few.fds]) closeFd(fd);
  assert.equal(openFds(), before);
});

test("reads and writes: whole messages, ends of streams, closed peers, arrays that are too short", () => {
  const [a, b] = socketPair();
  const bytes = Uint8Array.from({ length: 100 }, (_, index) => index);
  writeFrom(a, bytes, 0, 60);
  writeFrom(a, bytes, 60, 40);
  const target = new Uint8Array(100);
  assert.equal(readExact(b, target, 0, 100), 100);
  assert.deepEqual(target, bytes);
  writeFrom(a, bytes, 0, 10);
  closeFd(a);
  assert.equal(readExact(b, target, 0, 50), 10, "short at the end only");
  assert.equal(readInto(b, target, 0, 50), 0);
  assert.throws(
    () => writeFrom(b, bytes, 0, 1),
    (error) => error instanceof HostError && error.code === "EPIPE",
  );
  assert.throws(() => readInto(b, target, 90, 11), RangeError);
  assert.throws(() => readInto(b, target, -1, 1), RangeError);
  assert.throws(() => readInto(b, target, 0, Number.NaN), RangeError);
  closeFd(b);
});

test("eventfds and poll", () => {
  const event = createEventFd();
  const fds = Int32Array.of(-1, event);
  const events = Int16Array.of(Poll.IN, Poll.IN);
  const revents = new Int16Array(2);
  assert.equal(pollFds(fds, events, revents, 0), 0);
  const started = performance.now();
  assert.equal(pollFds(fds, events, revents, 5000), 0);
  assert.ok(performance.now() - started >= 4.5, "microseconds are kept");
  signalEventFd(event);
  signalEventFd(event);
  assert.equal(pollFds(fds, events, revents, -1), 1);
  assert.deepEqual(Array.from(revents), [0, Poll.IN]);
  assert.equal(drainEventFd(event), 2);
  assert.equal(drainEventFd(event), 0);
  closeFd(event);
});

test("waits on the event loop: readable, timeout, cancel, one at a time, again", async () => {
  const [a, b] = socketPair();
  assert.equal(await waitReadable(b, 20), false, "timeout");
  const pending = waitReadable(b);
  assert.throws(
    () => void waitReadable(b),
    (error) => error instanceof HostError && error.code === "EEXIST",
  );
  cancelWait(b);
  assert.equal(await pending, false);
  for (let round = 0; round < 100; round++) {
    const readable = waitReadable(b, 60_000);
    writeFrom(a, Uint8Array.of(round), 0, 1);
    assert.equal(await readable, true);
    readInto(b, new Uint8Array(1), 0, 1);
  }
  const hungUp = waitReadable(b);
  closeFd(a);
  assert.equal(await hungUp, true, "a peer that hangs up wakes");
  closeFd(b);
});
