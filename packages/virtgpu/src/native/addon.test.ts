import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

/** What a process of that environment says when it loads the addon. */
function loadWith(word: string): string {
  const module = new URL("addon.js", import.meta.url).href;
  const script = `
    const { addon } = await import(${JSON.stringify(module)});
    try { console.log(typeof addon().createMemfd); } catch (error) { console.log(error.code); }`;
  const { LD_PRELOAD: _, ...env } = process.env;
  const args = ["--input-type=module", "-e", script];
  return spawnSync(process.execPath, args, { encoding: "utf8", env: { ...env, VIRTGPU_ADDON: word } }).stdout.trim();
}

test("VIRTGPU_ADDON chooses among known builds; no word becomes a path", () => {
  assert.equal(loadWith(""), "function");
  for (const word of ["sanitised", "virtgpu.node", "../build/virtgpu.node", "/tmp/x.node", "constructor"])
    assert.equal(loadWith(word), "ADDON_UNKNOWN", word);
});
