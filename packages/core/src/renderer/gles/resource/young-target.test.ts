import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLogger } from "../../../base/index.js";
import { GlEncoder } from "../../../gl/index.js";
import { CopyLedger, type SegmentId } from "../../../memory/index.js";
import { RecordingGl, StreamBuilder } from "../../../testing/index.js";
import * as v from "../../../virgl/index.js";
import { GlesRenderer } from "../gles-renderer.js";

const RGBA = v.VirglFormat.R8G8B8A8_UNORM;

/** What is encoded while a guest clears a texture through `surfaces` surfaces of it, one framebuffer after the other. */
function clears(driver: string, surfaces: number): string[] {
  const gl = new RecordingGl({ renderer: driver });
  const encoder = new GlEncoder(gl);
  const renderer = new GlesRenderer({ gl, encoder, ledger: new CopyLedger(), logger: silentLogger });
  renderer.createContext(1, v.VIRGL_CAPSET_VIRGL2, "test");
  const shape = { width: 16, height: 16, depth: 1, arraySize: 1, lastLevel: 0, samples: 0, flags: 0 };
  const bind = v.VIRGL_BIND_RENDER_TARGET;
  assert.equal(renderer.createResource3d(1, { target: v.PIPE_TEXTURE_2D, format: RGBA, bind, ...shape }), 0);
  renderer.attachResource(1, 1);
  const stream = new StreamBuilder().createSubContext(1).setSubContext(1);
  for (let handle = 1; handle <= surfaces; handle++) {
    stream.createSurface(handle, 1, RGBA).setFramebuffer([handle]).clear(v.PIPE_CLEAR_COLOR0, [0, 0, 0, 0]);
    stream.setFramebuffer([handle]).clear(v.PIPE_CLEAR_COLOR0, [1, 0, 0, 0]);
  }
  const words = stream.build();
  const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
  const segment = { id: encoder.registerSegment(bytes) as SegmentId, bytes };
  gl.ops.splice(0);
  assert.equal(renderer.submit3d(1, segment, 0, words.length), 0);
  return gl.ops.map((op) => op.split("(")[0]!);
}

const waits = (ops: readonly string[]): number => ops.filter((op) => op === "finishDriver").length;

test("on llvmpipe a texture's first renderings begin with nothing under way", () => {
  const ops = clears("llvmpipe (LLVM 15.0.6, 256 bits)", 1);
  // Zeros are written into it first, then the guest's framebuffer is made; clearing again through the same needs nothing.
  assert.equal(waits(ops), 2);
  assert.ok(ops.indexOf("finishDriver") < ops.indexOf("clearBufferfv"));
});

test("a texture that is rendered to again and again is left alone", () => {
  assert.equal(waits(clears("llvmpipe (LLVM 15.0.6, 256 bits)", 100)), 16);
});

test("no other driver is made to wait", () => {
  assert.equal(waits(clears("Mali-G76", 3)), 0);
});
