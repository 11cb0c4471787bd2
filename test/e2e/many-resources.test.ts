/** 100,000 cycles of creating and dropping a shared resource leave the client's process as it was. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Bench, descendantsOf, sandboxRefusal } from "./harness.js";
import { factsOf } from "./process-facts.js";
import { createResource2Message, message, VCMD, VtestClient } from "./vtest-client.js";

const skip = (await sandboxRefusal()) ?? false;
const CYCLES = 100_000;
const WARM_UP_CYCLES = 10_000;
const BATCH = 100;
const RSS_TOLERANCE_BYTES = 5 * 1024 * 1024;

// enum pipe_texture_target, virgl_formats, VIRGL_BIND_* (virglrenderer, virgl_hw.h): a small RGBA sampler texture.
const TEXTURE = { target: 2, format: 67, bind: 8, width: 16, height: 16, dataSize: 16 * 16 * 4 };

async function cycle(client: VtestClient, count: number): Promise<void> {
  for (let done = 0; done < count; done += BATCH) {
    for (let handle = 1; handle <= BATCH; handle++) {
      client.send(createResource2Message(handle, TEXTURE));
      client.send(message(VCMD.RESOURCE_UNREF, [handle]));
    }
    // Each creation is answered by one byte that carries the descriptor.
    assert.equal((await client.read(BATCH)).length, BATCH, "the server closed the connection");
  }
  assert.ok(await client.sync());
}

test(`${CYCLES} create/unref cycles of shared resources leave RSS and descriptors flat`, { skip }, async () => {
  await using bench = await Bench.create({ server: { kind: "ours", args: ["--spares=0"] } });
  assert.ok(bench.server !== undefined);
  const client = await VtestClient.connect(bench.sandbox.outsidePath(bench.server.socketPath));
  assert.equal(await client.handshake(), 2);
  await cycle(client, WARM_UP_CYCLES);
  const [pid] = descendantsOf(bench.server.process.pid);
  assert.ok(pid !== undefined, "a child process serves the client");
  const before = factsOf(pid);
  await cycle(client, CYCLES);
  const after = factsOf(pid);
  assert.equal(after.openFiles, before.openFiles);
  const grown = after.rssBytes - before.rssBytes;
  assert.ok(grown <= RSS_TOLERANCE_BYTES, `RSS grew by ${(grown / 1048576).toFixed(1)} MB`);
  client.close();
});
