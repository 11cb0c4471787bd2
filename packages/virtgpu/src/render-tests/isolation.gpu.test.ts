import assert from "node:assert/strict";
import { after, test } from "node:test";
import { StreamBuilder } from "@virtgpu/core/testing";
import * as v from "@virtgpu/core/virgl";
import { RenderFixture, texel } from "./render-fixture.js";
import { createTarget, fill, fillPipeline, Handle, SIZE, uploadTriangle } from "./scene.js";

const fixture = new RenderFixture();
after(() => fixture[Symbol.dispose]());
fixture.context(2);
uploadTriangle(fixture, [2]);

const RGBA = v.VirglFormat.R8G8B8A8_UNORM;
const BGRA = v.VirglFormat.B8G8R8A8_UNORM;

function noErrors(): void {
  fixture.settle();
  const { glErrors, shaderErrors } = fixture.renderer.counters;
  assert.deepEqual({ glErrors, shaderErrors }, { glErrors: 0, shaderErrors: 0 }, fixture.log.join("\n"));
}

test("two contexts that take turns keep their own state", () => {
  createTarget(fixture, 1, RGBA, [1]);
  createTarget(fixture, 2, BGRA, [2]);
  assert.equal(fixture.submit(fillPipeline(1, 1, RGBA), 1), 0, fixture.log.join("\n"));
  assert.equal(fixture.submit(fillPipeline(1, 2, BGRA, 0b0111), 2), 0, fixture.log.join("\n"));
  // Context 1 draws only where its scissor lets it; context 2 has none and writes no alpha.
  const scissored = new StreamBuilder()
    .setSubContext(1)
    .createRasterizer(20, 1 << 14)
    .bindObject(v.VIRGL_OBJECT_RASTERIZER, 20)
    .setScissor(0, 0, 4, SIZE);
  assert.equal(fixture.submit(scissored, 1), 0);
  for (let turn = 0; turn < 3; turn++) {
    assert.equal(fixture.submit(fill(new StreamBuilder().setSubContext(1), [1, 0, 0, 1]), 1), 0);
    assert.equal(fixture.submit(fill(new StreamBuilder().setSubContext(1), [0, 0, 1, 1]), 2), 0);
  }
  const first = fixture.read(1, SIZE, SIZE);
  assert.deepEqual(texel(first, SIZE, 3, 3), [255, 0, 0, 255]);
  assert.deepEqual(texel(first, SIZE, 4, 3), [0, 0, 0, 0]);
  const second = fixture.read(2, SIZE, SIZE);
  assert.deepEqual(texel(second, SIZE, 6, 6), [255, 0, 0, 0]);
  noErrors();
});

test("sub-contexts of one context do not share bindings", () => {
  createTarget(fixture, 3, RGBA);
  createTarget(fixture, 4, RGBA);
  assert.equal(fixture.submit(fillPipeline(3, 3, RGBA)), 0, fixture.log.join("\n"));
  assert.equal(fixture.submit(fillPipeline(4, 4, RGBA)), 0, fixture.log.join("\n"));
  const stream = fill(new StreamBuilder().setSubContext(3), [0, 1, 0, 1]).setSubContext(4);
  assert.equal(fixture.submit(fill(stream, [0, 0, 1, 1]).setSubContext(3)), 0);
  assert.deepEqual(texel(fixture.read(3, SIZE, SIZE), SIZE, 0, 0), [0, 255, 0, 255]);
  assert.deepEqual(texel(fixture.read(4, SIZE, SIZE), SIZE, 0, 0), [0, 0, 255, 255]);
  noErrors();
});

test("what a context did not attach it cannot use", () => {
  createTarget(fixture, 5, RGBA, [1]);
  fixture.context(3);
  const stream = new StreamBuilder().createSubContext(1).setSubContext(1).createSurface(1, 5, RGBA);
  assert.notEqual(fixture.submit(stream, 3), 0);
  assert.match(fixture.log.at(-1) ?? "", /UNKNOWN_RESOURCE.*CREATE SURFACE.*r5/s);
});

