/** Memory objects on a recorded GL: what is asked of the driver, in which order. No driver here takes one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { GuestError, silentLogger } from "../../../base/index.js";
import { GL, GlEncoder, type GlImports } from "../../../gl/index.js";
import {
  Backing,
  CopyLedger,
  CopyReason,
  DEFAULT_POLICY,
  IMPORT_PATH_NAMES,
  IMPORT_REASONS,
  ImportPath,
  NO_IMPORTS,
  VerdictBook,
  type ImportPathCode,
  type MemoryImporter,
  type SegmentId,
} from "../../../memory/index.js";
import { RecordingGl, StreamBuilder } from "../../../testing/index.js";
import * as v from "../../../virgl/index.js";
import { GlesRenderer } from "../gles-renderer.js";

const SIZE = 16_384;
const TARGET = 1;
const BUFFER = 2;
const RGBA = v.VirglFormat.R8G8B8A8_UNORM;
const VERTEX = "VERT\nDCL IN[0]\nDCL OUT[0], POSITION\n  0: MOV OUT[0], IN[0]\n  1: END\n";
const FRAGMENT = "FRAG\nDCL OUT[0], COLOR\nIMM[0] FLT32 {1, 1, 1, 1}\n  0: MOV OUT[0], IMM[0]\n  1: END\n";
const DMA_BUF = 70;
const INVALID_OPERATION = 0x502;

/** Keeps what is imported among the ops. */
class ImportingGl extends RecordingGl {
  result = 0;
  readonly imports: GlImports = {
    importTexture: () => -1,
    ownTexture: () => -1,
    pinBuffer: () => -1,
    importBuffer: (buffer, fd, dmaBufBytes, sizeBytes) => {
      this.ops.push(`importBuffer(${buffer}, ${fd}, ${dmaBufBytes}, ${sizeBytes})`);
      return this.result;
    },
    ownBuffer: (buffer, sizeBytes, isReplaced) => {
      this.ops.push(`ownBuffer(${buffer}, ${sizeBytes}, ${isReplaced})`);
      return 0;
    },
  };
}

interface Options {
  readonly result?: number;
  readonly refused?: readonly ImportPathCode[];
  readonly isCoherent?: boolean;
  readonly dmaBuf?: number;
}

/** A buffer with guest memory, and a pipeline that draws from it. */
function setUp({ result = 0, refused = [], isCoherent = true, dmaBuf = DMA_BUF }: Options = {}) {
  const gl = new ImportingGl();
  gl.result = result;
  const encoder = new GlEncoder(gl);
  const calls: string[] = [];
  const importer: MemoryImporter = {
    profile: {
      ...NO_IMPORTS,
      udmabuf: { listLimit: 8, sizeLimitBytes: 1 << 20, pageBytes: 4096 },
      buffers: { memoryObjects: true, refusal: "", isCoherent },
    },
    createDmaBuf: () => dmaBuf,
    duplicate: () => -1,
    close: (fd) => void calls.push(`close ${fd}`),
    sync: (fd, direction) => void calls.push(`sync ${fd} ${direction}`),
    dmaReach: () => "unknown",
    createWindow: () => null,
  };
  const ledger = new CopyLedger();
  const verdicts = new VerdictBook();
  const policy = { ...DEFAULT_POLICY, refused: new Set(refused) };
  const imports = { policy, importer, verdicts };
  const renderer = new GlesRenderer({ gl, encoder, ledger, logger: silentLogger, imports });
  const segmentOf = (sizeBytes: number, fd: number) => {
    const bytes = new Uint8Array(sizeBytes);
    const file = { fd, offsetBytes: 0, sizeBytes, isSealed: true, isWriteSealed: false, pageBytes: 4096 };
    return { id: encoder.registerSegment(bytes) as SegmentId, bytes, file };
  };
  const stream = segmentOf(65_536, 8);
  const whole = (): Backing => new Backing([{ segment: segmentOf(SIZE, 9), offsetBytes: 0, lengthBytes: SIZE }]);
  const create = (id: number, target: number, format: number, bind: number, width: number, height: number): void => {
    const shape = { target, format, bind, width, height, depth: 1, arraySize: 1, lastLevel: 0, samples: 0, flags: 0 };
    assert.equal(renderer.createResource3d(id, shape), GuestError.NONE);
  };
  create(TARGET, v.PIPE_TEXTURE_2D, RGBA, v.VIRGL_BIND_RENDER_TARGET, 16, 16);
  create(BUFFER, v.PIPE_BUFFER, v.VirglFormat.R8_UNORM, v.VIRGL_BIND_VERTEX_BUFFER, SIZE, 1);
  assert.equal(renderer.attachBacking(BUFFER, whole()), GuestError.NONE);
  renderer.createContext(1, v.VIRGL_CAPSET_VIRGL2, "test");
  for (const id of [TARGET, BUFFER]) renderer.attachResource(1, id);
  const box = { level: 0, x: 0, y: 0, z: 0, width: SIZE, height: 1, depth: 1 };
  const transfer = { ...box, offsetBytes: 0, strideBytes: 0, layerStrideBytes: 0 };
  const ops = (): string[] => {
    encoder.flush();
    return gl.ops.splice(0);
  };
  return {
    renderer,
    calls,
    ops,
    whole,
    transfer,
    submit: (builder: StreamBuilder): void => {
      const words = builder.build();
      new Uint32Array(stream.bytes.buffer).set(words);
      assert.equal(renderer.submit3d(1, stream, 0, words.length), GuestError.NONE);
    },
    moved: (reason: number) => ledger.totalBytes[reason],
    path: () => IMPORT_PATH_NAMES[verdicts.of(BUFFER)!.path],
    reasons: () => verdicts.of(BUFFER)!.refused.map(({ path, reason }) => [path, IMPORT_REASONS[reason]!.name]),
  };
}

