/** What a process needs to run on the sanitized addon, and where its reports are. docs/testing.md says what is run. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../e2e/paths.js";

/** How a process ends after a report; no test and no program of ours ends so. */
export const REPORT_STATUS = 99;

/** Builds the sanitized addon when it is stale: some eight seconds. @throws {Error} with what is missing, by package */
export function buildSanitizedAddon(): void {
  const script = join(repositoryRoot(), "scripts/build-addon.mjs");
  // Neither gcc nor the build are what is tested, when all this is started in a sanitized process.
  const { LD_PRELOAD: _, ...env } = process.env;
  const result = spawnSync(process.execPath, [script, "--sanitize"], { encoding: "utf8", env });
  if (result.status !== 0) throw new Error(`${result.stdout}${result.stderr}`.trim());
}

/**
 * Node is not instrumented, so the runtime must be loaded before everything else; programs that are started inherit all this.
 * @param folder where reports go: a file each, as a test may expect that a process dies, or not read what it says
 */
export function sanitizedEnvironment(folder: string): Readonly<Record<string, string>> {
  const compiler = process.env["CC"] ?? "cc";
  const { stdout } = spawnSync(compiler, ["-print-file-name=libasan.so"], { encoding: "utf8" });
  const reports = join(folder, "report");
  const asan = [
    // V8, Node and Mesa keep memory until the process ends; the addon's own is counted by tests (mappings, descriptors).
    "detect_leaks=0",
    // A signal means what it means without sanitizers: our SIGBUS guard, and tests that provoke one and look at how a process ended.
    "handle_segv=0",
    "handle_sigbus=0",
    // libubsan writes to standard error alone, then aborts. So libasan reports the abort, with the stack that led to it, to the folder.
    "handle_abort=1",
    // As malloc answers: tests ask for more than there is.
    "allocator_may_return_null=1",
    `exitcode=${REPORT_STATUS}`,
    `log_path=${reports}`,
  ];
  // It tells libasan where reports go, too: what is set here last counts.
  const ubsan = ["print_stacktrace=1", "abort_on_error=1", `log_path=${reports}`];
  return {
    VIRTGPU_ADDON: "sanitized",
    LD_PRELOAD: stdout.trim(),
    ASAN_OPTIONS: asan.join(":"),
    UBSAN_OPTIONS: ubsan.join(":"),
  };
}

/** Every report of a run. */
export function reportsIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith("report"))
    .toSorted()
    .map((name) => readFileSync(join(folder, name), "utf8"));
}
