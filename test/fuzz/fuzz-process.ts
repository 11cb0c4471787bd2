import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { FuzzReport } from "./renderer-fuzz.js";

/** One process's share. Mesa's no-op driver keeps some 100 KB of every program, so none may run for long. */
export const STREAMS_PER_PROCESS = 60_000;

export interface FuzzRun {
  readonly seed: number;
  readonly streams: number;
  /** Check the other context every so many streams; 0: never. */
  readonly canaryEvery?: number;
  readonly api?: "gles" | "gl";
  readonly env?: Readonly<Record<string, string>>;
}

/** The driver checks and compiles, but draws nothing: most streams a second. */
export const NO_DRAWING: Readonly<Record<string, string>> = { GALLIUM_NOOP: "1" };

/** Runs `fuzz-main` in a process of its own. @throws {Error} with the seed and what it wrote, if it did not end well. */
export async function runFuzz(run: FuzzRun): Promise<FuzzReport> {
  const script = fileURLToPath(new URL("./fuzz-main.js", import.meta.url));
  const numbers = [run.seed, run.streams, run.canaryEvery ?? 0].map(String);
  const child = spawn(process.execPath, [script, ...numbers, run.api ?? "gles"], {
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

/** Whether a run held more than that. Sanitized, freed memory waits in quarantine, and blocks have red zones: three times as much. */
export function isOverMemory(report: FuzzReport, megabytes: number): boolean {
  return report.rssMegabytes > megabytes * (report.isSanitized ? 3 : 1);
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

/** What a run must not have shown; "" when all is well. */
export function findingOf(report: FuzzReport): string {
  if (report.glErrors > 0) return `a guest can make the driver report errors: ${report.glErrors} GL errors`;
  if (isOverMemory(report, 1000)) return `${report.rssMegabytes} MB of memory`;
  return "";
}
