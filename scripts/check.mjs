// `npm run check`: everything that needs no GPU and takes under a minute. Runs all steps, then says which failed.
import { spawnSync } from "node:child_process";
import { listTestFiles, listUncompiledTests } from "./lib/test-files.mjs";
import { runTestFiles } from "./lib/test-runner.mjs";
import { root, tool } from "./lib/run.mjs";

const failed = [];
const started = performance.now();

step("format", tool("oxfmt"), ["--check"]);
step("lint", tool("oxlint"), ["--deny-warnings"]);
step("types", tool("tsc"), ["-b"]);
step("generated files fresh", process.execPath, ["scripts/generate.mjs", "--check"]);
step("budgets", process.execPath, ["scripts/check-budgets.mjs"]);
step("lock installs", "npm", ["ci", "--dry-run", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);

// Tests that open a GL driver are named *.gpu.test.ts; those of whole programs lie in test/e2e, test/clients and test/fuzz.
const needsMore = /\.gpu\.test\.js$|\.serial\.test\.js$|\/test\/dist\/(e2e|clients|fuzz|shader-gl|examples)\//;
const files = listTestFiles().filter((file) => !needsMore.test(file));
const totals = await runTestFiles([{ files, concurrency: 2 }], listUncompiledTests());
if (totals.failed > 0) failed.push("unit and golden tests");

const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(
  failed.length === 0 ? `check: all good in ${seconds} s` : `check: FAILED: ${failed.join(", ")} (${seconds} s)`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

function step(name, command, args) {
  const begun = performance.now();
  const result = spawnSync(command, args, { cwd: root, encoding: "utf8", maxBuffer: 64 << 20 });
  const good = result.status === 0;
  console.log(`${good ? "ok  " : "FAIL"} ${name} (${Math.round(performance.now() - begun)} ms)`);
  if (good) return;
  failed.push(name);
  process.stdout.write(
    (result.stdout ?? "") + (result.stderr ?? "") + (result.error ? `${result.error.message}\n` : ""),
  );
}
