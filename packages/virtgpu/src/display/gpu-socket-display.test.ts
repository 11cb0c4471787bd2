/** The GPU socket on real sockets and real shared memory, with front-ends that are quick, slow, or gone. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { silentLogger } from "@virtgpu/core/base";
import { Backing, CopyLedger, type SegmentId } from "@virtgpu/core/memory";
import { type ScanoutBuffer, type ScanoutExporter, Software2dRenderer } from "@virtgpu/core/renderer";
import type { ScanoutImage } from "@virtgpu/core/virtio-gpu";
import { Poll, pollFds } from "../native/events.js";
import { closeFd, createMemfd, Mapping, mappingCount } from "../native/memory.js";
import { socketPair } from "../native/socket.js";
import { NativeSessionMemory } from "../transport/session-memory.js";
import { GpuWindow, mapBuffer, wordsOf } from "../testing/gpu-window.js";
import { GpuSocketDisplay, type GpuSocketFrames } from "./gpu-socket-display.js";

const SIZE = 600;
const PIXEL_BYTES = 4;
const EDID = 1;
const DMABUF2 = 2;
const SCANOUT = 7;
const UPDATE = 8;

function setUp(t: TestContext, options: { frames?: GpuSocketFrames; exporter?: ScanoutExporter } = {}) {
  const ledger = new CopyLedger();
  const renderer = new Software2dRenderer(ledger);
  let segments = 1;
  const memory = new NativeSessionMemory({ registerSegment: () => ++segments, unregisterSegment: () => {} });
  const parts = { reader: renderer, exporter: options.exporter ?? null, memory, ledger, logger: silentLogger };
  const display = new GpuSocketDisplay(parts, options.frames);
  const [ours, theirs] = socketPair();
  display.connect(ours);
  const window = new GpuWindow(theirs);
  t.after(() => {
    display.close();
    window.close();
  });
  const guest = new Uint8Array(SIZE * SIZE * PIXEL_BYTES);
  const backing = new Backing([
    { segment: { id: 1 as SegmentId, bytes: guest }, offsetBytes: 0, lengthBytes: guest.length },
  ]);

  /** A picture of one colour in a resource. */
  const paint = (resourceId: number, colour: number): ScanoutImage => {
    const shape = { target: 2, format: 2, bind: 2, width: SIZE, height: SIZE, depth: 1, arraySize: 1, lastLevel: 0 };
    renderer.createResource3d(resourceId, { ...shape, samples: 0, flags: 1 });
    renderer.attachBacking(resourceId, backing);
    new Uint32Array(guest.buffer).fill(colour);
    const box = { level: 0, x: 0, y: 0, z: 0, width: SIZE, height: SIZE, depth: 1 };
    renderer.transferToHost3d(0, resourceId, { ...box, offsetBytes: 0, strideBytes: 0, layerStrideBytes: 0 });
    return { resourceId, rect: { x: 0, y: 0, width: SIZE, height: SIZE }, layout: null };
  };

  /** A turn of the device's loop. */
  const turn = (): void => {
    const revents = new Int16Array(1);
    pollFds(Int32Array.of(display.fd), Int16Array.of(display.wantedEvents), revents, 0);
    display.serve(revents[0]!);
  };

  /** The next message while the device runs; null when it has nothing more to say. */
  const next = () => {
    for (let idle = 0; idle < 3;) {
      turn();
      const message = window.take();
      if (message !== null) return message;
      idle += (display.wantedEvents & Poll.OUT) === 0 ? 1 : 0;
    }
    return null;
  };

  const negotiate = (features: number): number => {
    assert.equal(next()!.request, 1);
    window.reply(1, new Uint8Array(Uint32Array.of(features, 0).buffer));
    return wordsOf(next()!.payload)[0]!;
  };
  return { display, window, paint, next, turn, negotiate, renderer };
}

const whole = { x: 0, y: 0, width: SIZE, height: SIZE };

test("a front-end that does not read costs the device nothing and gets the newest frame", (t) => {
  const { display, paint, next, negotiate } = setUp(t);
  negotiate(0);
  display.setScanout(0, paint(1, 0));
  const frames = 300;
  for (let i = 1; i <= frames; i++) display.flush(0, paint(1, i), whole);
  const { counters } = display;
  assert.equal(counters.flushes, frames);
  assert.ok(counters.presented <= 2, `${counters.presented} frames were read for nobody`);
  assert.equal(counters.merged, frames - counters.presented - 1);
  assert.deepEqual([...wordsOf(next()!.payload)], [0, SIZE, SIZE], "SCANOUT comes first");
  let last: Uint32Array = new Uint32Array(0);
  let rows = 0;
  for (let message = next(); message !== null; message = next()) {
    assert.equal(message.request, UPDATE);
    last = wordsOf(message.payload);
    rows += last[4]!;
    assert.ok(new Set(last.subarray(5)).size === 1, "no part of a frame is newer than another");
  }
  assert.equal(last[5]! & 0xffffff, frames);
  assert.equal(rows, SIZE * counters.presented, "whole frames, each of them once");
  assert.equal(counters.presented, 2);
});

