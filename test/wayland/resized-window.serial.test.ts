import assert from "node:assert/strict";
import { test } from "node:test";
import { DisplayFixture } from "./fixture.js";
import { assertPicture, paint, patternPixel } from "./picture.js";
import { pump } from "./pump.js";
import { Weston } from "./weston.js";
import { XServer } from "./x-server.js";

/** B8G8R8A8 of the cursor: a red square with a hole that is transparent. */
function paintCursor(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (let y = 0; y < 64; y++) {
    for (let x = 0; x < 64; x++) {
      const isHole = x >= 8 && y >= 8 && x < 16 && y < 16;
      view.setUint32(4 * (64 * y + x), x < 32 && y < 32 && !isHole ? 0xffff_0000 : 0, true);
    }
  }
}

test("the window's size becomes the guest's mode, its picture fills it meanwhile, and the guest's pointer image is the host's", async () => {
  const x = await XServer.start();
  let weston: Weston | null = null;
  try {
    weston = await Weston.start({ renderer: "pixman", shell: "kiosk", width: 400, height: 300, x: x.display });
    const fixture = new DisplayFixture({ socket: weston.socket });
    const { display } = fixture;
    assert.deepEqual(display.modes(), [{ width: 400, height: 300, refresh: 60 }], "fullscreen from the start");
    assert.equal(fixture.modeChanges, 0, "nobody listened yet");

    const shared = fixture.memory.createShared(640 * 480 * 4)!;
    const show = (id: number, width: number, height: number, seed: number): void => {
      const whole = { x: 0, y: 0, width, height };
      paint(shared.segment.bytes, 0, width * 4, whole, seed);
      fixture.createResource(id, width, height, shared.segment);
      fixture.transfer(id, width, height);
      const image = { resourceId: id, rect: whole, layout: null };
      display.setScanout(0, image);
      display.flush(0, image, whole);
      fixture.untilPresented();
    };
    show(1, 400, 300, 1);
    assertPicture(fixture.screenshot(), (px, py) => patternPixel(px, py, 1));

    await x.resizeWindow(500, 350);
    pump([display], () => fixture.modeChanges > 0);
    assert.deepEqual(display.modes()[0], { width: 500, height: 350, refresh: display.modes()[0]!.refresh });
    assert.equal(fixture.modeChanges, 1);
    // The guest has not followed yet: its old picture is scaled, not refused (a fullscreen window of another size is an error).
    fixture.untilScreen((scaled) => {
      assert.deepEqual([scaled.width, scaled.height], [500, 350]);
      assert.ok(scaled.pixels[349 * 500 + 499] !== 0, "the last pixel is covered");
    });
    show(2, 500, 350, 2);
    assertPicture(fixture.screenshot(), (px, py) => patternPixel(px, py, 2));
    assert.equal(fixture.modeChanges, 1, "the size that the guest took is no new wish");

    // The pointer comes in over (100, 100): the guest's image of it, hot spot at (4, 6).
    const cursor = fixture.memory.createShared(64 * 64 * 4)!;
    paintCursor(cursor.segment.bytes);
    fixture.createResource(3, 64, 64, cursor.segment, "B8G8R8A8");
    fixture.transfer(3, 64, 64);
    display.updateCursor({ scanoutId: 0, x: 7, y: 7, resourceId: 3, hotX: 4, hotY: 6, layout: null });
    await x.movePointer(100, 100);
    const isRed = (px: number, py: number): boolean => {
      const inX = px - 96;
      const inY = py - 94;
      const isHole = inX >= 8 && inY >= 8 && inX < 16 && inY < 16;
      return inX >= 0 && inY >= 0 && inX < 32 && inY < 32 && !isHole;
    };
    fixture.untilScreen((picture) =>
      assertPicture(picture, (px, py) => (isRed(px, py) ? 0xff_0000 : patternPixel(px, py, 2))),
    );
    // The guest hides it.
    display.updateCursor({ scanoutId: 0, x: 7, y: 7, resourceId: 0, hotX: 0, hotY: 0, layout: null });
    fixture.untilScreen((picture) => assertPicture(picture, (px, py) => patternPixel(px, py, 2)));
    display.close();
    shared.release();
    cursor.release();
    assert.equal(fixture.memory.liveShared, 0);
  } finally {
    await weston?.stop();
    await x.stop();
  }
});
