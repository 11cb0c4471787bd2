/** The documents lead somewhere: every link to a file that is there, every `npm run` to a script, every script from some document. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { repositoryRoot } from "./e2e/paths.js";

const root = repositoryRoot();
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> };

/** Paths of Markdown files, relative to the root. */
const documents = ["", "docs", "test", "bench", "contrib", "examples"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: folder !== "", encoding: "utf8" })
    .filter((name) => name.endsWith(".md") && !/(?:^|\/)(?:dist|build|node_modules)\//.test(name))
    .map((name) => join(folder, name)),
);
const texts = new Map(documents.map((path) => [path, readFileSync(join(root, path), "utf8")]));

test("links lead to files", () => {
  let links = 0;
  for (const [path, text] of texts) {
    for (const [, target] of text.matchAll(/\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g)) {
      assert.ok(existsSync(join(root, dirname(path), target!)), `${path} links to ${target}, which is not there`);
      links++;
    }
  }
  assert.ok(links > 30, `${links} links were found`);
});

test("commands are scripts, and scripts are told of", () => {
  const named = new Set<string>();
  for (const [path, text] of texts) {
    for (const [, script] of text.matchAll(/npm run ([a-z:]+)/g)) {
      assert.ok(script! in scripts, `${path} names npm run ${script}, which is no script`);
      named.add(script!);
    }
  }
  // `npm test`; what npm runs by itself.
  const others = Object.keys(scripts).filter((name) => name !== "test" && !name.startsWith("pre") && !named.has(name));
  assert.deepEqual(others, []);
});
