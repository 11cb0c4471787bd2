/** The two counters that no well-formed client raises on this host, shown rising. The others rise in test/e2e/bad-clients. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { GL } from "@virtgpu/core/gl";
import { StreamBuilder } from "@virtgpu/core/testing";
import * as v from "@virtgpu/core/virgl";
import { RenderFixture } from "./render-fixture.js";

const fixture = new RenderFixture();
after(() => fixture[Symbol.dispose]());

test("a clear of what cannot be rendered to is left out, counted and told; the context lives", () => {
  const { counters } = fixture.renderer;
  const before = counters.hostFailures;
  const shared = v.VirglFormat.R9G9B9E5_FLOAT;
  assert.equal(fixture.texture(1, { format: shared, bind: v.VIRGL_BIND_SAMPLER_VIEW, width: 4, height: 4 }), 0);
  const stream = new StreamBuilder().createSubContext(1).setSubContext(1).createSurface(1, 1, shared);
  stream.command(v.VIRGL_CCMD_CLEAR_SURFACE, [v.PIPE_CLEAR_COLOR0 << 1, 1, 0, 0, 0, 0, 0, 0, 4, 4]);
  assert.equal(fixture.submit(stream), 0, fixture.log.join("\n"));
  assert.equal(counters.hostFailures, before + 1);
  assert.match(fixture.log.join("\n"), /cannot do what a guest asked for.*R9G9B9E5_FLOAT/);
  assert.equal(fixture.renderer.isContextDead(1), false);
  assert.equal(counters.snapshot()["hostFailures"], counters.hostFailures);
  counters.reset();
  assert.equal(counters.hostFailures, 0);
});

test("an error of the GL driver is counted and told", () => {
  const { counters } = fixture.renderer;
  fixture.settle();
  const before = counters.glErrors;
  // No stream makes GL fail here (the fuzz test asks for that), so the fault is injected below the decoder.
  fixture.encoder.enable(GL.TEXTURE_2D_ARRAY);
  fixture.settle();
  assert.equal(counters.glErrors, before + 1);
  assert.match(fixture.log.join("\n"), /The GL driver reported errors.*0x500/);
});
