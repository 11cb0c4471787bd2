/** What a guest reads was written by a guest that shares it with, or is zero: never what others staged, and never because something ran out. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { GuestError, guestErrorName } from "@virtgpu/core/base";
import { GL_SEGMENTS_MAX } from "@virtgpu/core/gl";
import { Backing } from "@virtgpu/core/memory";
import { StreamBuilder } from "@virtgpu/core/testing";
import * as v from "@virtgpu/core/virgl";
import { RenderFixture } from "./render-fixture.js";

const { VirglFormat } = v;
const SECRET = 0x5ec2e7aa;
/** The other guest process, and its buffer. */
const OTHER = 2;
const OTHERS_BUFFER = 900;
const SIDE = 32;

const inlineWrite = (resource: number, words: Uint32Array) =>
  new StreamBuilder().inlineWrite({ resource, box: [0, 0, 0, words.length * 4, 1, 1] }, words);

class Neighbours extends RenderFixture {
  constructor() {
    super();
    this.context(OTHER);
    const shape = { target: v.PIPE_BUFFER, format: VirglFormat.R8_UNORM, width: 1 << 16, height: 1 };
    assert.equal(this.texture(OTHERS_BUFFER, { ...shape, bind: v.VIRGL_BIND_VERTEX_BUFFER }, [OTHER]), GuestError.NONE);
  }

  /** The other process sends data, which pass through staging. */
  stageSecret(): void {
    assert.equal(
      this.submit(inlineWrite(OTHERS_BUFFER, new Uint32Array(1 << 14).fill(SECRET)), OTHER),
      GuestError.NONE,
    );
  }

  /** Guest memory in two pieces, so that what is read goes through staging. */
  scattered(sizeBytes: number): { backing: Backing; words: () => Uint32Array } {
    const segment = this.segment(sizeBytes + 4096);
    segment.bytes.fill(0x77);
    const half = sizeBytes / 2;
    const spans = [
      { segment, offsetBytes: 0, lengthBytes: half },
      { segment, offsetBytes: half + 4096, lengthBytes: half },
    ];
    return { backing: new Backing(spans), words: () => new Uint32Array(segment.bytes.buffer) };
  }
}

/** Runs with a device of its own. */
function withNeighbours(run: (fixture: Neighbours) => void): () => void {
  return () => {
    const fixture = new Neighbours();
    try {
      run(fixture);
    } finally {
      fixture[Symbol.dispose]();
    }
  };
}

const box = { level: 0, x: 0, y: 0, z: 0, width: SIDE, height: SIDE, depth: 1, offsetBytes: 0 };
const assertNoSecret = (words: Uint32Array) => assert.equal(words.indexOf(SECRET), -1, "another guest's bytes came");

describe("a read-back shows nobody's staged bytes", () => {
  for (const format of [VirglFormat.R8G8B8A8_UNORM, VirglFormat.Z24_UNORM_S8_UINT, VirglFormat.R8G8B8A8_SNORM]) {
    it(
      `where the driver has no memory for the texture: ${v.virglFormatName(format)}`,
      withNeighbours((fixture) => {
        // Below our limits, above llvmpipe's; drivers that have the memory give zeros.
        const shape = { target: v.PIPE_TEXTURE_2D_ARRAY, format, width: 16384, height: 16384, arraySize: 3 };
        const code = fixture.texture(1, { ...shape, bind: v.VIRGL_BIND_SAMPLER_VIEW });
        assert.equal(code, GuestError.NONE, guestErrorName(code));
        const { backing, words } = fixture.scattered(SIDE * SIDE * 4);
        fixture.stageSecret();
        const transfer = { ...box, strideBytes: SIDE * 4, layerStrideBytes: 0 };
        fixture.renderer.transferThrough(1, 1, transfer, backing, "from-host");
        assertNoSecret(words());
      }),
    );
  }

  for (const format of [VirglFormat.Z24_UNORM_S8_UINT, VirglFormat.DXT1_RGB, VirglFormat.R8G8B8A8_SNORM]) {
    it(
      `when somebody else stages before the batch is executed: ${v.virglFormatName(format)}`,
      withNeighbours((fixture) => {
        const { renderer, encoder } = fixture;
        const bind = v.VIRGL_BIND_SAMPLER_VIEW;
        assert.equal(fixture.texture(1, { format, bind, width: SIDE, height: SIDE }), GuestError.NONE);
        const { backing, words } = fixture.scattered(SIDE * SIDE * 4);
        assert.equal(renderer.attachBacking(1, backing), GuestError.NONE);
        const transfer = { ...box, strideBytes: 0, layerStrideBytes: 0 };
        assert.equal(renderer.transferFromHost3d(1, 1, transfer, false), GuestError.NONE);
        fixture.stageSecret();
        encoder.flush();
        assertNoSecret(words());
        assert.equal(words()[0], 0, "the texture is zero");
      }),
    );
  }
});

