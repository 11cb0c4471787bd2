import { GuestError, type GuestErrorCode } from "../../../base/index.js";
import * as v from "../../../virgl/index.js";
import { Dirty } from "../dirty.js";
import type { GlesHost } from "../gles-host.js";
import * as gl from "../state/gl-enum.js";
import { Cap } from "../state/gl-state.js";
import type { SubContext } from "../sub-context.js";
import { ConstantEmitter, reserveLast } from "./constants.js";
import { emitFramebuffer } from "./emit-framebuffer.js";
import * as raster from "./emit-raster.js";
import type { Program } from "./program.js";
import { selectProgram } from "./program-state.js";
import { QuadIndices } from "./quad-indices.js";
import { emitTextures } from "./textures.js";
import { emitVertexInput } from "./vertex-input.js";

const NOT_DRAWN = 0xffff;
const QUADS = 0xfffe;

/** PIPE_PRIM_… → GL mode. Polygons are convex in GL, so a fan draws them; adjacency and patches are not offered. */
const MODE = Uint16Array.of(
  gl.POINTS,
  gl.LINES,
  gl.LINE_LOOP,
  gl.LINE_STRIP,
  gl.TRIANGLES,
  gl.TRIANGLE_STRIP,
  gl.TRIANGLE_FAN,
  QUADS,
  gl.TRIANGLE_STRIP,
  gl.TRIANGLE_FAN,
);

const FIXED_RESTART = [0, 0xff, 0xffff, 0, 0xffffffff];
const INDEX_TYPE = Uint16Array.of(0, gl.UNSIGNED_BYTE, gl.UNSIGNED_SHORT, 0, gl.UNSIGNED_INT);

/** Vertices that transform feedback records of one instance: those of whole points, lines or triangles, strips taken apart. */
function capturedVertices(primitive: number, count: number): number {
  switch (primitive) {
    case v.PIPE_PRIM_POINTS:
      return count;
    case v.PIPE_PRIM_LINES:
      return count - (count % 2);
    case v.PIPE_PRIM_LINE_LOOP:
      return count < 2 ? 0 : count * 2;
    case v.PIPE_PRIM_LINE_STRIP:
      return count < 2 ? 0 : (count - 1) * 2;
    case v.PIPE_PRIM_TRIANGLES:
      return count - (count % 3);
    case v.PIPE_PRIM_QUADS:
      return Math.floor(count / 4) * 6;
    default:
      return count < 3 ? 0 : (count - 2) * 3;
  }
}

/** DRAW_VBO: emits the state groups that are dirty, then the draw. */
export class DrawEngine {
  readonly #host: GlesHost;
  readonly #constants: ConstantEmitter;
  readonly #quads: QuadIndices;

  constructor(host: GlesHost) {
    this.#host = host;
    this.#constants = new ConstantEmitter(host);
    this.#quads = new QuadIndices(host);
  }

