/**
 * Argument: a policy. Vertices, indices and uniform blocks that are drawn from guest memory on a desktop GL host
 * (GL_AMD_pinned_memory), from contiguous and from scattered pages.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { ImportPath, ImportReason, type ZeroCopyMode } from "@virtgpu/core/memory";
import { StreamBuilder } from "@virtgpu/core/testing";
import * as v from "@virtgpu/core/virgl";
import { check } from "./checks.js";
import { ImportFixture, PAGE } from "./import-fixture.js";

const zeroCopy = process.argv[2] as ZeroCopyMode;
const isShared = zeroCopy !== "never";
const SIZE = 16;
const TARGET = 50;
const VERTEX = "VERT\nDCL IN[0]\nDCL OUT[0], POSITION\n  0: MOV OUT[0], IN[0]\n  1: END\n";
const FRAGMENT =
  "FRAG\nPROPERTY FS_COLOR0_WRITES_ALL_CBUFS 1\nDCL OUT[0], COLOR\nDCL CONST[1][0]\n  0: MOV OUT[0], CONST[1][0]\n  1: END\n";
const COVERS = Float32Array.of(-1, -1, 0, 1, 3, -1, 0, 1, -1, 3, 0, 1);
const NOTHING = new Float32Array(12).fill(5);
const RED = [255, 0, 0, 255];
const GREEN = [0, 255, 0, 255];
const BLACK = [0, 0, 0, 0];

let nextSub = 100;
const fixture = new ImportFixture({ zeroCopy, api: "gl" });
const rgba = v.VirglFormat.R8G8B8A8_UNORM;
fixture.must(fixture.create(TARGET, { format: rgba, bind: v.VIRGL_BIND_RENDER_TARGET, width: SIZE, height: SIZE }));

/** A buffer in guest memory, one span or a page each, reversed. @returns its bytes by (offset, length) within a page */
function buffer(
  id: number,
  bind: number,
  sizeBytes: number,
  at: number,
  isScattered = false,
): (offset: number) => DataView {
  fixture.must(
    fixture.create(id, { target: v.PIPE_BUFFER, format: v.VirglFormat.R8_UNORM, bind, width: sizeBytes, height: 1 }),
  );
  const pages = Math.ceil(sizeBytes / PAGE);
  const spans = Array.from({ length: pages }, (_, i) => [at + (pages - 1 - i) * PAGE, PAGE] as const);
  fixture.must(
    fixture.renderer.attachBacking(id, isScattered ? fixture.backing(...spans) : fixture.backing([at, sizeBytes])),
  );
  return (offset) => {
    const page = Math.floor(offset / PAGE);
    const start = isScattered ? spans[page]![0] + (offset % PAGE) : at + offset;
    return new DataView(fixture.ram.bytes.buffer, fixture.ram.bytes.byteOffset + start, PAGE - (offset % PAGE));
  };
}

function put(view: DataView, values: Float32Array): void {
  values.forEach((value, i) => view.setFloat32(4 * i, value, true));
}

/** Draws three indices' vertices with the uniform block's colour. @returns the picture's one pixel value */
function draw(
  vertices: number,
  indices: number,
  uniforms: number,
  at: { vertex: number; index: number; uniform: number },
): number[] {
  const sub = nextSub++;
  const stream = new StreamBuilder()
    .createPlainPipeline({
      subContext: sub,
      target: TARGET,
      format: rgba,
      attributes: 1,
      vertex: VERTEX,
      fragment: FRAGMENT,
    })
    .setViewport(SIZE, SIZE)
    .setVertexBuffers([{ stride: 16, offset: at.vertex, resource: vertices }])
    .setIndexBuffer(indices, 2, at.index)
    .setUniformBuffer(v.PIPE_SHADER_FRAGMENT, 1, uniforms, at.uniform, 256)
    .clear(v.PIPE_CLEAR_COLOR0, [0, 0, 0, 0])
    .draw({ count: 3, isIndexed: true });
  fixture.submit(stream);
  return [...fixture.glContents(TARGET, SIZE, SIZE).subarray(0, 4)];
}

/** TRANSFER_TO_HOST_3D of a whole buffer. */
function upload(id: number, sizeBytes: number): void {
  fixture.upload(id, sizeBytes, 1);
}

