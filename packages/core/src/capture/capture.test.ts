import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { silentLogger } from "../base/index.js";
import { type ArrayMemory, LoopbackServer, RecordingRenderer, StreamBuilder } from "../testing/index.js";
import { VIRGL_BIND_DISPLAY_TARGET, VIRGL_COPY_TRANSFER3D_FLAGS_READ_FROM_HOST, VirglFormat } from "../virgl/index.js";
import * as v from "../vtest/index.js";
import {
  CaptureFormatError,
  CaptureReader,
  CaptureWriter,
  dumpCapture,
  frameToRgba,
  PageDelta,
  playCapture,
  RecordKind,
  recordSession,
  resourcesReadBy,
  type CapturedFrame,
} from "./index.js";

class Bytes {
  readonly parts: Uint8Array[] = [];
  write(bytes: Uint8Array): void {
    this.parts.push(bytes.slice());
  }
  all(): Uint8Array {
    const whole = new Uint8Array(this.parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of this.parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }
}

const words = (...list: number[]): Uint8Array => new Uint8Array(Uint32Array.from(list).buffer);

describe("PageDelta", () => {
  it("finds changed pages as runs, once", () => {
    const memory = new Uint8Array(5 * 4096 + 10);
    const delta = new PageDelta(memory);
    assert.equal(delta.take().count, 0);
    memory[0] = 1;
    memory[4096 * 2] = 1;
    memory[4096 * 3 + 4095] = 1;
    memory[memory.length - 1] = 1;
    const runs = delta.take();
    const list = Array.from({ length: runs.count }, (_, i) => [
      runs.firstPage(i),
      runs.pageCount(i),
      runs.endBytes(i, memory.length),
    ]);
    assert.deepEqual(list, [
      [0, 1, 4096],
      [2, 2, 4 * 4096],
      [5, 1, memory.length],
    ]);
    assert.equal(delta.take().count, 0);
  });
});

describe("a capture file", () => {
  const sink = new Bytes();
  let now = 0;
  const writer = new CaptureWriter(sink, () => now);
  const memory = new Uint8Array(4096 * 3);
  memory.fill(7, 4096, 4096 + 5);
  writer.info({ client: "a" });
  now = 1500;
  writer.message(words(1, 3, 77));
  writer.sharedMemory(5, memory.length);
  const delta = new PageDelta(memory);
  writer.memory(5, memory, delta.take());
  writer.reply(Uint8Array.of(1, 2, 3));
  writer.end(1, 0);
  const file = sink.all();

  it("gives back what was written", () => {
    const reader = new CaptureReader(file);
    const seen: [number, number, number][] = [];
    const copy = new Uint8Array(memory.length);
    while (reader.next()) {
      seen.push([reader.kind, reader.payload.length, reader.deltaMicros]);
      if (reader.kind === RecordKind.MEMORY) reader.applyMemory(copy);
    }
    assert.deepEqual(seen, [
      [RecordKind.INFO, 14, 0],
      [RecordKind.MESSAGE, 12, 1500],
      [RecordKind.SHARED_MEMORY, 8, 0],
      [RecordKind.MEMORY, 16 + 4096, 0],
      [RecordKind.REPLY, 3, 0],
      [RecordKind.END, 8, 0],
    ]);
    assert.deepEqual(copy, memory);
  });

  it("is refused when it is something else, of another version, or cut", () => {
    assert.throws(() => new CaptureReader(new Uint8Array(40)), CaptureFormatError);
    const other = file.slice();
    other[8] = 9;
    assert.throws(() => new CaptureReader(other), /version 9/);
    const readAll = (bytes: Uint8Array) => {
      const reader = new CaptureReader(bytes);
      while (reader.next());
    };
    let refused = 0;
    for (let cut = 16; cut < file.length; cut += 3) {
      try {
        readAll(file.subarray(0, cut));
      } catch (error) {
        assert.ok(error instanceof CaptureFormatError);
        refused++;
      }
    }
    assert.ok(refused > 1000);
  });

  it("keeps memory records inside the memory", () => {
    const reader = new CaptureReader(file);
    while (reader.next()) if (reader.kind === RecordKind.MEMORY) break;
    assert.throws(() => reader.applyMemory(new Uint8Array(4096)), /memory run outside/);
  });

  it("reads in words", () => {
    const lines: string[] = [];
    dumpCapture(file, (line) => lines.push(line));
    assert.match(lines[1]!, /resource_unref +r77/);
    assert.match(lines[3]!, /memory of r5: 1 pages \(1\)/);
    assert.match(lines.at(-1)!, /1 messages, 0 frames/);
  });
});

describe("resourcesReadBy", () => {
  it("finds what a message makes the server read", () => {
    const box = [0, 0, 0, 1, 1, 1] as const;
    const stream = new StreamBuilder()
      .transfer({ resource: 3, box }, 0, 1)
      .transfer({ resource: 4, box }, 0, 2)
      .copyTransfer({ resource: 5, box }, 6, 0)
      .copyTransfer({ resource: 7, box }, 8, 0, VIRGL_COPY_TRANSFER3D_FLAGS_READ_FROM_HOST)
      .build();
    const found = new Set<number>();
    const message = Uint32Array.of(stream.length, v.VCMD_SUBMIT_CMD, ...stream);
    resourcesReadBy(v.VCMD_SUBMIT_CMD, message, message.byteLength, found);
    assert.deepEqual([...found], [3, 6]);
    const put = Uint32Array.of(10, v.VCMD_TRANSFER_PUT2, 12, 0, 0, 0, 0, 1, 1, 1, 0, 0);
    resourcesReadBy(v.VCMD_TRANSFER_PUT2, put, put.byteLength, found);
    assert.deepEqual([...found], [12]);
    const cut = Uint32Array.of(2, v.VCMD_SUBMIT_CMD, 0xffff0000, 1);
    resourcesReadBy(v.VCMD_SUBMIT_CMD, cut, cut.byteLength, found);
    assert.equal(found.size, 0);
  });
});

/** A client's whole life, written as it goes: each step may look at the memory that the recorder passed on. */
function recordScript(script: readonly (Uint8Array | ((fds: number[], memory: ArrayMemory) => void))[]) {
  const renderer = new RecordingRenderer("recorded here");
  const server = new LoopbackServer(renderer);
  const fds: number[] = [];
  const answers = new Bytes();
  let step = 0;
  let at = 0;
  const client: v.VtestChannel = {
    readExact(target, offset, length) {
      let done = 0;
      while (done < length && step < script.length) {
        const part = script[step]!;
        if (typeof part === "function") {
          part(fds, server.memory);
          step++;
          continue;
        }
        const count = Math.min(length - done, part.length - at);
        target.set(part.subarray(at, at + count), offset + done);
        done += count;
        at += count;
        if (at === part.length) {
          step++;
          at = 0;
        }
      }
      return done;
    },
    write: (source, offset, length) => (answers.write(source.subarray(offset, offset + length)), true),
    writeWithFd: (_source, _offset, _length, fd) => (fds.push(fd), true),
  };
  const sink = new Bytes();
  const writer = new CaptureWriter(sink, () => 0);
  const mapper = server.memory.mapper;
  const result = recordSession({ client, server, mapper, writer, logger: silentLogger });
  return { result, file: sink.all(), answers: answers.all(), renderer };
}

describe("recording and playing", () => {
  const width = 4;
  const height = 2;
  const size = width * height * 4;
  const greeting = [
    Uint8Array.of(3, 0, 0, 0, 8, 0, 0, 0, 0x61, 0x62, 0),
    words(0, v.VCMD_PING_PROTOCOL_VERSION, 2, v.VCMD_RESOURCE_BUSY_WAIT, 0, 0),
    words(1, v.VCMD_PROTOCOL_VERSION, 4),
    words(0, v.VCMD_GET_CAPS2, 0, v.VCMD_GET_CAPS),
  ];
  const create = words(
    11,
    v.VCMD_RESOURCE_CREATE2,
    5,
    2,
    VirglFormat.B8G8R8X8_UNORM,
    VIRGL_BIND_DISPLAY_TARGET,
    width,
    height,
    1,
    1,
    0,
    0,
    size,
  );
  const put = words(10, v.VCMD_TRANSFER_PUT2, 5, 0, 0, 0, 0, width, height, 1, 0, 0);
  const get = words(10, v.VCMD_TRANSFER_GET2, 5, 0, 0, 0, 0, width, height, 1, 0, 0);
  const wait = words(2, v.VCMD_RESOURCE_BUSY_WAIT, 5, 1);
  const unref = words(1, v.VCMD_RESOURCE_UNREF, 5);
  const draw = (value: number) => (fds: number[], memory: ArrayMemory) => {
    memory.mapper.map(fds.at(-1)!, size)!.bytes.fill(value);
  };
  const { result, file, answers, renderer } = recordScript([
    ...greeting,
    create,
    draw(10),
    put,
    get,
    wait,
    draw(20),
    put,
    get,
    wait,
    get,
    unref,
    words(1, v.VCMD_SUBMIT_CMD, 0),
  ]);

  it("passes everything on and counts", () => {
    assert.deepEqual(result, { messages: 16, frames: 3, failure: null });
    assert.deepEqual(
      [...answers.subarray(8 + 12, 8 + 12 + 12)],
      [1, 0, 0, 0, 11, 0, 0, 0, 2, 0, 0, 0],
      "held at protocol 2",
    );
    assert.ok(renderer.calls.includes("submit3d(1, 1)"));
  });

  it("stores memory only when it changed and somebody reads it", () => {
    const reader = new CaptureReader(file);
    const kinds: number[] = [];
    while (reader.next()) kinds.push(reader.kind);
    assert.equal(kinds.filter((kind) => kind === RecordKind.MEMORY).length, 2);
    assert.equal(kinds.filter((kind) => kind === RecordKind.MESSAGE).length, 16);
    assert.equal(kinds.at(-1), RecordKind.END);
  });

  it("plays the same frames to another server, and waits where the client did not", () => {
    const server = new LoopbackServer(new RecordingRenderer("played here"));
    const frames: number[][] = [];
    let caps = "";
    const played = playCapture({
      capture: file,
      server,
      mapper: server.memory.mapper,
      onCaps: (_, bytes) => void (caps ||= String(bytes.length)),
      onFrame(frame: CapturedFrame) {
        const rgba = new Uint8Array(frame.width * frame.height * 4);
        frameToRgba(frame, rgba);
        frames.push([frame.index, rgba[0]!, rgba[3]!]);
      },
    });
    assert.equal(played.failure, null);
    assert.equal(caps, "1408");
    assert.equal(played.recordedFrames, 3);
    assert.equal(played.messages, 16);
    assert.deepEqual(frames, [
      [0, 10, 255],
      [1, 20, 255],
      [2, 20, 255],
    ]);
    server.close();
    assert.equal(server.memory.liveShared, 0);
  });

  it("stops when the caller has seen enough, and says when the server dies", () => {
    const server = new LoopbackServer(new RecordingRenderer());
    const played = playCapture({ capture: file, server, mapper: server.memory.mapper, onFrame: () => false });
    assert.equal(played.frames, 1);
    assert.equal(played.failure, null);
    const strict = new LoopbackServer(new RecordingRenderer(), { limits: { maxSharedBytes: 1 } });
    const refused = playCapture({ capture: file, server: strict, mapper: strict.memory.mapper });
    assert.match(refused.failure!, /sent no descriptor for resource 5/);
  });

  it("says what is wrong with a client", () => {
    const { result: cut } = recordScript([...greeting, words(4, v.VCMD_SUBMIT_CMD, 0)]);
    assert.match(cut.failure!, /VCMD_SUBMIT_CMD truncated/);
    const { result: unknown } = recordScript([...greeting, words(0, 99)]);
    assert.match(unknown.failure!, /unknown message id 99/);
  });
});

describe("frameToRgba", () => {
  const convert = (format: number, pixels: number[]) => {
    const out = new Uint8Array(4);
    frameToRgba({ index: 0, resourceId: 1, width: 1, height: 1, format, pixels: Uint8Array.from(pixels) }, out);
    return [...out];
  };
  it("knows the formats that clients present", () => {
    assert.deepEqual(convert(VirglFormat.B8G8R8A8_UNORM, [1, 2, 3, 4]), [3, 2, 1, 4]);
    assert.deepEqual(convert(VirglFormat.B8G8R8X8_UNORM, [1, 2, 3, 4]), [3, 2, 1, 255]);
    assert.deepEqual(convert(VirglFormat.R8G8B8A8_UNORM, [1, 2, 3, 4]), [1, 2, 3, 4]);
    assert.deepEqual(convert(VirglFormat.R8G8B8X8_UNORM, [1, 2, 3, 4]), [1, 2, 3, 255]);
    assert.deepEqual(convert(VirglFormat.B5G6R5_UNORM, [0x1f, 0xf8]), [255, 0, 255, 255]);
    assert.deepEqual(convert(VirglFormat.R10G10B10A2_UNORM, [0xff, 0x03, 0, 0xc0]), [255, 0, 0, 255]);
    assert.deepEqual(convert(VirglFormat.B10G10R10X2_UNORM, [0xff, 0x03, 0, 0]), [0, 0, 255, 255]);
    assert.throws(() => convert(VirglFormat.R32_FLOAT, [0, 0, 0, 0]), /R32_FLOAT/);
  });
});
