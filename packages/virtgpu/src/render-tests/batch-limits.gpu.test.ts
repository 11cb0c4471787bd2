/** Where a batch ends in the middle of something: draws, copies, and an op that the back end refuses. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { GuestError } from "@virtgpu/core/base";
import { GL } from "@virtgpu/core/gl";
import { Backing } from "@virtgpu/core/memory";
import { StreamBuilder } from "@virtgpu/core/testing";
import * as v from "@virtgpu/core/virgl";
import { RenderFixture, texel } from "./render-fixture.js";

const RGBA = v.VirglFormat.R8G8B8A8_UNORM;
const SIDE = 16;
/** Samplers of each stage: all that a guest can have, so that a draw takes as many words as it can. */
const SAMPLERS = 32;
const TARGET = 1;
const VERTICES = 2;
const FIRST_TEXTURE = 100;
/** A border colour makes a sampler dear. */
const BORDER = 3 | (3 << 3) | (3 << 6) | (v.PIPE_TEX_MIPFILTER_NONE << 11);
const BATCH_WORDS = 1 << 16;

const numbers = (first: number, count: number): number[] => Array.from({ length: count }, (_, i) => first + i);

/** Colours by a constant, after a look at every sampler. */
function shaders(): { vertex: string; fragment: string } {
  const declared = numbers(0, SAMPLERS).map((i) => `DCL SAMP[${i}]\nDCL SVIEW[${i}], 2D, FLOAT`);
  const sampled = (op: string, at: string) =>
    numbers(0, SAMPLERS).map((i) => `${op} TEMP[1], ${at}, SAMP[${i}], 2D\nMAD TEMP[0], TEMP[1], CONST[1], TEMP[0]`);
  const vertex = [
    ...["VERT", "DCL IN[0]", "DCL OUT[0], POSITION", "DCL CONST[0..255]", ...declared, "DCL TEMP[0..1]"],
    ...["MOV TEMP[0], CONST[1]", ...sampled("TXL", "IN[0]"), "MAD OUT[0], TEMP[0], CONST[1], IN[0]", "END", ""],
  ];
  const fragment = [
    ...["FRAG", "DCL OUT[0], COLOR", "DCL CONST[0..1]", ...declared, "DCL TEMP[0..1]"],
    ...["MOV TEMP[0], CONST[0]", ...sampled("TEX", "TEMP[0]"), "MOV OUT[0], TEMP[0]", "END", ""],
  ];
  return { vertex: vertex.join("\n"), fragment: fragment.join("\n") };
}

test("a draw that begins anywhere before the end of a batch is drawn with its own constants", (t) => {
  const fixture = new RenderFixture();
  t.after(() => fixture[Symbol.dispose]());
  const { encoder } = fixture;
  fixture.texture(TARGET, { format: RGBA, bind: v.VIRGL_BIND_RENDER_TARGET, width: SIDE, height: SIDE });
  const corners = Float32Array.of(-1, -1, 0, 1, 3, -1, 0, 1, -1, 3, 0, 1);
  fixture.buffer(VERTICES, v.VIRGL_BIND_VERTEX_BUFFER, corners);
  for (const id of numbers(FIRST_TEXTURE, 2 * SAMPLERS))
    fixture.texture(id, { format: RGBA, bind: v.VIRGL_BIND_SAMPLER_VIEW, width: 1, height: 1 });
  const pipeline = { subContext: 1, target: TARGET, format: RGBA, attributes: 1, ...shaders() };
  const set = new StreamBuilder().createPlainPipeline(pipeline).setViewport(SIDE, SIDE);
  set.setVertexBuffers([{ stride: 16, offset: 0, resource: VERTICES }]);
  set.setConstants(v.PIPE_SHADER_VERTEX, new Array<number>(1024).fill(0));
  assert.equal(fixture.submit(set), GuestError.NONE);

  let handle = 1000;
  /** New samplers and views with other parameters each time: everything must be emitted. */
  const draw = (round: number, red: number): StreamBuilder => {
    const stream = new StreamBuilder().setSubContext(1);
    const [states, views] = [handle, handle + 2 * SAMPLERS];
    handle += 4 * SAMPLERS;
    for (let i = 0; i < 2 * SAMPLERS; i++) {
      stream.createSamplerState(states + i, BORDER);
      const swizzle = round % 8;
      const words = [views + i, FIRST_TEXTURE + i, RGBA, 0, 0, swizzle];
      stream.createObject(v.VIRGL_OBJECT_SAMPLER_VIEW, words);
    }
    for (const stage of [v.PIPE_SHADER_VERTEX, v.PIPE_SHADER_FRAGMENT]) {
      const first = stage === v.PIPE_SHADER_VERTEX ? 0 : SAMPLERS;
      stream.bindSamplerStates(stage, 0, numbers(states + first, SAMPLERS));
      stream.setSamplerViews(stage, 0, numbers(views + first, SAMPLERS));
    }
    stream.setConstants(v.PIPE_SHADER_FRAGMENT, [red / 255, 0, 0, 1, 0, 0, 0, 0]);
    stream.draw({ count: 3 });
    return stream;
  };
  // How many words it takes, from an empty batch.
  const drawArrays = encoder.drawArrays.bind(encoder);
  let drawnAt = 0;
  encoder.drawArrays = (...args) => {
    drawnAt = encoder.count;
    drawArrays(...args);
  };
  assert.equal(fixture.submit(draw(0, 9)), GuestError.NONE);
  assert.equal(fixture.submit(draw(1, 9)), GuestError.NONE);
  const needed = drawnAt;
  assert.ok(needed > 4096, `a draw of ${needed} words is as large as they come`);
  let round = 2;
  // Few words before the end, all over the draw, and every place between its constants and the draw itself.
  const shorts = [
    ...numbers(0, 14).map((i) => i * 7),
    ...numbers(0, 30).map((i) => 100 + i * 211),
    ...numbers(needed - 40, 60),
  ];
  for (const short of shorts) {
    // An op that changes nothing, three words.
    while (encoder.count < BATCH_WORDS - short - 3) encoder.hint(GL.GENERATE_MIPMAP_HINT, GL.DONT_CARE);
    const red = round % 256;
    assert.equal(fixture.submit(draw(round, red)), GuestError.NONE);
    const pixel = texel(fixture.read(TARGET, SIDE, SIDE), SIDE, 8, 8);
    assert.deepEqual(pixel, [red, 0, 0, 255], `${short} words before the end of a batch`);
    round++;
  }
  fixture.settle();
  assert.equal(fixture.renderer.counters.glErrors, 0);
  assert.ok(round > 60);
});

