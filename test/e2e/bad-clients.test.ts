/**
 * Bad input over the real socket. Each kind of bad client gets the protocol's answer, is told in the log, and the next
 * client never notices. Afterwards 100 of them (1,000 in `npm run test:long`) leave the server's memory and descriptors as the first ten left them.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { amount } from "../amount.js";
import { BAD_CLIENTS, CONTROL_CLIENT, type BadClient } from "./bad-clients.js";
import {
  Bench,
  finishedClients,
  logLines,
  raisedCounters,
  sandboxRefusal,
  waitUntil,
  type RunningServer,
} from "./harness.js";
import { factsOf, type ProcessFacts } from "./process-facts.js";
import { VtestClient } from "./vtest-client.js";

const skip = (await sandboxRefusal()) ?? false;
const LEAK_CLIENTS = Number(process.env["VIRTGPU_TEST_BAD_CLIENTS"] ?? amount(100, 1000));
const LEAK_PARALLEL = 4;
const SETTLE_MS = 2000;
const RSS_TOLERANCE_BYTES = 5 * 1024 * 1024;

async function play(bench: Bench, server: RunningServer, bad: BadClient): Promise<boolean> {
  const client = await VtestClient.connect(bench.sandbox.outsidePath(server.socketPath));
  await bad.misbehave(client);
  const closed = bad.expect === "closed" ? await client.whenClosed() : client.closed;
  client.close();
  return closed;
}

describe("bad clients", { skip }, () => {
  let bench: Bench;
  let server: RunningServer;
  before(async () => {
    bench = await Bench.create({ server: { kind: "ours" } });
    assert.ok(bench.server !== undefined);
    server = bench.server;
  });
  after(() => bench[Symbol.asyncDispose]());

  for (const bad of [CONTROL_CLIENT, ...BAD_CLIENTS]) {
    test(bad.name, async () => {
      const ends = finishedClients(server).length;
      const lines = logLines(server).length;
      const closed = await play(bench, server, bad);
      assert.equal(closed, bad.expect === "closed", `connection ${closed ? "closed" : "still open"}\n${server.log()}`);
      await waitUntil(() => finishedClients(server).length > ends, `the client's end in the log\n${server.log()}`);
      const counters = finishedClients(server).at(-1)?.counters ?? {};
      if (bad.counter === undefined) {
        assert.deepEqual(raisedCounters(finishedClients(server).slice(-1)), []);
      } else {
        assert.ok(
          (counters[bad.counter] ?? 0) > 0,
          `${bad.counter} did not rise: ${JSON.stringify(counters)}\n${server.log()}`,
        );
        const told = logLines(server)
          .slice(lines)
          .some((line) => bad.log.test(JSON.stringify(line)));
        assert.ok(told, `nothing like ${bad.log} in the log:\n${server.log()}`);
      }
    });
  }

  test(
    `${LEAK_CLIENTS} bad clients leave RSS and descriptors as the first ten left them`,
    { timeout: 3_600_000 },
    async () => {
      const run = async (count: number): Promise<void> => {
        let next = 0;
        const worker = async (): Promise<void> => {
          for (let index = next++; index < count; index = next++) {
            const bad = BAD_CLIENTS[index % BAD_CLIENTS.length];
            assert.ok(bad !== undefined);
            await play(bench, server, bad);
          }
        };
        const ends = finishedClients(server).length;
        await Promise.all(Array.from({ length: LEAK_PARALLEL }, worker));
        await waitUntil(() => finishedClients(server).length >= ends + count, `${count} ends in the log`, 1_200_000);
      };
      const whenIdle = async (): Promise<ProcessFacts> => {
        await delay(SETTLE_MS); // the server collects its garbage, and the next spare is ready
        return factsOf(server.process.pid);
      };
      await run(10);
      const first = await whenIdle();
      await run(LEAK_CLIENTS);
      const last = await whenIdle();
      const grown = last.rssBytes - first.rssBytes;
      assert.ok(grown <= RSS_TOLERANCE_BYTES, `RSS grew by ${(grown / 1048576).toFixed(1)} MB`);
      assert.equal(last.openFiles, first.openFiles);
    },
  );
});
