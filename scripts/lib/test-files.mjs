// Which compiled test files there are, and which of their sources are gone.
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { root } from "./run.mjs";

/** Compiled tests lie in these folders; each file's source lies beside, without the `dist`. */
const PLACES = [
  { dist: "packages/core/dist", source: "packages/core/src" },
  { dist: "packages/virtgpu/dist", source: "packages/virtgpu/src" },
  { dist: "test/dist", source: "test" },
];

/** Absolute paths of every `*.test.js`, sorted. A compiled file whose source was removed is not listed. */
export function listTestFiles() {
  const found = [];
  for (const { dist, source } of PLACES) {
    const top = join(root, dist);
    if (!existsSync(top)) continue;
    for (const name of readdirSync(top, { recursive: true })) {
      if (!name.endsWith(".test.js")) continue;
      const path = join(top, name);
      if (!statSync(path).isFile()) continue;
      if (!existsSync(join(root, source, name.replace(/\.js$/, ".ts")))) continue;
      found.push(path);
    }
  }
  return found.sort();
}

/** Sources of tests that were not compiled: they would be lost silently. */
export function listUncompiledTests() {
  const missing = [];
  for (const { dist, source } of PLACES) {
    const top = join(root, source);
    if (!existsSync(top)) continue;
    for (const name of readdirSync(top, { recursive: true })) {
      if (!name.endsWith(".test.ts") || name.includes("node_modules") || name.startsWith("dist/")) continue;
      if (!existsSync(join(root, dist, name.replace(/\.ts$/, ".js")))) missing.push(join(source, name));
    }
  }
  return missing;
}