for (const isScattered of [false, true]) {
  const name = isScattered ? "scattered" : "contiguous";
  const first = isScattered ? 10 : 1;
  const base = isScattered ? 4 << 20 : 2 << 20;
  const size = 5 * PAGE;
  check(`vertices, indices and uniform blocks in ${name} memory`, () => {
    const vertices = buffer(first, v.VIRGL_BIND_VERTEX_BUFFER, size, base, isScattered);
    const indices = buffer(first + 1, v.VIRGL_BIND_INDEX_BUFFER, size, base + (1 << 18), isScattered);
    const uniforms = buffer(first + 2, v.VIRGL_BIND_CONSTANT_BUFFER, size, base + (2 << 18), isScattered);
    const at = { vertex: PAGE + 64, index: 2 * PAGE + 8, uniform: 2 * PAGE };
    put(vertices(at.vertex), COVERS);
    for (let i = 0; i < 3; i++) indices(at.index).setUint16(2 * i, i, true);
    put(uniforms(at.uniform), Float32Array.of(1, 0, 0, 1));
    const before = fixture.counted();
    for (let i = 0; i < 3; i++) upload(first + i, size);
    const { upload: uploaded = 0, ...others } = fixture.payloadSince(before);
    assert.deepEqual(others, {});
    assert.equal(uploaded, isShared ? 0 : 3 * size);
    const ids = [first, first + 1, first + 2] as const;
    assert.deepEqual(draw(...ids, at), RED);
    // The guest changes one after the other and sends no command.
    put(uniforms(at.uniform), Float32Array.of(0, 1, 0, 1));
    assert.deepEqual(draw(...ids, at), isShared ? GREEN : RED);
    for (let i = 0; i < 3; i++) indices(at.index).setUint16(2 * i, 1, true);
    assert.deepEqual(draw(...ids, at), isShared ? BLACK : RED);
    for (let i = 0; i < 3; i++) indices(at.index).setUint16(2 * i, i, true);
    put(vertices(at.vertex), NOTHING);
    assert.deepEqual(draw(...ids, at), isShared ? BLACK : RED);
    const verdict = fixture.renderer.describe(100).listed.find(({ id }) => id === first);
    return `path ${isShared ? (isScattered ? "pinned-window" : "pinned") : verdict?.path.path}`;
  });
  check(`the verdict on ${name} memory`, () => {
    const verdict = fixture.imports.verdicts.of(first);
    if (!isShared) {
      assert.equal(verdict, undefined);
      return;
    }
    assert.equal(verdict!.path, isScattered ? ImportPath.PINNED_WINDOW : ImportPath.PINNED);
    assert.equal(verdict!.pieces, isScattered ? 5 : 1);
  });
  check(`DETACH keeps a buffer's contents in ${name} memory`, () => {
    const at = { vertex: PAGE + 64, index: 2 * PAGE + 8, uniform: 2 * PAGE };
    const view = (offset: number): DataView =>
      new DataView(
        fixture.ram.bytes.buffer,
        fixture.ram.bytes.byteOffset + (isScattered ? base + 3 * PAGE + (offset % PAGE) : base + offset),
        64,
      );
    put(view(at.vertex), COVERS);
    fixture.must(
      fixture.renderer.transferToHost3d(1, first, {
        level: 0,
        x: 0,
        y: 0,
        z: 0,
        width: size,
        height: 1,
        depth: 1,
        offsetBytes: 0,
        strideBytes: 0,
        layerStrideBytes: 0,
      }),
    );
    fixture.settle();
    const before = fixture.counted();
    fixture.giveBack(fixture.renderer.detachBacking(first));
    assert.equal(fixture.payloadSince(before)["snapshot"] ?? 0, isShared ? 2 * size : 0);
    put(view(at.vertex), NOTHING);
    const lit = draw(first, first + 1, first + 2, at);
    assert.deepEqual(lit, isShared ? GREEN : RED);
  });
}

check("in auto, small buffers are copied and say why", () => {
  const services = fixture.imports;
  assert.ok(services.importer.profile.pinned !== null);
  if (zeroCopy !== "auto") return;
  buffer(30, v.VIRGL_BIND_VERTEX_BUFFER, 64, 8 << 20);
  assert.equal(fixture.imports.verdicts.of(30)!.refused[0]!.reason, ImportReason.SMALL);
});

check("UNREF leaves nothing mapped when it is answered", () => {
  const maps = (): number => readFileSync("/proc/self/maps", "utf8").split("guest-ram").length;
  const mapped = maps();
  for (let i = 0; i < 50; i++) {
    buffer(40, v.VIRGL_BIND_VERTEX_BUFFER, 2 * PAGE, 10 << 20, true);
    fixture.giveBack(fixture.renderer.unrefResource(40));
  }
  assert.ok(maps() <= mapped, `${maps()} mappings, ${mapped} before`);
});

check("no GL error was made", () => {
  fixture.settle();
  assert.equal(fixture.renderer.counters.glErrors, 0, fixture.log.join("\n"));
  assert.deepEqual(fixture.log, []);
});
fixture.close();