test("bytes for memory in many pieces are there before the next come, in one stream", (t) => {
  const fixture = new RenderFixture();
  t.after(() => fixture[Symbol.dispose]());
  const size = 1 << 15;
  const segments = [1, 2].map((id) => {
    const shape = { target: v.PIPE_BUFFER, format: v.VirglFormat.R8_UNORM, bind: v.VIRGL_BIND_CUSTOM, height: 1 };
    assert.equal(fixture.texture(id, { ...shape, width: size }), GuestError.NONE);
    const segment = fixture.segment(size);
    const spans = Array.from({ length: size / 4 }, (_, i) => ({ segment, offsetBytes: i * 4, lengthBytes: 4 }));
    assert.equal(fixture.renderer.attachBacking(id, new Backing(spans)), GuestError.NONE);
    return segment;
  });
  const box = [0, 0, 0, size, 1, 1] as const;
  const stream = new StreamBuilder();
  for (const id of [1, 2]) stream.inlineWrite({ resource: id, box }, new Uint32Array(size / 4).fill(0x01010101 * id));
  assert.equal(fixture.submit(stream), GuestError.NONE);
  assert.ok(segments[0]!.bytes.every((byte) => byte === 1));
  assert.ok(segments[1]!.bytes.every((byte) => byte === 2));
});

test("an op that the back end refuses loses every context, as a reset does, and nothing else", (t) => {
  const fixture = new RenderFixture({}, true);
  t.after(() => fixture[Symbol.dispose]());
  const { encoder, renderer } = fixture;
  fixture.context(2);
  const bind = v.VIRGL_BIND_RENDER_TARGET;
  fixture.texture(TARGET, { format: RGBA, bind, width: SIDE, height: SIDE }, [1, 2]);
  const scene = (red: number) =>
    new StreamBuilder()
      .createSubContext(1)
      .setSubContext(1)
      .createSurface(10, TARGET, RGBA)
      .setFramebuffer([10])
      .clear(v.PIPE_CLEAR_COLOR0, [red, 0, 0, 1]);
  assert.equal(fixture.submit(scene(1), 1), GuestError.NONE);
  encoder.bindUniformRing(0, 1 << 30, 16);
  renderer.flush();
  // What comes behind it is not executed, whoever asks for it: GL would count an error.
  encoder.hint(0, 0);
  assert.equal(fixture.submit(scene(0), 2), GuestError.NONE);
  renderer.flush();
  const signalled: number[] = [];
  renderer.createFence(2, 77);
  renderer.flush();
  renderer.poll({ fenceSignalled: (_context, fence) => signalled.push(fence) });
  assert.deepEqual(signalled, [77], "nobody waits for ever");
  assert.equal(renderer.counters.gpuResets, 1);
  assert.equal(renderer.counters.glErrors, 0);
  assert.ok(fixture.log.some((line) => /bug of virtgpu.*refused bindUniformRing/.test(line)));
  for (const context of [1, 2]) assert.ok(renderer.isContextDead(context));
  renderer.destroyContext(2);
  fixture.context(2);
  renderer.attachResource(2, TARGET);
  assert.equal(fixture.submit(scene(0.2), 2), GuestError.NONE);
  assert.deepEqual(texel(fixture.read(TARGET, SIDE, SIDE), SIDE, 3, 3), [51, 0, 0, 255]);
});

