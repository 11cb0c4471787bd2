import assert from "node:assert/strict";
import { openSync, readSync } from "node:fs";
import { test } from "node:test";
import { closeFd } from "../native/memory.js";
import { recvFds, socketPair, writeFrom } from "../native/socket.js";
import { SocketChannel } from "./socket-channel.js";

function bytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 0xff);
}

test("reads of every size come out in order, whether they fit the buffer or not", () => {
  const [ours, theirs] = socketPair();
  const channel = new SocketChannel(ours);
  const sent = bytes(60_000);
  writeFrom(theirs, sent, 0, sent.length);
  closeFd(theirs);
  const got = new Uint8Array(90_000);
  let at = 0;
  for (const size of [8, 1, 100, 4088, 4096, 5000, 20_000, 63, 65]) {
    assert.equal(channel.readExact(got, at, size), size);
    at += size;
  }
  // What is left, then the end: fewer bytes than asked.
  assert.equal(channel.readExact(got, at, 50_000), sent.length - at);
  assert.equal(channel.readExact(got, 0, 8), 0);
  assert.deepEqual(got.subarray(0, sent.length), sent);
  closeFd(ours);
});

test("a peer that is gone makes writing false, not an exception or a signal", () => {
  const [ours, theirs] = socketPair();
  const channel = new SocketChannel(ours);
  closeFd(theirs);
  const message = bytes(16);
  channel.write(message, 0, 16);
  assert.equal(channel.write(message, 0, 16), false);
  assert.equal(channel.writeWithFd(message, 0, 1, ours), false);
  closeFd(ours);
});

test("a descriptor travels with its byte and stays ours", () => {
  const [ours, theirs] = socketPair();
  const channel = new SocketChannel(ours);
  const file = openSync(new URL(import.meta.url), "r");
  assert.ok(channel.writeWithFd(Uint8Array.of(0, 7), 1, 1, file));
  const target = new Uint8Array(4);
  const received = recvFds(theirs, target, 0, 4, 1);
  assert.equal(received.bytes, 1);
  assert.equal(target[0], 7);
  assert.equal(readSync(received.fds[0]!, target, 0, 4, 0), 4);
  assert.equal(readSync(file, target, 0, 4, 0), 4);
  for (const fd of [ours, theirs, file, ...received.fds]) closeFd(fd);
});

test("while it waits it serves the watched descriptor, which can end the wait", () => {
  const [ours, theirs] = socketPair();
  const [watched, watcher] = socketPair();
  let calls = 0;
  const channel = new SocketChannel(ours, watched, () => {
    calls += 1;
    recvFds(watched, new Uint8Array(1), 0, 1, 1);
    if (calls === 2) return false;
    // The client speaks only after the watched side was served.
    writeFrom(theirs, bytes(8), 0, 8);
    return true;
  });
  writeFrom(watcher, bytes(1), 0, 1);
  assert.equal(channel.readExact(new Uint8Array(8), 0, 8), 8);
  assert.equal(calls, 1);
  writeFrom(watcher, bytes(1), 0, 1);
  assert.equal(channel.readExact(new Uint8Array(8), 0, 8), 0);
  assert.equal(calls, 2);
  for (const fd of [ours, theirs, watched, watcher]) closeFd(fd);
});
