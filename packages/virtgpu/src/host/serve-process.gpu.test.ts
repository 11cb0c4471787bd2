/** `virtgpu serve` as a process: signals, status, permissions, a path that is taken. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:net";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ServerProcess, TestClient } from "./testing.js";
import type { ServerStatus } from "./vtest-server.js";

const MAIN = fileURLToPath(new URL("../cli/main.js", import.meta.url));

/** A test that fails leaves its server; this process would wait for it. */
const servers: ServerProcess[] = [];
after(() => {
  for (const { process: child } of servers) child.kill("SIGKILL");
});

async function ready(...flags: readonly string[]): Promise<ServerProcess> {
  const server = new ServerProcess(["--egl-platform=surfaceless", ...flags]);
  servers.push(server);
  await server.line("vtest server is ready");
  // Clients are served before questions are: on a busy machine the control socket comes some time later.
  for (let i = 0; i < 6000 && !existsSync(server.control); i++) await sleep(20);
  return server;
}

async function status(server: ServerProcess): Promise<ServerStatus> {
  const socket = connect(server.control, () => socket.write('{"command":"status"}\n'));
  let text = "";
  for await (const chunk of socket.setEncoding("utf8")) {
    text += String(chunk);
    if (text.endsWith("\n")) break;
  }
  return JSON.parse(text) as ServerStatus;
}

/** A client process that has no time for an answer is not waited for long: what the server knows then is older. */
async function statusWhen(server: ServerProcess, isRight: (seen: ServerStatus) => boolean): Promise<ServerStatus> {
  for (let i = 0; ; i++) {
    const seen = await status(server);
    if (isRight(seen)) return seen;
    assert.ok(i < 3000, JSON.stringify(seen));
    await sleep(20);
  }
}

async function isGone(pid: number): Promise<boolean> {
  for (let i = 0; i < 3000; i++) {
    if (!existsSync(`/proc/${pid}`)) return true;
    await sleep(20);
  }
  return false;
}

test("SIGTERM drains: the client is served to its end, then the server exits 0 and leaves no socket", async () => {
  const server = await ready();
  const client = new TestClient(server.socket).hello("patient");
  await client.caps();
  server.process.kill("SIGTERM");
  await server.line("waiting for the clients to finish");
  assert.ok((await client.caps()).length >= 308);
  assert.ok(!existsSync(server.socket));
  client.close();
  assert.equal((await server.line("client finished"))["name"], "patient");
  assert.equal(await server.whenExited(), 0);
});

test("a second SIGINT ends the clients at once", async () => {
  const server = await ready();
  const client = new TestClient(server.socket).hello();
  await client.caps();
  const child = (await status(server)).clients[0]!.process;
  server.process.kill("SIGINT");
  await server.line("waiting for the clients to finish");
  await server.stop("SIGINT");
  await client.untilClosed();
  assert.ok(await isGone(child));
  client.close();
});

test("when the server is killed, its client processes go too", async () => {
  const server = await ready();
  const client = new TestClient(server.socket).hello();
  await client.caps();
  const before = await status(server);
  const children = [...before.clients, ...before.spares].map((each) => each.process);
  assert.ok(children.length >= 1);
  await server.stop("SIGKILL");
  await client.untilClosed();
  for (const child of children) assert.ok(await isGone(child), `process ${child} is left`);
  client.close();
});

test("the control socket tells clients, spares with their memory, bytes and errors", async () => {
  const server = await ready("--spares=2");
  const client = new TestClient(server.socket).hello("asker");
  await client.caps();
  await statusWhen(server, ({ clients, renderer }) => clients[0]?.name === "asker" && renderer !== "");
  client.send([10, 13, 77, 0, 0, 0, 0, 1, 1, 1, 4, 0]); // TRANSFER_GET2 of a resource that is not there
  await client.caps();
  // The counter rises while the client lives.
  await statusWhen(server, ({ totals }) => (totals.errors["guestErrors"] ?? 0) > 0);
  client.close();
  await server.line("client finished");
  const after = await status(server);
  assert.equal(after.served, 1);
  assert.ok((after.totals.errors["guestErrors"] ?? 0) > 0, "and stays after it");
  assert.equal(await server.stop(), 0);
});

