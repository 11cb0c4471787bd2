/** The C replay against the table: every op is replayed on entry points that write what they were called with. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { GL, GL_OP_LAYOUTS, GlEncoder, type GlOpLayout } from "@virtgpu/core/gl";
import { RecordingGl } from "@virtgpu/core/testing";
import { addon } from "./addon.js";

/** A name that the trace leaves free, for ops that create. */
const FREE_NAME = 5000;
/** OpenGL ES 3.0 glext: GL_SYNC_GPU_COMMANDS_COMPLETE. */
const SYNC_GPU_COMMANDS_COMPLETE = 0x9117;

function trace(encode: (encoder: GlEncoder) => void): string[] {
  const encoder = new GlEncoder(new RecordingGl());
  encode(encoder);
  return addon().glTrace(encoder.words, encoder.count).trimEnd().split("\n");
}

function wordOf(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0]!;
}

/** Distinct arguments of a plain op and the text that its entry point must write for them. */
function plainCase(layout: GlOpLayout): { values: (number | boolean)[]; pattern: RegExp } {
  const values: (number | boolean)[] = [];
  const texts: string[] = [];
  let next = layout.opcode + 1;
  for (const arg of layout.args) {
    const first = next;
    for (let index = 0; index < arg.values; index++, next++) {
      if (arg.kind === "bool") values.push(next % 2 === 1);
      else if (arg.kind === "f32") values.push(next + 0.25);
      else values.push(arg.kind === "i32" ? -next : next);
    }
    if (arg.values > 1)
      texts.push(`\\*${arg.kind === "f32" ? wordOf(first + 0.25) : arg.kind === "i32" ? -first >>> 0 : first}`);
    else if (arg.kind === "bool") texts.push(String(first % 2));
    else if (arg.kind === "f32") texts.push(String(first + 0.25).replace(".", "\\."));
    else if (arg.kind === "offset") texts.push(`@?${first}`);
    else texts.push(String(arg.kind === "i32" ? -first : first));
  }
  return { values, pattern: new RegExp(`^${[layout.row.entry.split("|")[0]!, ...texts].join(" ")}$`) };
}

test("every plain op calls its entry point with its arguments in order", () => {
  let cases = 0;
  for (const layout of GL_OP_LAYOUTS) {
    if (layout.row.form !== "plain") continue;
    const { values, pattern } = plainCase(layout);
    const lines = trace((encoder) => {
      const method = encoder[layout.row.name as "bindBuffer"] as (...args: (number | boolean)[]) => void;
      method.apply(encoder, values);
    });
    assert.equal(lines.length, 1, `${layout.row.name}: ${lines.join(" / ")}`);
    assert.match(lines[0]!, pattern, layout.row.name);
    cases++;
  }
  assert.ok(cases > 100);
});

test("the driver is flushed behind the whole batch, and its sync object covers all of it", () => {
  const lines = trace((encoder) => {
    encoder.flushDriver();
    encoder.drawArrays(4, 0, 3);
  });
  assert.deepEqual(lines, ["glDrawArrays 4 0 3", `glFenceSync ${SYNC_GPU_COMMANDS_COMPLETE} 0`, "glFlush"]);
});

test("names are created where none is and deleted where one is", () => {
  for (const layout of GL_OP_LAYOUTS) {
    if (layout.row.form !== "create" && layout.row.form !== "delete") continue;
    const isCreate = layout.row.form === "create";
    const name = isCreate ? FREE_NAME : 77;
    const lines = trace((encoder) =>
      (encoder[layout.row.name as "createBuffer"] as (index: number) => void).call(encoder, name),
    );
    assert.deepEqual(lines, [`${layout.row.entry} 1 *${isCreate ? 0 : 77}`]);
  }
  assert.deepEqual(
    trace((encoder) => encoder.createBuffer(77)),
    ["bad op at 0"],
    "a name that exists",
  );
  assert.deepEqual(
    trace((encoder) => encoder.createBuffer(0)),
    ["bad op at 0"],
    "name 0",
  );
  assert.deepEqual(
    trace((encoder) => encoder.bindBuffer(1, 1 << 20)),
    ["bad op at 0"],
    "outside the table",
  );
  assert.deepEqual(
    trace((encoder) => encoder.deleteBuffer(0)),
    [""],
    "name 0 is ignored",
  );
});

