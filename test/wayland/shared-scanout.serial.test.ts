/**
 * The scanout's own memory on the screen: a plain memfd stands in for the dma-buf, which Mesa 25's software driver maps as it would a
 * real one.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ScanoutBuffer } from "@virtgpu/core/renderer";
import { fourcc } from "#virtgpu/display/wayland/dmabuf-formats.js";
import { createMemfd, closeFd, Mapping } from "#virtgpu/native/memory.js";
import { mesa25Environment } from "../mesa25/mesa25.js";
import { DisplayFixture } from "./fixture.js";
import { assertPicture, findWindow, paint, patternPixel } from "./picture.js";
import { pump } from "./pump.js";
import { Weston } from "./weston.js";

const WIDTH = 250;
const HEIGHT = 200;
const STRIDE = WIDTH * 4 + 24;
const OFFSET = 4096;
const WHOLE = { x: 0, y: 0, width: WIDTH, height: HEIGHT };

/** Memory of a guest: as many frames as fit, each at its offset. */
class Frames {
  readonly fd = createMemfd("frames", 1 << 20);
  readonly mapping = Mapping.map(this.fd, 0, 1 << 20);

  buffer(serial: number, change: Partial<ScanoutBuffer> = {}): ScanoutBuffer {
    return {
      fd: this.fd,
      isDmaBuf: false,
      width: WIDTH,
      height: HEIGHT,
      strideBytes: STRIDE,
      offsetBytes: OFFSET,
      fourcc: fourcc("XR24"),
      modifier: 0n,
      isYInverted: false,
      isGuestDrawn: true,
      serial,
      ...change,
    };
  }

  close(): void {
    this.mapping.release();
    closeFd(this.fd);
  }
}

function copiedBytes(fixture: DisplayFixture): number {
  return fixture.ledger.totalBytes.reduce((sum, bytes) => sum + bytes, 0);
}

async function withWeston(run: (fixture: DisplayFixture, frames: Frames, weston: Weston) => void): Promise<void> {
  const weston = await Weston.start({
    renderer: "gl",
    env: { LIBGL_ALWAYS_SOFTWARE: "1", ...(await mesa25Environment()) },
  });
  const frames = new Frames();
  try {
    const fixture = new DisplayFixture({ socket: weston.socket });
    run(fixture, frames, weston);
    fixture.display.close();
    assert.equal(fixture.memory.liveShared, 0);
  } finally {
    frames.close();
    await weston.stop();
  }
}

test("the guest's memory is on the screen: exact, 0 bytes moved, repainted in place without a new import", async () => {
  await withWeston((fixture, frames) => {
    const { display } = fixture;
    const image = { resourceId: 1, rect: WHOLE, layout: null };
    fixture.buffers.set(1, frames.buffer(1));
    paint(frames.mapping.bytes, OFFSET, STRIDE, WHOLE, 1);
    display.setScanout(0, image);
    display.flush(0, image, WHOLE);
    assert.ok(display.isReading(0));
    fixture.untilPresented();
    assert.ok(!display.isReading(0), "the guest may draw on");
    const first = fixture.screenshot();
    const window = findWindow(first, WHOLE);
    assertPicture(first, (x, y) => patternPixel(x, y, 1), window);
    assert.match(fixture.log.join("\n"), /shown from its own memory.*XR24, stride 1024, memfd/);
    assert.equal(display.paths[0]?.kind, "dma-buf");

    const part = { x: 20, y: 10, width: 100, height: 70 };
    paint(frames.mapping.bytes, OFFSET, STRIDE, part, 2);
    display.flush(0, image, part);
    fixture.untilPresented();
    const isInPart = (x: number, y: number): boolean => x >= 20 && x < 120 && y >= 10 && y < 80;
    assertPicture(fixture.screenshot(), (x, y) => patternPixel(x, y, isInPart(x, y) ? 2 : 1), window);
    assert.equal(copiedBytes(fixture), 0);
    assert.equal(display.counters.buffers, 2);
    assert.ok(!display.holds(1), "nothing waits for memory that the guest's CPU draws");
  });
});

test("part of a resource, and rows in reverse order, are shown from where they are", async () => {
  await withWeston((fixture, frames) => {
    const { display } = fixture;
    const rect = { x: 30, y: 20, width: 150, height: 100 };
    const image = { resourceId: 1, rect, layout: null };
    fixture.buffers.set(1, frames.buffer(1, { fourcc: fourcc("AR24") }));
    paint(frames.mapping.bytes, OFFSET, STRIDE, WHOLE, 3);
    display.setScanout(0, image);
    display.flush(0, image, { ...rect, x: 0, y: 0 });
    fixture.untilPresented();
    const picture = fixture.screenshot();
    const window = findWindow(picture, rect);
    assertPicture(picture, (x, y) => patternPixel(x + 30, y + 20, 3), window);

    fixture.buffers.set(1, frames.buffer(2, { isYInverted: true }));
    display.flush(0, image, { ...rect, x: 0, y: 0 });
    fixture.untilPresented();
    const inverted = fixture.screenshot();
    assertPicture(inverted, (x, y) => patternPixel(x + 30, HEIGHT - 1 - (y + 20), 3), findWindow(inverted, rect));
    assert.equal(copiedBytes(fixture), 0);
  });
});

