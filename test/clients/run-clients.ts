/** Builds and runs the feature clients: natively (no server in the bench) or through the bench's server. */
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildDir, repositoryRoot, type Bench } from "../e2e/harness.js";
import { parseRecords, type ClientRecord } from "./records.js";

/** The clients' names, which are their source files' names without `.c`. */
export function clientNames(): string[] {
  return readdirSync(join(repositoryRoot(), "test/clients"))
    .filter((file) => file.endsWith(".c"))
    .map((file) => file.slice(0, -2))
    .toSorted();
}

/** Compiles what is out of date. @throws with the compiler's messages. */
export async function buildClients(): Promise<void> {
  await promisify(execFile)(process.execPath, [join(repositoryRoot(), "test/clients/build.mjs")]);
}

export interface ClientRun {
  readonly records: readonly ClientRecord[];
  /** How it ended, when not with exit 0. */
  readonly failure: string | undefined;
  readonly stderr: string;
  readonly wallMs: number;
}

let sequence = 0;

/** Runs may overlap. */
export async function runClient(bench: Bench, name: string, timeoutMs = 300_000): Promise<ClientRun> {
  const output = join(bench.sandbox.workDir, `${name}.${sequence++}.records`);
  const result = await bench.client(join(buildDir(), "clients", name), [output], { timeoutMs });
  const records = existsSync(output) ? parseRecords(readFileSync(output)) : [];
  rmSync(output, { force: true });
  let failure: string | undefined;
  if (result.timedOut) failure = `no end after ${timeoutMs} ms`;
  else if (result.signal !== null) failure = result.signal;
  else if (result.code !== 0) failure = `exit ${result.code}`;
  return { records, failure, stderr: result.stderr, wallMs: result.wallMs };
}
