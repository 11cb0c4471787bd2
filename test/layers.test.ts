/**
 * The layers of packages/core import only downward: `tsc -b` refuses anything else. Each case adds one forbidden
 * import to a copy of the sources and expects the refusal; the control builds the copy untouched.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { repositoryRoot } from "./e2e/paths.js";

/** A layer, and a layer that it must not see. */
const FORBIDDEN = [
  ["base", "../wire/index.js"],
  ["wire", "../memory/index.js"],
  ["memory", "../renderer/index.js"],
  ["shader", "../virgl/index.js"],
  ["gl", "../renderer/gles/index.js"],
  ["virgl", "../gl/index.js"],
  ["renderer", "../virgl/index.js"],
  ["renderer/gles", "../../vtest/index.js"],
  ["vtest", "../gl/index.js"],
  ["capture", "../renderer/gles/index.js"],
] as const;

let copy = "";

function build(layer: string): { status: number | null; output: string } {
  const tsc = join(repositoryRoot(), "node_modules/.bin/tsc");
  const result = spawnSync(tsc, ["-b", join("packages/core/src", layer)], { cwd: copy, encoding: "utf8" });
  return { status: result.status, output: result.stdout + result.stderr };
}

before(() => {
  const root = repositoryRoot();
  copy = mkdtempSync(join(tmpdir(), "virtgpu-layers-"));
  cpSync(join(root, "packages/core"), join(copy, "packages/core"), { recursive: true });
  cpSync(join(root, "tsconfig.base.json"), join(copy, "tsconfig.base.json"));
  cpSync(join(root, "package.json"), join(copy, "package.json"));
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
});

after(() => rmSync(copy, { recursive: true, force: true }));

test("control: the sources build as they are", () => {
  for (const [layer] of FORBIDDEN) {
    const { status, output } = build(layer);
    assert.equal(status, 0, `${layer}: ${output}`);
  }
});

for (const [layer, specifier] of FORBIDDEN) {
  test(`${layer} cannot import ${specifier}`, () => {
    const file = join(copy, "packages/core/src", layer, "index.ts");
    const original = readFileSync(file, "utf8");
    appendFileSync(file, `\nimport * as forbidden from "${specifier}";\nexport const probe = forbidden;\n`);
    const { status, output } = build(layer);
    writeFileSync(file, original);
    assert.notEqual(status, 0, `tsc -b took the import of ${specifier} in ${layer}`);
    assert.match(output, /TS6307|TS6059|TS6202/, output);
  });
}
