/** Every example runs as it is, says what it should, and stays short. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { repositoryRoot } from "./e2e/paths.js";

const DIRECTORY = join(repositoryRoot(), "examples");
const MAX_LINES = 60;

const EXPECTED: Readonly<Record<string, RegExp>> = {
  "decode-stream.mjs": /SET_VIEWPORT_STATE[^]*createSubCtx[^]*cut: \w+ in \w+ at dword \d+/i,
  "gl-calls.mjs": /bindFramebuffer[^]*clear/,
  "list-recording.mjs": /77 frames[^]*DRAW_VBO[^]*lines in all/,
  "null-back-end.mjs": /monitor: 1280x800\ncapset 1: 308 bytes\nthe back-end ended: status 0/,
  "record-session.mjs": /recorded \d+ messages, 77 frames/,
  "replay-to-png.mjs": /77 frames played in [\d.]+ s, 4 written/,
  "serve.mjs": /renderer: .*\nsocket: as asked/,
  "test-back-end.mjs":
    /features: 0x1\w+\nscanout: 0 64 32\nframe: 2048 pixels, all as drawn\nrefused: 4 of 4; the back-end ended: status 0/,
  "translate-shader.mjs": /#version 300 es[^]*gl_Position[^]*FROB/,
};

test("the table names every example", () => {
  const examples = readdirSync(DIRECTORY).filter((name) => name.endsWith(".mjs"));
  assert.deepEqual(examples.sort(), Object.keys(EXPECTED).sort());
});

for (const [name, expected] of Object.entries(EXPECTED)) {
  test(`examples/${name}`, () => {
    const path = join(DIRECTORY, name);
    assert.ok(readFileSync(path, "utf8").split("\n").length <= MAX_LINES, `more than ${MAX_LINES} lines`);
    const result = spawnSync(process.execPath, [path], { encoding: "utf8", timeout: 300_000 });
    assert.equal(result.status, 0, result.stdout + result.stderr);
    assert.match(result.stdout, expected, result.stdout + result.stderr);
  });
}
