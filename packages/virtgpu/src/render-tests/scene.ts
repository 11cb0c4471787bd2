/** A pipeline that fills what the viewport covers with constant 0 of the fragment stage. For tests. */
import { StreamBuilder } from "@virtgpu/core/testing";
import * as v from "@virtgpu/core/virgl";
import type { RenderFixture } from "./render-fixture.js";

export const SIZE = 8;
/** Resource id of the vertex buffer. */
const VERTICES = 9000;

export const PASS_THROUGH = "VERT\nDCL IN[0]\nDCL OUT[0], POSITION\n  0: MOV OUT[0], IN[0]\n  1: END\n";
export const CONSTANT_COLOR =
  "FRAG\nPROPERTY FS_COLOR0_WRITES_ALL_CBUFS 1\nDCL OUT[0], COLOR\nDCL CONST[0]\n  0: MOV OUT[0], CONST[0]\n  1: END\n";

/** Handles that `fillPipeline` uses; tests take others. */
export const Handle = { SURFACE: 1, BLEND: 2, RASTERIZER: 3, DSA: 4, ELEMENTS: 5, VERTEX: 6, FRAGMENT: 7 } as const;

/** Uploads the vertices of one triangle that covers everything, usable by context 1 and those given. */
export function uploadTriangle(fixture: RenderFixture, otherContexts: readonly number[] = []): void {
  fixture.buffer(VERTICES, v.VIRGL_BIND_VERTEX_BUFFER, Float32Array.of(-1, -1, 0, 1, 3, -1, 0, 1, -1, 3, 0, 1));
  for (const context of otherContexts) fixture.renderer.attachResource(context, VERTICES);
}

/** A colour target of SIZE × SIZE. */
export function createTarget(
  fixture: RenderFixture,
  id: number,
  format: number,
  contexts: readonly number[] = [1],
): void {
  const bind = v.VIRGL_BIND_RENDER_TARGET | v.VIRGL_BIND_SAMPLER_VIEW;
  fixture.texture(id, { format, bind, width: SIZE, height: SIZE }, contexts);
}

/** Everything up to the draw, in a sub-context of its own. `blendBits` are those of VIRGL_OBJ_BLEND_S2 beside the mask. */
export function fillPipeline(
  subContext: number,
  target: number,
  format: number,
  mask = 15,
  blendBits = 0,
): StreamBuilder {
  return new StreamBuilder()
    .createSubContext(subContext)
    .setSubContext(subContext)
    .createSurface(Handle.SURFACE, target, format)
    .setFramebuffer([Handle.SURFACE])
    .createBlend(Handle.BLEND, mask, blendBits)
    .bindObject(v.VIRGL_OBJECT_BLEND, Handle.BLEND)
    .createRasterizer(Handle.RASTERIZER)
    .bindObject(v.VIRGL_OBJECT_RASTERIZER, Handle.RASTERIZER)
    .createDepthStencilAlpha(Handle.DSA)
    .bindObject(v.VIRGL_OBJECT_DSA, Handle.DSA)
    .createVertexElements(Handle.ELEMENTS, [{ offsetBytes: 0, buffer: 0, format: v.VirglFormat.R32G32B32A32_FLOAT }])
    .bindObject(v.VIRGL_OBJECT_VERTEX_ELEMENTS, Handle.ELEMENTS)
    .createShader(Handle.VERTEX, v.PIPE_SHADER_VERTEX, PASS_THROUGH)
    .createShader(Handle.FRAGMENT, v.PIPE_SHADER_FRAGMENT, CONSTANT_COLOR)
    .bindShader(Handle.VERTEX, v.PIPE_SHADER_VERTEX)
    .bindShader(Handle.FRAGMENT, v.PIPE_SHADER_FRAGMENT)
    .setViewport(SIZE, SIZE)
    .setVertexBuffers([{ stride: 16, offset: 0, resource: VERTICES }]);
}

export function fill(stream: StreamBuilder, color: readonly [number, number, number, number]): StreamBuilder {
  return stream.setConstants(v.PIPE_SHADER_FRAGMENT, color).draw({ count: 3 });
}
