import assert from "node:assert/strict";
import { test } from "node:test";
import { RecordingGl } from "../testing/index.js";
import {
  GL,
  GL_OP_LAYOUTS,
  GL_ZERO_SEGMENT,
  GlCompletion,
  GlEncoder,
  NameAllocator,
  glOpText,
  type GlOpLayout,
} from "./index.js";

/** Arguments that differ from one another, as the encoder's method takes them, and the words they must become. */
function distinctArguments(layout: GlOpLayout): { values: (number | boolean)[]; words: number[] } {
  const values: (number | boolean)[] = [];
  const words: number[] = [];
  let next = layout.opcode * 16 + 1;
  const float = new Float32Array(1);
  for (const arg of layout.args) {
    if (arg.kind === "data") {
      values.push(7, 2 ** 33 + next, next + 1);
      words.push(7, next, 2, next + 1);
      next += 2;
      continue;
    }
    for (let index = 0; index < arg.values; index++, next++) {
      if (arg.kind === "bool") {
        values.push(next % 2 === 1);
        words.push(next % 2);
      } else if (arg.kind === "f32") {
        values.push(next + 0.5);
        float[0] = next + 0.5;
        words.push(new Uint32Array(float.buffer)[0]!);
      } else {
        values.push(arg.kind === "i32" ? -next : next);
        words.push(arg.kind === "i32" ? -next >>> 0 : next);
      }
    }
  }
  return { values, words };
}

test("every op's method stores exactly its row's words, and the decoder reads them back", () => {
  const encoder = new GlEncoder(new RecordingGl());
  for (const layout of GL_OP_LAYOUTS) {
    const { values, words } = distinctArguments(layout);
    const method = encoder[layout.row.name as "bindBuffer"] as (...args: (number | boolean)[]) => void;
    assert.equal(typeof method, "function", `the encoder has no ${layout.row.name}`);
    encoder.count = 0;
    method.apply(encoder, values);
    assert.deepEqual(Array.from(encoder.words.subarray(0, encoder.count)), [layout.opcode, ...words], layout.row.name);
    const text = glOpText(encoder.words, 0);
    assert.ok(text.startsWith(`${layout.row.name}(`), text);
    for (const value of values) {
      if (typeof value === "number")
        assert.ok(text.includes(String(value)) || text.includes(`0x${value.toString(16)}`), `${value} in ${text}`);
    }
  }
});

test("a full batch is replayed by itself and no op straddles two batches", () => {
  const gl = new RecordingGl();
  const encoder = new GlEncoder(gl, { wordCapacity: 16 });
  for (let index = 0; index < 10; index++) encoder.viewport(index, 0, 1, 1);
  assert.equal(gl.batches.length, 3, "three viewports of five words fit into 16");
  assert.deepEqual(
    gl.batches.map((batch) => batch.words.length),
    [15, 15, 15],
  );
  encoder.flush();
  assert.equal(gl.ops.length, 10);
  assert.equal(gl.ops[9], "viewport(x=9, y=0, width=1, height=1)");
  assert.equal(encoder.batchId, 5);
});

test("ring blocks are aligned, gathered from segments and filled with zeros", () => {
  const gl = new RecordingGl();
  const encoder = new GlEncoder(gl);
  const source = Uint8Array.from({ length: 64 }, (_, index) => index + 1);
  const segment = encoder.registerSegment(source);
  encoder.ring.fill(0xaa);
  encoder.reserve(64, 2, 96);
  const first = encoder.constants(segment, 8, 20, 48, 16);
  encoder.ringFloats[first / 4] = 1;
  const second = encoder.constants(segment, 0, 64, 32);
  encoder.bindUniformRing(3, first, 48);
  encoder.bindUniformRing(4, second, 32);
  encoder.flush();
  const { ring } = gl.batches[0]!;
  assert.equal(first, 0);
  assert.equal(second % 16, 0);
  assert.deepEqual(Array.from(ring.subarray(first + 16, first + 36)), Array.from(source.subarray(8, 28)));
  assert.ok(
    ring.subarray(first + 36, first + 48).every((byte) => byte === 0),
    "the rest of the declared block is zero",
  );
  assert.deepEqual(
    Array.from(ring.subarray(second, second + 32)),
    Array.from(source.subarray(0, 32)),
    "what exceeds the block is cut",
  );
});

test("reserve flushes only when the draw would not fit, and names a reservation that never can", () => {
  const gl = new RecordingGl();
  const encoder = new GlEncoder(gl, { wordCapacity: 1024, ringBytes: 4096 });
  encoder.reserve(8, 1, 4000);
  encoder.constants(GL_ZERO_SEGMENT, 0, 0, 4000);
  encoder.viewport(0, 0, 1, 1);
  assert.equal(gl.batches.length, 0);
  encoder.reserve(8, 1, 100);
  assert.equal(gl.batches.length, 1, "the ring was full");
  assert.throws(() => encoder.reserve(8, 1, 5000), /exceeds the ring/);
  assert.throws(() => encoder.reserve(2000), /exceeds the batch/);
});

