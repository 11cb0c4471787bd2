/** What npm puts into the path is what a checkout has in bin/: small scripts that give servers their malloc setting. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";

const PACKAGE = fileURLToPath(new URL("../..", import.meta.url));
const { bin } = JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8")) as { bin: Record<string, string> };

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "virtgpu-launchers-"));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

test("each command of the package starts, also through a symbolic link as npm makes it", (t) => {
  assert.deepEqual(Object.keys(bin).sort(), ["vhost-user-virtgpu", "virtgpu", "virtgpu-test-server"]);
  const path = folder(t);
  for (const [name, file] of Object.entries(bin)) {
    const target = join(PACKAGE, file);
    assert.ok((statSync(target).mode & 0o111) === 0o111, `${file} is executable`);
    symlinkSync(target, join(path, name));
    const run = spawnSync(join(path, name), ["--help"], { encoding: "utf8" });
    assert.equal(run.status, 0, run.stderr);
    assert.match(run.stdout, /Usage/i);
  }
});

for (const [command, args] of [
  ["virtgpu", (path: string) => ["serve", `--vtest=${path}`, "--spares=0", "--control=none"]],
  ["virtgpu-test-server", (path: string) => [`--socket-path=${path}`]],
] as const) {
  test(`${command}: the server's process has one malloc arena`, async (t) => {
    const path = folder(t);
    const { MALLOC_ARENA_MAX: _unset, ...env } = process.env;
    const server = spawn(join(PACKAGE, bin[command]!), args(join(path, "socket")), {
      stdio: ["ignore", "ignore", "pipe"],
      env,
    });
    t.after(() => server.kill("SIGKILL"));
    await new Promise((resolve) => server.stderr.once("data", resolve));
    const environment = readFileSync(`/proc/${server.pid}/environ`, "latin1").split("\0");
    assert.ok(environment.includes("MALLOC_ARENA_MAX=1"));
    server.kill("SIGTERM");
    await new Promise((resolve) => server.once("close", resolve));
  });
}
