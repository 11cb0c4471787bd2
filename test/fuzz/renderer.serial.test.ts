/**
 * Structure-aware fuzzing of the whole way from decoder to driver. Streams are built from the command table, then mutated.
 * The seed is new in every run and printed; set VIRTGPU_FUZZ_SEED to repeat one, VIRTGPU_FUZZ_SECONDS for longer runs.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { describeReport, runFuzz } from "./fuzz-process.js";

const seed = Number(process.env["VIRTGPU_FUZZ_SEED"] ?? Date.now() % 1_000_000_000);
const seconds = Number(process.env["VIRTGPU_FUZZ_SECONDS"] ?? 60);
const STREAMS = 100_000;

describe("random streams", { timeout: (seconds * 8 + 120) * 1000 }, () => {
  it("never hurt the process, and reach every command", async () => {
    // Two processes, as many as the smallest machine has cores. GALLIUM_NOOP: the driver checks and compiles, but draws nothing.
    const run = { minSeconds: seconds, minStreams: STREAMS / 2, maxSeconds: seconds * 7, env: { GALLIUM_NOOP: "1" } };
    const reports = await Promise.all([runFuzz({ ...run, seed }), runFuzz({ ...run, seed: seed + 1 })]);
    for (const report of reports) console.log(describeReport(report));
    const streams = reports.reduce((sum, report) => sum + report.streams, 0);
    assert.ok(streams >= STREAMS, `${streams} streams`);
    for (const report of reports) {
      assert.deepEqual(report.missed, [], `commands that seed ${report.seed} did not reach`);
      assert.ok(report.accepted > report.streams, `seed ${report.seed}: streams get past their first command`);
      // Mesa's no-op driver itself keeps some 100 KB per program; llvmpipe, below, keeps nothing.
      assert.ok(report.rssMegabytes < 1200, `seed ${report.seed}: ${report.rssMegabytes} MB`);
    }
  });

  it("never show in another context that draws", async () => {
    const report = await runFuzz({
      seed: seed + 2,
      minSeconds: 10,
      minStreams: 2000,
      maxSeconds: 120,
      canaryEvery: 64,
    });
    console.log(describeReport(report));
    assert.ok(report.canaryChecks >= 30);
    assert.ok(report.rssMegabytes < 400, `${report.rssMegabytes} MB`);
  });
});
