import assert from "node:assert/strict";
import { after, test } from "node:test";
import { StreamBuilder } from "@virtgpu/core/testing";
import * as v from "@virtgpu/core/virgl";
import { RenderFixture, texel } from "./render-fixture.js";

const fixture = new RenderFixture();
after(() => fixture[Symbol.dispose]());

const RENDER = v.VIRGL_BIND_RENDER_TARGET | v.VIRGL_BIND_SAMPLER_VIEW;
const { VirglFormat } = v;

for (const [name, format, expected] of [
  ["R8G8B8A8_UNORM", VirglFormat.R8G8B8A8_UNORM, [255, 128, 0, 64]],
  ["B8G8R8A8_UNORM", VirglFormat.B8G8R8A8_UNORM, [0, 128, 255, 64]],
  ["R8G8B8X8_UNORM", VirglFormat.R8G8B8X8_UNORM, [255, 128, 0, 255]],
] as const) {
  test(`clear fills a ${name} surface in the guest's byte order`, () => {
    const id = format;
    assert.equal(fixture.texture(id, { format, bind: RENDER, width: 8, height: 4 }), 0);
    const stream = new StreamBuilder()
      .createSubContext(format)
      .setSubContext(format)
      .createSurface(1, id, format)
      .setFramebuffer([1])
      .clear(v.PIPE_CLEAR_COLOR0, [1, 128 / 255, 0, 64 / 255]);
    assert.equal(fixture.submit(stream), 0, fixture.log.join("\n"));
    const pixels = fixture.read(id, 8, 4);
    for (let y = 0; y < 4; y++) for (let x = 0; x < 8; x++) assert.deepEqual(texel(pixels, 8, x, y), expected);
    fixture.settle();
    assert.equal(fixture.renderer.counters.glErrors, 0, fixture.log.join("\n"));
  });
}

test("a bad command kills its context only, and the log names command and dword", () => {
  fixture.context(2);
  const bad = new StreamBuilder().createSubContext(1).setSubContext(77);
  assert.notEqual(fixture.submit(bad, 2), 0);
  assert.equal(fixture.renderer.isContextDead(2), true);
  assert.equal(fixture.renderer.isContextDead(1), false);
  const entry = fixture.log.at(-1) ?? "";
  assert.match(entry, /UNKNOWN_SUB_CONTEXT/);
  assert.match(entry, /"command":"VIRGL_CCMD_SET_SUB_CTX","offsetDwords":2/);
});
