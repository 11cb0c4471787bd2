import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What is checked: the ops alone, transfers through the whole renderer, or strides beyond 2 GiB (which are a fixed list). */
export type ExactBytesLevel = "ops" | "transfers" | "huge";

export interface ExactBytesRun {
  readonly level: ExactBytesLevel;
  readonly api: "gles" | "gl";
  readonly seed: number;
  /** Ops, or batches of one to four transfers. */
  readonly steps: number;
}

/**
 * Runs the program of this folder in a process of its own. @returns its report
 * @throws {Error} what it found, or the signal that ended it and the case under way
 */
export async function runExactBytes({ level, api, seed, steps }: ExactBytesRun): Promise<Record<string, unknown>> {
  const folder = mkdtempSync(join(tmpdir(), "virtgpu-exact-bytes-"));
  const journal = join(folder, "case");
  try {
    const script = fileURLToPath(new URL("./program.js", import.meta.url));
    const child = spawn(process.execPath, [script, level, api, String(seed), String(steps), journal], {
      env: { ...process.env, LIBGL_ALWAYS_SOFTWARE: process.env["LIBGL_ALWAYS_SOFTWARE"] ?? "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-8000)));
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
      child.on("close", (exitCode, exitSignal) => resolve([exitCode, exitSignal])),
    );
    if (code === 0) return JSON.parse(stdout.trim().split("\n").at(-1)!) as Record<string, unknown>;
    const again = `node ${script} ${level} ${api} ${seed} ${steps}`;
    const under = readJournal(journal);
    throw new Error(`${again} ended with ${signal ?? `status ${code}`}\n  case under way: ${under}\n${stderr}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readJournal(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "(none)";
  }
}