test("objects and resources destroyed while bound stay usable until they are unbound", () => {
  createTarget(fixture, 6, RGBA);
  assert.equal(fixture.submit(fill(fillPipeline(6, 6, RGBA), [1, 0, 0, 1])), 0);
  const destroyed = new StreamBuilder().setSubContext(6);
  for (const [handle, type] of [
    [Handle.BLEND, v.VIRGL_OBJECT_BLEND],
    [Handle.RASTERIZER, v.VIRGL_OBJECT_RASTERIZER],
    [Handle.DSA, v.VIRGL_OBJECT_DSA],
    [Handle.ELEMENTS, v.VIRGL_OBJECT_VERTEX_ELEMENTS],
    [Handle.VERTEX, v.VIRGL_OBJECT_SHADER],
    [Handle.FRAGMENT, v.VIRGL_OBJECT_SHADER],
    [Handle.SURFACE, v.VIRGL_OBJECT_SURFACE],
  ] as const) {
    destroyed.destroyObject(type, handle);
  }
  assert.equal(fixture.submit(fill(destroyed, [0, 1, 0, 1])), 0, fixture.log.join("\n"));
  assert.deepEqual(texel(fixture.read(6, SIZE, SIZE), SIZE, 0, 0), [0, 255, 0, 255]);
  fixture.renderer.unrefResource(6);
  assert.equal(fixture.submit(fill(new StreamBuilder().setSubContext(6), [0, 0, 1, 1])), 0);
  const unbound = new StreamBuilder()
    .setSubContext(6)
    .setFramebuffer([])
    .bindShader(0, v.PIPE_SHADER_VERTEX)
    .bindShader(0, v.PIPE_SHADER_FRAGMENT);
  assert.equal(fixture.submit(unbound), 0);
  noErrors();
});

test("draws that lack a shader or a framebuffer are counted, not executed", () => {
  const before = fixture.renderer.counters.skippedDraws;
  assert.equal(fixture.submit(new StreamBuilder().createSubContext(7).setSubContext(7).draw({ count: 3 })), 0);
  assert.equal(fixture.renderer.counters.skippedDraws, before + 1);
  noErrors();
});

test("a program that the host refuses is counted and its draws are skipped", () => {
  createTarget(fixture, 8, RGBA);
  // Valid TGSI, but more varyings than any host has.
  const outputs = Array.from({ length: 70 }, (_, i) => `DCL OUT[${i + 1}], GENERIC[${i}]\n`).join("");
  const moves = Array.from({ length: 70 }, (_, i) => `  ${i + 1}: MOV OUT[${i + 1}], IN[0]\n`).join("");
  const vertex = `VERT\nDCL IN[0]\nDCL OUT[0], POSITION\n${outputs}  0: MOV OUT[0], IN[0]\n${moves}  71: END\n`;
  const inputs = Array.from({ length: 70 }, (_, i) => `DCL IN[${i}], GENERIC[${i}], PERSPECTIVE\n`).join("");
  const adds = Array.from({ length: 70 }, (_, i) => `  ${i + 1}: ADD TEMP[0], TEMP[0], IN[${i}]\n`).join("");
  const fragment = `FRAG\n${inputs}DCL OUT[0], COLOR\nDCL TEMP[0]\n  0: MOV TEMP[0], IN[0]\n${adds}  71: MOV OUT[0], TEMP[0]\n  72: END\n`;
  const stream = fillPipeline(8, 8, RGBA)
    .createShader(30, v.PIPE_SHADER_VERTEX, vertex)
    .createShader(31, v.PIPE_SHADER_FRAGMENT, fragment)
    .bindShader(30, v.PIPE_SHADER_VERTEX)
    .bindShader(31, v.PIPE_SHADER_FRAGMENT)
    .draw({ count: 3 });
  const { counters } = fixture.renderer;
  const before = counters.shaderErrors;
  const code = fixture.submit(stream);
  fixture.settle();
  if (code === 0) {
    assert.equal(counters.shaderErrors, before + 1, fixture.log.join("\n"));
    const skipped = counters.skippedDraws;
    assert.equal(fixture.submit(new StreamBuilder().setSubContext(8).draw({ count: 3 })), 0);
    assert.equal(counters.skippedDraws, skipped + 1);
  } else {
    assert.match(fixture.log.at(-1) ?? "", /LIMIT|BAD_SHADER/);
  }
});
