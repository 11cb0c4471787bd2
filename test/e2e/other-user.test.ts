/** The socket as containers share it: 0600 keeps other users out, `--vtest-mode` and `--vtest-group` let a group in. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { parseEs2Info } from "./es2-info.js";
import { Bench, repositoryRoot, sandboxRefusal, startXvfb, waitUntil, type Sandbox } from "./harness.js";

const isRoot = process.getuid?.() === 0;
const skip = (await sandboxRefusal()) ?? (isRoot ? false : "only root can become another user");

/** Debian's nobody; the group is made up, no account needs it. */
const OTHER_UID = "65534";
const SHARED_GID = "4711";

async function rendererSeenByOther(serveFlags: readonly string[]): Promise<string> {
  await using bench = await Bench.create({ behindSocket: true });
  const { sandbox } = bench;
  const display = await startXvfb(sandbox, undefined, ["-ac"]);
  const server = sandbox.spawn(join(repositoryRoot(), "bin/virtgpu"), [
    "serve",
    "--vtest",
    "--control=none",
    ...serveFlags,
  ]);
  await waitUntil(() => server.stderr().includes("vtest server is ready"), "our server to be ready");
  return await seenBy(sandbox, display); // the sandbox must outlive it
}

async function seenBy(sandbox: Sandbox, display: string): Promise<string> {
  const result = await sandbox.run(
    "setpriv",
    ["--reuid", OTHER_UID, "--regid", SHARED_GID, "--clear-groups", "es2_info"],
    { env: { GALLIUM_DRIVER: "virpipe", LIBGL_ALWAYS_SOFTWARE: "1", DISPLAY: display }, timeoutMs: 120_000 },
  );
  return parseEs2Info(result.stdout).renderer;
}

test("another user of the group draws through a shared socket", { skip }, async () => {
  const renderer = await rendererSeenByOther(["--vtest-mode=0660", `--vtest-group=${SHARED_GID}`]);
  assert.match(renderer, /virgl/i);
});

test("another user is kept out by default", { skip }, async () => {
  assert.doesNotMatch(await rendererSeenByOther([]), /virgl/i);
});
