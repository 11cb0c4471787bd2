import assert from "node:assert/strict";
import { test } from "node:test";
import { GuestError } from "../../../base/index.js";
import { RecordingGl } from "../../../testing/index.js";
import * as v from "../../../virgl/index.js";
import type { Resource3d } from "../../renderer.js";
import { FormatSupport } from "../format/index.js";
import { ResourceKind } from "./gl-resource.js";
import { checkShape } from "./resource-shape.js";

const support = new FormatSupport(new RecordingGl().caps);
const { VirglFormat } = v;

const texture: Resource3d = {
  target: v.PIPE_TEXTURE_2D,
  format: VirglFormat.R8G8B8A8_UNORM,
  bind: v.VIRGL_BIND_SAMPLER_VIEW,
  width: 64,
  height: 32,
  depth: 1,
  arraySize: 1,
  lastLevel: 0,
  samples: 0,
  flags: 0,
};
const buffer: Resource3d = { ...texture, target: v.PIPE_BUFFER, format: VirglFormat.R8_UNORM, width: 4096, height: 1 };

const refused: readonly (readonly [string, Partial<Resource3d>, number])[] = [
  ["a format that is no format", { format: 9999 }, GuestError.UNKNOWN_FORMAT],
  ["format 0", { format: 0 }, GuestError.UNKNOWN_FORMAT],
  ["a vertex format", { format: VirglFormat.R32_USCALED }, GuestError.UNKNOWN_FORMAT],
  ["a target that does not exist", { target: 9 }, GuestError.BAD_VALUE],
  ["width 0", { width: 0 }, GuestError.BAD_VALUE],
  ["a width beyond the host", { width: 16385 }, GuestError.BAD_VALUE],
  ["the largest width there is", { width: 0xffffffff }, GuestError.BAD_VALUE],
  ["layers on a 2D texture", { arraySize: 2 }, GuestError.BAD_VALUE],
  ["depth on a 2D texture", { depth: 2 }, GuestError.BAD_VALUE],
  ["more levels than halvings", { lastLevel: 7 }, GuestError.BAD_VALUE],
  ["32 levels", { lastLevel: 32 }, GuestError.BAD_VALUE],
  ["levels of a multisampled texture", { samples: 4, lastLevel: 1 }, GuestError.BAD_VALUE],
  ["more samples than the host has", { samples: 64 }, GuestError.BAD_VALUE],
  ["a multisampled cube", { target: v.PIPE_TEXTURE_CUBE, width: 32, arraySize: 6, samples: 4 }, GuestError.BAD_VALUE],
  ["a cube of 5 faces", { target: v.PIPE_TEXTURE_CUBE, width: 32, arraySize: 5 }, GuestError.BAD_VALUE],
  ["a cube that is not square", { target: v.PIPE_TEXTURE_CUBE, arraySize: 6 }, GuestError.BAD_VALUE],
  ["a cube array of 7 faces", { target: v.PIPE_TEXTURE_CUBE_ARRAY, width: 32, arraySize: 7 }, GuestError.BAD_VALUE],
  ["more layers than the host has", { target: v.PIPE_TEXTURE_2D_ARRAY, arraySize: 2049 }, GuestError.BAD_VALUE],
  ["a 3D texture of 4096", { target: v.PIPE_TEXTURE_3D, width: 4096, depth: 2 }, GuestError.BAD_VALUE],
  ["a 3D depth texture", { target: v.PIPE_TEXTURE_3D, depth: 2, format: VirglFormat.Z16_UNORM }, GuestError.BAD_VALUE],
  ["a 1D texture of height 2", { target: v.PIPE_TEXTURE_1D, height: 2 }, GuestError.BAD_VALUE],
  ["a rectangle with levels", { target: v.PIPE_TEXTURE_RECT, lastLevel: 1 }, GuestError.BAD_VALUE],
];

for (const [name, change, code] of refused) {
  test(`refuses ${name}`, () => assert.equal(checkShape({ ...texture, ...change }, support), code));
}

for (const [name, change] of [
  ["of size 0", { width: 0 }],
  ["of 2 GiB", { width: 0x80000000 }],
  ["with a height", { height: 2 }],
  ["with levels", { lastLevel: 1 }],
  ["with samples", { samples: 4 }],
] as const) {
  test(`refuses a buffer ${name}`, () =>
    assert.equal(checkShape({ ...buffer, ...change }, support), GuestError.BAD_VALUE));
}

test("sizes count every level, layer and sample", () => {
  const size = (change: Partial<Resource3d>): number => {
    const shape = checkShape({ ...texture, ...change }, support);
    assert.ok(typeof shape !== "number");
    return shape.sizeBytes;
  };
  assert.equal(size({}), 64 * 32 * 4);
  assert.equal(size({ lastLevel: 6 }), 4 * (2048 + 512 + 128 + 32 + 8 + 2 + 1));
  assert.equal(size({ target: v.PIPE_TEXTURE_2D_ARRAY, arraySize: 10 }), 64 * 32 * 4 * 10);
  assert.equal(size({ samples: 3 }), 64 * 32 * 4 * 4);
  assert.equal(size({ format: VirglFormat.ETC2_RGB8, width: 65 }), 17 * 8 * 8);
});

test("buffers that only the host or only the guest looks at get no GL object", () => {
  const kind = (bind: number) => {
    const shape = checkShape({ ...buffer, bind }, support);
    return typeof shape === "number" ? shape : shape.kind;
  };
  assert.equal(kind(v.VIRGL_BIND_CUSTOM), ResourceKind.BACKING_ONLY);
  assert.equal(kind(v.VIRGL_BIND_STAGING), ResourceKind.BACKING_ONLY);
  assert.equal(kind(v.VIRGL_BIND_CUSTOM | v.VIRGL_BIND_VERTEX_BUFFER), ResourceKind.BUFFER);
  assert.equal(kind(0), ResourceKind.BUFFER);
});
