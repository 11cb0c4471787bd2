/** Every scene of glmark2-es2's default list, unmodified, through the socket. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { GLMARK2_SCENES, glmark2Args, parseScenes, parseValidation } from "./glmark2.js";
import {
  Bench,
  finishedClients,
  raisedCounters,
  sandboxRefusal,
  waitUntil,
  type RunResult,
  type ServerSpec,
} from "./harness.js";
import { VARIANTS } from "./variants.js";

const skip = (await sandboxRefusal()) ?? false;
const SECONDS_PER_SCENE = 0.3;

async function runGlmark2(server: ServerSpec, args: readonly string[]): Promise<RunResult> {
  await using bench = await Bench.create({ server, x11: true });
  const result = await bench.client("glmark2-es2", args, { timeoutMs: 1_800_000 });
  assert.equal(result.timedOut, false, result.stdout + bench.server?.log());
  assert.equal(result.code, 0, result.stdout + result.stderr + bench.server?.log());
  if (server.kind === "ours" && bench.server !== undefined) {
    const running = bench.server;
    await waitUntil(() => finishedClients(running).length > 0, `the client's end in the log\n${running.log()}`);
    assert.deepEqual(raisedCounters(finishedClients(running)), [], running.log());
  }
  return result;
}

for (const { name, server } of VARIANTS) {
  test(`every default scene runs to its end with no error counted (${name})`, { skip }, async () => {
    const result = await runGlmark2(server, glmark2Args(GLMARK2_SCENES, SECONDS_PER_SCENE));
    const scenes = parseScenes(result);
    assert.equal(scenes.length, GLMARK2_SCENES.length, result.stdout);
    for (const { scene, fps } of scenes) assert.ok(fps >= 1, `${scene}: ${fps} fps`);
  });
}

test("glmark2-es2 --validate answers as on the C server, whose list is the committed one", { skip }, async () => {
  const ours = parseValidation(await runGlmark2({ kind: "ours" }, ["--validate"]));
  const c = parseValidation(await runGlmark2({ kind: "c" }, ["--validate"]));
  assert.equal(c.size, GLMARK2_SCENES.length);
  assert.ok([...c.values()].filter((verdict) => verdict === "Success").length >= 20);
  assert.deepEqual([...ours], [...c]);
});
