/** What transfers encode, on the recording GL. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { GuestError, silentLogger } from "../../../base/index.js";
import { GlEncoder } from "../../../gl/index.js";
import { Backing, CopyLedger, type SegmentId } from "../../../memory/index.js";
import { RecordingGl, StreamBuilder } from "../../../testing/index.js";
import * as v from "../../../virgl/index.js";
import { GlesRenderer } from "../gles-renderer.js";

const SIDE = 8;

function setUp() {
  const gl = new RecordingGl();
  const encoder = new GlEncoder(gl);
  const renderer = new GlesRenderer({ gl, encoder, ledger: new CopyLedger(), logger: silentLogger });
  const memory = new Uint8Array(65536);
  const segment = { id: encoder.registerSegment(memory) as SegmentId, bytes: memory };
  for (const context of [1, 2]) renderer.createContext(context, v.VIRGL_CAPSET_VIRGL2, "test");
  const create = (id: number, samples: number, more: object = {}): void => {
    const format = v.VirglFormat.R8G8B8A8_UNORM;
    const bind = v.VIRGL_BIND_RENDER_TARGET | v.VIRGL_BIND_SAMPLER_VIEW;
    const shape = { target: v.PIPE_TEXTURE_2D, format, bind, width: SIDE, height: SIDE, depth: 1, arraySize: 1 };
    assert.equal(renderer.createResource3d(id, { ...shape, lastLevel: 0, samples, flags: 0, ...more }), 0);
    for (const context of [1, 2]) renderer.attachResource(context, id);
  };
  const submit = (context: number, stream: StreamBuilder): { code: number; names: string[] } => {
    const words = stream.build();
    gl.clear();
    new Uint32Array(memory.buffer).set(words);
    const code = renderer.submit3d(context, segment, 0, words.length);
    return { code, names: gl.ops.map((op) => op.split("(")[0]!) };
  };
  return { gl, encoder, renderer, segment, create, submit };
}

for (const samples of [0, 4]) {
  test(`an inline write that is ${samples > 1 ? "refused, as the texture has samples, leaves it to be zeroed" : "done needs no zeros first"}`, () => {
    const { create, submit } = setUp();
    create(1, samples);
    create(2, samples);
    const box = [0, 0, 0, SIDE, SIDE, 1] as const;
    const write = new StreamBuilder().inlineWrite({ resource: 1, box }, new Uint32Array(SIDE * SIDE));
    const written = submit(1, write);
    assert.equal(written.code, samples > 1 ? GuestError.BAD_VALUE : GuestError.NONE);
    assert.equal(written.names.includes("texSubImage2D"), samples === 0);
    // VIRGL_CCMD_RESOURCE_COPY_REGION of the whole: whoever reads it must find zeros, or what was written.
    const copy = [2, 0, 0, 0, 0, 1, 0, 0, 0, 0, SIDE, SIDE, 1];
    const read = submit(2, new StreamBuilder().command(v.VIRGL_CCMD_RESOURCE_COPY_REGION, copy));
    assert.equal(read.code, GuestError.NONE);
    const clears = read.names.filter((name) => name === "clearBufferfv").length;
    assert.equal(clears, samples > 1 ? 2 : 1, "the target is zeroed, and the source unless it was written");
  });
}

test("more pieces than a batch has room for are scattered before anybody else stages", () => {
  const { gl, renderer, segment, create } = setUp();
  const side = 128;
  create(1, 0, { width: side, height: side });
  const size = side * side * 4;
  const transfer = { level: 0, x: 0, y: 0, z: 0, width: side, height: side, depth: 1, offsetBytes: 0 };
  const whole = { ...transfer, strideBytes: 0, layerStrideBytes: 0 };
  for (const pieceBytes of [1024, 8, 2]) {
    const spans = Array.from({ length: size / pieceBytes }, (_, i) => {
      return { segment, offsetBytes: (i * pieceBytes) % 65536, lengthBytes: pieceBytes };
    });
    assert.equal(renderer.attachBacking(1, new Backing(spans)), GuestError.NONE);
    renderer.flush();
    gl.clear();
    assert.equal(renderer.transferFromHost3d(1, 1, whole, false), GuestError.NONE);
    const executed = gl.ops.filter((op) => op.startsWith("copyBytes(")).length;
    const pieces = Math.max(side, spans.length);
    assert.equal(executed, pieces > 4096 ? pieces : 0, `${pieces} pieces`);
    renderer.flush();
    assert.equal(gl.ops.filter((op) => op.startsWith("copyBytes(")).length, pieces);
    assert.equal(renderer.detachBacking(1), GuestError.NONE);
  }
});