describe("what runs out is told to the guest that asks, and to nobody else", () => {
  it(
    "segments: private memory of buffers that have no other",
    withNeighbours((fixture) => {
      const { renderer } = fixture;
      const { backing, words } = fixture.scattered(SIDE * SIDE * 4);
      const shape = { target: v.PIPE_BUFFER, format: VirglFormat.R8_UNORM, bind: v.VIRGL_BIND_CUSTOM, height: 1 };
      let taken = 0;
      let code: number = GuestError.NONE;
      for (let id = 1000; code === GuestError.NONE; id++) {
        assert.ok(taken < GL_SEGMENTS_MAX, "there is an end");
        assert.equal(fixture.texture(id, { ...shape, width: 16 }), GuestError.NONE);
        code = fixture.submit(inlineWrite(id, Uint32Array.of(taken)));
        taken++;
      }
      assert.equal(code, GuestError.LIMIT);
      assert.ok(taken > GL_SEGMENTS_MAX / 2, `${taken} were to be had`);
      // Constants need a segment of their own in a new stage.
      fixture.context(3);
      const constants = new StreamBuilder()
        .createSubContext(1)
        .setSubContext(1)
        .setConstants(v.PIPE_SHADER_VERTEX, [1]);
      assert.equal(fixture.submit(constants, 3), GuestError.LIMIT);
      // The zeros of a new texture are memory of our own: they are to be had, and they are zero.
      fixture.stageSecret();
      const bind = v.VIRGL_BIND_SAMPLER_VIEW;
      fixture.texture(2, { format: VirglFormat.DXT1_RGB, bind, width: SIDE, height: SIDE }, [OTHER]);
      const transfer = { ...box, strideBytes: 0, layerStrideBytes: 0 };
      assert.equal(renderer.transferThrough(OTHER, 2, transfer, backing, "from-host"), GuestError.NONE);
      assertNoSecret(words());
      assert.equal(words()[0], 0);
    }),
  );

  it(
    "names of textures",
    withNeighbours((fixture) => {
      const { encoder, renderer } = fixture;
      // Errors of the textures above that the driver refused.
      fixture.settle();
      const errors = renderer.counters.glErrors;
      const bind = v.VIRGL_BIND_SAMPLER_VIEW;
      const shape = { format: VirglFormat.R8G8B8A8_SNORM, bind, width: SIDE, height: SIDE };
      assert.equal(fixture.texture(1, shape), GuestError.NONE);
      while (encoder.names.texture.allocate() !== 0);
      assert.equal(fixture.texture(2, shape), GuestError.LIMIT);
      // A pass of our own, which packs texels that the driver does not give as they are.
      const { backing, words } = fixture.scattered(SIDE * SIDE * 4);
      const transfer = { ...box, strideBytes: 0, layerStrideBytes: 0 };
      assert.equal(renderer.transferThrough(1, 1, transfer, backing, "from-host"), GuestError.NONE);
      assert.equal(words()[0], 0);
      fixture.settle();
      assert.equal(renderer.counters.glErrors, errors);
    }),
  );
});
