// Runs test files through node:test's run() and reports: a line per file, every failure and skip, the slowest files
// and, as the very last line, "N passed, N failed, N skipped".
import { run } from "node:test";
import { relative } from "node:path";
import { inspect } from "node:util";
import { root } from "./run.mjs";

const FILE_TIMEOUT_MS = 600_000;

/**
 * `groups`: [{ files, concurrency }], run one after the other. `uncompiled`: sources that have no compiled file; each
 * counts as a failure. Resolves to { passed, failed, skipped }.
 */
export async function runTestFiles(groups, uncompiled = []) {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  const perFile = new Map();
  const failures = [];
  const skips = [];
  for (const { files, concurrency } of groups) {
    for (const file of files) perFile.set(file, { tests: 0, ms: 0 });
    if (files.length > 0) await runGroup(files, concurrency, { totals, perFile, failures, skips });
  }
  for (const [file, record] of perFile) {
    if (record.tests > 0) continue;
    totals.failed++;
    failures.push({ file, name: "(file)", error: "the file reported no test" });
  }
  for (const source of uncompiled) {
    totals.failed++;
    failures.push({ file: source, name: "(file)", error: "the test was not compiled: no tsconfig includes it" });
  }
  report(perFile, failures, skips);
  console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
  return totals;
}

async function runGroup(files, concurrency, state) {
  const { totals, perFile, failures, skips } = state;
  const stream = run({ files, concurrency, timeout: FILE_TIMEOUT_MS });
  const recordOf = (data) => perFile.get(data.file) ?? perFile.get(data.name);
  const addTime = (data) => {
    const record = recordOf(data);
    if (record !== undefined && data.nesting === 0) record.ms += data.details.duration_ms;
  };
  const note = (data, kind) => {
    const record = recordOf(data);
    if (record === undefined) return;
    addTime(data);
    if (data.details.type === "suite" && kind === "passed") return;
    // The runner reports the file itself as a test when its process ends badly or when it holds no test.
    if (data.name === data.file || perFile.has(data.name)) {
      if (kind !== "failed") return;
    } else record.tests++;
    totals[kind]++;
    if (kind === "failed") {
      record.tests = Math.max(record.tests, 1);
      failures.push({ file: data.file ?? data.name, name: data.name, error: data.details.error });
    }
    if (kind === "skipped") skips.push({ file: data.file, name: data.name, reason: data.skip || data.todo });
  };
  stream.on("test:pass", (data) =>
    note(data, data.skip !== undefined || data.todo !== undefined ? "skipped" : "passed"),
  );
  stream.on("test:fail", (data) => {
    // A suite or a parent fails because a test in it failed, which is counted already.
    if (data.details.error?.failureType === "subtestsFailed") addTime(data);
    else note(data, "failed");
  });
  stream.on("test:stdout", (data) => process.stdout.write(data.message));
  stream.on("test:stderr", (data) => process.stderr.write(data.message));
  stream.on("test:pass", printFile);
  stream.on("test:fail", printFile);
  await new Promise((resolve, reject) => {
    stream.on("end", resolve);
    stream.on("error", reject);
    stream.resume();
  });
}

function printFile(data) {
  if (data.nesting !== 0) return;
  const mark = data.skip !== undefined ? "skip" : data.details.passed === false || data.details.error ? "FAIL" : "ok";
  const file = data.file === undefined ? "" : relative(root, data.file);
  console.log(`${mark.padEnd(4)} ${file}: ${data.name} (${Math.round(data.details.duration_ms)} ms)`);
}

function report(perFile, failures, skips) {
  for (const { file, name, error } of failures) {
    console.log(`\nFAILED ${relative(root, file)}: ${name}`);
    const cause = error?.cause ?? error;
    console.log(typeof cause === "string" ? `  ${cause}` : `  ${cause?.stack ?? inspect(cause)}`);
  }
  if (skips.length > 0) console.log("\nSkipped:");
  for (const { file, name, reason } of skips) {
    const why = typeof reason === "string" && reason !== "" ? reason : "(no reason given)";
    console.log(`  ${relative(root, file)}: ${name}: ${why}`);
  }
  const slowest = [...perFile].map(([file, { ms }]) => ({ file, ms })).sort((a, b) => b.ms - a.ms);
  console.log("\nSlowest files:");
  for (const { file, ms } of slowest.slice(0, 5)) {
    console.log(`  ${(ms / 1000).toFixed(1).padStart(6)} s  ${relative(root, file)}`);
  }
  console.log("");
}
