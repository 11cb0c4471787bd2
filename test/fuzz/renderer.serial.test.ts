/**
 * Structure-aware fuzzing of the whole way from decoder to driver. Streams are built from the command table, then mutated.
 *
 * Seeds (two; twelve in `npm run test:long`) and numbers of streams are fixed: this test gates every change, and must fail because of the change at hand, not because
 * today's dice found what was always there. `npm run test:fuzz` is where the dice are: new seeds in every run, for as long as one
 * likes. A seed that ever failed stands in the list here, so that it fails again if its cause comes back. (A change of the command
 * table or of the generator gives every seed other streams, so each cause has a test of its own as well.)
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { amount } from "../amount.js";
import { describeReport, findingOf, isOverMemory, NO_DRAWING, runFuzz, STREAMS_PER_PROCESS } from "./fuzz-process.js";
import type { FuzzReport } from "./renderer-fuzz.js";

/** Seeds that failed once, with the cause. */
const FAILED_ONCE = [
  // Blend factors of a second colour output stayed in GL, which then refused draws to two buffers.
  355_524_479,
];
const SEEDS = [...FAILED_ONCE, ...amount([1], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])];

/** Runs one process after the other, each with the next seed of the common list. */
async function lane(seeds: number[], reports: FuzzReport[]): Promise<void> {
  for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
    // One seed goes further than the others did when one failed: that was after 70,000 streams.
    const streams = FAILED_ONCE.includes(seed) ? STREAMS_PER_PROCESS * 1.5 : STREAMS_PER_PROCESS;
    const report = await runFuzz({ seed, streams, env: NO_DRAWING });
    console.log(describeReport(report));
    reports.push(report);
  }
}

describe("random streams", { timeout: 3_600_000 }, () => {
  it("never hurt the process, and reach every command", async () => {
    const start = performance.now();
    const seeds = [...SEEDS];
    const reports: FuzzReport[] = [];
    // Two processes at a time, as many as the smallest machine has cores.
    await Promise.all([lane(seeds, reports), lane(seeds, reports)]);
    const streams = reports.reduce((sum, report) => sum + report.streams, 0);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`${streams} streams in ${reports.length} processes and ${seconds} s, seeds ${SEEDS.join(", ")}`);
    assert.ok(streams >= 100_000, `${streams} streams`);
    const missed = reports.map((report) => new Set(report.missed));
    const neverReached = [...missed[0]!].filter((command) => missed.every((set) => set.has(command)));
    assert.deepEqual(neverReached, [], "commands that no stream reached");
    for (const report of reports) {
      assert.ok(report.accepted > report.streams, `seed ${report.seed}: streams get past their first command`);
      assert.equal(findingOf(report), "", `seed ${report.seed}`);
    }
  });

  it("never show in another context that draws", async () => {
    const report = await runFuzz({ seed: 1, streams: 4096, canaryEvery: 64 });
    console.log(describeReport(report));
    assert.ok(report.canaryChecks >= 30);
    assert.equal(findingOf(report), "");
    assert.ok(!isOverMemory(report, 400), `${report.rssMegabytes} MB`);
  });
});
