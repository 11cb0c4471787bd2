import assert from "node:assert/strict";
import { after, test } from "node:test";
import { GuestError } from "@virtgpu/core/base";
import { Backing, type Segment } from "@virtgpu/core/memory";
import { FORMAT_ROWS, FormatSupport, FormatUse, type FormatRow } from "@virtgpu/core/renderer/gles";
import * as v from "@virtgpu/core/virgl";
import { RenderFixture } from "./render-fixture.js";
import { contentMask, fillRow, random } from "./texel-contents.js";

const fixture = new RenderFixture();
after(() => fixture[Symbol.dispose]());
const support = new FormatSupport(fixture.gl.caps);

const WIDTH = 37;
const HEIGHT = 21;
let nextId = 1000;

interface Shape {
  readonly target: number;
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly arraySize: number;
  readonly lastLevel: number;
}

const SHAPES: Readonly<Record<string, Shape>> = {
  "2D": { target: v.PIPE_TEXTURE_2D, width: WIDTH, height: HEIGHT, depth: 1, arraySize: 1, lastLevel: 2 },
  "2D array": { target: v.PIPE_TEXTURE_2D_ARRAY, width: WIDTH, height: HEIGHT, depth: 1, arraySize: 3, lastLevel: 1 },
  "3D": { target: v.PIPE_TEXTURE_3D, width: WIDTH, height: HEIGHT, depth: 5, arraySize: 1, lastLevel: 1 },
  cube: { target: v.PIPE_TEXTURE_CUBE, width: 16, height: 16, depth: 1, arraySize: 6, lastLevel: 1 },
};

/** A backing of one piece, or cut into pieces that no row starts at. */
function backingOf(segment: Segment, sizeBytes: number, scattered: boolean): Backing {
  if (!scattered) return new Backing([{ segment, offsetBytes: 0, lengthBytes: sizeBytes }]);
  const spans = [];
  for (let at = 0; at < sizeBytes; at += 1001) {
    spans.push({ segment, offsetBytes: at, lengthBytes: Math.min(1001, sizeBytes - at) });
  }
  return new Backing(spans);
}

function roundTrip(row: FormatRow, shape: Shape, level: number, extraStride: number, scattered: boolean): void {
  const id = nextId++;
  const bind = v.VIRGL_BIND_SAMPLER_VIEW;
  assert.equal(fixture.texture(id, { ...shape, format: row.virglFormat, bind }), GuestError.NONE);
  const width = Math.max(1, shape.width >> level);
  const height = Math.max(1, shape.height >> level);
  const layers = shape.target === v.PIPE_TEXTURE_3D ? Math.max(1, shape.depth >> level) : shape.arraySize;
  const rowBytes = Math.ceil(width / row.blockWidth) * row.blockBytes;
  const rows = Math.ceil(height / row.blockHeight);
  const stride = rowBytes + extraStride;
  const layerStride = stride * rows + extraStride * 2;
  const size = 64 + layerStride * layers;
  const transfer = {
    level,
    x: 0,
    y: 0,
    z: 0,
    width,
    height,
    depth: layers,
    offsetBytes: 64,
    strideBytes: stride,
    layerStrideBytes: layerStride,
  };
  const source = fixture.segment(size);
  const next = random(12345 + id);
  for (let z = 0; z < layers; z++) {
    for (let y = 0; y < rows; y++) {
      const at = 64 + z * layerStride + y * stride;
      fillRow(row, source.bytes.subarray(at, at + rowBytes), next);
    }
  }
  const through = (segment: Segment, direction: "to-host" | "from-host") =>
    fixture.renderer.transferThrough(1, id, transfer, backingOf(segment, size, scattered), direction);
  assert.equal(through(source, "to-host"), GuestError.NONE);
  const result = fixture.segment(size);
  result.bytes.fill(0xa5);
  assert.equal(through(result, "from-host"), GuestError.NONE, fixture.log.at(-1));
  const mask = contentMask(row);
  for (let z = 0; z < layers; z++) {
    for (let y = 0; y < rows; y++) {
      const at = 64 + z * layerStride + y * stride;
      for (let i = 0; i < rowBytes; i++) {
        const want = source.bytes[at + i]! & mask[i % row.blockBytes]!;
        const got = result.bytes[at + i]! & mask[i % row.blockBytes]!;
        if (want !== got) {
          const texel = Math.floor(i / row.blockBytes) * row.blockBytes;
          const hex = (bytes: Uint8Array) =>
            Buffer.from(bytes.subarray(at + texel, at + texel + row.blockBytes)).toString("hex");
          assert.fail(
            `level ${level} layer ${z} row ${y} byte ${i}: wrote ${hex(source.bytes)}, read ${hex(result.bytes)}`,
          );
        }
      }
      for (let i = rowBytes; i < stride; i++)
        assert.equal(result.bytes[at + i], 0xa5, "bytes between rows were touched");
    }
  }
  for (const segment of [source, result]) fixture.encoder.unregisterSegment(segment.id);
  fixture.renderer.unrefResource(id);
}

/** Formats that GL has no way back from on this host. */
function isReadable(row: FormatRow): boolean {
  return !row.isStencilView && (!row.isCompressed || fixture.gl.caps.features.copyImage);
}

for (const row of FORMAT_ROWS) {
  // 32-bit fixed-point depth is not offered: it is kept in 24 bits.
  if (row.internalFormat === 0 || row.name === "Z32_UNORM") continue;
  const skip = !support.can(row.virglFormat, FormatUse.SAMPLE)
    ? "this host has no such format"
    : !isReadable(row) && "cannot be read back";
  test(`${row.name}: what is uploaded is read back`, { skip }, () => {
    const before = fixture.renderer.counters.glErrors;
    for (const [name, shape] of Object.entries(SHAPES)) {
      const isZs = row.isDepth || row.isStencil;
      if (name === "3D" && (isZs || row.isCompressed)) continue;
      roundTrip(row, shape, 1, 0, name === "3D");
      if (name !== "2D") continue;
      roundTrip(row, shape, 0, 0, false);
      roundTrip(row, shape, 2, row.blockBytes * 3, false);
      roundTrip(row, shape, 0, 5, true);
    }
    fixture.settle();
    assert.equal(fixture.renderer.counters.glErrors - before, 0, fixture.log.slice(-3).join("\n"));
  });
}
