import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { askDevice } from "../host/control-client.js";
import type { Explanation } from "../host/explanation.js";
import { ClearScene } from "./clear-scene.js";
import { startBackEnd } from "./start-back-end.js";

test("every answer that waited for a fence is measured, from the GPU's signal to the ring", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "virtgpu-fences-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const control = join(folder, "control.sock");
  const frontEnd = startBackEnd(t, ["--virgl", `--control=${control}`]);
  const scene = new ClearScene(frontEnd);
  for (let i = 0; i < 20; i++) scene.clear([0, i / 20, 0, 1]);
  const explanation = (await askDevice(control, "explain")) as Explanation;
  const { fenceLatency, fences } = explanation.processes[0]!.report!;
  assert.equal(fenceLatency["count"], 20, "requests without a fence are not");
  const [p50, p99] = [fenceLatency["p50Us"]!, fenceLatency["p99Us"]!];
  assert.ok(p50 > 0 && p50 <= p99 && p99 < 5e6, `p50 ${p50} µs, p99 ${p99} µs`);
  assert.ok(fences["sumMs"]! > 0 && fences["sumMs"]! < 5000);
});