test("staged bytes survive until their batch is replayed, and staging grows on demand", () => {
  const seen: string[] = [];
  class Watching extends RecordingGl {
    override replay(words: number, pieces: number, ring: number): number {
      seen.push(String(this.segments.get(0)![0]));
      return super.replay(words, pieces, ring);
    }
  }
  const gl = new Watching();
  const encoder = new GlEncoder(gl);
  const small = encoder.stage(4);
  encoder.staging[small] = 11;
  encoder.bufferSubData(GL.ARRAY_BUFFER, 0, encoder.stagingSegment, small, 4);
  const large = encoder.stage(20 << 20);
  assert.deepEqual(seen, ["11"], "the first batch saw its bytes");
  assert.ok(encoder.staging.length >= 20 << 20);
  encoder.staging[large] = 22;
  encoder.bufferSubData(GL.ARRAY_BUFFER, 0, encoder.stagingSegment, large, 20 << 20);
  encoder.flush();
  assert.deepEqual(seen, ["11", "22"]);
  assert.equal(encoder.staging[large], 22, "what was read into it can be looked at");
  encoder.stage(4);
  assert.ok(encoder.staging.length <= 8 << 20, "large staging is given back by the next batch that stages");
});

test("the last names and segments are for passes of our own, and 0 is never registered", () => {
  const names = new NameAllocator(6, 2);
  assert.deepEqual([names.allocate(), names.allocate(), names.allocate(), names.allocate()], [1, 2, 3, 0]);
  assert.deepEqual([names.allocateOwn(), names.allocateOwn()], [4, 5]);
  assert.throws(() => names.allocateOwn(), /no GL names or segments left/);
  names.free(1);
  assert.equal(names.allocate(), 0, "what came free goes to the reserve first");
  assert.equal(names.allocateOwn(), 1);
  const gl = new RecordingGl();
  const encoder = new GlEncoder(gl);
  const bytes = new Uint8Array(4);
  const staging = gl.segments.get(encoder.stagingSegment);
  while (encoder.registerSegment(bytes) !== 0);
  assert.equal(gl.segments.get(encoder.stagingSegment), staging);
  assert.ok(encoder.registerOwnSegment(bytes) > 0);
});

test("an op that reaches outside its segment is refused and named", () => {
  const encoder = new GlEncoder(new RecordingGl());
  const segment = encoder.registerSegment(new Uint8Array(16));
  encoder.bufferSubData(GL.ARRAY_BUFFER, 0, segment, 8, 9);
  assert.throws(() => encoder.flush(), /refused bufferSubData/);
});

test("a gather piece outside its segment is refused and named", () => {
  const encoder = new GlEncoder(new RecordingGl());
  const segment = encoder.registerSegment(new Uint8Array(16));
  encoder.constants(segment, 8, 16, 32);
  encoder.viewport(0, 0, 1, 1);
  assert.throws(() => encoder.flush(), /refused a gather piece/);
  encoder.viewport(0, 0, 1, 1);
  encoder.flush();
});

test("names are dense, reused after free, and end at the limit", () => {
  const names = new NameAllocator(4);
  assert.deepEqual([names.allocate(), names.allocate(), names.allocate(), names.allocate()], [1, 2, 3, 0]);
  names.free(2);
  names.free(0);
  assert.equal(names.live, 2);
  assert.equal(names.allocate(), 2);
});

test("linkProgram encodes sources and names, and fences complete through poll", () => {
  const gl = new RecordingGl();
  const encoder = new GlEncoder(gl);
  encoder.linkProgram(5, {
    shaders: [{ stage: GL.VERTEX_SHADER, source: "void main() {}" }],
    blocks: [{ name: "Constants", at: 2 }],
    varyings: ["gl_Position"],
    varyingsMode: GL.INTERLEAVED_ATTRIBS,
  });
  encoder.fence(9);
  encoder.flush();
  const out = new Int32Array(16);
  assert.equal(gl.poll(out), 2);
  assert.deepEqual(Array.from(out.subarray(0, 8)), [GlCompletion.PROGRAM, 5, 1, 0, GlCompletion.FENCE, 9, 0, 0]);
  const text = Buffer.from(encoder.staging.subarray(0, 128)).toString("latin1");
  assert.ok(text.includes("void main() {}") && text.includes("Constants") && text.includes("gl_Position"));
});
