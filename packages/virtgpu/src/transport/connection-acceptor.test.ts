import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { HostError } from "@virtgpu/core/base";
import { closeFd, duplicateFd } from "../native/memory.js";
import { connectUnix, listenUnix, peerCredentials } from "../native/socket.js";
import { ConnectionAcceptor } from "./connection-acceptor.js";

/** Sets this process's soft limit of open files. @returns what it was */
function limitOpenFiles(count: string): string {
  const before = /Max open files\s+(\w+)/.exec(readFileSync("/proc/self/limits", "latin1"))![1]!;
  const { status, stderr } = spawnSync("prlimit", [`--pid=${process.pid}`, `--nofile=${count}:`]);
  assert.equal(status, 0, String(stderr));
  return before;
}

/** Opens descriptors until there is none left. */
function takeEveryDescriptor(): number[] {
  const taken: number[] = [];
  for (;;) {
    try {
      taken.push(duplicateFd(0));
    } catch (error) {
      assert.ok(error instanceof HostError && error.code === "EMFILE", String(error));
      return taken;
    }
  }
}

test("without a descriptor for it a connection waits: the socket is left alone, one line tells it, and it is accepted later", () => {
  const folder = mkdtempSync(join(tmpdir(), "virtgpu-acceptor-"));
  const told: string[] = [];
  const logger = { debug() {}, info() {}, warn() {}, error: (message: string) => void told.push(message) };
  let nowMs = 1000;
  const listener = listenUnix(join(folder, "s"));
  const acceptor = new ConnectionAcceptor(listener, logger, () => nowMs);
  assert.equal(acceptor.accept(), -1, "nobody is there");
  assert.deepEqual([acceptor.pollFd, acceptor.deadlineMs], [listener, Infinity]);
  const client = connectUnix(join(folder, "s"));
  const limit = limitOpenFiles(String(readdirSync("/proc/self/fd").length + 20));
  const taken = takeEveryDescriptor();
  try {
    for (let round = 0; round < 20; round++) {
      assert.equal(acceptor.accept(), -1);
      assert.equal(acceptor.pollFd, -1, "a readable socket would be polled without end");
      assert.equal(acceptor.deadlineMs, nowMs + 100);
      nowMs = acceptor.deadlineMs;
      assert.deepEqual([acceptor.pollFd, acceptor.deadlineMs], [listener, Infinity]);
    }
    assert.equal(told.length, 1);
  } finally {
    for (const fd of taken) closeFd(fd);
    limitOpenFiles(limit);
  }
  const server = acceptor.accept();
  assert.equal(peerCredentials(server).pid, process.pid);
  for (const fd of [server, client, listener]) closeFd(fd);
  rmSync(folder, { recursive: true });
  assert.throws(() => acceptor.accept(), { code: "EBADF" });
});
