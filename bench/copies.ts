/**
 * What virtgpu copies per frame and what that costs, over the vtest socket with real Mesa clients, beside virgl_test_server:
 *
 *     npm run bench:copies -- [--rounds=N] [--seconds=N] [--driver=mesa25|system] [WORD...]
 *
 * WORDs select workloads by name. Without words the results go to bench/results/copies.{json,txt}. Imports of memory by a software
 * driver need Mesa 25 (`--driver=mesa25`, the default), which is unpacked into the cache on first use; clients keep the system's Mesa.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { DRIVERS, driverEnvironment } from "#e2e/driver-environment.js";
import { repositoryRoot } from "#e2e/harness.js";
import { formatCopies, type CopyReport } from "./copy-report.js";
import {
  COPY_CONFIGURATIONS,
  COPY_WORKLOADS,
  type CopyConfiguration,
  type CopySample,
  measureCopies,
  seeCopies,
  type SeenCopies,
} from "./copy-runs.js";

const { values, positionals: words } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "3" },
    driver: { type: "string", default: "mesa25" },
  },
  allowPositionals: true,
});
const rounds = Math.max(1, Number(values.rounds));
const seconds = Math.max(0.2, Number(values.seconds));
const driver = DRIVERS.find((name) => name === values.driver);
if (driver === undefined) throw new Error(`--driver is one of ${DRIVERS.join(", ")}`);
const driverEnv = await driverEnvironment(driver);

const samples: CopySample[] = [];
const seen: SeenCopies[] = [];
const failures: string[] = [];
for (const workload of COPY_WORKLOADS) {
  if (words.length > 0 && !words.some((word) => workload.name.includes(word))) continue;
  for (let round = 0; round < rounds; round++) {
    // Whoever comes first finds the machine as the last workload left it: every round begins with another.
    const order = COPY_CONFIGURATIONS.map((_, i) => COPY_CONFIGURATIONS[(i + round) % COPY_CONFIGURATIONS.length]!);
    for (const configuration of order) {
      await attempt(workload.name, configuration, async () => {
        const sample = await measureCopies(workload, configuration, driverEnv, seconds);
        samples.push(sample);
        return `${sample.fps.toFixed(1)} frames/s`;
      });
    }
  }
  for (const configuration of COPY_CONFIGURATIONS) {
    await attempt(workload.name, configuration, async () => {
      const copies = await seeCopies(workload, configuration, driverEnv, seconds);
      seen.push(copies);
      return `${(copies.bytes.copied / 1000).toFixed(1)} kB a frame seen`;
    });
  }
}

const report: CopyReport = {
  date: new Date().toISOString().slice(0, 10),
  node: process.versions.node,
  cpu: `${cpus().length} x ${cpus()[0]?.model ?? "unknown CPU"}`,
  driver: samples.find(({ renderer }) => renderer !== "")?.renderer ?? "unknown",
  rounds,
  samples,
  seen,
  failures,
};
const text = formatCopies(report);
process.stdout.write(text);
if (words.length === 0) {
  const folder = join(repositoryRoot(), "bench/results");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "copies.json"), `${JSON.stringify(report, undefined, 2)}\n`);
  writeFileSync(join(folder, "copies.txt"), text);
}

/** One run; what fails is told at the end, and is an error where it is ours. */
async function attempt(workload: string, { name, kind }: CopyConfiguration, run: () => Promise<string>): Promise<void> {
  try {
    process.stderr.write(`${workload}, ${name}: ${await run()}\n`);
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    failures.push(`${workload}, ${name}: ${reason}`);
    process.stderr.write(`${failures.at(-1)}\n`);
    if (kind === "ours") process.exitCode = 1;
  }
}
