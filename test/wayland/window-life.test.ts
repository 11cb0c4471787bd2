import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { HostError } from "@virtgpu/core/base";
import { fitsEdid } from "@virtgpu/core/virtio-gpu";
import { DisplayFixture } from "./fixture.js";
import { fourcc } from "#virtgpu/display/wayland/dmabuf-formats.js";
import { closeFd, createMemfd } from "#virtgpu/native/memory.js";
import { pump, pumpFor } from "./pump.js";
import { ScriptedCompositor } from "./scripted-compositor.js";

/** `xdg_toplevel.state`. */
const MAXIMIZED = 1;
const RESIZING = 3;
const WHOLE = { x: 0, y: 0, width: 320, height: 240 };
const IMAGE = { resourceId: 1, rect: WHOLE, layout: null };

const NO_DMABUF = ["zwp_linux_dmabuf_v1"];

async function start(
  t: TestContext,
  without: readonly string[] = NO_DMABUF,
): Promise<[DisplayFixture, ScriptedCompositor]> {
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

test("scanouts beyond the windows that there are show nothing and do no harm", async (t) => {
  const [{ display }] = await start(t);
  for (const scanoutId of [1, 15]) {
    display.setScanout(scanoutId, IMAGE);
    display.flush(scanoutId, IMAGE, WHOLE);
    const cursor = { scanoutId, x: 0, y: 0, resourceId: 1, hotX: 0, hotY: 0, layout: null };
    display.updateCursor(cursor);
    display.setScanout(scanoutId, null);
  }
  assert.deepEqual([display.counters.flushes, display.counters.dropped], [2, 2]);
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
  pump([display], () => compositor.count("did frames") === 1);
  const before = compositor.count("wl_surface.attach");
  for (let i = 0; i < 50; i++) display.flush(0, IMAGE, WHOLE);
  pumpFor([display], 30);
  assert.ok(compositor.count("wl_surface.attach") <= before + 1);
  compositor.tell({ do: "frames", areShown: true });
  fixture.untilPresented();
});

test("linux-dmabuf 4: formats come as a table; buffers are imported once, held until released, and given back when they go", async (t) => {
  const [fixture, compositor] = await start(t, []);
  const { display } = fixture;
  const fd = createMemfd("frames", 1 << 20);
  t.after(() => closeFd(fd));
  const buffer = {
    fd,
    isDmaBuf: true,
    width: 320,
    height: 240,
    strideBytes: 1280,
    fourcc: fourcc("XR24"),
    modifier: 0n,
  };
  for (const id of [1, 2, 3]) {
    const offsetBytes = (id - 1) * 1280 * 240;
    const rest = { isYInverted: false, isGuestDrawn: false, serial: id, offsetBytes };
    fixture.buffers.set(id, { ...buffer, ...rest });
  }
  const flip = (resourceId: number): void => show(fixture, { ...IMAGE, resourceId });
  for (const id of [1, 2, 3, 1, 2, 3]) flip(id);
  const added = compositor.seen
    .filter(({ request }) => request === "zwp_linux_buffer_params_v1.add")
    .map(({ args }) => args);
  assert.deepEqual(
    added.map((args) => args.slice(1)),
    [0, 1, 2].map((frame) => [0, frame * 1280 * 240, 1280, 0, 0]),
    "three imports for six frames",
  );
  assert.deepEqual(
    [1, 2, 3].map((id) => display.holds(id)),
    [true, true, false],
    "replaced and not released",
  );
  for (const id of [0xff00_0000, 0xff00_0001])
    compositor.tell({ do: "event", object: id, opcode: 0, types: "", args: [] });
  pump([display], () => !display.holds(1) && !display.holds(2));
  assert.deepEqual(fixture.released.slice(-2), [1, 2]);

  // Other memory behind the same resource is another import; the old one goes at its release, as it is on the screen.
  fixture.buffers.set(3, { ...fixture.buffers.get(3)!, serial: 9 });
  flip(3);
  assert.equal(compositor.count("zwp_linux_buffer_params_v1.add"), 4);
  display.forgetBuffer(1);
  pump([display], () => compositor.count("wl_buffer.destroy") === 1);
  pump([display], () => !display.holds(1));
  compositor.tell({ do: "event", object: 0xff00_0002, opcode: 0, types: "", args: [] });
  pump([display], () => compositor.count("wl_buffer.destroy") === 2);
  pump([display], () => !display.holds(3));
});

test("a compositor that lets go of nothing is handed only so many buffers; more frames are copies", async (t) => {
  const [fixture, compositor] = await start(t, []);
  const fd = createMemfd("frames", 1 << 20);
  t.after(() => closeFd(fd));
  const shape = { fd, isDmaBuf: true, width: 320, height: 240, strideBytes: 1280, offsetBytes: 0 };
  const rest = { fourcc: fourcc("XR24"), modifier: 0n, isYInverted: false, isGuestDrawn: true };
  const pixels = fixture.memory.createPrivate(320 * 240 * 4)!;
  t.after(() => pixels.release());
  for (let id = 10; id < 36; id++) {
    fixture.createResource(id, 320, 240, pixels.segment);
    fixture.buffers.set(id, { ...shape, ...rest, serial: id });
    show(fixture, { ...IMAGE, resourceId: id });
  }
  assert.equal(compositor.count("zwp_linux_buffer_params_v1.add"), 8 + 16);
  assert.deepEqual([fixture.display.counters.presented, fixture.display.counters.buffers], [26, 24]);
  assert.equal(fixture.display.paths[0]?.kind, "copy");
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
  const compositor = await ScriptedCompositor.start(["xdg_wm_base", "wl_shm", ...NO_DMABUF]);
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
