import assert from "node:assert/strict";
import { test } from "node:test";
import { GlEncoder } from "../../../gl/index.js";
import { RecordingGl } from "../../../testing/index.js";
import { attributeCode, GlBindings } from "./gl-bindings.js";
import * as gl from "./gl-enum.js";
import { Cap, GlState } from "./gl-state.js";

function setUp() {
  const backend = new RecordingGl();
  const encoder = new GlEncoder(backend);
  const ops = (): readonly string[] => {
    encoder.flush();
    return backend.ops.splice(0);
  };
  return { backend, encoder, ops, state: new GlState(encoder, backend.caps), bindings: new GlBindings(encoder, 8, 4) };
}

test("a value that the context already has is not encoded again", () => {
  const { state, ops } = setUp();
  const setAll = (): void => {
    state.enable(Cap.DEPTH_TEST, true);
    state.viewport(0, 0, 64, 32);
    state.depthRange(0, 1);
    state.blendColor(0, 0, 0, 1);
    state.blendFuncAll(gl.ONE, gl.ZERO, gl.ONE, gl.ZERO);
    state.blendEquationAll(gl.FUNC_ADD, gl.FUNC_ADD);
    state.colorMaskAll(15);
    state.stencilFunc(1, gl.ALWAYS, 3, 255);
    state.polygonOffset(1, 2, 0);
    state.useProgram(4);
  };
  setAll();
  assert.equal(ops().length, 10);
  setAll();
  assert.deepEqual(ops(), []);
  state.viewport(0, 0, 64, 33);
  assert.equal(ops().length, 1);
});

test("indexed blend state differs by colour buffer and unindexed state resets all of them", () => {
  const { state, ops } = setUp();
  state.colorMaskAll(15);
  state.colorMask(1, 7);
  state.colorMask(1, 7);
  state.colorMaskAll(15);
  state.blendEnables(0b10);
  state.blendEnables(0b10);
  state.blendEnables(0);
  const seen = ops().map((op) => op.split("(")[0]);
  const enables = seen.filter((name) => name === "enablei" || name === "disablei").length;
  assert.equal(seen.filter((name) => name === "colorMask").length, 2);
  assert.equal(seen.filter((name) => name === "colorMaski").length, 1);
  assert.equal(enables, 8);
  assert.equal(seen.at(-1), "disable");
});

test("forgetting an object lets its index be bound again", () => {
  const { bindings, ops } = setUp();
  bindings.texture(3, gl.TEXTURE_2D, 7);
  bindings.sampler(3, 2);
  bindings.uniformBuffer(1, 9, 0, 64);
  bindings.vertexArray(1);
  bindings.attribute(0, 9, attributeCode(4, 0x1406, false, false), 16, 0, 0);
  ops();
  bindings.forgetTexture(7);
  bindings.forgetSampler(2);
  bindings.forgetBuffer(9);
  bindings.texture(3, gl.TEXTURE_2D, 7);
  bindings.sampler(3, 2);
  bindings.uniformBuffer(1, 9, 0, 64);
  bindings.attribute(0, 9, attributeCode(4, 0x1406, false, false), 16, 0, 0);
  const names = ops().map((op) => op.split("(")[0]);
  assert.deepEqual(names, ["bindTexture", "bindSampler", "bindBufferRange", "bindBuffer", "vertexAttribPointer"]);
});

test("attribute formats are told apart by size, type, normalisation and integer fetch", () => {
  const codes = new Set<number>();
  for (const size of [1, 2, 3, 4]) {
    for (const type of [0x1400, 0x1401, 0x1406, 0x8368]) {
      codes.add(attributeCode(size, type, false, false));
      codes.add(attributeCode(size, type, true, false));
      codes.add(attributeCode(size, type, false, true));
    }
  }
  assert.equal(codes.size, 48);
});