const named = (list: readonly string[], name: string): string[] => list.filter((op) => op.startsWith(`${name}(`));
const drawing = (): StreamBuilder =>
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
    .setVertexBuffers([{ stride: 16, offset: 0, resource: BUFFER }]);

for (const isCoherent of [true, false]) {
  test(`a buffer becomes a memory object, and its transfers move nothing; coherent: ${isCoherent}`, () => {
    const { renderer, path, calls, ops, transfer, moved } = setUp({ isCoherent });
    assert.equal(path(), "memory-object");
    assert.deepEqual(named(ops(), "importBuffer"), [`importBuffer(1, ${DMA_BUF}, ${SIZE}, ${SIZE})`]);
    renderer.transferToHost3d(1, BUFFER, transfer);
    renderer.transferFromHost3d(1, BUFFER, transfer, true);
    assert.deepEqual(calls, isCoherent ? [] : [`sync ${DMA_BUF} to-device`, `sync ${DMA_BUF} from-device`]);
    assert.deepEqual([moved(CopyReason.UPLOAD), moved(CopyReason.READBACK)], [0, 0]);
    assert.equal(renderer.scanoutBuffer(BUFFER, null), null, "a buffer is no picture");
    calls.length = 0;
    renderer.detachResource(1, BUFFER);
    renderer.unrefResource(BUFFER);
    assert.deepEqual(named(ops(), "ownBuffer"), [], "contents go with it");
    assert.deepEqual(calls, [`close ${DMA_BUF}`]);
    let isAnswered = false;
    renderer.whenReleased(() => (isAnswered = true));
    assert.equal(isAnswered, false, "not before a fence");
    renderer.flush();
    renderer.poll({ fenceSignalled() {} });
    assert.equal(isAnswered, true);
  });
}

test("a driver that refuses, a system that refuses, and a fault: uploads, and the verdict names the step", () => {
  const step = ImportPath.MEMORY_OBJECT;
  const cases: readonly (readonly [Options, string, string[]])[] = [
    [{ result: INVALID_OPERATION }, "driver-refused", [`close ${DMA_BUF}`]],
    [{ dmaBuf: -12 }, "system-refused", []],
    [{ refused: [step] }, "fault-injected", []],
  ];
  for (const [options, reason, calls] of cases) {
    const host = setUp(options);
    assert.deepEqual([host.path(), host.reasons().at(-1), host.calls], ["upload", [step, reason], calls]);
    host.ops();
    host.renderer.transferToHost3d(1, BUFFER, host.transfer);
    assert.equal(named(host.ops(), "bufferSubData").length, 1);
    assert.equal(host.moved(CopyReason.UPLOAD), SIZE);
  }
});

test("bytes from elsewhere go through a buffer between: storage of memory objects is written by the GPU only", () => {
  const { renderer, ops, whole, transfer, path } = setUp();
  ops();
  const names = (): string[] =>
    ops().flatMap((op) => (/^(bufferData|bufferZeros|\w*ufferSubData)\(/.test(op) ? [op.split("(")[0]!] : []));
  renderer.transferThrough(1, BUFFER, transfer, whole(), "to-host");
  assert.deepEqual(names(), ["bufferData", "copyBufferSubData"]);
  renderer.transferThrough(1, BUFFER, transfer, whole(), "from-host");
  assert.deepEqual(names(), ["bufferZeros", "copyBufferSubData", "getBufferSubData"]);
  assert.equal(path(), "memory-object");
});

test("DETACH keeps contents in another buffer, and draws bind that one", () => {
  const { renderer, ops, submit, moved, transfer, path } = setUp();
  submit(drawing().draw({ count: 3 }));
  const bindings = (): string[] => named(ops(), "bindBuffer").filter((op) => op.includes(GL.ARRAY_BUFFER.toString(16)));
  assert.equal(bindings().length, 1);
  submit(new StreamBuilder().setSubContext(1).draw({ count: 3 }));
  assert.equal(bindings().length, 0, "bound already");
  assert.equal(renderer.detachBacking(BUFFER), GuestError.NONE);
  assert.deepEqual(named(ops(), "ownBuffer"), [`ownBuffer(1, ${SIZE}, true)`]);
  assert.deepEqual([path(), moved(CopyReason.SNAPSHOT)], ["upload", SIZE]);
  submit(new StreamBuilder().setSubContext(1).draw({ count: 3 }));
  assert.equal(bindings().length, 1);
  assert.notEqual(renderer.transferToHost3d(1, BUFFER, transfer), GuestError.NONE, "no memory to transfer from");
});

test("what vertices are captured into is the host's own from then on", () => {
  const { ops, submit, path, reasons } = setUp();
  submit(new StreamBuilder().createSubContext(1).setSubContext(1).createStreamoutTarget(30, BUFFER, 0, 4096));
  assert.deepEqual(named(ops(), "ownBuffer"), [`ownBuffer(1, ${SIZE}, true)`]);
  assert.deepEqual([path(), reasons()], ["upload", [[ImportPath.MEMORY_OBJECT, "kind"]]]);
});