  /** DRAW_VBO (virgl_protocol.h: VIRGL_DRAW_VBO_…). A draw that lacks a shader or framebuffer is skipped and counted. */
  drawVbo(dw: Uint32Array, at: number, len: number): GuestErrorCode {
    const host = this.#host;
    const sub = host.current!;
    const primitive = dw[at + v.VIRGL_DRAW_VBO_MODE]!;
    const count = dw[at + v.VIRGL_DRAW_VBO_COUNT]!;
    const start = dw[at + v.VIRGL_DRAW_VBO_START]!;
    const instances = dw[at + v.VIRGL_DRAW_VBO_INSTANCE_COUNT]!;
    if (primitive >= v.PIPE_PRIM_MAX || start > 0x7fffffff || count > 0x7fffffff || instances > 0x7fffffff) {
      return GuestError.BAD_VALUE;
    }
    if (dw[at + v.VIRGL_DRAW_VBO_COUNT_FROM_SO] !== 0) return GuestError.NOT_OFFERED;
    if (len === v.VIRGL_DRAW_VBO_SIZE_INDIRECT && dw[at + v.VIRGL_DRAW_VBO_INDIRECT_HANDLE] !== 0) {
      return GuestError.NOT_OFFERED;
    }
    const mode = primitive < MODE.length ? MODE[primitive]! : NOT_DRAWN;
    if (mode === NOT_DRAWN) return GuestError.NOT_OFFERED;
    const indexed = dw[at + v.VIRGL_DRAW_VBO_INDEXED] !== 0;
    if (indexed && sub.indexBuffer === null) return this.#skip();
    if (count === 0 || instances === 0) return GuestError.NONE;
    const bias = dw[at + v.VIRGL_DRAW_VBO_INDEX_BIAS]! | 0;
    const shiftsBase = indexed && bias !== 0 && !host.caps.features.baseVertex;
    const startInstance = dw[at + v.VIRGL_DRAW_VBO_START_INSTANCE]!;
    const glMode = mode === QUADS ? gl.TRIANGLES : mode;
    let quadBuffer = 0;
    if (mode === QUADS) {
      if (indexed || !host.caps.features.baseVertex) return GuestError.NOT_OFFERED;
      quadBuffer = this.#quads.buffer(Math.floor(count / 4));
      if (quadBuffer === 0) return this.#skip();
    }
    if (!this.#prepare(sub, glMode, startInstance, shiftsBase ? bias : 0)) return this.#skip();
    host.counters.draws++;
    if (sub.streamout !== null) {
      const program = sub.program!;
      const vertices = capturedVertices(primitive, count) * instances;
      const isIndexed = indexed || quadBuffer !== 0;
      host.streamout.beforeDraw(sub, program.name, program.iface!.captures, glMode, vertices, isIndexed);
    }
    if (quadBuffer !== 0) return this.#drawQuads(quadBuffer, start, count, instances);
    if (!indexed) return this.#drawArrays(mode, start, count, instances);
    const code = this.#setRestart(sub, dw, at);
    if (code !== GuestError.NONE) return code;
    return this.#drawIndexed(sub, mode, count, instances, shiftsBase ? 0 : bias);
  }

  #skip(): GuestErrorCode {
    this.#host.counters.skippedDraws++;
    return GuestError.NONE;
  }

