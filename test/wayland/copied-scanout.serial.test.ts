import assert from "node:assert/strict";
import { test } from "node:test";
import { CopyReason } from "@virtgpu/core/memory";
import { assertPicture, findWindow, paint, patternPixel } from "./picture.js";
import { DisplayFixture } from "./fixture.js";
import { Weston } from "./weston.js";

const WIDTH = 320;
const HEIGHT = 240;
const WHOLE = { x: 0, y: 0, width: WIDTH, height: HEIGHT };

test("a compositor without dma-bufs shows copies: exact, of the damage only, told and counted", async () => {
  const weston = await Weston.start({ renderer: "pixman" });
  try {
    const fixture = new DisplayFixture({ socket: weston.socket });
    const { display, ledger } = fixture;
    assert.match(fixture.log.join("\n"), /warn: The Wayland compositor takes no dma-bufs: every frame is copied/);
    const shared = fixture.memory.createShared(WIDTH * HEIGHT * 4)!;
    fixture.createResource(1, WIDTH, HEIGHT, shared.segment);
    const image = { resourceId: 1, rect: WHOLE, layout: null };
    paint(shared.segment.bytes, 0, WIDTH * 4, WHOLE, 1);
    fixture.transfer(1, WIDTH, HEIGHT);
    display.setScanout(0, image);
    display.flush(0, image, WHOLE);
    fixture.untilPresented();
    const first = fixture.screenshot();
    const window = findWindow(first, WHOLE);
    assertPicture(first, (x, y) => patternPixel(x, y, 1), window);
    const whole = ledger.totalBytes[CopyReason.DISPLAY]!;
    assert.equal(whole, WIDTH * HEIGHT * 4, "the first frame is copied as a whole, once");
    assert.match(fixture.log.join("\n"), /warn: The scanout is copied for the display.*cannot be shared/);

    // Two frames of damage: the compositor may keep the first copy, so a second one is filled; then only damage moves.
    const part = { x: 40, y: 30, width: 100, height: 50 };
    for (let seed = 2; seed < 8; seed++) {
      paint(shared.segment.bytes, 0, WIDTH * 4, part, seed);
      fixture.transfer(1, WIDTH, HEIGHT);
      display.flush(0, image, part);
      fixture.untilPresented();
    }
    const isInPart = (x: number, y: number): boolean => x >= 40 && x < 140 && y >= 30 && y < 80;
    assertPicture(fixture.screenshot(), (x, y) => patternPixel(x, y, isInPart(x, y) ? 7 : 1), window);
    const partBytes = 100 * 50 * 4;
    const before = ledger.totalBytes[CopyReason.DISPLAY]!;
    paint(shared.segment.bytes, 0, WIDTH * 4, part, 8);
    fixture.transfer(1, WIDTH, HEIGHT);
    display.flush(0, image, part);
    fixture.untilPresented();
    const moved = ledger.totalBytes[CopyReason.DISPLAY]! - before;
    assert.ok(moved === partBytes, `${moved} bytes moved for ${partBytes} bytes of damage`);

    // Flushes faster than the screen are merged.
    const merged = display.counters.merged;
    for (let i = 0; i < 20; i++) display.flush(0, image, part);
    fixture.untilPresented();
    assert.ok(display.counters.merged >= merged + 18);

    // Off: black after a moment.
    display.setScanout(0, null);
    fixture.untilScreen((picture) => assertPicture(picture, () => 0, window));
    display.close();
    shared.release();
    assert.equal(fixture.memory.liveShared, 0);
  } finally {
    await weston.stop();
  }
});