test("mode of the socket is as asked, and its path is refused to a second server, with the pid", async () => {
  const server = await ready("--vtest-mode=0660");
  assert.equal(statSync(server.socket).mode & 0o777, 0o660);
  const args = [MAIN, "serve", `--vtest=${server.socket}`, "--control=none"];
  const second = spawnSync(process.execPath, args, { encoding: "utf8", timeout: 180_000 });
  assert.equal(second.status, 1);
  assert.match(second.stderr, new RegExp(`process ${server.process.pid}\n  cure: `));
  const client = new TestClient(server.socket).hello();
  assert.ok((await client.caps()).length >= 308, "the first server goes on");
  client.close();
  await server.stop();
});

test("a GPU that is reset ends the client, which sees its socket closed; the server serves the next", async () => {
  const file = join(tmpdir(), `virtgpu-reset-${process.pid}`);
  const server = new ServerProcess(["--egl-platform=surfaceless", "--spares=0"], { VIRTGPU_TEST_RESET_FILE: file });
  await server.line("vtest server is ready");
  const client = new TestClient(server.socket).hello("unlucky");
  await client.caps();
  writeFileSync(file, "");
  // SUBMIT_CMD of one NOP, then RESOURCE_BUSY_WAIT.
  client.send([1, 6, 0]);
  client.send([2, 7, 0, 1]);
  await client.untilClosed();
  client.close();
  assert.ok(!existsSync(file));
  const told = await server.line("the host failed this client");
  assert.equal(told["code"], "GPU_RESET");
  const next = new TestClient(server.socket).hello("lucky");
  assert.ok((await next.caps()).length >= 308);
  next.close();
  assert.equal(await server.stop(), 0);
});

test("a client process that a client has taken over says what it likes to the server: only that process ends", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "virtgpu-taken-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const said = join(folder, "said");
  const script = join(folder, "taken-over.mjs");
  // Loaded by each client process before anything else: writes the file's bytes to the server, if there is one.
  writeFileSync(
    script,
    `import { existsSync, readFileSync, writeSync } from "node:fs";
     if (existsSync(${JSON.stringify(said)})) writeSync(3, readFileSync(${JSON.stringify(said)}));`,
  );
  const flags = { VIRTGPU_CLIENT_NODE_FLAGS: `--import=${script}` };
  const server = new ServerProcess(["--egl-platform=surfaceless", "--spares=0"], flags);
  servers.push(server);
  await server.line("vtest server is ready");
  const totals = { bytes: {}, copies: {}, errors: {}, activity: {}, fences: null };
  const lines: readonly string[] = [
    "null",
    "[]",
    "{",
    '{"type":"end"}',
    JSON.stringify({ type: "status", name: "x", totals, peakRssBytes: 1, cpuMs: 1 }),
    JSON.stringify({ type: "log", level: "scoped", message: "x" }),
    JSON.stringify({ type: "report", report: { resources: null } }),
    "x".repeat(300_000),
  ];
  for (const [index, line] of lines.entries()) {
    writeFileSync(said, `${line}\n`);
    const unlucky = new TestClient(server.socket).hello("unlucky");
    await server.line("client process sent nonsense and is ended", index + 1);
    rmSync(said);
    unlucky.close();
    const next = new TestClient(server.socket).hello("lucky");
    assert.ok((await next.caps()).length >= 308, line.slice(0, 100));
    next.close();
  }
  assert.equal(await server.stop(), 0);
});

test("without a descriptor left clients wait; it is told once, and they are served when there is one", async () => {
  const server = await ready();
  const limitOpenFiles = (count: number): void =>
    assert.equal(spawnSync("prlimit", [`--pid=${server.process.pid}`, `--nofile=${count}:`]).status, 0);
  const shortages = (): number => server.lines.filter(({ msg }) => msg.startsWith("cannot accept a connection")).length;
  // Else it could be the control socket for which there is none.
  for (let i = 0; i < 4800 && !existsSync(server.control); i++) await sleep(25);
  await status(server);
  limitOpenFiles(4);
  const client = new TestClient(server.socket).hello();
  await server.line("cannot accept a connection now; those who connect wait");
  await sleep(600);
  assert.equal(shortages(), 1);
  limitOpenFiles(1024);
  assert.ok((await client.caps()).length >= 308);
  client.close();
  assert.equal(await server.stop(), 0);
});
