/** docs/testing.md names every environment variable of ours, and none that nothing reads. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { repositoryRoot } from "./e2e/paths.js";

/** How TypeScript, scripts and C ask: `env["NAME"]`, `env.NAME`, `getenv("NAME")`. */
const READS = /env(?:\[\s*"|\.|\(")(VIRTGPU_[A-Z_]+)/g;

function namesRead(): Set<string> {
  const names = new Set<string>();
  for (const folder of ["packages", "scripts", "test", "bench"])
    for (const file of readdirSync(join(repositoryRoot(), folder), { recursive: true, encoding: "utf8" })) {
      if (!/\.(?:ts|mjs|c)$/.test(file) || /(?:^|\/)(?:dist|build|node_modules)\//.test(file)) continue;
      for (const match of read(join(folder, file)).matchAll(READS)) names.add(match[1]!);
    }
  return names;
}

function read(file: string): string {
  return readFileSync(join(repositoryRoot(), file), "utf8");
}

test("the table of environment variables has what is read, and nothing else", () => {
  const rows = read("docs/testing.md")
    .split("\n")
    .filter((line) => line.startsWith("| `VIRTGPU_"));
  const documented = rows.flatMap((row) => row.split("|")[1]!.match(/VIRTGPU_[A-Z_]+/g) ?? []);
  assert.ok(documented.length > 10, "there is a table");
  assert.deepEqual(documented.toSorted(), [...namesRead()].toSorted());
});