test("the memory of frames is there while something is shown, and goes at once: with the picture, or with the front-end", (t) => {
  const { display, paint, next, negotiate, window, turn } = setUp(t);
  negotiate(0);
  const count = mappingCount();
  const show = (): void => {
    display.setScanout(0, paint(1, 1));
    for (let i = 0; i < 3; i++) {
      display.flush(0, paint(1, i), whole);
      while (next() !== null);
    }
    assert.equal(mappingCount(), count + 1);
  };
  show();
  display.setScanout(0, null);
  while (next() !== null);
  assert.equal(mappingCount(), count);
  show();
  window.reply(99);
  for (let i = 0; i < 3; i++) turn();
  assert.equal(display.isConnected, false);
  assert.equal(mappingCount(), count);
});

test("images that change while the front-end sleeps: the last one is announced, its frame is the one shown", (t) => {
  const { display, paint, next, negotiate } = setUp(t);
  negotiate(0);
  display.setScanout(0, paint(1, 1));
  display.flush(0, paint(1, 1), whole);
  for (let i = 0; i < 50; i++) {
    const small = { ...paint(2, 7), rect: { x: 0, y: 0, width: 16 + i, height: 16 } };
    display.setScanout(0, small);
    display.flush(0, small, { x: 0, y: 0, width: 16 + i, height: 16 });
    display.setScanout(1, i % 2 === 0 ? null : small);
  }
  const messages = [];
  for (let message = next(); message !== null; message = next()) messages.push(message);
  const scanouts = messages.filter(({ request }) => request === SCANOUT).map(({ payload }) => [...wordsOf(payload)]);
  assert.deepEqual(scanouts, [
    [0, SIZE, SIZE],
    [0, 65, 16],
    [1, 65, 16],
  ]);
  assert.deepEqual([...wordsOf(messages.at(-1)!.payload).subarray(0, 6)], [0, 0, 0, 65, 16, 7]);
  assert.equal(display.counters.dropped, 49, "frames of images that were replaced first");
});

test("a resource that goes before its frame was sent is dropped, not read", (t) => {
  const { display, paint, next, negotiate, renderer } = setUp(t);
  negotiate(0);
  display.setScanout(0, paint(1, 1));
  display.flush(0, paint(1, 1), whole);
  display.flush(0, paint(1, 2), whole);
  display.setScanout(0, null);
  renderer.unrefResource(1);
  const requests = [];
  for (let message = next(); message !== null; message = next()) requests.push(message.request);
  assert.deepEqual(requests, [SCANOUT, UPDATE, UPDATE, SCANOUT]);
  assert.equal(display.counters.dropped, 1);
});

test("a front-end that closes the socket, or says what nobody asked, is left; the device goes on", (t) => {
  for (const spoil of [
    (window: GpuWindow) => window.reply(99),
    (window: GpuWindow) => window.reply(3, new Uint8Array(8)),
    (window: GpuWindow) => window.reply(3, new Uint8Array(70_000)),
  ]) {
    const { display, window, paint, turn, next } = setUp(t);
    next();
    display.setScanout(0, paint(1, 1));
    spoil(window);
    turn();
    turn();
    assert.equal(display.fd, -1);
    display.flush(0, paint(1, 1), whole);
    assert.equal(display.counters.dropped, 1);
  }
});

test("EDIDs are asked for where they can be had, and guests wait for the last of them", (t) => {
  const { display, window, next, negotiate } = setUp(t);
  assert.equal(negotiate(EDID | DMABUF2), EDID, "buffers are not asked for unless they shall be used");
  let told = 0;
  display.refreshModes(() => told++);
  assert.equal(next()!.request, 3);
  window.replyDisplayInfo([800, 600], [1024, 768]);
  const blocks = [1, 2].map((fill) => new Uint8Array(256).fill(fill));
  for (const scanout of [0, 1]) {
    const question = next()!;
    assert.deepEqual([question.request, ...wordsOf(question.payload)], [11, scanout]);
    assert.equal(told, 0);
    window.replyEdid(blocks[scanout]!);
  }
  assert.equal(next(), null);
  assert.equal(told, 1);
  assert.deepEqual(display.edid(1), blocks[1]);
  assert.equal(display.edid(2), null);
  assert.equal(display.modes()[1]!.width, 1024);
});

