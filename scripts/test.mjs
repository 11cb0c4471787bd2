// Runs every compiled test. `npm test`, or `npm test -- WORD...` for the files whose path holds one of the words.
// It lists the files itself (shell globs and `node --test DIR` both lose files silently) and fails when one of them
// reports no test. Files named *.serial.test.js run alone, after the others: they measure, or need both cores.
import { availableParallelism } from "node:os";
import { relative } from "node:path";
import { listTestFiles, listUncompiledTests } from "./lib/test-files.mjs";
import { runTestFiles } from "./lib/test-runner.mjs";
import { root } from "./lib/run.mjs";

const words = process.argv.slice(2);
const all = listTestFiles();
const files =
  words.length === 0 ? all : all.filter((file) => words.some((word) => relative(root, file).includes(word)));
if (files.length === 0) {
  console.error(`no test file matches ${words.join(" ") || "(the tree is not built)"}`);
  process.exit(1);
}

const isSerial = (file) => file.endsWith(".serial.test.js");
// Whole programs first: they take longest, and wait for clients often enough to leave room for one more file than cores.
const isEndToEnd = (file) => file.includes("/e2e/");
const together = files.filter((file) => !isSerial(file));
const groups = [
  {
    files: [...together.filter(isEndToEnd), ...together.filter((file) => !isEndToEnd(file))],
    concurrency: Math.min(5, availableParallelism() + 1),
  },
  { files: files.filter(isSerial), concurrency: 1 },
];
const totals = await runTestFiles(groups, words.length === 0 ? listUncompiledTests() : []);
process.exitCode = totals.failed === 0 ? 0 : 1;
