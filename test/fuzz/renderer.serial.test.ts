/**
 * Structure-aware fuzzing of the whole way from decoder to driver. Streams are built from the command table, then mutated.
 * The seed is new in every run and printed; set VIRTGPU_FUZZ_SEED to repeat one, VIRTGPU_FUZZ_SECONDS for longer runs.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { describeReport, runFuzz } from "./fuzz-process.js";
import type { FuzzReport } from "./renderer-fuzz.js";

const firstSeed = Number(process.env["VIRTGPU_FUZZ_SEED"] ?? Date.now() % 1_000_000_000);
const seconds = Number(process.env["VIRTGPU_FUZZ_SECONDS"] ?? 60);
const STREAMS = 100_000;
/** One process's share. Mesa's no-op driver keeps some 100 KB of every program, so none may run for long. */
const ROUND_SECONDS = 15;

/** Runs one process after the other until `seconds` and half the streams are reached. Seeds count up by two. */
async function lane(first: number): Promise<FuzzReport[]> {
  const reports: FuzzReport[] = [];
  const start = performance.now();
  let streams = 0;
  for (let seed = first; streams < STREAMS / 2 || performance.now() - start < seconds * 1000; seed += 2) {
    // GALLIUM_NOOP: the driver checks and compiles, but draws nothing.
    const env = { GALLIUM_NOOP: "1" };
    const report = await runFuzz({ seed, minSeconds: ROUND_SECONDS, minStreams: 1, maxSeconds: ROUND_SECONDS, env });
    console.log(describeReport(report));
    streams += report.streams;
    reports.push(report);
  }
  return reports;
}

describe("random streams", { timeout: (seconds * 8 + 120) * 1000 }, () => {
  it("never hurt the process, and reach every command", async () => {
    // Two processes at a time, as many as the smallest machine has cores.
    const reports = (await Promise.all([lane(firstSeed), lane(firstSeed + 1)])).flat();
    const streams = reports.reduce((sum, report) => sum + report.streams, 0);
    console.log(`${streams} streams in ${reports.length} processes, seeds from ${firstSeed}`);
    assert.ok(streams >= STREAMS, `${streams} streams`);
    const missed = reports.map((report) => new Set(report.missed));
    const neverReached = [...missed[0]!].filter((command) => missed.every((set) => set.has(command)));
    assert.deepEqual(neverReached, [], "commands that no stream reached");
    for (const report of reports) {
      assert.ok(report.accepted > report.streams, `seed ${report.seed}: streams get past their first command`);
      assert.equal(report.glErrors, 0, `seed ${report.seed}: a guest can make the driver report errors`);
      assert.ok(report.rssMegabytes < 1000, `seed ${report.seed}: ${report.rssMegabytes} MB`);
    }
  });

  it("never show in another context that draws", async () => {
    const run = { minSeconds: 10, minStreams: 2000, maxSeconds: 120, canaryEvery: 64 };
    const report = await runFuzz({ seed: firstSeed, ...run });
    console.log(describeReport(report));
    assert.ok(report.canaryChecks >= 30);
    assert.ok(report.rssMegabytes < 400, `${report.rssMegabytes} MB`);
  });
});