test("who asks while the front-end is being asked is not told what may be older", (t) => {
  const { display, window, turn, next, negotiate } = setUp(t);
  negotiate(EDID);
  const seen: (number | undefined)[] = [];
  const ask = () => display.refreshModes(() => seen.push(display.modes()[1]?.width));
  const answer = (...sizes: [number, number][]) => {
    assert.equal(next()!.request, 3);
    window.replyDisplayInfo(...sizes);
    for (const _ of sizes) {
      assert.equal(next()!.request, 11);
      window.replyEdid(new Uint8Array(256));
    }
  };
  ask();
  assert.equal(next()!.request, 3);
  window.replyDisplayInfo([800, 600]);
  // A second window comes while the EDID of the first is asked for.
  assert.equal(next()!.request, 11);
  ask();
  ask();
  window.replyEdid(new Uint8Array(256));
  answer([800, 600], [1024, 768]);
  assert.equal(next(), null);
  assert.deepEqual(seen, [undefined, 1024, 1024]);
  ask();
  ask();
  window.reply(99); // Breaks the protocol: it is left.
  turn();
  assert.equal(seen.length, 5, "nobody waits for a front-end that is gone");
});

test("a front-end that never answers delays the guest's question, not for ever", (t) => {
  const { display, turn } = setUp(t);
  let told = 0;
  display.refreshModes(() => told++);
  turn();
  assert.equal(told, 0);
  const { deadlineMs } = display;
  assert.ok(deadlineMs < performance.now() + 2000);
  t.mock.method(performance, "now", () => deadlineMs + 1);
  turn();
  assert.deepEqual([told, display.deadlineMs], [1, Infinity]);
});

/** A scanout whose memory is a memfd. */
function shared(t: TestContext, change: Partial<ScanoutBuffer> = {}) {
  const lengthBytes = SIZE * SIZE * PIXEL_BYTES;
  const fd = createMemfd("scanout", lengthBytes);
  const mapping = Mapping.map(fd, 0, lengthBytes);
  t.after(() => {
    mapping.release();
    closeFd(fd);
  });
  const buffer: ScanoutBuffer = {
    fd,
    isDmaBuf: false,
    width: SIZE,
    height: SIZE,
    strideBytes: SIZE * PIXEL_BYTES,
    offsetBytes: 0,
    fourcc: 0x34325258,
    modifier: 0n,
    isYInverted: false,
    isGuestDrawn: true,
    serial: 5,
    ...change,
  };
  const undrawn: (() => void)[] = [];
  const exporter: ScanoutExporter & { buffer: ScanoutBuffer | null } = {
    buffer,
    scanoutBuffer: () => exporter.buffer,
    whenRendered: (done) => undrawn.push(done),
  };
  return { exporter, mapping, undrawn, fd };
}

test("a buffer is shown without pixels, and held until the front-end has answered", (t) => {
  const { exporter, mapping } = shared(t, { modifier: 0x0100_0000_0000_0002n });
  const { display, window, paint, next, negotiate } = setUp(t, { frames: "shared-memory", exporter });
  const released: number[] = [];
  display.listen({ modesChanged() {}, presented() {}, released: (id) => released.push(id) });
  assert.equal(negotiate(EDID | DMABUF2), EDID | DMABUF2);
  const image = paint(9, 0);
  display.setScanout(0, image);
  new Uint32Array(mapping.bytes.buffer).fill(0xabcdef);
  display.flush(0, image, { x: 4, y: 5, width: 6, height: 7 });
  const scanout = next()!;
  assert.equal(scanout.request, 12, "DMABUF_SCANOUT2");
  const head = [0, 0, 0, SIZE, SIZE, SIZE, SIZE, SIZE * PIXEL_BYTES, 1, 0x34325258, 2, 0x0100_0000];
  assert.deepEqual([...wordsOf(scanout.payload)], head);
  assert.equal(scanout.fds.length, 1);
  const seen = mapBuffer(scanout.fds[0]!, SIZE * SIZE * PIXEL_BYTES);
  assert.equal(new Uint32Array(seen.bytes.buffer)[SIZE * SIZE - 1], 0xabcdef);
  const update = next()!;
  assert.deepEqual([update.request, ...wordsOf(update.payload)], [10, 0, 4, 5, 6, 7]);
  assert.ok(!display.holds(9), "nothing waits for memory that the guest's CPU draws");
  assert.deepEqual([display.isReading(0), display.isReading(1)], [true, false]);
  display.flush(0, image, whole);
  display.flush(0, image, whole);
  assert.equal(next(), null, "one frame at a time");
  window.reply(10);
  const second = next()!;
  assert.deepEqual([second.request, second.fds.length], [10, 0], "the same buffer is not sent again");
  assert.deepEqual(released, [9]);
  window.reply(10);
  assert.ok(display.isReading(0), "the next");
  assert.equal(next(), null);
  assert.ok(!display.isReading(0));
  assert.deepEqual([display.holds(9), display.counters.buffers, display.counters.merged], [false, 2, 1]);
  new Uint32Array(mapping.bytes.buffer).fill(0x123456);
  assert.equal(new Uint32Array(seen.bytes.buffer)[0], 0x123456, "the front-end sees the guest's own memory");
  seen.release();
});

