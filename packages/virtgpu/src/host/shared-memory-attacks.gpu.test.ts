/** What a client can do to the memory that it shares with the server: nothing that takes pages away, and nothing that shows elsewhere. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { ftruncateSync } from "node:fs";
import { test } from "node:test";
import { PIPE_TEXTURE_2D, VIRGL_BIND_RENDER_TARGET, VIRGL_BIND_SAMPLER_VIEW, VirglFormat } from "@virtgpu/core/virgl";
import * as v from "@virtgpu/core/vtest";
import { closeFd, Mapping, waitReadable } from "../native/index.js";
import { ServerProcess, TestClient } from "./testing.js";

const SIZE = 64;
const BYTES = SIZE * SIZE * 4;
const ID = 7;

/** A connected client with one texture; its memory is mapped, and `fd` still open. */
async function clientWithTexture(server: ServerProcess) {
  const client = new TestClient(server.socket).hello();
  client.send([1, v.VCMD_PROTOCOL_VERSION, 2]);
  await client.receive(12);
  const bind = VIRGL_BIND_RENDER_TARGET | VIRGL_BIND_SAMPLER_VIEW;
  const format = VirglFormat.R8G8B8A8_UNORM;
  client.send([11, v.VCMD_RESOURCE_CREATE2, ID, PIPE_TEXTURE_2D, format, bind, SIZE, SIZE, 1, 1, 0, 0, BYTES]);
  await waitReadable(client.connection.fd);
  const fd = client.connection.receiveFd();
  assert.ok(fd >= 0);
  return { client, fd, memory: Mapping.map(fd, 0, BYTES) };
}

function transfer(client: TestClient, id: number): void {
  client.send([10, id, ID, 0, 0, 0, 0, SIZE, SIZE, 1, BYTES, 0]);
}

async function wait(client: TestClient): Promise<void> {
  client.send([2, v.VCMD_RESOURCE_BUSY_WAIT, ID, v.VCMD_BUSY_WAIT_FLAG_WAIT]);
  assert.equal((await client.receive(12)).length, 12, "the server answers");
}

test(
  "shared memory can be punched but not taken away, even in the middle of transfers",
  { timeout: 300_000 },
  async () => {
    const server = new ServerProcess(["--spares=2"]);
    try {
      await server.line("vtest server is ready");
      await attack(server);
    } finally {
      // A failed test leaves clients behind, which a gentle end would wait for.
      await server.stop("SIGKILL");
    }
  },
);

async function attack(server: ServerProcess): Promise<void> {
  const attacker = await clientWithTexture(server);
  const other = await clientWithTexture(server);

  // Sealed: neither shorter nor longer.
  assert.throws(() => ftruncateSync(attacker.fd, 0), /EPERM/);
  assert.throws(() => ftruncateSync(attacker.fd, BYTES * 2), /EPERM/);

  // A hole reads as zeros.
  const path = `/proc/${process.pid}/fd/${attacker.fd}`;
  attacker.memory.bytes.fill(200);
  const punched = spawnSync("fallocate", ["--punch-hole", "--offset=0", "--length=4096", path], { encoding: "utf8" });
  assert.equal(punched.status, 0, punched.stderr);
  transfer(attacker.client, v.VCMD_TRANSFER_PUT2);
  await wait(attacker.client);
  attacker.memory.bytes.fill(1);
  transfer(attacker.client, v.VCMD_TRANSFER_GET2);
  await wait(attacker.client);
  assert.deepEqual([attacker.memory.bytes[0], attacker.memory.bytes[4096]], [0, 200]);

  // Holes while the server reads and writes.
  const loop = `for i in $(seq 60); do fallocate --punch-hole --offset=0 --length=${BYTES} ${path}; done`;
  const puncher = spawn("sh", ["-c", loop], { stdio: "ignore" });
  const done = new Promise<void>((resolve) => puncher.once("close", () => resolve()));
  other.memory.bytes.fill(77);
  for (let i = 0; i < 300; i++) {
    transfer(attacker.client, i % 2 === 0 ? v.VCMD_TRANSFER_PUT2 : v.VCMD_TRANSFER_GET2);
    if (i % 50 === 0) await wait(attacker.client);
  }
  await done;
  await wait(attacker.client);

  // The other client's memory and texture are its own.
  transfer(other.client, v.VCMD_TRANSFER_PUT2);
  await wait(other.client);
  other.memory.bytes.fill(0);
  transfer(other.client, v.VCMD_TRANSFER_GET2);
  await wait(other.client);
  assert.ok(other.memory.bytes.every((byte) => byte === 77));

  for (const { client, fd, memory } of [attacker, other]) {
    client.close();
    memory.release();
    closeFd(fd);
  }
  for (const n of [1, 2]) {
    const line = await server.line("client finished", n);
    const counters = line["counters"] as Record<string, number>;
    assert.deepEqual(
      Object.entries(counters).filter(([, count]) => count !== 0),
      [],
    );
  }
}
