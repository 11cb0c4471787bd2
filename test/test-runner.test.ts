/** The test runner must not lose a test: every way of not passing has to show in its last line and its exit status. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, test } from "node:test";
import { repositoryRoot } from "./e2e/paths.js";

const directory = mkdtempSync(join(tmpdir(), "virtgpu-runner-"));
after(() => rmSync(directory, { recursive: true, force: true }));

/** Runs the runner over one file of `source` and gives its output's last line and its text. */
function runnerOn(source: string, uncompiled: readonly string[] = []): { lastLine: string; text: string } {
  const file = join(directory, "x.test.mjs");
  writeFileSync(file, source);
  const runner = pathToFileURL(join(repositoryRoot(), "scripts/lib/test-runner.mjs")).href;
  const script = `
    const { runTestFiles } = await import(${JSON.stringify(runner)});
    await runTestFiles([{ files: [${JSON.stringify(file)}], concurrency: 1 }], ${JSON.stringify(uncompiled)});`;
  const env = { ...process.env };
  delete env["NODE_TEST_CONTEXT"]; // else the runner inside takes itself for one of our own files
  const main = join(directory, "main.mjs");
  writeFileSync(main, script);
  const result = spawnSync(process.execPath, [main], { encoding: "utf8", env });
  const lines = result.stdout.trimEnd().split("\n");
  return { lastLine: lines.at(-1) ?? "", text: result.stdout + result.stderr };
}

const HEAD = 'import { test, describe } from "node:test";\n';

test("passes, failures and skips are counted, the reason of a skip is shown", () => {
  const { lastLine, text } = runnerOn(
    `${HEAD}test("a", () => {}); test("b", () => { throw new Error("boom"); }); test("c", { skip: "no GPU here" }, () => {});`,
  );
  assert.equal(lastLine, "1 passed, 1 failed, 1 skipped");
  assert.match(text, /no GPU here/);
  assert.match(text, /boom/);
});

test("a suite is not a test, its members are", () => {
  const { lastLine } = runnerOn(
    `${HEAD}describe("s", () => { test("a", () => {}); test("b", () => { throw new Error("x"); }); });`,
  );
  assert.equal(lastLine, "1 passed, 1 failed, 0 skipped");
});

test("tests that a shared module registers count for the file that asked for them", () => {
  writeFileSync(join(directory, "shared.mjs"), `${HEAD}export const add = () => test("shared", () => {});`);
  assert.equal(runnerOn('import { add } from "./shared.mjs"; add();').lastLine, "1 passed, 0 failed, 0 skipped");
});

test("a file that reports no test fails", () => {
  assert.equal(runnerOn("export const nothing = 1;\n").lastLine, "0 passed, 1 failed, 0 skipped");
});

test("a file that cannot be loaded fails", () => {
  assert.match(runnerOn('import "./missing.js";\n').lastLine, /^0 passed, 1 failed/);
});

test("a file that dies after its first test fails", () => {
  const { lastLine } = runnerOn(`${HEAD}test("a", () => {}); setTimeout(() => process.exit(9), 50);`);
  assert.match(lastLine, /^\d passed, [1-9] failed/);
});

test("a test source that was not compiled fails", () => {
  assert.equal(runnerOn(`${HEAD}test("a", () => {});`, ["x.test.ts"]).lastLine, "1 passed, 1 failed, 0 skipped");
});