test("a shader in pieces cannot take a handle that something else has meanwhile", (t) => {
  const fixture = new RenderFixture();
  t.after(() => fixture[Symbol.dispose]());
  const text = "FRAG\nDCL OUT[0], COLOR\nIMM[0] FLT32 {1.0, 1.0, 1.0, 1.0}\n  0: MOV OUT[0], IMM[0]\n  1: END\n";
  const bytes = Buffer.alloc(Math.ceil((text.length + 1) / 4) * 4);
  bytes.write(text, "latin1");
  const words = Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readUInt32LE(i * 4));
  const half = words.length >> 1;
  const piece = (offset: number, part: number[]) => [7, v.PIPE_SHADER_FRAGMENT, offset, 300, 0, ...part];
  const stream = new StreamBuilder()
    .createSubContext(1)
    .setSubContext(1)
    .createObject(v.VIRGL_OBJECT_SHADER, piece(bytes.length, words.slice(0, half)))
    .createBlend(7)
    .createObject(v.VIRGL_OBJECT_SHADER, piece(((half * 4) | v.VIRGL_OBJ_SHADER_OFFSET_CONT) >>> 0, words.slice(half)));
  assert.equal(fixture.submit(stream), GuestError.ALREADY_EXISTS);
});

test("after an exception in a stream nothing of it is executed, and no verb finds a state that lies", (t) => {
  const fixture = new RenderFixture({}, true);
  t.after(() => fixture[Symbol.dispose]());
  const { encoder, renderer } = fixture;
  fixture.context(2);
  fixture.texture(TARGET, { format: RGBA, bind: v.VIRGL_BIND_RENDER_TARGET, width: SIDE, height: SIDE }, [1, 2]);
  // Memory of our own that is registered until the context is made anew.
  const compressed = { format: v.VirglFormat.DXT1_RGB, bind: v.VIRGL_BIND_SAMPLER_VIEW, width: SIDE, height: SIDE };
  fixture.texture(3, compressed);
  fixture.read(3, SIDE, SIDE);
  const box = [0, 0, 0, SIDE, SIDE, 1] as const;
  const write = (level: number) =>
    new StreamBuilder().inlineWrite({ resource: TARGET, box }, new Uint32Array(SIDE * SIDE).fill(level));
  assert.equal(fixture.submit(write(0x01010101)), GuestError.NONE);
  const upload = encoder.texSubImage2D.bind(encoder);
  encoder.texSubImage2D = (...args) => {
    upload(...args);
    encoder.texSubImage2D = upload;
    throw new TypeError("planted");
  };
  assert.throws(() => fixture.submit(write(0x02020202)), /planted/);
  // The next request of the same turn.
  assert.equal(fixture.submit(write(0x03030303), 2), GuestError.NONE);
  const segment = fixture.segment(SIDE * SIDE * 4);
  segment.bytes.fill(0x77);
  const backing = new Backing([{ segment, offsetBytes: 0, lengthBytes: segment.bytes.length }]);
  const all = { level: 0, x: 0, y: 0, z: 0, width: SIDE, height: SIDE, depth: 1, offsetBytes: 0 };
  renderer.transferThrough(1, TARGET, { ...all, strideBytes: 0, layerStrideBytes: 0 }, backing, "from-host");
  assert.ok(
    segment.bytes.every((byte) => byte === 0x77),
    "nothing is read",
  );
  // What is encoded when everything is made anew is dropped: GL would count an error.
  encoder.hint(0, 0);
  renderer.poll({ fenceSignalled() {} });
  assert.equal(renderer.counters.gpuResets, 1);
  assert.ok(renderer.isContextDead(1) && renderer.isContextDead(2));
  assert.deepEqual([...fixture.read(TARGET, SIDE, SIDE).subarray(0, 4)], [0, 0, 0, 0], "made anew, and zeroed");
  fixture.settle();
  assert.equal(renderer.counters.glErrors, 0);
  renderer.failed("a verb outside of a stream");
  renderer.poll({ fenceSignalled() {} });
  assert.equal(renderer.counters.gpuResets, 2, "once for each");
  renderer.poll({ fenceSignalled() {} });
  assert.equal(renderer.counters.gpuResets, 2);
});
