// Runs test files through node:test's run() and reports: a line per test, every failure when it happens and once more at the end, every
// skip, the slowest files, the processor time of it all and, as the very last line, "N passed, N failed, N skipped".
import { readFileSync } from "node:fs";
import { run } from "node:test";
import { relative } from "node:path";
import { inspect } from "node:util";
import { root } from "./run.mjs";

/** Ends a file that hangs. Files that are slow are the machine's matter. */
const FILE_TIMEOUT_MS = 1_800_000;

/**
 * `groups`: [{ files, concurrency }], run one after the other. `uncompiled`: sources that have no compiled file; each
 * counts as a failure. `further`: asked at the end for failures and skips that no test reports, as
 * [{ file, failures: [{ name, error }], skips: [{ name, reason }] }]. Resolves to { passed, failed, skipped }.
 */
export async function runTestFiles(groups, uncompiled = [], further = () => []) {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  const results = [];
  for (const { files, concurrency } of groups) {
    const waiting = [...files];
    const worker = async () => {
      for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) results.push(await runFile(file));
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
  }
  for (const source of uncompiled) {
    results.push(newResult(source, [{ name: "(file)", error: "the test was not compiled: no tsconfig includes it" }]));
  }
  for (const { file, ...found } of further()) results.push({ ...newResult(file), ...found });
  for (const { passed, failures, skips } of results) {
    totals.passed += passed;
    totals.failed += failures.length;
    totals.skipped += skips.length;
  }
  report(results);
  console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
  return totals;
}

function newResult(file, failures = []) {
  return { file, passed: 0, failures, skips: [], ms: 0 };
}

/** One file in a run() of its own: an event's `file` is where `test` was called, which may be a shared module. */
async function runFile(file) {
  const result = newResult(file);
  const started = performance.now();
  const stream = run({ files: [file], concurrency: 1, timeout: FILE_TIMEOUT_MS });
  stream.on("test:pass", (data) => {
    if (isWholeFile(data, file)) return;
    const skipped = data.skip !== undefined || data.todo !== undefined;
    if (skipped) result.skips.push({ name: data.name, reason: data.skip || data.todo });
    else if (data.details.type !== "suite") result.passed++;
    printTop(file, data, skipped ? "skip" : "ok");
  });
  stream.on("test:fail", (data) => {
    // A suite or a parent fails because a test in it failed, which is counted already.
    const isEcho = data.details.error?.failureType === "subtestsFailed";
    if (!isWholeFile(data, file)) printTop(file, data, "FAIL");
    if (isEcho) return;
    const failure = { name: isWholeFile(data, file) ? "(file)" : data.name, error: data.details.error };
    result.failures.push(failure);
    printFailure(file, failure);
  });
  stream.on("test:stdout", (data) => process.stdout.write(data.message));
  stream.on("test:stderr", (data) => process.stderr.write(data.message));
  await new Promise((resolve, reject) => {
    stream.on("end", resolve);
    stream.on("error", reject);
    stream.resume();
  });
  if (result.passed + result.failures.length + result.skips.length === 0) {
    result.failures.push({ name: "(file)", error: "the file reported no test" });
  }
  result.ms = performance.now() - started;
  return result;
}

/** The runner reports the file itself as a test when its process ends badly or when it holds no test. */
function isWholeFile(data, file) {
  return data.nesting === 0 && (data.name === file || data.name === relative(process.cwd(), file));
}

function printTop(file, data, mark) {
  if (data.nesting !== 0) return;
  console.log(`${mark.padEnd(4)} ${relative(root, file)}: ${data.name} (${Math.round(data.details.duration_ms)} ms)`);
}

function printFailure(file, { name, error }) {
  console.log(`\nFAILED ${relative(root, file)}: ${name}`);
  const cause = error?.cause ?? error;
  console.log(typeof cause === "string" ? `  ${cause}` : `  ${cause?.stack ?? inspect(cause)}`);
}

/**
 * Minutes of processor time of every process that this one waited for, and of those that they waited for. What a killed process had
 * started is not in it. Source: proc(5), cutime and cstime, in ticks of 1/100 s.
 */
function childrenCpuMinutes() {
  const stat = readFileSync("/proc/self/stat", "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[13]) + Number(fields[14])) / 6000;
}

function report(results) {
  for (const { file, failures } of results) for (const failure of failures) printFailure(file, failure);
  if (results.some(({ skips }) => skips.length > 0)) console.log("\nSkipped:");
  for (const { file, skips } of results) {
    for (const { name, reason } of skips) {
      const why = typeof reason === "string" && reason !== "" ? reason : "(no reason given)";
      console.log(`  ${relative(root, file)}: ${name}: ${why}`);
    }
  }
  console.log("\nSlowest files:");
  for (const { file, ms } of results.toSorted((a, b) => b.ms - a.ms).slice(0, 5)) {
    console.log(`  ${(ms / 1000).toFixed(1).padStart(6)} s  ${relative(root, file)}`);
  }
  console.log(`\nProcessor time: ${childrenCpuMinutes().toFixed(1)} minutes\n`);
}
