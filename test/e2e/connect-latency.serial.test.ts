/**
 * How long a client waits for its first answer: one at a time from the warmed spare, and four at once. The limits are those of a machine on
 * which Node starts in `USUAL_START_MS`, and longer where it takes longer.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
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

const USUAL_START_MS = 45;

/** How many times slower than usual this machine is at starting a process now; at least 1. */
function slowness(): number {
  const times = Array.from({ length: 5 }, () => {
    const started = performance.now();
    spawnSync(process.execPath, ["-e", "0"]);
    return performance.now() - started;
  }).sort((a, b) => a - b);
  return Math.max(1, times[2]! / USUAL_START_MS);
}

async function firstReplyMs(path: string): Promise<number> {
  const started = performance.now();
  const client = await VtestClient.connect(path);
  assert.equal(await client.handshake(), 2);
  const elapsed = performance.now() - started;
  client.close();
  return elapsed;
}

test(
  `one client at a time has its answer within ${MEDIAN_LIMIT_MS} ms of a usual machine in the median`,
  { skip },
  async () => {
    await using bench = await Bench.create({ server: { kind: "ours" } });
    assert.ok(bench.server !== undefined);
    const path = bench.sandbox.outsidePath(bench.server.socketPath);
    const times: number[] = [];
    const slow = slowness();
    for (let index = 0; index < ONE_AT_A_TIME; index++) {
      await delay(GAP_MS * slow);
      times.push(await firstReplyMs(path));
    }
    times.sort((a, b) => a - b);
    const median = times[times.length >> 1] ?? Infinity;
    assert.ok(
      median <= MEDIAN_LIMIT_MS * slow,
      `machine ${slow.toFixed(1)} times slower than usual: median ${median.toFixed(1)} ms of ${times.map((ms) => ms.toFixed(0)).join(", ")}`,
    );
  },
);

test(`a burst of ${BURST} clients is served within ${BURST_LIMIT_MS} ms of a usual machine`, { skip }, async () => {
  await using bench = await Bench.create({ server: { kind: "ours" } });
  assert.ok(bench.server !== undefined);
  const path = bench.sandbox.outsidePath(bench.server.socketPath);
  const slow = slowness();
  await delay(GAP_MS * slow);
  const times = await Promise.all(Array.from({ length: BURST }, () => firstReplyMs(path)));
  const slowest = Math.max(...times);
  assert.ok(
    slowest <= BURST_LIMIT_MS * slow,
    `machine ${slow.toFixed(1)} times slower than usual: the slowest took ${slowest.toFixed(0)} ms`,
  );
});
