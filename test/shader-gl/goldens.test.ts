/** Every golden shader still becomes the same GLSL. `node scripts/update-goldens.mjs` rewrites them; git shows what changed. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { GOLDEN_FOLDER, goldenNames, readGolden, renderGolden } from "./goldens.js";

const ENDINGS = [".vert.glsl", ".frag.glsl", ".error.txt"];
const UPDATE = process.env["VIRTGPU_UPDATE_GOLDENS"] === "1";

for (const name of goldenNames()) {
  test(`golden ${name}`, () => {
    const files = renderGolden(readGolden(name));
    for (const ending of ENDINGS) {
      const path = join(GOLDEN_FOLDER, name + ending);
      const text = files.get(ending);
      if (UPDATE) {
        if (text === undefined) rmSync(path, { force: true });
        else writeFileSync(path, text);
      }
      if (text === undefined) assert.ok(!existsSync(path), `${name}${ending} should not exist`);
      else assert.equal(text, existsSync(path) ? readFileSync(path, "utf8") : "", `${name}${ending}`);
    }
  });
}
