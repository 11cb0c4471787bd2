/** Every pair of formats that a guest may copy between or view as each other, on both kinds of host: pixels or a refusal, never an error of the driver. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { GuestError } from "@virtgpu/core/base";
import { Backing } from "@virtgpu/core/memory";
import { FORMAT_ROWS, FormatSupport, FormatUse, type FormatRow } from "@virtgpu/core/renderer/gles";
import { StreamBuilder } from "@virtgpu/core/testing";
import * as v from "@virtgpu/core/virgl";
import { RenderFixture } from "./render-fixture.js";

/** A multiple of every block size but ASTC's odd ones; the edge counts as a whole block. */
const SIZE = 24;
const CONTEXT = 2;

function createAll(fixture: RenderFixture): FormatRow[] {
  const support = new FormatSupport(fixture.gl.caps);
  const rows = FORMAT_ROWS.filter((row) => support.can(row.virglFormat, FormatUse.SAMPLE));
  for (const [index, { virglFormat: format }] of rows.entries()) {
    const shape = { format, bind: v.VIRGL_BIND_SAMPLER_VIEW, width: SIZE, height: SIZE };
    assert.equal(fixture.texture(index + 1, shape, []), GuestError.NONE, v.virglFormatName(format));
  }
  return rows;
}

/** In a context of its own, as a refused copy ends it. */
function copy(fixture: RenderFixture, dst: number, src: number): void {
  if (fixture.renderer.isContextDead(CONTEXT)) fixture.renderer.destroyContext(CONTEXT);
  fixture.context(CONTEXT);
  for (const id of [dst, src]) fixture.renderer.attachResource(CONTEXT, id);
  const stream = new StreamBuilder().command(v.VIRGL_CCMD_RESOURCE_COPY_REGION, [
    ...[dst, 0, 0, 0, 0],
    ...[src, 0, 0, 0, 0, SIZE, SIZE, 1],
  ]);
  fixture.submit(stream, CONTEXT);
}

/** Looks at a resource through another format, for sampling and for rendering. */
function view(fixture: RenderFixture, id: number, format: number): void {
  for (const type of [v.VIRGL_OBJECT_SAMPLER_VIEW, v.VIRGL_OBJECT_SURFACE]) {
    if (fixture.renderer.isContextDead(CONTEXT)) fixture.renderer.destroyContext(CONTEXT);
    fixture.context(CONTEXT);
    fixture.renderer.attachResource(CONTEXT, id);
    const stream = new StreamBuilder().createSubContext(1).setSubContext(1);
    if (type === v.VIRGL_OBJECT_SURFACE) {
      stream.createSurface(1, id, format).setFramebuffer([1]).clear(v.PIPE_CLEAR_COLOR0, [1, 0, 0, 1]);
    } else {
      stream.createSamplerView(1, id, format);
    }
    fixture.submit(stream.destroySubContext(1), CONTEXT);
  }
}

function readBack(fixture: RenderFixture, id: number): void {
  const segment = fixture.segment(SIZE * SIZE * 16);
  const backing = new Backing([{ segment, offsetBytes: 0, lengthBytes: segment.bytes.length }]);
  const box = { level: 0, x: 0, y: 0, z: 0, width: SIZE, height: SIZE, depth: 1 };
  const transfer = { ...box, offsetBytes: 0, strideBytes: 0, layerStrideBytes: 0 };
  fixture.renderer.transferThrough(1, id, transfer, backing, "from-host");
  fixture.encoder.unregisterSegment(segment.id);
}

for (const api of ["gles", "gl"] as const) {
  test(`copies and views between all pairs of formats, ${api}`, () => {
    const fixture = new RenderFixture({ api });
    const { counters } = fixture.renderer;
    const nameOf = (row: FormatRow): string => v.virglFormatName(row.virglFormat);
    const rows = createAll(fixture);
    const failures: string[] = [];
    const check = (what: string): void => {
      fixture.settle();
      if (counters.glErrors === 0) return;
      failures.push(what);
      counters.reset();
    };
    for (const [i, row] of rows.entries()) {
      readBack(fixture, i + 1);
      check(`read-back of ${nameOf(row)}`);
      // Another size of block is refused before GL is asked.
      for (const [k, other] of rows.entries()) {
        if (other.blockBytes !== row.blockBytes) continue;
        copy(fixture, i + 1, k + 1);
        check(`copy of ${nameOf(other)} to ${nameOf(row)}`);
        view(fixture, i + 1, other.virglFormat);
        check(`views of ${nameOf(row)} as ${nameOf(other)}`);
      }
    }
    assert.deepEqual(failures, []);
    assert.ok(rows.length > 60, `${rows.length} formats`);
    fixture[Symbol.dispose]();
  });
}
