/** A run that finds nothing proves nothing, unless a fault would have failed it. So faults are planted, one of every kind. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { repositoryRoot } from "../e2e/paths.js";
import { buildSanitizedAddon, REPORT_STATUS, reportsIn, sanitizedEnvironment } from "./sanitizer.js";

const PROGRAM = fileURLToPath(new URL("./planted-program.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "virtgpu-planted-"));
after(() => rmSync(folder, { recursive: true, force: true }));
before(buildSanitizedAddon);

/** Whoever runs this file, nothing here is sanitized unless asked for, and a runner inside does not take itself for one of our files. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT: _, LD_PRELOAD: _preload, VIRTGPU_ADDON: _addon, ...rest } = process.env;
  return rest;
}

/** What each must be reported as. AddressSanitizer's words differ a little from gcc 12 to 14. */
const FAULTS: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ["heap-read", /AddressSanitizer: heap-buffer-overflow[^]*READ of size 1 [^]* 0 bytes (?:to the right|after)/],
  ["heap-write", /AddressSanitizer: heap-buffer-overflow[^]*WRITE of size 1 [^]* 0 bytes (?:to the right|after)/],
  ["driver-read", /AddressSanitizer: heap-buffer-overflow[^]*READ of size 64 [^]*memcpy/],
  ["signed-overflow", /runtime error: signed integer overflow: 2147483647 \* 4[^]*__ubsan_handle_mul_overflow/],
  ["misaligned-load", /runtime error: load of misaligned address[^]*__ubsan_handle_type_mismatch/],
  ["shift", /runtime error: shift exponent 32 is too large[^]*__ubsan_handle_shift_out_of_bounds/],
  ["cast", /runtime error: 1e\+20 is outside the range[^]*__ubsan_handle_float_cast_overflow/],
];

for (const [kind, pattern] of FAULTS)
  test(`${kind}: ends the process, and the report names it`, () => {
    const reports = mkdtempSync(join(folder, "reports-"));
    const env = { ...plainEnvironment(), ...sanitizedEnvironment(reports) };
    const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, kind], { encoding: "utf8", env });
    assert.equal(status, REPORT_STATUS, stderr);
    assert.equal(stdout, "", "the program did not go on");
    const written = reportsIn(reports);
    assert.ok(written.length > 0);
    assert.match(stderr + written.join(), pattern);
    assert.match(written.join(), /planted-faults\.c/);
  });

test("segments of any size have a red zone at their very end, as malloc made them", () => {
  for (const bytes of [1, 4095]) {
    const reports = mkdtempSync(join(folder, "reports-"));
    const env = { ...plainEnvironment(), ...sanitizedEnvironment(reports) };
    const { status } = spawnSync(process.execPath, [PROGRAM, "heap-read", String(bytes)], { encoding: "utf8", env });
    assert.equal(status, REPORT_STATUS, `${bytes} bytes`);
    assert.match(reportsIn(reports).join(), new RegExp(`0 bytes (?:to the right of|after) ${bytes}-byte region`));
  }
});

test("a report fails the run, also where the test does not look at the process", () => {
  const file = join(folder, "careless.test.mjs");
  writeFileSync(
    file,
    `import { test } from "node:test";
     import { spawnSync } from "node:child_process";
     for (const kind of ["heap-read", "shift", "none"])
       test(kind, () => void spawnSync(process.execPath, [${JSON.stringify(PROGRAM)}, kind], { stdio: "ignore" }));`,
  );
  const script = join(repositoryRoot(), "scripts/test-sanitized.mjs");
  const { status, stdout } = spawnSync(process.execPath, [script, file], { encoding: "utf8", env: plainEnvironment() });
  assert.equal(status, 1);
  assert.equal(stdout.trimEnd().split("\n").at(-1), "3 passed, 2 failed, 0 skipped", stdout);
  assert.match(stdout, /heap-buffer-overflow/);
  assert.match(stdout, /__ubsan_handle_shift_out_of_bounds/);
});

test("the plain addon has no faults to plant", () => {
  const { stderr } = spawnSync(process.execPath, [PROGRAM, "shift"], { encoding: "utf8", env: plainEnvironment() });
  assert.match(stderr, /plantFault is not a function/);
  const plain = readFileSync(join(repositoryRoot(), "packages/virtgpu/build/virtgpu.node"), "latin1");
  assert.ok(plain.includes("glRegisterSegment"), "names of exports can be found");
  assert.ok(!plain.includes("plantFault"));
});

test("a gcc without its sanitizers is told, with the package", () => {
  const compiler = join(folder, "gcc-without");
  writeFileSync(
    compiler,
    '#!/bin/sh\ncase "$1" in -print-file-name=*) echo "${1#*=}";; -dumpversion) echo 12;; *) exit 9;; esac\n',
  );
  chmodSync(compiler, 0o755);
  const script = join(repositoryRoot(), "scripts/build-addon.mjs");
  const env = { ...plainEnvironment(), CC: compiler };
  const { status, stderr } = spawnSync(process.execPath, [script, "--sanitize"], { encoding: "utf8", env });
  assert.equal(status, 3);
  assert.match(stderr, /has no libasan\.so: apt-get install gcc libgcc-12-dev/);
});
