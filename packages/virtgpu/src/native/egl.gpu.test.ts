/** EGL platforms beside surfaceless, each drawn on; a platform that this machine cannot have must say why and what helps. */
import assert from "node:assert/strict";
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { GL, GlEncoder } from "@virtgpu/core/gl";
import { NativeGl, eglDevices, probeEgl, type NativeGlOptions } from "./index.js";

/** Clears a texture and reads it back. */
function clearAndRead(options: NativeGlOptions): number[] {
  const gl = NativeGl.open(options);
  try {
    const encoder = new GlEncoder(gl);
    const texture = encoder.names.texture.allocate();
    const framebuffer = encoder.names.framebuffer.allocate();
    encoder.createTexture(texture);
    encoder.bindTexture(GL.TEXTURE_2D, texture);
    encoder.texStorage2D(GL.TEXTURE_2D, 1, GL.RGBA8, 4, 4);
    encoder.createFramebuffer(framebuffer);
    encoder.bindFramebuffer(GL.FRAMEBUFFER, framebuffer);
    encoder.framebufferTexture2D(GL.FRAMEBUFFER, GL.COLOR_ATTACHMENT0, GL.TEXTURE_2D, texture, 0);
    encoder.clearBufferfv(GL.COLOR, 0, 1, 0, 0.5, 1);
    const pixel = new Uint8Array(4);
    encoder.readPixels(1, 1, 1, 1, GL.RGBA, GL.UNSIGNED_BYTE, 0, encoder.registerSegment(pixel), 0, 4);
    encoder.flush();
    return Array.from(pixel);
  } finally {
    gl.destroy();
  }
}

const DRAWS = process.env["GALLIUM_NOOP"] !== "1";
const COLOR = [255, 0, 128, 255];

test("the device platform draws on the first device and on the software device", () => {
  assert.ok(eglDevices().length > 0);
  const first = clearAndRead({ platform: "device" });
  const software = clearAndRead({ platform: "device", software: true });
  if (DRAWS) assert.deepEqual([first, software], [COLOR, COLOR]);
  const absent = probeEgl("device", "gles", { renderNode: "/dev/dri/renderD191" });
  assert.equal(absent.ok, false);
  assert.equal(absent.code, "EGL_PLATFORM_MISSING");
});

test("the gbm platform draws on a render node, or names the missing node", (t) => {
  const missing = probeEgl("gbm", "gles", { renderNode: "/dev/dri/renderD191" });
  assert.equal(missing.code, "GBM_DEVICE_FAILED");
  assert.match(missing.detail, /renderD191/);
  assert.ok(missing.cure !== undefined);
  if (!existsSync("/dev/dri/renderD128")) {
    t.diagnostic("no /dev/dri/renderD128: only the refusal is tested");
    return;
  }
  const color = clearAndRead({ platform: "gbm" });
  if (DRAWS) assert.deepEqual(color, COLOR);
});

async function startWeston(folder: string): Promise<ChildProcess> {
  const flags = ["--backend=headless-backend.so", "--socket=wl-test", "--idle-time=0"];
  const weston = spawn("weston", flags, { env: { ...process.env, XDG_RUNTIME_DIR: folder }, stdio: "ignore" });
  for (let attempt = 0; attempt < 100 && !existsSync(join(folder, "wl-test")); attempt++) await sleep(100);
  return weston;
}

test("the wayland platform draws inside a session and names its absence outside", async (t) => {
  const saved = { runtime: process.env["XDG_RUNTIME_DIR"], display: process.env["WAYLAND_DISPLAY"] };
  const folder = mkdtempSync(join(tmpdir(), "virtgpu-wayland-"));
  process.env["XDG_RUNTIME_DIR"] = folder;
  process.env["WAYLAND_DISPLAY"] = "wl-test";
  let weston: ChildProcess | null = null;
  try {
    const outside = probeEgl("wayland");
    assert.equal(outside.code, "WAYLAND_CONNECT_FAILED");
    assert.ok(outside.cure !== undefined);
    if (spawnSync("weston", ["--version"]).status !== 0) {
      t.diagnostic("weston is not installed: only the refusal is tested");
      return;
    }
    weston = await startWeston(folder);
    const color = clearAndRead({ platform: "wayland" });
    if (DRAWS) assert.deepEqual(color, COLOR);
  } finally {
    if (weston !== null && weston.exitCode === null) {
      const ended = once(weston, "exit");
      weston.kill();
      await ended;
    }
    restore("XDG_RUNTIME_DIR", saved.runtime);
    restore("WAYLAND_DISPLAY", saved.display);
    rmSync(folder, { recursive: true, force: true });
  }
});

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
