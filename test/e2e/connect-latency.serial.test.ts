/** How long a client waits for its first answer: one at a time from the warmed spare, and four at once. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { Bench, sandboxRefusal } from "./harness.js";
import { VtestClient } from "./vtest-client.js";

const skip = (await sandboxRefusal()) ?? false;
const ONE_AT_A_TIME = 15;
const MEDIAN_LIMIT_MS = 50;
const BURST = 4;
const BURST_LIMIT_MS = 1000;
/** Long enough for the next spare to warm up. */
const GAP_MS = 600;

async function firstReplyMs(path: string): Promise<number> {
  const started = performance.now();
  const client = await VtestClient.connect(path);
  assert.equal(await client.handshake(), 2);
  const elapsed = performance.now() - started;
  client.close();
  return elapsed;
}

test(`one client at a time has its answer within ${MEDIAN_LIMIT_MS} ms in the median`, { skip }, async () => {
  await using bench = await Bench.create({ server: { kind: "ours" } });
  assert.ok(bench.server !== undefined);
  const path = bench.sandbox.outsidePath(bench.server.socketPath);
  const times: number[] = [];
  for (let index = 0; index < ONE_AT_A_TIME; index++) {
    await delay(GAP_MS);
    times.push(await firstReplyMs(path));
  }
  times.sort((a, b) => a - b);
  const median = times[times.length >> 1] ?? Infinity;
  assert.ok(
    median <= MEDIAN_LIMIT_MS,
    `median ${median.toFixed(1)} ms of ${times.map((ms) => ms.toFixed(0)).join(", ")}`,
  );
});

test(`a burst of ${BURST} clients is served within ${BURST_LIMIT_MS} ms`, { skip }, async () => {
  await using bench = await Bench.create({ server: { kind: "ours" } });
  assert.ok(bench.server !== undefined);
  const path = bench.sandbox.outsidePath(bench.server.socketPath);
  await delay(GAP_MS);
  const times = await Promise.all(Array.from({ length: BURST }, () => firstReplyMs(path)));
  const slowest = Math.max(...times);
  assert.ok(slowest <= BURST_LIMIT_MS, `the slowest took ${slowest.toFixed(0)} ms`);
});
