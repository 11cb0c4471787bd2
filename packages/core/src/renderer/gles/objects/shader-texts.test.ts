/** What guests' shaders cost in memory: counted by context and device, given back, and trees made again from texts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { GuestError, silentLogger } from "../../../base/index.js";
import { GlEncoder } from "../../../gl/index.js";
import { CopyLedger, type SegmentId } from "../../../memory/index.js";
import { RecordingGl, StreamBuilder } from "../../../testing/index.js";
import * as v from "../../../virgl/index.js";
import { GlesRenderer } from "../gles-renderer.js";

const MIB = 1 << 20;
const VERTEX = "VERT\nDCL IN[0]\nDCL OUT[0], POSITION\n MOV OUT[0], IN[0]\n END\n";
const FRAGMENT = "FRAG\nDCL OUT[0], COLOR\nIMM[0] FLT32 {1, 1, 1, 1}\n MOV OUT[0], IMM[0]\n END\n";
const TARGET = 900;
const RGBA = v.VirglFormat.R8G8B8A8_UNORM;

/** A text that announces `bytes` and ends early: it is quickly parsed. */
const padded = (text: string, bytes: number): string => `${text}\0${"x".repeat(bytes - text.length - 2)}`;

function setUp() {
  const gl = new RecordingGl();
  const encoder = new GlEncoder(gl);
  const renderer = new GlesRenderer({ gl, encoder, ledger: new CopyLedger(), logger: silentLogger });
  const memory = new Uint8Array(2 * MIB);
  const segment = { id: encoder.registerSegment(memory) as SegmentId, bytes: memory };
  const open = (context: number): void => void renderer.createContext(context, v.VIRGL_CAPSET_VIRGL2, "test");
  const submit = (context: number, stream: StreamBuilder): number => {
    const words = stream.build();
    new Uint32Array(memory.buffer).set(words);
    return renderer.submit3d(context, segment, 0, words.length);
  };
  const create = (context: number, handle: number, text: string): number =>
    submit(context, new StreamBuilder().createShader(handle, v.PIPE_SHADER_VERTEX, text));
  /** How many shaders of 1 MiB the context may have. */
  const fill = (context: number): number => {
    const text = padded(VERTEX, MIB);
    let count = 0;
    while (count < 300 && create(context, count + 1, text) === GuestError.NONE) count++;
    return count;
  };
  return { gl, renderer, open, submit, create, fill };
}

test("a context has 64 MiB of shader text, all together 256 MiB; what goes away is given back", () => {
  const { renderer, open, fill } = setUp();
  const counts = [1, 2, 3, 4, 5].map((context) => {
    open(context);
    return fill(context);
  });
  assert.deepEqual(counts, [63, 63, 63, 63, 3]);
  for (const context of [1, 2]) renderer.destroyContext(context);
  open(6);
  assert.equal(fill(6), 63);
});

test("small shaders count more than their text", () => {
  const { open, submit } = setUp();
  open(1);
  let code = 0;
  for (let at = 1; code === 0 && at < 100_000; at += 1000) {
    const stream = new StreamBuilder();
    for (let i = 0; i < 1000; i++) stream.createShader(at + i, v.PIPE_SHADER_VERTEX, VERTEX);
    code = submit(1, stream);
  }
  assert.equal(code, GuestError.LIMIT);
});

test("a text over 1 MiB is refused; one that is wrong, or never finished, is given back with its context", () => {
  const { renderer, open, create, submit } = setUp();
  open(1);
  assert.equal(create(1, 1, padded(VERTEX, MIB + 1)), GuestError.LIMIT);
  const wrong = new StreamBuilder().createShader(1, v.PIPE_SHADER_VERTEX, padded("VERT\nnonsense", MIB));
  const whole = new StreamBuilder().createShader(1, v.PIPE_SHADER_VERTEX, padded(VERTEX, MIB), 1000).build();
  const firstPiece = whole.subarray(1, 1 + (whole[0]! >>> 16));
  const unfinished = new StreamBuilder().command(v.VIRGL_CCMD_CREATE_OBJECT, firstPiece, v.VIRGL_OBJECT_SHADER);
  for (let round = 0; round < 260; round++) {
    open(2);
    assert.equal(submit(2, wrong), GuestError.BAD_SHADER, `round ${round}`);
    renderer.destroyContext(2);
    open(3);
    assert.equal(submit(3, unfinished), GuestError.NONE, `round ${round}`);
    renderer.destroyContext(3);
  }
});

/** The ops of a pair's second program, after `between`. */
function secondProgram(between: (kit: ReturnType<typeof setUp>) => void): string[] {
  const kit = setUp();
  const { gl, renderer, open, submit } = kit;
  open(1);
  const shape = { target: v.PIPE_TEXTURE_2D, format: RGBA, bind: v.VIRGL_BIND_RENDER_TARGET, width: 16, height: 16 };
  renderer.createResource3d(TARGET, { ...shape, depth: 1, arraySize: 1, lastLevel: 0, samples: 0, flags: 0 });
  renderer.attachResource(1, TARGET);
  const pipeline = { subContext: 1, target: TARGET, format: RGBA, attributes: 1, vertex: VERTEX, fragment: FRAGMENT };
  const triangle = new StreamBuilder().createPlainPipeline(pipeline).setViewport(16, 16).draw({ count: 3 });
  assert.equal(submit(1, triangle), GuestError.NONE);
  assert.equal(renderer.counters.programsLinked, 1);
  between(kit);
  gl.ops.splice(0);
  assert.equal(submit(1, new StreamBuilder().draw({ count: 3, mode: v.PIPE_PRIM_POINTS })), GuestError.NONE);
  assert.equal(renderer.counters.programsLinked, 2);
  assert.equal(renderer.counters.shaderErrors, 0);
  return gl.ops.slice();
}

test("a program is the same when others' shaders have taken the place of its trees", () => {
  const undisturbed = secondProgram(() => {});
  assert.ok(undisturbed.some((op) => op.startsWith("linkProgram")));
  const disturbed = secondProgram(({ open, create }) => {
    open(2);
    for (let handle = 1; handle <= 8; handle++) assert.equal(create(2, handle, padded(VERTEX, MIB)), GuestError.NONE);
  });
  assert.deepEqual(disturbed, undisturbed);
});
