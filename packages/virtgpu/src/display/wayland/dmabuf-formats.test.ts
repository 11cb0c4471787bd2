import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { createMemfd, Mapping } from "../../native/memory.js";
import { DmabufFormats, DRM_FORMAT_MOD_INVALID, DRM_FORMAT_MOD_LINEAR, fourcc, fourccName } from "./dmabuf-formats.js";
import { waylandSocketPath } from "./socket-address.js";

const XR24 = fourcc("XR24");
const AR24 = fourcc("AR24");

test("four characters are packed as drm_fourcc.h has them", () => {
  assert.equal(XR24, 0x3432_5258);
  assert.equal(fourccName(0x3432_5241), "AR24");
});

test("a scanout is opaque: its format's twin without alpha is chosen where there is one", () => {
  const formats = new DmabufFormats();
  formats.add(AR24, DRM_FORMAT_MOD_LINEAR);
  assert.deepEqual(formats.choose(AR24, DRM_FORMAT_MOD_LINEAR), { format: AR24, modifier: DRM_FORMAT_MOD_LINEAR });
  formats.add(XR24, DRM_FORMAT_MOD_LINEAR);
  assert.deepEqual(formats.choose(AR24, DRM_FORMAT_MOD_LINEAR), { format: XR24, modifier: DRM_FORMAT_MOD_LINEAR });
  assert.equal(formats.choose(AR24, 5n), null);
  assert.equal(formats.choose(fourcc("NV12"), DRM_FORMAT_MOD_LINEAR), null);
});

test("linear memory goes to a compositor without modifiers, tiled memory does not", () => {
  const formats = new DmabufFormats();
  formats.add(XR24, DRM_FORMAT_MOD_INVALID);
  assert.deepEqual(formats.choose(XR24, DRM_FORMAT_MOD_LINEAR), { format: XR24, modifier: DRM_FORMAT_MOD_INVALID });
  assert.equal(formats.choose(XR24, 1n << 56n), null);
});

test("a feedback table is read at its start whatever the file offset; indices outside it are passed over", () => {
  const before = readdirSync("/proc/self/fd").length;
  const fd = createMemfd("table", 4096);
  const mapping = Mapping.map(fd, 0, 4096);
  const view = new DataView(mapping.bytes.buffer);
  [
    [XR24, DRM_FORMAT_MOD_LINEAR],
    [AR24, 0x0100_0000_0000_0002n],
    [AR24, DRM_FORMAT_MOD_LINEAR],
  ].forEach(([format, modifier], i) => {
    view.setUint32(16 * i, Number(format), true);
    view.setBigUint64(16 * i + 8, BigInt(modifier!), true);
  });
  const formats = new DmabufFormats();
  formats.add(fourcc("YUYV"), DRM_FORMAT_MOD_LINEAR);
  formats.readTable(fd, 48);
  formats.addRows(new Uint8Array(Uint16Array.of(0, 1, 3, 0xffff).buffer));
  assert.equal(formats.size, 2, "the table replaces what was known");
  assert.notEqual(formats.choose(XR24, DRM_FORMAT_MOD_LINEAR), null);
  assert.deepEqual(formats.choose(AR24, 0x0100_0000_0000_0002n), { format: AR24, modifier: 0x0100_0000_0000_0002n });
  formats.addRows(Uint8Array.of(1));
  assert.equal(formats.size, 2, "half an index is none");
  mapping.release();
  assert.equal(readdirSync("/proc/self/fd").length, before, "the descriptor is closed");
});

test("a table that cannot be read offers nothing", () => {
  const formats = new DmabufFormats();
  formats.readTable(createMemfd("short", 16), 0xffff_ffff);
  formats.addRows(new Uint8Array(Uint16Array.of(1, 2).buffer));
  assert.equal(formats.size, 0);
});

test("the compositor's socket: a path, a name in the session's folder, or the session's own", () => {
  const session = { XDG_RUNTIME_DIR: "/run/user/7" };
  assert.equal(waylandSocketPath("", session), "/run/user/7/wayland-0");
  assert.equal(waylandSocketPath("", { ...session, WAYLAND_DISPLAY: "wayland-1" }), "/run/user/7/wayland-1");
  assert.equal(waylandSocketPath("", { WAYLAND_DISPLAY: "/tmp/w" }), "/tmp/w");
  assert.equal(waylandSocketPath("other", { ...session, WAYLAND_DISPLAY: "wayland-1" }), "/run/user/7/other");
  assert.equal(waylandSocketPath("/x/y", {}), "/x/y");
  assert.throws(() => waylandSocketPath("", {}), /XDG_RUNTIME_DIR is not set/);
});
