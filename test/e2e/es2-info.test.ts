/** es2_info through the socket: the guest sees virgl on the host's driver, ES 3.0 or higher, and a known extension list. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { glesVersion, parseEs2Info, type Es2Info } from "./es2-info.js";
import { EXTENSION_DIFFERENCES } from "./extension-differences.js";
import { Bench, finishedClients, raisedCounters, sandboxRefusal, waitUntil, type ServerSpec } from "./harness.js";
import { VARIANTS } from "./variants.js";

const skip = (await sandboxRefusal()) ?? false;

async function es2Info(server: ServerSpec): Promise<Es2Info> {
  await using bench = await Bench.create({ server, x11: true });
  const result = await bench.client("es2_info", []);
  assert.equal(result.code, 0, result.stderr + bench.server?.log());
  if (server.kind === "ours" && bench.server !== undefined) {
    const running = bench.server;
    await waitUntil(() => finishedClients(running).length > 0, `the client's end in the log\n${running.log()}`);
    assert.deepEqual(raisedCounters(finishedClients(running)), []);
  }
  return parseEs2Info(result.stdout);
}

for (const { name, server } of VARIANTS) {
  test(`es2_info names virgl and the host driver, ES >= 3.0 (${name})`, { skip }, async () => {
    const info = await es2Info(server);
    assert.match(info.renderer, /virgl/i);
    assert.match(info.renderer, /llvmpipe/i);
    const [major] = glesVersion(info.version);
    assert.ok(major >= 3, info.version);
  });
}

test("the extension list differs from the C server's only as the table says", { skip }, async () => {
  const ours = await es2Info({ kind: "ours" });
  const c = await es2Info({ kind: "c" });
  const found = [
    ...[...ours.extensions].filter((name) => !c.extensions.has(name)).map((name) => `ours: ${name}`),
    ...[...c.extensions].filter((name) => !ours.extensions.has(name)).map((name) => `c: ${name}`),
  ].sort();
  const mesa = Number(/Mesa (\d+)\./.exec(ours.version)?.[1]);
  const differences = EXTENSION_DIFFERENCES.filter(({ beforeMesa }) => beforeMesa === undefined || mesa < beforeMesa);
  const expected = differences.map(({ offeredBy, extension }) => `${offeredBy}: ${extension}`).sort();
  assert.deepEqual(found, expected);
  for (const { extension, reason } of EXTENSION_DIFFERENCES)
    assert.ok(reason.length > 10, `${extension} has no reason`);
});
