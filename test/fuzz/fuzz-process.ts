import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { FuzzReport } from "./renderer-fuzz.js";

export interface FuzzRun {
  readonly seed: number;
  readonly minSeconds: number;
  readonly minStreams: number;
  /** Ends the run whatever it reached. */
  readonly maxSeconds: number;
  /** Check the other context every so many streams; 0: never. */
  readonly canaryEvery?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs `fuzz-main` in a process of its own. @throws {Error} with the seed and what it wrote, if it did not end well. */
export async function runFuzz(run: FuzzRun): Promise<FuzzReport> {
  const script = fileURLToPath(new URL("./fuzz-main.js", import.meta.url));
  const numbers = [run.seed, run.minSeconds, run.minStreams, run.maxSeconds, run.canaryEvery ?? 0].map(String);
  const child = spawn(process.execPath, [script, ...numbers], {
    env: { ...process.env, LIBGL_ALWAYS_SOFTWARE: "1", ...run.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-4000)));
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.on("close", (exitCode, exitSignal) => resolve([exitCode, exitSignal])),
  );
  if (code !== 0) throw new Error(`fuzz run of seed ${run.seed} ended with ${signal ?? code}: ${stderr}`);
  return JSON.parse(stdout.trim().split("\n").at(-1)!) as FuzzReport;
}

/** One line for people. */
export function describeReport(report: FuzzReport): string {
  const errors = Object.entries(report.errors).map(([name, count]) => `${name} ${count}`);
  return (
    `seed ${report.seed}: ${report.streams} streams, ${report.commands} commands (${report.accepted} accepted) ` +
    `in ${report.seconds.toFixed(1)} s, ${report.contexts} contexts, ${report.canaryChecks} canary checks, ` +
    `${report.glErrors} GL errors, ${report.rssMegabytes} MB; guest errors: ${errors.join(", ")}`
  );
}
