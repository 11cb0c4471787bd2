import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLogger } from "../../../base/index.js";
import { GlEncoder, type GlFeatures } from "../../../gl/index.js";
import { Backing, CopyLedger, type SegmentId } from "../../../memory/index.js";
import { RecordingGl, StreamBuilder, type StreamOutputs } from "../../../testing/index.js";
import * as v from "../../../virgl/index.js";
import { GlesRenderer } from "../gles-renderer.js";

const VERTEX = "VERT\nDCL IN[0]\nDCL OUT[0], POSITION\nDCL CONST[0]\n  0: ADD OUT[0], IN[0], CONST[0]\n  1: END\n";
const FRAGMENT = "FRAG\nDCL OUT[0], COLOR\nDCL CONST[0]\n  0: MOV OUT[0], CONST[0]\n  1: END\n";
const RGBA = v.VirglFormat.R8G8B8A8_UNORM;
const TARGET = 1;
const VERTICES = 2;

/** A renderer on the recording GL with a pipeline set up; `ops` runs a stream and tells what it encoded. */
function setUp(features: Partial<GlFeatures> = {}) {
  const gl = new RecordingGl({ features: { ...new RecordingGl().caps.features, ...features } });
  const encoder = new GlEncoder(gl);
  const renderer = new GlesRenderer({ gl, encoder, ledger: new CopyLedger(), logger: silentLogger });
  renderer.createContext(1, v.VIRGL_CAPSET_VIRGL2, "test");
  const memory = new Uint8Array(65536);
  const segment = { id: encoder.registerSegment(memory) as SegmentId, bytes: memory };
  const create = (id: number, target: number, format: number, bind: number, width: number, height: number): void => {
    const shape = { target, format, bind, width, height, depth: 1, arraySize: 1, lastLevel: 0, samples: 0, flags: 0 };
    assert.equal(renderer.createResource3d(id, shape), 0);
    renderer.attachResource(1, id);
    renderer.attachBacking(id, new Backing([{ segment, offsetBytes: 0, lengthBytes: memory.length }]));
  };
  create(TARGET, v.PIPE_TEXTURE_2D, RGBA, v.VIRGL_BIND_RENDER_TARGET, 16, 16);
  create(VERTICES, v.PIPE_BUFFER, v.VirglFormat.R8_UNORM, v.VIRGL_BIND_VERTEX_BUFFER, 4096, 1);
  const ops = (stream: StreamBuilder): string[] => {
    const words = stream.build();
    gl.ops.splice(0);
    new Uint32Array(memory.buffer).set(words);
    assert.equal(renderer.submit3d(1, segment, 0, words.length), 0);
    return gl.ops.map((op) => op.split("(")[0]!);
  };
  ops(
    new StreamBuilder()
      .createPlainPipeline({
        subContext: 1,
        target: TARGET,
        format: RGBA,
        attributes: 1,
        vertex: VERTEX,
        fragment: FRAGMENT,
      })
      .setViewport(16, 16)
      .setVertexBuffers([{ stride: 16, offset: 0, resource: VERTICES }])
      .setConstants(v.PIPE_SHADER_VERTEX, [0, 0, 0, 0])
      .setConstants(v.PIPE_SHADER_FRAGMENT, [1, 1, 1, 1])
      .draw({ count: 3 }),
  );
  return { gl, ops, create };
}

/** GENERIC or POSITION, register 0, 4 floats to stream-output buffer 0. */
const CAPTURE_FIRST: StreamOutputs = { strides: [4, 0, 0, 0], outputs: [4 << 10] };

const drawing = (names: readonly string[]): string[] => names.filter((name) => name !== "flushDriver");

test("a second draw with nothing changed encodes the draw alone", () => {
  const { ops } = setUp();
  const names = drawing(ops(new StreamBuilder().setSubContext(1).draw({ count: 3 }).draw({ count: 3 })));
  // Ring bindings are void in a new batch: constants of both stages once, then one op a draw.
  assert.deepEqual(names, ["bindUniformRing", "bindUniformRing", "drawArrays", "drawArrays"]);
});

test("setting the values again that are there encodes nothing", () => {
  const { ops } = setUp();
  const same = new StreamBuilder()
    .setSubContext(1)
    .setViewport(16, 16)
    .bindObject(v.VIRGL_OBJECT_BLEND, 2)
    .bindObject(v.VIRGL_OBJECT_DSA, 4)
    .setVertexBuffers([{ stride: 16, offset: 0, resource: VERTICES }])
    .bindShader(6, v.PIPE_SHADER_VERTEX)
    .draw({ count: 3 });
  assert.deepEqual(drawing(ops(same)), ["bindUniformRing", "bindUniformRing", "drawArrays"]);
});

