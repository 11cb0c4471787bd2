import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { HostError } from "@virtgpu/core/base";
import { mappingCount } from "#virtgpu/native/memory.js";
import { DisplayFixture } from "./fixture.js";
import { assertPicture, findWindow, paint, patternPixel } from "./picture.js";
import { pump, pumpFor } from "./pump.js";
import { Weston } from "./weston.js";

const WHOLE = { x: 0, y: 0, width: 320, height: 240 };

function openFds(): number {
  return readdirSync("/proc/self/fd").length;
}

test("a compositor that is killed is told; the guest goes on, and is shown again by the next one", async () => {
  const weston = await Weston.start({ renderer: "pixman" });
  let next: Weston | null = null;
  try {
    const fixture = new DisplayFixture({ socket: weston.socket });
    const { display } = fixture;
    const shared = fixture.memory.createShared(320 * 240 * 4)!;
    fixture.createResource(1, 320, 240, shared.segment);
    const image = { resourceId: 1, rect: WHOLE, layout: null };
    const draw = (seed: number): void => {
      paint(shared.segment.bytes, 0, 320 * 4, WHOLE, seed);
      fixture.transfer(1, 320, 240);
      display.flush(0, image, WHOLE);
    };
    display.setScanout(0, image);
    draw(1);
    fixture.untilPresented();
    const fds = openFds();
    await weston.kill();
    // Whoever comes first: a write that fails, or the end of the stream.
    for (let seed = 2; seed < 20; seed++) draw(seed);
    pump([display], () => display.fd < 0);
    assert.match(fixture.log.join("\n"), /warn: The Wayland compositor is gone: nothing is shown until it is back/);
    assert.deepEqual(display.modes(), [{ width: 320, height: 240, refresh: 60 }], "the monitor stays plugged in");
    draw(30);
    assert.ok(display.counters.dropped > 0);
    assert.equal(openFds(), fds - 1, "nothing of the old connection is left");

    next = await Weston.start({ renderer: "pixman", folder: weston.folder });
    fixture.untilPresented();
    const picture = fixture.screenshot();
    assertPicture(picture, (x, y) => patternPixel(x, y, 30), findWindow(picture, WHOLE));
    draw(31);
    fixture.untilPresented();
    const later = fixture.screenshot();
    assertPicture(later, (x, y) => patternPixel(x, y, 31), findWindow(later, WHOLE));
    display.close();
    assert.equal(openFds(), fds - 1, "nothing of the new one is left");
    shared.release();
    assert.equal(mappingCount(), 0);
  } finally {
    await next?.kill();
    await weston.stop();
  }
});

test("a compositor that stops answering blocks nothing; its frames are merged", async () => {
  const weston = await Weston.start({ renderer: "pixman" });
  try {
    const fixture = new DisplayFixture({ socket: weston.socket });
    const { display } = fixture;
    const shared = fixture.memory.createShared(320 * 240 * 4)!;
    fixture.createResource(1, 320, 240, shared.segment);
    const image = { resourceId: 1, rect: WHOLE, layout: null };
    display.setScanout(0, image);
    display.flush(0, image, WHOLE);
    fixture.untilPresented();
    process.kill(weston.pid, "SIGSTOP");
    const started = performance.now();
    for (let i = 0; i < 20_000; i++) {
      display.setScanout(0, i % 2 === 0 ? null : image);
      display.flush(0, image, WHOLE);
      display.updateCursor({ scanoutId: 0, x: 0, y: 0, resourceId: 1, hotX: 0, hotY: 0, layout: null });
    }
    assert.ok(performance.now() - started < 30_000, "nothing waits");
    pumpFor([display], 50);
    assert.ok(display.fd >= 0, "so little is sent that its socket takes it");
    process.kill(weston.pid, "SIGCONT");
    fixture.untilPresented();
    display.close();
    shared.release();
  } finally {
    await weston.stop();
  }
});

test("no compositor: an error that says where it was looked for and what to do", () => {
  assert.throws(
    () => new DisplayFixture({ socket: "/nonexistent/wayland-7" }),
    (error) =>
      error instanceof HostError &&
      error.code === "ENOENT" &&
      error.message.includes("/nonexistent/wayland-7") &&
      (error.cure ?? "").includes("--display=wayland:PATH"),
  );
});
