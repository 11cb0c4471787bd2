import assert from "node:assert/strict";
import { test } from "node:test";
import { GuestError, silentLogger } from "../../../base/index.js";
import { GlEncoder } from "../../../gl/index.js";
import { Backing, CopyLedger, type SegmentId } from "../../../memory/index.js";
import { RecordingGl, StreamBuilder } from "../../../testing/index.js";
import * as v from "../../../virgl/index.js";
import { GlesRenderer } from "../gles-renderer.js";

const VERTEX = "VERT\nDCL IN[0]\nDCL OUT[0], POSITION\n  0: MOV OUT[0], IN[0]\n  1: END\n";
const FRAGMENT = "FRAG\nDCL OUT[0], COLOR\nIMM[0] FLT32 {1, 1, 1, 1}\n  0: MOV OUT[0], IMM[0]\n  1: END\n";
const RGBA = v.VirglFormat.R8G8B8A8_UNORM;
const TARGET = 1;
const VERTICES = 2;
const RESULTS = 3;
const QUERY = 20;

/** Two contexts with a pipeline each, on the recording GL. */
function setUp() {
  const gl = new RecordingGl();
  const encoder = new GlEncoder(gl);
  const renderer = new GlesRenderer({ gl, encoder, ledger: new CopyLedger(), logger: silentLogger });
  const memory = new Uint8Array(65536);
  const segment = { id: encoder.registerSegment(memory) as SegmentId, bytes: memory };
  const results = new Uint8Array(64);
  const resultSegment = { id: encoder.registerSegment(results) as SegmentId, bytes: results };
  const create = (id: number, target: number, format: number, bind: number, width: number, height: number): void => {
    const shape = { target, format, bind, width, height, depth: 1, arraySize: 1, lastLevel: 0, samples: 0, flags: 0 };
    assert.equal(renderer.createResource3d(id, shape), 0);
  };
  create(TARGET, v.PIPE_TEXTURE_2D, RGBA, v.VIRGL_BIND_RENDER_TARGET, 16, 16);
  create(VERTICES, v.PIPE_BUFFER, v.VirglFormat.R8_UNORM, v.VIRGL_BIND_VERTEX_BUFFER, 4096, 1);
  create(RESULTS, v.PIPE_BUFFER, v.VirglFormat.R8_UNORM, v.VIRGL_BIND_CUSTOM, 64, 1);
  renderer.attachBacking(RESULTS, new Backing([{ segment: resultSegment, offsetBytes: 0, lengthBytes: 64 }]));
  const submit = (context: number, stream: StreamBuilder): number => {
    const words = stream.build();
    new Uint32Array(memory.buffer).set(words);
    return renderer.submit3d(context, segment, 0, words.length);
  };
  const run = (context: number, stream: StreamBuilder): void => assert.equal(submit(context, stream), GuestError.NONE);
  for (const context of [1, 2]) {
    renderer.createContext(context, v.VIRGL_CAPSET_VIRGL2, "test");
    for (const id of [TARGET, VERTICES, RESULTS]) renderer.attachResource(context, id);
    run(context, pipeline());
  }
  const queryOps = (): string[] =>
    gl.ops.splice(0).flatMap((op) => {
      const name = op.split("(")[0]!;
      return ["beginQuery", "endQuery", "drawArrays", "queryCounter", "blitFramebuffer"].includes(name) ? [name] : [];
    });
  const poll = (): void => renderer.poll({ fenceSignalled() {} });
  const state = (offset: number) => {
    const view = new DataView(results.buffer, offset);
    return {
      state: view.getUint32(0, true),
      size: view.getUint32(4, true),
      result: Number(view.getBigUint64(8, true)),
    };
  };
  queryOps();
  return { gl, renderer, run, submit, queryOps, poll, state };
}

function pipeline(): StreamBuilder {
  return new StreamBuilder()
    .createPlainPipeline({
      subContext: 1,
      target: TARGET,
      format: RGBA,
      attributes: 1,
      vertex: VERTEX,
      fragment: FRAGMENT,
    })
    .setViewport(16, 16)
    .setVertexBuffers([{ stride: 16, offset: 0, resource: VERTICES }]);
}

const on = () => new StreamBuilder().setSubContext(1);
const begin = (handle = QUERY) => [v.VIRGL_CCMD_BEGIN_QUERY, [handle]] as const;
const end = (handle = QUERY) => [v.VIRGL_CCMD_END_QUERY, [handle]] as const;
const get = (handle = QUERY) => [v.VIRGL_CCMD_GET_QUERY_RESULT, [handle, 0]] as const;

test("a query is cut where another context draws, and its parts are added up", () => {
  const { gl, run, queryOps, poll, state } = setUp();
  for (let name = 1; name < 8; name++) gl.queryResults.set(name, 4 + name);
  run(
    1,
    on()
      .createQuery(QUERY, v.PIPE_QUERY_PRIMITIVES_EMITTED, RESULTS, 16)
      .command(...begin())
      .draw({ count: 3 }),
  );
  run(2, on().draw({ count: 3 }));
  run(
    1,
    on()
      .draw({ count: 3 })
      .draw({ count: 3 })
      .command(...end())
      .command(...get()),
  );
  run(2, on().draw({ count: 3 }));
  assert.deepEqual(queryOps(), [
    "beginQuery",
    "drawArrays",
    "endQuery",
    "drawArrays",
    "beginQuery",
    "drawArrays",
    "drawArrays",
    "endQuery",
    "drawArrays",
  ]);
  assert.equal(state(16).state, v.VIRGL_QUERY_STATE_NEW, "never written before the driver answers");
  poll();
  assert.deepEqual(state(16), { state: v.VIRGL_QUERY_STATE_DONE, size: 4, result: 5 + 6 });
});

