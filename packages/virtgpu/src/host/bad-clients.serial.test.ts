/**
 * Plan: a server meets bad clients of every kind, ten and then a thousand; each gets its end, each is counted, and the
 * server itself is as large afterwards as it was after the first ten. Control: a good client is served at the end.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ServerProcess, TestClient } from "./testing.js";

const CLIENTS = 1000;
const AT_ONCE = 4;
/** Conventions: within 5 MB of what it was after the first ten. */
const RSS_SLACK_BYTES = 5e6;

type BadClient = (client: TestClient) => Promise<void> | void;

const kinds: Readonly<Record<string, BadClient>> = {
  "goes away without a word": () => {},
  "goes away inside a header": (client) => void client.send([1]),
  "goes away inside a message": (client) => void client.hello().send([10, 6, 1, 2, 3]),
  "sends an unknown message": (client) => (client.hello().send([0, 4711]), client.untilClosed()),
  "submits before it says who it is": (client) => (client.send([1, 6, 0]), client.untilClosed()),
  "announces an endless submission": (client) => (client.hello().send([0xffffffff, 6]), client.untilClosed()),
  "has an endless name": (client) => (client.send([0xffffffff, 8]), client.untilClosed()),
  "asks for more memory than there is": (client) => (client.hello().send([11, 12, 1, 0, 64, 16, 0xffffffff, 1, 1, 1, 0, 0, 0xffffffff]), client.untilClosed()),
  "uses a resource that is not there": async (client) => {
    client.hello().send([10, 13, 77, 0, 0, 0, 0, 1, 1, 1, 4, 0]);
    assert.ok((await client.caps()).length >= 308);
  },
  "sends commands that are none": async (client) => {
    client.hello().send([2, 6, 0x0000ffff, 0]);
    assert.ok((await client.caps()).length >= 308);
  },
};

async function settle(server: ServerProcess, ended: number): Promise<{ fds: number; rss: number }> {
  await server.line("client finished", ended);
  let last = -1;
  for (let same = 0; same < 8; ) {
    await sleep(100);
    const fds = server.openFds();
    same = fds === last ? same + 1 : 0;
    last = fds;
  }
  return { fds: last, rss: server.rssBytes() };
}

async function runBadClients(server: ServerProcess, from: number, to: number): Promise<void> {
  const names = Object.keys(kinds);
  let next = from;
  const lane = async (): Promise<void> => {
    while (next < to) {
      const kind = kinds[names[next++ % names.length]!]!;
      const client = new TestClient(server.socket);
      try {
        await kind(client);
      } finally {
        client.close();
      }
      // Not faster than children can start: the test is about leaks, not about the queue.
      await server.line("client finished", next - AT_ONCE);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

test(`after ${CLIENTS} bad clients the server holds no more than after ten`, { timeout: 600_000 }, async () => {
  const server = new ServerProcess([`--spares=${AT_ONCE}`, "--log-level=info", "--egl-platform=surfaceless"]);
  try {
    await server.line("vtest server is ready");
    await runBadClients(server, 0, 10);
    const before = await settle(server, 10);
    await runBadClients(server, 10, CLIENTS);
    const after = await settle(server, CLIENTS);
    assert.equal(after.fds, before.fds, "open descriptors");
    assert.ok(after.rss - before.rss < RSS_SLACK_BYTES, `resident memory went from ${before.rss} to ${after.rss} bytes`);
    const finished = server.lines.filter((line) => line.msg === "client finished");
    const errors = finished.map((line) => line["counters"] as Record<string, number>);
    const kindCount = CLIENTS / Object.keys(kinds).length;
    assert.equal(errors.filter((each) => each["protocolErrors"] === 1).length, 6 * kindCount, "protocol errors counted");
    assert.equal(errors.filter((each) => (each["guestErrors"] ?? 0) > 0).length, 2 * kindCount, "guest errors counted");
    assert.equal(server.lines.filter((line) => line.msg === "client process crashed").length, 0);
    const good = new TestClient(server.socket).hello();
    assert.ok((await good.caps()).length >= 308);
    good.close();
  } finally {
    await server.stop("SIGTERM");
  }
});