test("one stage's constants move that stage's block only", () => {
  const { ops } = setUp();
  const stream = new StreamBuilder().setSubContext(1).draw({ count: 3 });
  stream.setConstants(v.PIPE_SHADER_FRAGMENT, [0.5, 0, 0, 1]).draw({ count: 3 });
  assert.deepEqual(drawing(ops(stream)).slice(3), ["bindUniformRing", "drawArrays"]);
});

test("constants outlive the stream that brought them", () => {
  const { gl, ops } = setUp();
  ops(
    new StreamBuilder().setSubContext(1).setConstants(v.PIPE_SHADER_FRAGMENT, [0.25, 0.5, 0.75, 1]).draw({ count: 3 }),
  );
  ops(new StreamBuilder().setSubContext(1).draw({ count: 3 }));
  const ring = gl.batches.at(-1)!.ring;
  const floats = new Float32Array(ring.slice().buffer);
  assert.ok(
    [0.25, 0.5, 0.75, 1].every((value) => floats.includes(value)),
    [...floats].join(" "),
  );
});

test("another sub-context in between costs what differs, not everything", () => {
  const { ops } = setUp();
  const there = new StreamBuilder().createSubContext(2).setSubContext(2).setViewport(8, 8).setSubContext(1);
  assert.deepEqual(drawing(ops(there.draw({ count: 3 }))), ["bindUniformRing", "bindUniformRing", "drawArrays"]);
});

test("a start instance moves only the attributes that advance by instance", () => {
  const { ops } = setUp();
  const stream = new StreamBuilder()
    .setSubContext(1)
    .createVertexElements(8, [{ offsetBytes: 0, divisor: 1, buffer: 0, format: v.VirglFormat.R32G32B32A32_FLOAT }])
    .bindObject(v.VIRGL_OBJECT_VERTEX_ELEMENTS, 8)
    .draw({ count: 3, instances: 2 })
    .draw({ count: 3, instances: 2, startInstance: 5 });
  const names = drawing(ops(stream));
  assert.equal(names.filter((name) => name === "vertexAttribDivisor").length, 1);
  assert.equal(names.at(-2), "vertexAttribPointer");
  assert.equal(names.at(-1), "drawArraysInstanced");
});

test("where the host refuses blending into 32-bit floats, they are drawn without", () => {
  for (const floatBlend of [true, false]) {
    const { create, ops } = setUp({ floatBlend });
    create(3, v.PIPE_TEXTURE_2D, v.VirglFormat.R32G32B32A32_FLOAT, v.VIRGL_BIND_RENDER_TARGET, 16, 16);
    const stream = new StreamBuilder().setSubContext(1).createSurface(8, 3, v.VirglFormat.R32G32B32A32_FLOAT);
    stream.setFramebuffer([8]).createBlend(9, 15, 1 | (1 << 4) | (1 << 9) | (1 << 17) | (1 << 22));
    const names = ops(stream.bindObject(v.VIRGL_OBJECT_BLEND, 9).draw({ count: 3 }));
    assert.deepEqual(
      names.filter((name) => name === "enable"),
      floatBlend ? ["enable"] : [],
    );
  }
});

/** Captures draws of 3 vertices into a buffer for `capacity` of them. @returns what feedback ops there were */
function feedbackOps(geometryShader: boolean, capacity: number, isIndexed: boolean): string[] {
  const { create, ops } = setUp({ geometryShader });
  create(3, v.PIPE_BUFFER, v.VirglFormat.R8_UNORM, v.VIRGL_BIND_STREAM_OUTPUT, capacity * 16, 1);
  create(4, v.PIPE_BUFFER, v.VirglFormat.R8_UNORM, v.VIRGL_BIND_INDEX_BUFFER, 64, 1);
  const stream = new StreamBuilder().setSubContext(1);
  stream.createShader(8, v.PIPE_SHADER_VERTEX, VERTEX, undefined, CAPTURE_FIRST).bindShader(8, v.PIPE_SHADER_VERTEX);
  stream.createStreamoutTarget(9, 3, 0, capacity * 16).command(v.VIRGL_CCMD_SET_STREAMOUT_TARGETS, [0, 9]);
  stream.command(v.VIRGL_CCMD_SET_INDEX_BUFFER, [4, 2, 0]);
  const names = ops(stream.draw({ count: 3, isIndexed }).draw({ count: 3, isIndexed }));
  return names.filter((name) => name.endsWith("TransformFeedback") && !/^(create|bind)/.test(name));
}

test("without geometry shaders, GLES captures only draws that fit and have no indices", () => {
  assert.deepEqual(feedbackOps(true, 3, false), ["beginTransformFeedback"]);
  assert.deepEqual(feedbackOps(true, 6, true), ["beginTransformFeedback"]);
  assert.deepEqual(feedbackOps(false, 6, false), ["beginTransformFeedback"]);
  assert.deepEqual(feedbackOps(false, 5, false), ["beginTransformFeedback", "pauseTransformFeedback"]);
  assert.deepEqual(feedbackOps(false, 6, true), []);
});
