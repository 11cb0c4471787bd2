/** What npm puts into the path is what a checkout has in bin/: small scripts that give servers their malloc setting. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { until } from "../testing/start-back-end.js";

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

/** What a launcher adds to the environment for malloc. */
const SETTINGS: Record<string, readonly string[]> = {
  virtgpu: ["MALLOC_ARENA_MAX=1"],
  "virtgpu-test-server": ["MALLOC_ARENA_MAX=1"],
  "vhost-user-virtgpu": ["MALLOC_ARENA_MAX=1"],
};

for (const [command, args] of [
  ["virtgpu", (path: string) => ["serve", `--vtest=${path}`, "--spares=0", "--control=none"]],
  ["virtgpu-test-server", (path: string) => [`--socket-path=${path}`]],
  ["vhost-user-virtgpu", (path: string) => [`--socket-path=${path}`, "--control=none"]],
] as const) {
  test(`${command}: malloc's settings in the server's process are the launcher's, or the user's`, async (t) => {
    const path = join(folder(t), "socket");
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("MALLOC_")));
    assert.deepEqual(await mallocSettings(t, command, args(path), path, env), SETTINGS[command]);
    const chosen = { ...env, MALLOC_ARENA_MAX: "3" };
    assert.deepEqual(await mallocSettings(t, command, args(path), path, chosen), ["MALLOC_ARENA_MAX=3"]);
  });
}

/** Starts a server by its launcher, and ends it when it listens. @returns what its environment says of malloc */
async function mallocSettings(
  t: TestContext,
  command: string,
  args: readonly string[],
  path: string,
  env: NodeJS.ProcessEnv,
): Promise<string[]> {
  const server = spawn(join(PACKAGE, bin[command]!), args, { stdio: ["ignore", "ignore", "pipe"], env });
  t.after(() => server.kill("SIGKILL"));
  let log = "";
  server.stderr.on("data", (text: Buffer) => (log += text.toString("utf8")));
  // Not until it writes: the back-end has nothing to say before its first front-end. By then node has taken the shell's place.
  await until(() => existsSync(path), `no socket; the server says: ${log}`);
  const environment = readFileSync(`/proc/${server.pid}/environ`, "latin1").split("\0");
  const closed = new Promise((resolve) => server.once("close", resolve));
  server.kill("SIGTERM");
  await closed;
  rmSync(path, { force: true });
  return environment.filter((entry) => entry.startsWith("MALLOC_"));
}
