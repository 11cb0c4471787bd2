import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { HostError } from "@virtgpu/core/base";
import { fitsEdid } from "@virtgpu/core/virtio-gpu";
import { DisplayFixture } from "./fixture.js";
import { pump, pumpFor } from "./pump.js";
import { ScriptedCompositor } from "./scripted-compositor.js";

/** `xdg_toplevel.state`. */
const MAXIMIZED = 1;
const RESIZING = 3;
const WHOLE = { x: 0, y: 0, width: 320, height: 240 };
const IMAGE = { resourceId: 1, rect: WHOLE, layout: null };

async function start(t: TestContext, without: readonly string[] = []): Promise<[DisplayFixture, ScriptedCompositor]> {
  const compositor = await ScriptedCompositor.start(without);
  t.after(() => compositor.stop());
  const fixture = new DisplayFixture({ socket: compositor.socket });
  const shared = fixture.memory.createShared(640 * 480 * 4)!;
  fixture.createResource(1, 320, 240, shared.segment);
  fixture.createResource(2, 640, 480, shared.segment);
  t.after(() => {
    fixture.display.close();
    shared.release();
    assert.equal(fixture.memory.liveShared, 0);
  });
  return [fixture, compositor];
}

function show(fixture: DisplayFixture, image = IMAGE): void {
  fixture.display.setScanout(0, image);
  fixture.display.flush(0, image, { ...image.rect, x: 0, y: 0 });
  fixture.untilPresented();
}

test("a window that is dragged tells the guest once, at the end; sizes that come back are no wishes", async (t) => {
  const [fixture, compositor] = await start(t);
  const { display } = fixture;
  show(fixture);
  compositor.configure(320, 240);
  for (let width = 330; width < 500; width += 10) compositor.configure(width, 300, [RESIZING]);
  compositor.configure(500, 300);
  pump([display], () => fixture.modeChanges > 0);
  assert.deepEqual(display.modes(), [{ width: 500, height: 300, refresh: 60 }]);
  // A guest in the middle of its boot: its sizes come back as configure events, one of them late.
  show(fixture, { resourceId: 2, rect: { x: 0, y: 0, width: 640, height: 480 }, layout: null });
  compositor.configure(320, 240);
  compositor.configure(640, 480);
  compositor.configure(0, 0);
  pumpFor([display], 30);
  assert.equal(fixture.modeChanges, 1);
  compositor.configure(100_000, 3);
  pump([display], () => fixture.modeChanges > 1);
  assert.deepEqual(display.modes()[0], { width: 4095, height: 64, refresh: 60 }, "what a guest can draw to");
  compositor.configure(100_000, 100_000);
  pump([display], () => fixture.modeChanges > 2);
  const largest = display.modes()[0]!;
  assert.deepEqual([largest.width, largest.height], [4095, 4095]);
  assert.ok(fitsEdid(largest), `${largest.refresh} Hz`);
});

test("a size that the compositor insists on is kept by scaling until the guest follows", async (t) => {
  const [fixture, compositor] = await start(t);
  show(fixture);
  compositor.configure(800, 600, [MAXIMIZED]);
  pump([fixture.display], () => fixture.modeChanges > 0);
  show(fixture);
  const sizes = compositor.seen
    .filter(({ request }) => request === "wp_viewport.set_destination")
    .map(({ args }) => args);
  assert.deepEqual(sizes.at(-1), [800, 600]);
  assert.ok(compositor.count("xdg_surface.ack_configure") >= 2);
});

test("a window that is closed is an unplugged monitor; a guest that turns its scanout on again gets a new one", async (t) => {
  const [fixture, compositor] = await start(t);
  const { display } = fixture;
  show(fixture);
  compositor.event("xdg_toplevel", 1, "");
  pump([display], () => fixture.modeChanges > 0);
  assert.deepEqual(display.modes(), [null]);
  assert.match(fixture.log.join("\n"), /the window was closed: the guest sees the monitor unplugged/);
  display.flush(0, IMAGE, WHOLE);
  display.setScanout(0, IMAGE);
  pumpFor([display], 30);
  assert.equal(compositor.count("xdg_surface.get_toplevel"), 1, "page flips open no new window");
  display.setScanout(0, null);
  show(fixture);
  assert.deepEqual(display.modes(), [{ width: 320, height: 240, refresh: 60 }]);
  assert.equal(fixture.modeChanges, 2);
  assert.equal(compositor.count("xdg_surface.get_toplevel"), 2);
});

test("a window that nobody sees costs nothing: frames are merged until the compositor asks", async (t) => {
  const [fixture, compositor] = await start(t);
  const { display } = fixture;
  show(fixture);
  compositor.tell({ do: "frames", areShown: false });
  pumpFor([display], 20);
  const before = compositor.count("wl_surface.attach");
  for (let i = 0; i < 50; i++) display.flush(0, IMAGE, WHOLE);
  pumpFor([display], 30);
  assert.ok(compositor.count("wl_surface.attach") <= before + 1);
  compositor.tell({ do: "frames", areShown: true });
  fixture.untilPresented();
});

test("pings are answered", async (t) => {
  const [fixture, compositor] = await start(t);
  compositor.event("xdg_wm_base", 0, "u", 77);
  pump([fixture.display], () => compositor.count("xdg_wm_base.pong") === 1);
});

for (const [what, act, reason] of [
  [
    "dies in the middle of a message",
    (c: ScriptedCompositor) => {
      c.tell({ do: "words", words: [1, 24 << 16, 5] });
      c.tell({ do: "hang up" });
    },
    /closed the connection/,
  ],
  [
    "sends an event that does not exist",
    (c: ScriptedCompositor) => c.event("xdg_toplevel", 40, ""),
    /unknown event 40 of xdg_toplevel/,
  ],
  [
    "refuses a request",
    (c: ScriptedCompositor) => c.event("wl_display", 0, "ous", 1, 2, "out of memory"),
    /wl_display error 2: out of memory/,
  ],
] as const) {
  test(`a compositor that ${what}: told, and connected to again`, async (t) => {
    const [fixture, compositor] = await start(t);
    const { display } = fixture;
    show(fixture);
    act(compositor);
    pump([display], () => display.fd < 0);
    const lines = fixture.log.filter((line) => line.startsWith("warn: The Wayland compositor is gone"));
    assert.equal(lines.length, 1);
    assert.match(lines[0]!, reason);
    display.flush(0, IMAGE, WHOLE);
    compositor.tell({ do: "hang up" });
    fixture.untilPresented();
  });
}

test("a compositor without a shell is refused at the start, by name", async () => {
  const compositor = await ScriptedCompositor.start(["xdg_wm_base", "wl_shm"]);
  try {
    assert.throws(
      () => new DisplayFixture({ socket: compositor.socket }),
      (error) =>
        error instanceof HostError && error.code === "WAYLAND_LACKS" && /wl_shm, xdg_wm_base/.test(error.message),
    );
  } finally {
    await compositor.stop();
  }
});