test("predicates say 1 however many parts saw samples", () => {
  const { gl, run, poll, state } = setUp();
  for (let name = 1; name < 8; name++) gl.queryResults.set(name, 1);
  run(
    1,
    on()
      .createQuery(QUERY, v.PIPE_QUERY_OCCLUSION_PREDICATE, RESULTS)
      .command(...begin())
      .draw({ count: 3 }),
  );
  run(2, on().draw({ count: 3 }));
  run(
    1,
    on()
      .draw({ count: 3 })
      .command(...end())
      .command(...get()),
  );
  poll();
  assert.deepEqual(state(0), { state: v.VIRGL_QUERY_STATE_DONE, size: 4, result: 1 });
});

test("queries of one GL target share its GL query, and each gets what ran while it was active", () => {
  const { gl, run, queryOps, poll, state } = setUp();
  for (let name = 1; name < 8; name++) gl.queryResults.set(name, 10 ** name);
  const type = v.PIPE_QUERY_PRIMITIVES_EMITTED;
  const stream = on().createQuery(20, type, RESULTS, 0).createQuery(21, type, RESULTS, 16);
  stream
    .command(...begin(20))
    .draw({ count: 3 })
    .command(...begin(21))
    .draw({ count: 3 });
  stream
    .command(...end(20))
    .draw({ count: 3 })
    .command(...end(21))
    .command(...get(20))
    .command(...get(21));
  run(1, stream);
  assert.deepEqual(queryOps(), [
    "beginQuery",
    "drawArrays",
    "endQuery",
    "beginQuery",
    "drawArrays",
    "endQuery",
    "beginQuery",
    "drawArrays",
    "endQuery",
  ]);
  poll();
  assert.equal(state(0).result, 10 + 100);
  assert.equal(state(16).result, 100 + 1000);
});

test("a query without draws answers 0 at once, and one that began anew forgets its past", () => {
  const { gl, run, poll, state } = setUp();
  for (let name = 1; name < 8; name++) gl.queryResults.set(name, 7);
  const stream = on().createQuery(QUERY, v.PIPE_QUERY_OCCLUSION_COUNTER, RESULTS);
  run(
    1,
    stream
      .command(...begin())
      .draw({ count: 3 })
      .command(...end())
      .command(...begin())
      .command(...end())
      .command(...get()),
  );
  assert.deepEqual(state(0), { state: v.VIRGL_QUERY_STATE_DONE, size: 4, result: 0 });
  poll();
  assert.equal(state(0).result, 0);
});

test("elapsed time is the difference of two timestamps", () => {
  const { gl, run, queryOps, poll, state } = setUp();
  gl.queryResults.set(1, 1000);
  gl.queryResults.set(2, 3500);
  const stream = on().createQuery(QUERY, v.PIPE_QUERY_TIME_ELAPSED, RESULTS);
  run(
    1,
    stream
      .command(...begin())
      .draw({ count: 3 })
      .command(...end())
      .command(...get()),
  );
  assert.deepEqual(queryOps(), ["queryCounter", "drawArrays", "queryCounter"]);
  poll();
  assert.deepEqual(state(0), { state: v.VIRGL_QUERY_STATE_DONE, size: 8, result: 2500 });
});

for (const [name, stream] of [
  [
    "ends what never began",
    on()
      .createQuery(QUERY, 0, RESULTS)
      .command(...end()),
  ],
  [
    "begins twice",
    on()
      .createQuery(QUERY, 0, RESULTS)
      .command(...begin())
      .command(...begin()),
  ],
  ["names an object that is no query", on().command(...begin(1))],
  ["names nothing", on().command(...get(99))],
  ["asks for a type that is not offered", on().createQuery(QUERY, v.PIPE_QUERY_PIPELINE_STATISTICS, RESULTS)],
  ["puts its result outside the buffer", on().createQuery(QUERY, 0, RESULTS, 49)],
  ["puts its result into a texture", on().createQuery(QUERY, 0, TARGET)],
] as const) {
  test(`a guest that ${name} is refused`, () => {
    const { submit } = setUp();
    assert.notEqual(submit(1, stream), GuestError.NONE);
  });
}

test("results of queries whose buffer has lost its memory go nowhere", () => {
  const { renderer, run, poll, state } = setUp();
  run(
    1,
    on()
      .createQuery(QUERY, 0, RESULTS)
      .command(...begin())
      .draw({ count: 3 })
      .command(...end())
      .command(...get()),
  );
  renderer.detachBacking(RESULTS);
  poll();
  assert.equal(state(0).state, v.VIRGL_QUERY_STATE_NEW);
});

test("queries of one target that count at a time are limited, destroyed or not", () => {
  for (const destroys of [false, true]) {
    const { submit } = setUp();
    let begun = 0;
    let code: number = GuestError.NONE;
    for (; code === GuestError.NONE; begun++) {
      assert.ok(begun < 1000, "there is an end");
      const stream = new StreamBuilder().setSubContext(1);
      stream.createQuery(1000 + begun, v.PIPE_QUERY_OCCLUSION_COUNTER, RESULTS);
      stream.command(v.VIRGL_CCMD_BEGIN_QUERY, [1000 + begun]);
      if (destroys) stream.command(v.VIRGL_CCMD_DESTROY_OBJECT, [1000 + begun], v.VIRGL_OBJECT_QUERY);
      code = submit(1, stream);
    }
    assert.equal(code, GuestError.LIMIT);
    assert.equal(begun, 65);
  }
});