test("the replay stops at the first bad op and tells where it is", () => {
  const encoder = new GlEncoder(new RecordingGl());
  encoder.viewport(1, 2, 3, 4);
  encoder.words.set([9999, 1, 2], encoder.count);
  assert.deepEqual(
    addon()
      .glTrace(encoder.words, encoder.count + 3)
      .trimEnd()
      .split("\n"),
    ["glViewport 1 2 3 4", "bad op at 5"],
  );
  assert.deepEqual(addon().glTrace(encoder.words, 4).trimEnd(), "bad op at 0", "an op that is cut off");
  encoder.words[0] = 0;
  assert.deepEqual(addon().glTrace(encoder.words, 5).trimEnd(), "bad op at 0", "opcode 0");
});

test("data references are checked against their segment", () => {
  const bytes = new Uint8Array(64);
  new Uint32Array(bytes.buffer)[2] = 4711;
  addon().glRegisterSegment(9, bytes);
  try {
    const sub = (offset: number, length: number): string =>
      trace((encoder) => encoder.bufferSubData(GL.ARRAY_BUFFER, 5, 9, offset, length))[0]!;
    assert.equal(sub(8, 56), `glBufferSubData ${GL.ARRAY_BUFFER} 5 56 *4711`);
    assert.equal(sub(8, 57), "bad op at 0");
    assert.equal(sub(65, 0), "bad op at 0");
    assert.equal(sub(2 ** 32 + 8, 4), "bad op at 0", "the high word of the offset counts");
    assert.equal(sub(8, 0xffffffff), "bad op at 0");
    assert.equal(
      trace((encoder) => encoder.bufferSubData(GL.ARRAY_BUFFER, 5, 8, 0, 4))[0],
      "bad op at 0",
      "no such segment",
    );
    assert.equal(
      trace((encoder) => encoder.bufferSubData(GL.ARRAY_BUFFER, 5, 70000, 0, 4))[0],
      "bad op at 0",
      "no such id",
    );
  } finally {
    addon().glUnregisterSegment(9);
  }
  assert.equal(
    trace((encoder) => encoder.bufferSubData(GL.ARRAY_BUFFER, 5, 9, 0, 4))[0],
    "bad op at 0",
    "unregistered",
  );
});

