/** What the zero-copy tests draw: a texture, texel for pixel, onto a target. */
import { StreamBuilder } from "@virtgpu/core/testing";
import * as v from "@virtgpu/core/virgl";
import type { TextureArgs } from "./import-fixture.js";

const VERTEX =
  "VERT\nDCL IN[0]\nDCL IN[1]\nDCL OUT[0], POSITION\nDCL OUT[1], GENERIC[9]\n  0: MOV OUT[0], IN[0]\n  1: MOV OUT[1], IN[1]\n  2: END\n";
const FRAGMENT =
  "FRAG\nPROPERTY FS_COLOR0_WRITES_ALL_CBUFS 1\nDCL IN[0], GENERIC[9], PERSPECTIVE\nDCL OUT[0], COLOR\nDCL SAMP[0]\nDCL SVIEW[0], 2D, FLOAT\nDCL TEMP[0]\n" +
  "  0: TEX TEMP[0], IN[0], SAMP[0], 2D\n  1: MOV OUT[0], TEMP[0]\n  2: END\n";

/** Resource ids of the scene's own. */
const VERTICES = 9001;
const TARGET = 9002;

/** A triangle that covers everything, with coordinates that give texel (x, y) to pixel (x, y). */
const TRIANGLE = Float32Array.of(-1, -1, 0, 1, 0, 0, 0, 1, 3, -1, 0, 1, 2, 0, 0, 1, -1, 3, 0, 1, 0, 2, 0, 1);

/** Whoever has a context: a fixture around a renderer, or a guest of a device. */
export interface SceneGuest {
  must(code: number): void;
  create(id: number, args: TextureArgs): number;
  submit(builder: StreamBuilder): void;
  /** Tight rows of what GL has. */
  glContents(id: number, width: number, height: number): Uint8Array;
}

export class SamplingScene {
  readonly #fixture: SceneGuest;
  #subContexts = 100;
  #targets = TARGET;

  constructor(fixture: SceneGuest) {
    this.#fixture = fixture;
    fixture.must(
      fixture.create(VERTICES, {
        target: v.PIPE_BUFFER,
        format: v.VirglFormat.R8_UNORM,
        bind: v.VIRGL_BIND_VERTEX_BUFFER,
        width: TRIANGLE.byteLength,
        height: 1,
      }),
    );
    const words = new Uint32Array(TRIANGLE.buffer);
    const box = [0, 0, 0, TRIANGLE.byteLength, 1, 1] as const;
    fixture.submit(new StreamBuilder().inlineWrite({ resource: VERTICES, box }, words));
  }

  /**
   * Makes a pipeline that samples `texture` to a fresh RGBA target of the host's.
   * @returns a function that draws and reads the target back: tight rows of R, G, B, A
   */
  sampler(texture: number, format: number, width: number, height: number): () => Uint8Array {
    const fixture = this.#fixture;
    const target = this.#targets++;
    const sub = this.#subContexts++;
    const rgba = v.VirglFormat.R8G8B8A8_UNORM;
    fixture.must(fixture.create(target, { format: rgba, bind: v.VIRGL_BIND_RENDER_TARGET, width, height }));
    fixture.submit(this.pipeline(sub, target, texture, format, width, height));
    return () => {
      const draw = new StreamBuilder().setSubContext(sub).clear(v.PIPE_CLEAR_COLOR0, [0, 0, 0, 0]).draw({ count: 3 });
      fixture.submit(draw);
      return fixture.glContents(target, width, height);
    };
  }

  /** The sub-context of the sampler that was made last. */
  get lastSub(): number {
    return this.#subContexts - 1;
  }

  /** Clears what `clearStream` has bound in its sub-context, to 0. */
  again(sub: number): StreamBuilder {
    return new StreamBuilder().setSubContext(sub).clear(v.PIPE_CLEAR_COLOR0, [0, 0, 0, 0]);
  }

  /** The draw of a pipeline. */
  draw(sub: number): StreamBuilder {
    return new StreamBuilder().setSubContext(sub).draw({ count: 3 });
  }

  /** Nothing of a pipeline is left: nothing holds its resources. */
  leave(sub: number): StreamBuilder {
    return new StreamBuilder().destroySubContext(sub);
  }

  /** Everything up to the draw: samples `texture` to `target` of format RGBA in a sub-context. */
  pipeline(sub: number, target: number, texture: number, format: number, width: number, height: number): StreamBuilder {
    return new StreamBuilder()
      .createPlainPipeline({
        subContext: sub,
        target,
        format: v.VirglFormat.R8G8B8A8_UNORM,
        attributes: 2,
        vertex: VERTEX,
        fragment: FRAGMENT,
      })
      .createSamplerView(8, texture, format)
      .createSamplerState(9)
      .setSamplerViews(v.PIPE_SHADER_FRAGMENT, 0, [8])
      .bindSamplerStates(v.PIPE_SHADER_FRAGMENT, 0, [9])
      .setViewport(width, height)
      .setVertexBuffers([{ stride: 32, offset: 0, resource: VERTICES }]);
  }
}

/** A stream that clears a resource through a surface, in a sub-context of its own. */
export function clearStream(
  sub: number,
  resource: number,
  format: number,
  color: readonly [number, number, number, number],
): StreamBuilder {
  return new StreamBuilder()
    .createSubContext(sub)
    .setSubContext(sub)
    .createSurface(1, resource, format)
    .setFramebuffer([1])
    .clear(v.PIPE_CLEAR_COLOR0, [...color]);
}
