import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Command } from "commander";
import { UsageError } from "./exit-status.js";
import { declareOptions, nearest, readOptions, type OptionValues } from "./options.js";
import { serveOptions } from "./serve.js";

type ServeValues = OptionValues<typeof serveOptions>;

function read(...argv: string[]): ServeValues {
  const command = declareOptions(new Command(), serveOptions).exitOverride();
  command.configureOutput({ writeErr: () => {} });
  command.parse(argv, { from: "user" });
  return readOptions(command, serveOptions);
}

test("options take --x=y and --x y, and have the documented defaults", () => {
  const values = read("--vtest", "/tmp/a", "--spares=3");
  assert.equal(values.vtest, "/tmp/a");
  assert.equal(values.spares, 3);
  assert.equal(values["vtest-mode"], 0o600);
  assert.equal(values["host-gl"], false);
  assert.equal(values["egl-platform"], "auto");
  assert.equal(read().vtest, undefined);
});

test("the bare --vtest means the usual path", () => {
  assert.equal(read("--vtest").vtest, "/tmp/.virgl_test");
  assert.equal(read("--vtest", "--spares=0").vtest, "/tmp/.virgl_test");
});

for (const [argv, message] of [
  [["--spares=many"], /--spares is a whole number from 0 to 64, not "many"/],
  [["--spares=65"], /--spares is a whole number from 0 to 64/],
  [["--spares=-1"], /--spares is a whole number/],
  [["--vtest-mode=rw"], /--vtest-mode is an octal mode/],
  [["--vtest-mode=0999"], /--vtest-mode is an octal mode/],
  [["--egl-platform=x11"], /--egl-platform is one of auto, surfaceless/],
  [["--name=a/b"], /--name is up to 64 letters/],
] as const) {
  test(`a wrong value is a usage error that names the flag: ${argv.join(" ")}`, () => {
    assert.throws(
      () => read(...argv),
      (error: unknown) => error instanceof UsageError && message.test(error.message),
    );
  });
}

function withConfig(content: string, run: (path: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "virtgpu-config-"));
  try {
    const path = join(folder, "config.json");
    writeFileSync(path, content);
    run(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("the config file takes the flags' own names, and flags win", () => {
  withConfig('{ "vtest": true, "spares": 4, "vtest-mode": "0660", "host-gl": true }', (path) => {
    const values = read(`--config=${path}`, "--spares=2");
    assert.equal(values.vtest, "/tmp/.virgl_test");
    assert.equal(values.spares, 2);
    assert.equal(values["vtest-mode"], 0o660);
    assert.equal(values["host-gl"], true);
  });
});

test("an unknown key, a wrong value and a broken file are usage errors", () => {
  withConfig('{ "spare": 4 }', (path) => {
    assert.throws(() => read(`--config=${path}`), /unknown key "spare" \(did you mean spares\?\)/);
  });
  withConfig('{ "spares": "lots" }', (path) =>
    assert.throws(() => read(`--config=${path}`), /"spares" in .* is a whole number/),
  );
  withConfig('{ "config": "x" }', (path) => assert.throws(() => read(`--config=${path}`), /unknown key "config"/));
  withConfig("{", (path) => assert.throws(() => read(`--config=${path}`), UsageError));
  withConfig("[]", (path) => assert.throws(() => read(`--config=${path}`), /no JSON object/));
  assert.throws(() => read("--config=/nonexistent/x.json"), /cannot read/);
});

test("nearest finds a misspelt word and leaves strangers alone", () => {
  assert.equal(nearest("vtset", ["vtest", "spares"]), " (did you mean vtest?)");
  assert.equal(nearest("zzzzz", ["vtest", "spares"]), "");
});