  /** Brings GL to the sub-context's state. False when it cannot draw. */
  #prepare(sub: SubContext, glMode: number, startInstance: number, baseVertex: number): boolean {
    const host = this.#host;
    const { encoder } = host;
    const isPoints = glMode === gl.POINTS;
    let dirty = sub.dirty;
    if ((dirty & Dirty.FRAMEBUFFER) !== 0 || sub.framebuffer === null) {
      if (!emitFramebuffer(host, sub)) return false;
    }
    let program = sub.program;
    if ((dirty & Dirty.PROGRAM) !== 0 || program === null || sub.programIsPoints !== isPoints) {
      const selected = selectProgram(host, sub, isPoints);
      if (selected === null) return false;
      if (selected !== program) {
        sub.program = selected;
        sub.dirty |= PROGRAM_GROUPS;
        program = selected;
      }
      sub.programIsPoints = isPoints;
    }
    if (program.failed) return false;
    if (sub.dirty !== 0) this.#emitFixedFunction(sub, program);
    dirty = sub.dirty;
    if ((dirty & Dirty.PROGRAM) !== 0) this.#useProgram(sub, program);
    if ((dirty & Dirty.TEXTURES) !== 0) emitTextures(host, sub, program);
    if ((dirty & Dirty.VERTEX) !== 0 || sub.vertexStartInstance !== startInstance || sub.vertexBase !== baseVertex) {
      emitVertexInput(host, sub, program, startInstance, baseVertex);
    }
    let left = 0;
    if ((dirty & Dirty.UNIFORM_BUFFERS) !== 0 && this.#constants.emitUniformBuffers(sub, program)) {
      left = Dirty.UNIFORM_BUFFERS;
    }
    if (sub.queries !== null) host.queries.resumeAll(sub);
    // What comes before may flush, at any place, and ring bindings do not outlive their batch: what follows is in one with the draw.
    reserveLast(encoder, program);
    if (sub.ringBatch !== encoder.batchId) dirty |= CONSTANT_GROUPS;
    if ((dirty & CONSTANT_GROUPS) !== 0) this.#constants.emitConstants(sub, program, dirty);
    sub.dirty = left;
    return true;
  }

  #useProgram(sub: SubContext, program: Program): void {
    const { state, streamout } = this.#host;
    if (sub.streamout !== null) streamout.pause(sub);
    state.useProgram(program.name);
    for (let i = 0; i < 8; i++) state.enable(Cap.CLIP_DISTANCE0 + i, ((program.clipDistanceEnable >> i) & 1) !== 0);
  }

  /** Viewport to sample mask. May set SYSTEM_VALUES. */
  #emitFixedFunction(sub: SubContext, program: Program): void {
    const host = this.#host;
    const { dirty } = sub;
    if ((dirty & Dirty.VIEWPORT) !== 0) raster.emitViewport(host, sub);
    if ((dirty & Dirty.RASTERIZER) !== 0) raster.emitRasterizer(host, sub);
    if ((dirty & Dirty.SCISSOR) !== 0) raster.emitScissor(host, sub);
    if ((dirty & Dirty.DSA) !== 0) raster.emitDsa(host, sub);
    if ((dirty & Dirty.BLEND) !== 0) raster.emitBlend(host, sub, program.colorOutputMask);
    if ((dirty & (Dirty.BLEND_COLOR | Dirty.FRAMEBUFFER)) !== 0) raster.emitBlendColor(host, sub);
    if ((dirty & (Dirty.SAMPLE_MASK | Dirty.FRAMEBUFFER)) !== 0) raster.emitSampleMask(host, sub);
  }

  #drawArrays(mode: number, start: number, count: number, instances: number): GuestErrorCode {
    const { encoder } = this.#host;
    if (instances === 1) encoder.drawArrays(mode, start, count);
    else encoder.drawArraysInstanced(mode, start, count, instances);
    return GuestError.NONE;
  }

  #drawQuads(buffer: number, start: number, count: number, instances: number): GuestErrorCode {
    const { encoder, bindings, state } = this.#host;
    const indices = Math.floor(count / 4) * 6;
    state.enable(Cap.PRIMITIVE_RESTART, false);
    bindings.elementBuffer(buffer);
    encoder.drawElementsInstancedBaseVertex(gl.TRIANGLES, indices, gl.UNSIGNED_INT, 0, instances, start);
    return GuestError.NONE;
  }

  /** Primitive restart: GLES restarts at the largest index of the type, which is what GLES guests ask for. */
  #setRestart(sub: SubContext, dw: Uint32Array, at: number): GuestErrorCode {
    const { state } = this.#host;
    if (dw[at + v.VIRGL_DRAW_VBO_PRIMITIVE_RESTART] === 0) {
      state.enable(Cap.PRIMITIVE_RESTART, false);
      return GuestError.NONE;
    }
    const index = dw[at + v.VIRGL_DRAW_VBO_RESTART_INDEX]!;
    const fixed = FIXED_RESTART[sub.indexSize]!;
    if (index < fixed) return GuestError.NOT_OFFERED;
    state.enable(Cap.PRIMITIVE_RESTART, index === fixed);
    return GuestError.NONE;
  }

  /**
   * The first index is where the index buffer's offset says: guests count START into it, and repeat it in the command
   *. Indices that lie beyond their buffer are not drawn; vertices beyond theirs
   * are the robust context's matter.
   */
  #drawIndexed(sub: SubContext, mode: number, count: number, instances: number, bias: number): GuestErrorCode {
    const { encoder, bindings } = this.#host;
    const buffer = sub.indexBuffer!;
    const offset = sub.indexOffset;
    const available = Math.floor((buffer.sizeBytes - offset) / sub.indexSize);
    const drawn = Math.min(count, available);
    if (drawn <= 0 || offset % sub.indexSize !== 0) return this.#skip();
    const type = INDEX_TYPE[sub.indexSize]!;
    bindings.elementBuffer(buffer.name);
    if (bias === 0) {
      if (instances === 1) encoder.drawElements(mode, drawn, type, offset);
      else encoder.drawElementsInstanced(mode, drawn, type, offset, instances);
    } else if (instances === 1) encoder.drawElementsBaseVertex(mode, drawn, type, offset, bias);
    else encoder.drawElementsInstancedBaseVertex(mode, drawn, type, offset, instances, bias);
    return GuestError.NONE;
  }
}

/** What another program needs again: its own blocks, units and attributes, and the masks of outputs it lacks. */
const PROGRAM_GROUPS =
  Dirty.PROGRAM |
  Dirty.CONSTANTS_VERTEX |
  Dirty.CONSTANTS_FRAGMENT |
  Dirty.SYSTEM_VALUES |
  Dirty.UNIFORM_BUFFERS |
  Dirty.TEXTURES |
  Dirty.VERTEX |
  Dirty.BLEND;
const CONSTANT_GROUPS = Dirty.CONSTANTS_VERTEX | Dirty.CONSTANTS_FRAGMENT | Dirty.SYSTEM_VALUES;
