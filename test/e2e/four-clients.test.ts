/** Four clients at once, one killed in the middle of a frame: the other three finish with right pictures. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseValidation } from "./glmark2.js";
import { Bench, finishedClients, raisedCounters, sandboxRefusal, usageOf, waitUntil } from "./harness.js";

const skip = (await sandboxRefusal()) ?? false;
/** Scenes whose validation reads a pixel back and knows its colour. */
const VALIDATED = [
  "build",
  "texture:texture-filter=linear",
  "bump:bump-render=normals",
  "desktop:effect=shadow:windows=4",
];

test("one of four clients is killed mid-frame, three finish right", { skip, timeout: 1_800_000 }, async () => {
  await using bench = await Bench.create({ server: { kind: "ours" }, x11: true });
  assert.ok(bench.server !== undefined);
  // refract takes tens of milliseconds a frame here, so that a kill lands inside one.
  const victim = bench.startClient("glmark2-es2", ["--size", "800x600", "-b", "refract:duration=600"]);
  const args = [...VALIDATED, ...VALIDATED, ...VALIDATED].flatMap((scene) => ["-b", scene]);
  const survivors = [1, 2, 3].map(() => bench.client("glmark2-es2", ["--validate", ...args], { timeoutMs: 1_200_000 }));
  // Its own processor time tells when it draws.
  await waitUntil(() => usageOf(victim.pid).cpuMs > 400 || !victim.isRunning(), "the victim to draw");
  assert.ok(victim.isRunning(), `the victim ended by itself: ${victim.stdout()}${victim.stderr()}`);
  process.kill(victim.pid, "SIGKILL");
  for (const result of await Promise.all(survivors)) {
    assert.equal(result.code, 0, result.stdout + result.stderr + bench.server.log());
    const verdicts = parseValidation(result);
    assert.equal(verdicts.size, VALIDATED.length, result.stdout);
    for (const [scene, verdict] of verdicts) assert.equal(verdict, "Success", scene);
  }
  const { server } = bench;
  await waitUntil(() => finishedClients(server).length >= 4, `four ends in the log:\n${server.log()}`);
  assert.deepEqual(raisedCounters(finishedClients(server)), [], server.log());
  const afterwards = await bench.client("glmark2-es2", ["--validate", "-b", "build"], { timeoutMs: 300_000 });
  assert.match(afterwards.stdout, /Validation: Success/);
});
