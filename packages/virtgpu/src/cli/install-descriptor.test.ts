import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("./main.js", import.meta.url));

test("the descriptor names a program that answers --print-capabilities", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "virtgpu-descriptor-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const install = spawnSync(process.execPath, [main, "install-descriptor", `--dest=${folder}/new`], {
    encoding: "utf8",
  });
  assert.equal(install.status, 0, install.stderr);
  const { type, binary } = JSON.parse(readFileSync(install.stdout.trim(), "utf8")) as { type: string; binary: string };
  assert.equal(type, "gpu");
  const capabilities = spawnSync(binary, ["--print-capabilities"], { encoding: "utf8" });
  assert.equal(capabilities.status, 0, capabilities.stderr);
  assert.deepEqual(JSON.parse(capabilities.stdout), { type: "gpu", features: ["render-node", "virgl"] });
});

test("a folder that cannot be written is told with a cure", () => {
  const run = spawnSync(process.execPath, [main, "install-descriptor", "--dest=/etc/passwd/nothing"], {
    encoding: "utf8",
  });
  assert.equal(run.status, 1);
  assert.match(run.stderr, /cannot be written.*\n?.*--dest=FOLDER/s);
});

test("the back-end's flags are checked", () => {
  const program = fileURLToPath(new URL("./vhost-user.js", import.meta.url));
  const status = (...args: string[]) => spawnSync(process.execPath, [program, ...args], { encoding: "utf8" }).status;
  assert.equal(status(), 2);
  assert.equal(status("--fd=3", "--socket-path=/tmp/x"), 2);
  assert.equal(status("--fd=three"), 2);
  assert.equal(status("--nonsense"), 2);
});