test("texture uploads turn strides into pixel store state, or into rows, and never leave the data", () => {
  const bytes = new Uint8Array(4096);
  new Uint32Array(bytes.buffer).forEach((_, index, words) => (words[index] = index));
  addon().glRegisterSegment(9, bytes);
  try {
    const upload = (
      width: number,
      height: number,
      stride: number,
      length: number,
      format: number = GL.RGBA,
    ): string[] =>
      trace((encoder) =>
        encoder.texSubImage2D(1, 0, 2, 3, width, height, format, GL.UNSIGNED_BYTE, stride, 9, 4, length),
      ).filter((line) => !line.startsWith("glPixelStorei"));
    const call = (y: number, height: number, word: number, width = 4): string =>
      `glTexSubImage2D 1 0 2 ${y} ${width} ${height} ${GL.RGBA} ${GL.UNSIGNED_BYTE} *${word}`;
    assert.deepEqual(upload(4, 4, 0, 64), [call(3, 4, 1)], "tight");
    assert.deepEqual(upload(4, 4, 32, 112), [call(3, 4, 1)], "the last row ends with its texels");
    assert.deepEqual(upload(4, 4, 32, 111), ["bad op at 0"]);
    assert.deepEqual(upload(4, 4, 12, 4000), ["bad op at 0"], "rows overlap");
    assert.deepEqual(upload(4, 0, 0, 0), [""]);
    assert.deepEqual(upload(-4, 4, 0, 4000), ["bad op at 0"]);
    assert.deepEqual(upload(0x7fffffff, 0x7fffffff, 0, 4000), ["bad op at 0"]);
    assert.deepEqual(upload(4, 4, 0, 64, 0x1234), ["bad op at 0"], "unknown format");
    const rows = trace((encoder) =>
      encoder.texSubImage2D(1, 0, 2, 3, 1, 3, GL.RGBA, GL.UNSIGNED_SHORT, 12, 9, 4, 4000),
    ).filter((line) => line.startsWith("glTex"));
    assert.deepEqual(
      rows.map((line) => line.split(" ").at(-1)),
      ["*1", "*4", "*7"],
      "12 is no multiple of 8: row by row",
    );
    const layers = trace((encoder) =>
      encoder.texSubImage3D(1, 0, 0, 0, 5, 4, 4, 3, GL.RGBA, GL.UNSIGNED_BYTE, 16, 72, 9, 0, 208),
    ).filter((line) => line.startsWith("glTex"));
    assert.deepEqual(
      layers.map((line) => `${line.split(" ")[5]} ${line.split(" ").at(-1)}`),
      ["5 *0", "6 *18", "7 *36"],
      "72 is no multiple of 16: layer by layer",
    );
    const short = trace((encoder) =>
      encoder.texSubImage3D(1, 0, 0, 0, 5, 4, 4, 3, GL.RGBA, GL.UNSIGNED_BYTE, 16, 72, 9, 0, 207),
    );
    assert.deepEqual(short, ["bad op at 0"]);
    const single = (depth: number, stride: number, layerStride: number): string[] =>
      trace((encoder) =>
        encoder.texSubImage3D(1, 0, 0, 0, 0, 4, 1, depth, GL.RGBA, GL.UNSIGNED_BYTE, stride, layerStride, 9, 0, 4096),
      );
    for (const stride of [1, 2, 3, 4, 8, 15])
      assert.deepEqual(single(3, stride, 240), ["bad op at 0"], `a stride of ${stride} holds no row of 16 bytes`);
    assert.deepEqual(single(3, 16, 12), ["bad op at 0"], "layers overlap");
    assert.deepEqual(
      single(3, 17, 68).filter((line) => line.startsWith("glTex")).length,
      3,
      "17 is no multiple of a texel: GL would step over layers of 16 times 4",
    );
    assert.deepEqual(upload(4, 1, 15, 4000), ["bad op at 0"], "a single row, too");
  } finally {
    addon().glUnregisterSegment(9);
  }
});

test("compressed uploads count blocks", () => {
  const bytes = new Uint8Array(4096);
  addon().glRegisterSegment(9, bytes);
  try {
    const upload = (width: number, height: number, stride: number, length: number): string[] =>
      trace((encoder) =>
        encoder.compressedTexSubImage2D(1, 0, 0, 0, width, height, 0x9278, 4, 4, 16, stride, 9, 0, length),
      );
    assert.deepEqual(upload(9, 5, 0, 96), [`glCompressedTexSubImage2D 1 0 0 0 9 5 ${0x9278} 96 *0`]);
    assert.deepEqual(upload(9, 5, 0, 95), ["bad op at 0"]);
    assert.deepEqual(
      upload(9, 5, 64, 112).map((line) => line.split(" ").slice(4, 9).join(" ")),
      [`0 9 4 ${0x9278} 48`, `4 9 1 ${0x9278} 48`],
    );
    assert.deepEqual(upload(9, 5, 64, 111), ["bad op at 0"]);
    assert.deepEqual(upload(9, 5, 16, 4096), ["bad op at 0"], "rows overlap");
    assert.deepEqual(upload(9, 4, 16, 4096), ["bad op at 0"], "a stride below a single row");
    const layers = (stride: number, layerStride: number): string[] =>
      trace((encoder) =>
        encoder.compressedTexSubImage3D(1, 0, 0, 0, 0, 9, 4, 2, 0x9278, 4, 4, 16, stride, layerStride, 9, 0, 4096),
      );
    assert.equal(layers(48, 48).length, 2);
    assert.deepEqual(layers(48, 47), ["bad op at 0"], "layers overlap");
    assert.deepEqual(layers(1, 48), ["bad op at 0"]);
  } finally {
    addon().glUnregisterSegment(9);
    assert.equal(bytes.length, 4096, "held until here");
  }
});
