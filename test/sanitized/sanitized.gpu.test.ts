/**
 * The part of `npm run test:sanitized` that `npm test` runs: the addon's own tests, and streams with fixed seeds, some of them drawn.
 * What it finds does not depend on time.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { repositoryRoot } from "../e2e/paths.js";
import { describeReport, findingOf, NO_DRAWING, runFuzz, type FuzzRun } from "../fuzz/fuzz-process.js";
import { buildSanitizedAddon, reportsIn, sanitizedEnvironment } from "./sanitizer.js";

const folder = mkdtempSync(join(tmpdir(), "virtgpu-sanitized-"));
after(() => rmSync(folder, { recursive: true, force: true }));
before(buildSanitizedAddon);

test("the addon's own tests, sanitized", () => {
  const script = join(repositoryRoot(), "scripts/test-sanitized.mjs");
  const { NODE_TEST_CONTEXT: _, ...env } = process.env; // else the runner inside takes itself for one of our own files
  const words = ["native/native-gl", "native/memory", "native/gl-trace", "native/socket"];
  const { status, stdout } = spawnSync(process.execPath, [script, ...words], { encoding: "utf8", env });
  const lastLine = stdout.trimEnd().split("\n").at(-1) ?? "";
  assert.match(lastLine, /^[1-9]\d+ passed, 0 failed, 0 skipped$/, stdout);
  assert.equal(status, 0);
});

/** `npm run test:sanitized` runs these seeds and others for longer. */
const RUNS: readonly (FuzzRun & { readonly name: string })[] = [
  { name: "4,000 streams, nothing drawn", seed: 1, streams: 4000, env: NO_DRAWING },
  { name: "256 streams, drawn, with a bystander", seed: 2, streams: 256, canaryEvery: 64 },
];

for (const { name, ...run } of RUNS)
  test(name, async () => {
    const report = await runFuzz({ ...run, env: { ...run.env, ...sanitizedEnvironment(folder) } });
    console.log(describeReport(report));
    assert.equal(report.streams, run.streams);
    assert.equal(findingOf(report), "");
    assert.deepEqual(reportsIn(folder), []);
  });
