import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync, existsSync, renameSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { HostError } from "@virtgpu/core/base";
import { closeFd } from "../native/memory.js";
import { connectUnix } from "../native/socket.js";
import { groupId, listenAtPath, makePrivateFolder } from "./socket-path.js";

async function inFolder(run: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "virtgpu-socket-"));
  try {
    await run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function refuses(code: string, message: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof HostError && error.code === code && message.test(error.message);
}

test("a path held by a living server is refused with its pid, and left alone", () =>
  inFolder(async (folder) => {
    const path = join(folder, "s");
    const holder = spawn(
      process.execPath,
      ["-e", `require("net").createServer().listen(${JSON.stringify(path)}, () => console.log("up"))`],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    try {
      await new Promise((resolve) => holder.stdout.once("data", resolve));
      assert.throws(
        () => listenAtPath({ path, mode: 0o600 }),
        refuses("SOCKET_PATH_HELD", new RegExp(`process ${holder.pid}$`)),
      );
      closeFd(connectUnix(path));
    } finally {
      holder.kill("SIGKILL");
    }
  }));

test("a dead socket is replaced", () =>
  inFolder((folder) => {
    const path = join(folder, "s");
    const script = `require("net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`;
    spawnSync(process.execPath, ["-e", script]);
    assert.ok(existsSync(path), "the killed server left its socket");
    const listener = listenAtPath({ path, mode: 0o600 });
    closeFd(connectUnix(path));
    listener.close();
    assert.ok(!existsSync(path));
  }));

test("what is not a socket is never removed", () =>
  inFolder((folder) => {
    const path = join(folder, "s");
    writeFileSync(path, "precious");
    assert.throws(() => listenAtPath({ path, mode: 0o600 }), refuses("SOCKET_PATH_NOT_A_SOCKET", /not a socket/));
    assert.equal(statSync(path).size, 8);
  }));

test("mode and group are as asked, and 0600 is not widened by the umask", () =>
  inFolder((folder) => {
    const old = process.umask(0);
    try {
      const narrow = listenAtPath({ path: join(folder, "a"), mode: 0o600 });
      assert.equal(statSync(narrow.path).mode & 0o777, 0o600);
      narrow.close();
      const group = process.getgid?.() ?? 0;
      const wide = listenAtPath({ path: join(folder, "b"), mode: 0o660, group: String(group) });
      assert.equal(statSync(wide.path).mode & 0o777, 0o660);
      assert.equal(statSync(wide.path).gid, group);
      wide.close();
    } finally {
      process.umask(old);
    }
  }));

test("unknown groups and overlong paths are refused before anything is made", () =>
  inFolder((folder) => {
    assert.throws(
      () => listenAtPath({ path: join(folder, "s"), mode: 0o600, group: "no-such-group" }),
      refuses("SOCKET_GROUP_UNKNOWN", /no-such-group/),
    );
    assert.throws(
      () => listenAtPath({ path: join(folder, "x".repeat(108)), mode: 0o600 }),
      refuses("SOCKET_PATH_TOO_LONG", /107/),
    );
    assert.ok(!existsSync(join(folder, "s")));
  }));

test("closing leaves a successor's socket alone", () =>
  inFolder(async (folder) => {
    const path = join(folder, "s");
    const listener = listenAtPath({ path, mode: 0o600 });
    renameSync(path, join(folder, "old"));
    const successor = createServer();
    await new Promise<void>((resolve) => successor.listen(path, resolve));
    listener.close();
    assert.ok(existsSync(path));
    successor.close();
  }));

test("groups are names of /etc/group or numbers", () => {
  assert.equal(groupId("root"), 0);
  assert.equal(groupId("4711"), 4711);
  assert.throws(() => groupId("no-such-group"), refuses("SOCKET_GROUP_UNKNOWN", /no-such-group/));
});

test("the folder of a socket is its owner's alone; one that cannot be made is told with the path", () =>
  inFolder((folder) => {
    makePrivateFolder(join(folder, "a/b/s"));
    assert.equal(statSync(join(folder, "a/b")).mode & 0o777, 0o700);
    assert.throws(() => makePrivateFolder("/proc/nowhere/s"), refuses("SOCKET_PATH_FOLDER", /\/proc\/nowhere\/s/));
  }));