test("a buffer that the GPU draws goes out when it has", (t) => {
  const { exporter, undrawn } = shared(t, { isGuestDrawn: false });
  const { display, paint, next, negotiate } = setUp(t, { frames: "shared-memory", exporter });
  negotiate(0);
  const image = paint(9, 0);
  display.setScanout(0, image);
  display.flush(0, image, whole);
  assert.equal(next(), null);
  for (const done of undrawn.splice(0)) done();
  const scanout = next()!;
  assert.deepEqual(
    [scanout.request, scanout.payload.length, scanout.fds.length],
    [9, 40, 1],
    "without the second form",
  );
  closeFd(scanout.fds[0]!);
  assert.equal(next()!.request, 10);
  assert.ok(display.holds(9));
});

test("memory that goes: the buffer is taken off the window, and its last picture is sent as pixels", (t) => {
  const { exporter } = shared(t);
  const { display, paint, next, negotiate, window } = setUp(t, { frames: "shared-memory", exporter });
  negotiate(0);
  const image = paint(9, 0x336699);
  display.setScanout(0, image);
  display.flush(0, image, whole);
  closeFd(next()!.fds[0]!);
  assert.equal(next()!.request, 10);
  display.forgetBuffer(9);
  const off = next()!;
  assert.deepEqual([off.request, off.fds.length, wordsOf(off.payload)[3]], [9, 0, 0]);
  assert.deepEqual([...wordsOf(next()!.payload)], [0, SIZE, SIZE]);
  const pixels = next()!;
  assert.deepEqual([pixels.request, wordsOf(pixels.payload)[5]! & 0xffffff], [UPDATE, 0x336699]);
  assert.ok(display.holds(9), "until the front-end has answered");
  while (next() !== null);
  window.reply(10);
  next();
  assert.equal(display.holds(9), false);
});

test("memory that is no buffer for a while: pixels meanwhile, then the new buffer", (t) => {
  const { exporter } = shared(t);
  const { buffer } = exporter;
  const { display, paint, next, negotiate, window } = setUp(t, { frames: "shared-memory", exporter });
  negotiate(0);
  const image = paint(9, 5);
  display.setScanout(0, image);
  display.flush(0, image, whole);
  closeFd(next()!.fds[0]!);
  next();
  window.reply(10);
  exporter.buffer = null;
  display.flush(0, image, { x: 0, y: 0, width: 1, height: 1 });
  assert.deepEqual([next()!.request, next()!.request], [9, SCANOUT]);
  assert.deepEqual([...wordsOf(next()!.payload).subarray(3, 5)], [SIZE, 436], "the whole picture, in bands");
  while (next() !== null);
  exporter.buffer = { ...buffer!, serial: 6 };
  display.flush(0, image, whole);
  const again = next()!;
  assert.deepEqual([again.request, again.fds.length, next()!.request], [9, 1, 10]);
  closeFd(again.fds[0]!);
});

test("what the message cannot say is sent as pixels", (t) => {
  const cases: [Partial<ScanoutBuffer>, number][] = [
    [{ offsetBytes: 4096 }, DMABUF2],
    [{ modifier: 1n }, 0],
  ];
  for (const [change, features] of cases) {
    const { exporter } = shared(t, change);
    const { display, paint, next, negotiate } = setUp(t, { frames: "shared-memory", exporter });
    negotiate(features);
    const image = paint(9, 1);
    display.setScanout(0, image);
    display.flush(0, image, whole);
    assert.deepEqual([next()!.request, next()!.request], [SCANOUT, UPDATE]);
  }
  const { exporter } = shared(t);
  const { display, paint, next, negotiate } = setUp(t, { frames: "dma-buf", exporter });
  negotiate(DMABUF2);
  display.setScanout(0, paint(9, 1));
  assert.equal(next()!.request, SCANOUT, "a memfd is no dma-buf");
});
