import assert from "node:assert/strict";
import { test } from "node:test";
import { CopyLedger } from "@virtgpu/core/memory";
import { RendererWarmUp } from "@virtgpu/core/renderer/gles";
import { RenderFixture } from "./render-fixture.js";

test("warming up draws without an error and leaves nothing behind", () => {
  using fixture = new RenderFixture();
  const { renderer, encoder } = fixture;
  const live = (): Record<string, number> =>
    Object.fromEntries(Object.entries(encoder.names).map(([kind, names]) => [kind, names.live]));
  const before = live();
  const warmUp = new RendererWarmUp(renderer, encoder, new CopyLedger());
  let frames = 0;
  while (frames < 5 && warmUp.step()) frames++;
  assert.equal(frames, 5, fixture.log.join("\n"));
  fixture.settle();
  const { draws, skippedDraws, glErrors, shaderErrors } = renderer.counters;
  assert.deepEqual({ skippedDraws, glErrors, shaderErrors }, { skippedDraws: 0, glErrors: 0, shaderErrors: 0 });
  assert.ok(draws > 0);
  warmUp.end();
  assert.equal(renderer.counters.draws, 0);
  assert.equal(warmUp.step(), false);
  const after = live();
  // Passes of the renderer's own (zero fills, read-backs) keep their framebuffers and programs.
  for (const kind of ["buffer", "texture", "sampler", "query"]) assert.equal(after[kind], before[kind], kind);
});
