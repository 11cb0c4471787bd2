import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { VtestConnection } from "../transport/vtest-connection.js";
import { createLogger } from "./log.js";
import { TestClient, type LogLine as Line } from "./testing.js";
import { VtestServer } from "./vtest-server.js";

interface Running {
  readonly server: VtestServer;
  readonly path: string;
  readonly lines: Line[];
  /** Waits for a log line with this message; the n-th of them. */
  readonly line: (message: string, n?: number) => Promise<Line>;
}

async function withServer(spares: number, run: (running: Running) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "virtgpu-server-"));
  const path = join(folder, "vtest");
  const lines: Line[] = [];
  const log = createLogger({ level: "debug", json: true, write: (text) => void lines.push(JSON.parse(text) as Line) });
  const server = await VtestServer.start({
    socket: { path, mode: 0o600 },
    child: { eglPlatform: "surfaceless", api: "gles", logLevel: "info" },
    spares,
    maxClients: 64,
    log,
  });
  const line = async (message: string, n = 1): Promise<Line> => {
    for (let i = 0; i < 4800; i++) {
      const found = lines.filter((each) => each.msg === message)[n - 1];
      if (found !== undefined) return found;
      await sleep(25);
    }
    throw new Error(
      `no log line "${message}" (${n}); there are:\n${lines.map((each) => JSON.stringify(each)).join("\n")}`,
    );
  };
  try {
    await run({ server, path, lines, line });
  } finally {
    await server.kill();
    assert.ok(!existsSync(path), "the socket is removed");
    rmSync(folder, { recursive: true });
  }
}

async function connectAndAsk(path: string): Promise<TestClient> {
  const client = new TestClient(path).hello();
  assert.ok((await client.caps()).length >= 308);
  return client;
}

test("a client is served by a process of its own, whose end is told with its counters", () =>
  withServer(1, async ({ server, path, line }) => {
    const client = await connectAndAsk(path);
    const during = await server.status();
    assert.equal(during.clients.length, 1);
    assert.equal(during.clients[0]?.pid, process.pid);
    assert.notEqual(during.clients[0]?.process, process.pid);
    assert.ok((during.clients[0]?.rssBytes ?? 0) > 1 << 20);
    client.close();
    const end = await line("client finished");
    assert.equal(end["client"], 1);
    assert.equal((end["counters"] as Record<string, number>)["protocolErrors"], 0);
    assert.equal((end["counters"] as Record<string, number>)["guestErrors"], 0);
    const after = await server.status();
    assert.equal(after.clients.length, 0);
    assert.equal(after.served, 1);
  }));

test("spares are kept at their number and reported with their memory; 0 is allowed", async () => {
  await withServer(2, async ({ server, line }) => {
    await line("client process is warm", 2);
    const { spares } = await server.status();
    assert.equal(spares.length, 2);
    for (const spare of spares) assert.ok(spare.rssBytes > 10 << 20, `spare of ${spare.rssBytes} bytes`);
  });
  await withServer(0, async ({ server, path }) => {
    const { spares, served } = await server.status();
    assert.equal(spares.length, 0);
    assert.equal(served, 0, "the process that proved the driver is no client");
    const client = await connectAndAsk(path);
    client.close();
  });
});

test("a client is served by the process that was warm before it came, and the next ones, more than are warm, by processes of their own", () =>
  withServer(1, async ({ server, path, line }) => {
    await line("client process is warm");
    const warm = (await server.status()).spares.map((spare) => spare.process);
    const first = await connectAndAsk(path);
    assert.deepEqual(
      (await server.status()).clients.map((client) => client.process),
      warm,
    );
    const next = await Promise.all([1, 2, 3, 4].map(() => connectAndAsk(path)));
    const processes = new Set((await server.status()).clients.map((client) => client.process));
    assert.equal(processes.size, 5);
    for (const client of [first, ...next]) client.close();
  }));

test("a crashed client process is told with its signal and costs no other client", () =>
  withServer(1, async ({ server, path, line }) => {
    const first = await connectAndAsk(path);
    const second = await connectAndAsk(path);
    const victim = (await server.status()).clients[0]!;
    process.kill(victim.process, "SIGSEGV");
    const crash = await line("client process crashed");
    assert.equal(crash.level, "error");
    assert.equal(crash["signal"], "SIGSEGV");
    assert.equal(crash["pid"], process.pid);
    assert.equal(crash["uid"], process.getuid?.());
    assert.ok((await second.caps()).length >= 308);
    assert.equal((await server.status()).crashes, 1);
    first.close();
    second.close();
  }));

test("a message that breaks the protocol ends that client only, counted and told", () =>
  withServer(1, async ({ path, line }) => {
    const good = await connectAndAsk(path);
    const bad = await connectAndAsk(path);
    bad.send([0, 4711]);
    await bad.untilClosed();
    const end = await line("client finished");
    assert.equal((end["counters"] as Record<string, number>)["protocolErrors"], 1);
    await line("The session is over: unknown message id 4711 (length 0).");
    assert.ok((await good.caps()).length >= 308);
    good.close();
    bad.close();
  }));

test("draining lets a client finish and then ends; the client process goes with the server's wish", () =>
  withServer(1, async ({ server, path, line }) => {
    const client = await connectAndAsk(path);
    let drained = false;
    const end = server.drain().then(() => (drained = true));
    await line("waiting for the clients to finish");
    assert.throws(() => new VtestConnection(path), /no vtest server answers/);
    await sleep(100);
    assert.ok(!drained);
    assert.ok((await client.caps()).length >= 308);
    client.close();
    await end;
  }));

test("a spare that died unseen costs its client nothing: the next process serves it", () =>
  withServer(1, async ({ server, path }) => {
    const spare = (await server.status()).spares[0]!;
    process.kill(spare.process, "SIGKILL");
    // No turn of the event loop between the death and the connection: the server cannot know yet.
    const client = new TestClient(path).hello();
    assert.ok((await client.caps()).length >= 308);
    client.close();
  }));
