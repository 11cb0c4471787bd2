import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { HostError } from "@virtgpu/core/base";
import { LENIENT_IMAGES, NO_IMPORTS, type HostProfile } from "@virtgpu/core/memory";
import { defaultProfilePath, readProfile, writeProfile } from "./profile-file.js";

const PROFILE: HostProfile = {
  ...NO_IMPORTS,
  driver: "Vendor, Renderer, Version",
  images: {
    ...LENIENT_IMAGES,
    strideMultipleBytes: 96,
    strideMultiplesByTexel: { 1: 96, 4: 96 },
    formats: [{ fourcc: 0x34325258, canSample: true, canRender: false, modifiers: ["0000000000000000"] }],
    sampleCostRatio: 1.02,
  },
  udmabuf: { listLimit: 1024, sizeLimitBytes: 64 << 20, pageBytes: 4096 },
  pinned: { addressMultipleBytes: 1 },
  buffers: { memoryObjects: false, refusal: "the driver died: SIGSEGV", isCoherent: true },
  dma: { addressBits: 32 },
  probed: {
    date: "2024-01-01T00:00:00.000Z",
    platform: "device",
    software: true,
    inexact: [],
    takesPaddedRows: true,
    modifier: "needed",
    errors: { EGL_BAD_ACCESS: 3 },
  },
};

function inFolder(action: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "profile-"));
  try {
    action(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const failsWith =
  (code: string, message: RegExp) =>
  (error: unknown): boolean =>
    error instanceof HostError &&
    error.code === code &&
    message.test(error.message) &&
    /virtgpu probe/.test(error.cure ?? "");

test("a profile is read as it was written, in folders that are made", () =>
  inFolder((folder) => {
    const path = join(folder, "a", "b.json");
    writeProfile(path, PROFILE);
    assert.deepEqual(readProfile(path), PROFILE);
    assert.deepEqual(readProfile(path, PROFILE.driver), PROFILE);
    assert.equal(statSync(join(folder, "a")).mode & 0o077, 0);
    writeProfile(path, NO_IMPORTS);
    assert.deepEqual(readProfile(path), NO_IMPORTS);
  }));

test("the profile of another driver is void", () =>
  inFolder((folder) => {
    const path = join(folder, "p.json");
    writeProfile(path, PROFILE);
    assert.throws(
      () => readProfile(path, "Other"),
      failsWith("PROFILE_OF_OTHER_DRIVER", /Vendor, Renderer, Version.*Other/),
    );
  }));

test("whatever else a file holds is an error that says where", () =>
  inFolder((folder) => {
    const path = join(folder, "p.json");
    assert.throws(() => readProfile(path), failsWith("PROFILE_UNREADABLE", /ENOENT/));
    writeFileSync(path, "{");
    assert.throws(() => readProfile(path), failsWith("PROFILE_UNREADABLE", /JSON/));
    const broken: readonly (readonly [change: object, message: RegExp])[] = [
      [{ version: 2 }, /at version/],
      [{ images: { ...PROFILE.images, strideMultipleBytes: 0 } }, /at images\.strideMultipleBytes/],
      [{ images: { ...PROFILE.images, strideMultipleBytes: 1.5 } }, /at images\.strideMultipleBytes/],
      [{ images: { ...PROFILE.images, maxWidth: -1 } }, /at images\.maxWidth/],
      [{ images: { ...PROFILE.images, formats: [{ fourcc: "XR24" }] } }, /at images\.formats\.0/],
      [{ dma: { addressBits: 65 } }, /at dma\.addressBits/],
      [{ udmabuf: { listLimit: 1 } }, /at udmabuf/],
      [{ surprise: 1 }, /surprise/],
    ];
    for (const [change, message] of broken) {
      writeFileSync(path, JSON.stringify({ ...PROFILE, ...change }));
      assert.throws(() => readProfile(path), failsWith("PROFILE_INVALID", message), message.source);
    }
    writeFileSync(path, "[]");
    assert.throws(() => readProfile(path), failsWith("PROFILE_INVALID", /./));
  }));

test("the default lies in the cache folder", () => {
  assert.equal(defaultProfilePath({ XDG_CACHE_HOME: "/c" }), "/c/virtgpu/profile.json");
  assert.match(defaultProfilePath({}), /\/\.cache\/virtgpu\/profile\.json$/);
});
