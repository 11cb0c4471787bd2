// `npm run test:sanitized [-- WORD...]`: tests on the addon with AddressSanitizer and UBSan, all of them or those whose path holds one of
// the words; a word that is a file is a test to run, wherever it lies. A report of any process fails the run, also where a test expects
// that process to die.
// `npm run test:sanitized -- --run FILE...` runs a script so, with its arguments: to repeat what a fuzzer found.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { listTestFiles } from "./lib/test-files.mjs";
import { runTestFiles } from "./lib/test-runner.mjs";
import { root } from "./lib/run.mjs";
import { buildSanitizedAddon, reportsIn, sanitizedEnvironment } from "../test/dist/sanitized/sanitizer.js";

/** What runs: everything that loads the addon and needs no VM, compositor or client that is not ours. */
const PLACES = ["packages/virtgpu/dist/", "test/dist/fuzz/", "test/dist/shader-gl/", "test/dist/zero-copy/"];

/** Tests that cannot run so, and why. */
const CANNOT_RUN = [
  {
    file: "packages/virtgpu/dist/testing/own-memory.gpu.test.js",
    reason: "measures holes in the C library's heap, which AddressSanitizer replaces by its own, with a quarantine",
  },
];

const args = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "virtgpu-sanitized-"));
try {
  buildSanitizedAddon();
  Object.assign(process.env, sanitizedEnvironment(folder));
  process.exitCode = args[0] === "--run" ? runScript(args.slice(1)) : await runTests(args);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function runScript(command) {
  const { status, signal } = spawnSync(process.execPath, command, { stdio: "inherit" });
  const reports = reportsIn(folder);
  for (const report of reports) console.error(report);
  console.log(`ended with ${signal ?? status}, ${reports.length} reports`);
  return status === 0 && reports.length === 0 ? 0 : 1;
}

function listFiles(words) {
  const isFile = (word) => statSync(word, { throwIfNoEntry: false })?.isFile() === true;
  const named = words.filter(isFile).map((word) => resolve(word));
  const found = listTestFiles()
    .filter((file) => PLACES.some((place) => relative(root, file).startsWith(place)))
    .filter((file) => words.length === 0 || words.some((word) => relative(root, file).includes(word)));
  return [...new Set([...named, ...found])].map((file) => ({ file, path: relative(root, file) }));
}

async function runTests(words) {
  const listed = listFiles(words);
  const reasonOf = (path) => CANNOT_RUN.find(({ file }) => path.endsWith(file))?.reason;
  const files = listed.filter(({ path }) => reasonOf(path) === undefined).map(({ file }) => file);
  if (files.length === 0) {
    console.error(`no test file matches ${words.join(" ")}`);
    return 1;
  }
  console.log(`${files.length} test files with AddressSanitizer and UBSan`);
  const isSerial = (file) => file.endsWith(".serial.test.js");
  const groups = [
    { files: files.filter((file) => !isSerial(file)), concurrency: availableParallelism() },
    { files: files.filter(isSerial), concurrency: 1 },
  ];
  const totals = await runTestFiles(groups, [], () => [
    ...listed
      .filter(({ path }) => reasonOf(path) !== undefined)
      .map(({ file, path }) => ({ file, skips: [{ name: "(file)", reason: reasonOf(path) }] })),
    ...reportsIn(folder).map((text) => ({ file: folder, failures: [{ name: "a sanitizer's report", error: text }] })),
  ]);
  return totals.failed === 0 ? 0 : 1;
}