test("a buffer that the host's GPU draws is held until it is shown, and, once replaced, until its release", async () => {
  await withWeston((fixture, frames) => {
    const { display } = fixture;
    const second = OFFSET + STRIDE * HEIGHT;
    fixture.buffers.set(1, frames.buffer(1, { isGuestDrawn: false }));
    fixture.buffers.set(2, frames.buffer(2, { isGuestDrawn: false, offsetBytes: second }));
    paint(frames.mapping.bytes, OFFSET, STRIDE, WHOLE, 1);
    paint(frames.mapping.bytes, second, STRIDE, WHOLE, 2);
    const show = (resourceId: number): void => {
      const image = { resourceId, rect: WHOLE, layout: null };
      display.setScanout(0, image);
      display.flush(0, image, WHOLE);
    };
    show(1);
    pump([display], () => display.holds(1));
    fixture.untilPresented();
    assert.ok(!display.holds(1), "shown: a guest with one buffer may draw on");
    assert.deepEqual(fixture.released, [1]);
    show(2);
    pump([display], () => display.holds(2));
    assert.ok(display.holds(1), "on the screen until the next repaint");
    pump([display], () => !display.holds(1) && !display.holds(2));
    assert.deepEqual(fixture.released.toSorted(), [1, 1, 2]);
    const picture = fixture.screenshot();
    assertPicture(picture, (x, y) => patternPixel(x, y, 2), findWindow(picture, WHOLE));
    assert.equal(copiedBytes(fixture), 0);
  });
});

test("memory that goes away is replaced on the screen by a copy, and the compositor's hold ends", async () => {
  await withWeston((fixture, frames) => {
    const { display } = fixture;
    const shared = fixture.memory.createShared(WIDTH * HEIGHT * 4)!;
    fixture.createResource(1, WIDTH, HEIGHT, shared.segment);
    paint(shared.segment.bytes, 0, WIDTH * 4, WHOLE, 4);
    fixture.transfer(1, WIDTH, HEIGHT);
    const image = { resourceId: 1, rect: WHOLE, layout: null };
    fixture.buffers.set(1, frames.buffer(1));
    paint(frames.mapping.bytes, OFFSET, STRIDE, WHOLE, 3);
    display.setScanout(0, image);
    display.flush(0, image, WHOLE);
    fixture.untilPresented();
    fixture.buffers.delete(1);
    display.forgetBuffer(1);
    assert.ok(display.holds(1), "the compositor still has it");
    pump([display], () => !display.holds(1), 1000);
    assert.deepEqual(fixture.released, [1]);
    // The guest's pages are another's now: nothing of them is shown.
    paint(frames.mapping.bytes, OFFSET, STRIDE, WHOLE, 9);
    fixture.untilScreen((picture) =>
      assertPicture(picture, (x, y) => patternPixel(x, y, 4), findWindow(picture, WHOLE)),
    );
    shared.release();
  });
});

test("a buffer that the compositor refuses is copied instead, with the reason", async () => {
  await withWeston((fixture, frames) => {
    const { display } = fixture;
    const shared = fixture.memory.createShared(WIDTH * HEIGHT * 4)!;
    fixture.createResource(1, WIDTH, HEIGHT, shared.segment);
    paint(shared.segment.bytes, 0, WIDTH * 4, WHOLE, 5);
    fixture.transfer(1, WIDTH, HEIGHT);
    const image = { resourceId: 1, rect: WHOLE, layout: null };
    display.setScanout(0, image);
    const refused = [
      {
        buffer: frames.buffer(1, { fourcc: fourcc("ZZ42"), modifier: 0n }),
        reason: /does not take ZZ42 in this layout/,
      },
      { buffer: frames.buffer(2, { strideBytes: 0 }), reason: /cannot import it \(stride 0, offset 4096\)/ },
      { buffer: frames.buffer(3, { offsetBytes: 2 ** 32 }), reason: /begins above 4 GiB/ },
      { buffer: frames.buffer(4, { modifier: 0x0100_0000_0000_0001n }), reason: /does not take XR24 in this layout/ },
    ];
    for (const { buffer, reason } of refused) {
      fixture.buffers.set(1, buffer);
      display.flush(0, image, WHOLE);
      fixture.untilPresented();
      assert.equal(display.paths[0]?.kind, "copy");
      assert.match(display.paths[0]?.detail ?? "", reason);
    }
    const picture = fixture.screenshot();
    assertPicture(picture, (x, y) => patternPixel(x, y, 5), findWindow(picture, WHOLE));
    assert.ok(copiedBytes(fixture) > 0);
    shared.release();
  });
});
