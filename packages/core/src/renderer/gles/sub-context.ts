import { GuestError, type GuestErrorCode } from "../../base/index.js";
import * as v from "../../virgl/index.js";
import { Dirty } from "./dirty.js";
import type { FramebufferEntry } from "./draw/framebuffer.js";
import type { Program } from "./draw/program.js";
import type { GlesHost } from "./gles-host.js";
import { defaultBlend, type BlendState } from "./objects/blend.js";
import { DsaState } from "./objects/dsa.js";
import { HandleTable } from "./objects/handle-table.js";
import { defaultRasterizer, type RasterizerState } from "./objects/rasterizer.js";
import type { ShaderObject } from "./objects/shader-object.js";
import type { Surface } from "./objects/surface.js";
import type { VertexElements } from "./objects/vertex-elements.js";
import type { VirglObject } from "./objects/virgl-object.js";
import type { SubQueries } from "./query/index.js";
import type { GlResource } from "./resource/index.js";
import { StageState } from "./stage-state.js";
import type { SubStreamout } from "./streamout/index.js";
import type { VirglContext } from "./virgl-context.js";

const MAX_VIEWPORTS = 16;
/** 9 vec4: (y sign, point size, alpha reference, framebuffer height), then 8 clip planes; as core/shader lays out its blocks. */
const SYSTEM_FLOATS = 36;

const noDsa = new DsaState(0, 0, 0, 0);
const noBlend = defaultBlend();
const noRasterizer = defaultRasterizer();

/**
 * One gallium `pipe_context` of the guest: its object table and everything that is bound. Plain state; nothing here
 * talks to GL. `dirty` (bits of `Dirty`) tells the next draw what to look at.
 */
export class SubContext {
  readonly context: VirglContext;
  readonly id: number;
  #isBorrowing = false;
  readonly objects = new HandleTable<VirglObject>();
  dirty: number = Dirty.ALL;

  blend: BlendState = noBlend;
  dsa: DsaState = noDsa;
  rasterizer: RasterizerState = noRasterizer;
  vertexElements: VertexElements | null = null;
  vertexShader: ShaderObject | null = null;
  fragmentShader: ShaderObject | null = null;

  /** 6 floats a slot: scale x, y, z, translate x, y, z. Only slot 0 draws (no viewport arrays are offered). */
  readonly viewports = new Float32Array(MAX_VIEWPORTS * 6);
  /** 4 numbers a slot: min x, min y, max x, max y, in pixels. */
  readonly scissors = new Int32Array(MAX_VIEWPORTS * 4);
  readonly blendColor = new Float32Array(4);
  stencilRefFront = 0;
  stencilRefBack = 0;
  sampleMask = 0xffffffff;

  /** Slot i is colour buffer i; `colorCount` is the highest bound slot + 1. */
  readonly colorSurfaces: (Surface | null)[] = new Array<Surface | null>(v.VIRGL_MAX_COLOR_BUFS).fill(null);
  colorCount = 0;
  depthSurface: Surface | null = null;
  /** Resolved from the surfaces by the last draw or clear; null when it must be looked up again. */
  framebuffer: FramebufferEntry | null = null;

  readonly vertexStride = new Uint32Array(v.MAX_VERTEX_BUFFERS);
  readonly vertexOffset = new Uint32Array(v.MAX_VERTEX_BUFFERS);
  readonly vertexBuffers: (GlResource | null)[] = new Array<GlResource | null>(v.MAX_VERTEX_BUFFERS).fill(null);
  /** Slots that the last SET_VERTEX_BUFFERS named. */
  vertexBufferCount = 0;
  /** Start instance and base vertex that the vertex pointers were last set up for. */
  vertexStartInstance = 0;
  vertexBase = 0;
  indexBuffer: GlResource | null = null;
  indexSize = 0;
  indexOffset = 0;

  readonly vertexStage = new StageState();
  readonly fragmentStage = new StageState();

  /** Written at draw; the fragment and vertex blocks take their copy from here. */
  readonly systemValues = new Float32Array(SYSTEM_FLOATS);

  /** The program of the last draw and the key it was found by. */
  program: Program | null = null;
  programIsPoints = false;
  /** Batch whose ring holds this sub-context's constants. */
  ringBatch = 0;

  /** Text of a shader that arrives in pieces. */
  pendingShader: ShaderObject | null = null;

  /** Owned by `query/` and `streamout/`. */
  queries: SubQueries | null = null;
  streamout: SubStreamout | null = null;

  constructor(context: VirglContext, id: number) {
    this.context = context;
    this.id = id;
    this.viewports.set([1, 1, 0.5, 0, 0, 0.5]);
    this.systemValues[0] = 1;
    this.systemValues[1] = 1;
  }

  /** The state of a PIPE_SHADER_ stage, or null for stages that are not offered. */
  stage(index: number): StageState | null {
    if (index === v.PIPE_SHADER_VERTEX) return this.vertexStage;
    return index === v.PIPE_SHADER_FRAGMENT ? this.fragmentStage : null;
  }

  /** Whether a new object may have this handle. All CREATE_OBJECT payloads start with the handle. */
  checkNewHandle(handle: number): GuestErrorCode {
    if (handle === 0) return GuestError.BAD_VALUE;
    if (this.objects.get(handle) !== undefined) return GuestError.ALREADY_EXISTS;
    return this.context.hasRoom() ? GuestError.NONE : GuestError.LIMIT;
  }

  /** Puts an object into the table. `checkNewHandle` has just said that it may be there. */
  put(handle: number, object: VirglObject): void {
    this.objects.put(handle, object);
    this.context.objectCount++;
  }

  /** Takes constant buffer 0 of a stage from the command stream, in place, until `saveConstants`. */
  borrowConstants(stage: StageState, segment: number, stream: Uint8Array, offsetBytes: number, bytes: number): void {
    stage.borrowConstants(segment, stream, offsetBytes, bytes);
    if (this.#isBorrowing) return;
    this.#isBorrowing = true;
    this.context.borrowers.push(this);
  }

  /**
   * Keeps what constant buffers refer to in a command stream that is about to go away. Everything has been flushed.
   * @returns false when they cannot be kept
   */
  saveConstants(host: GlesHost): boolean {
    this.#isBorrowing = false;
    const areKept = this.vertexStage.saveConstants(host);
    return this.fragmentStage.saveConstants(host) && areKept;
  }

  /** Constants that are still in a command stream are no more. */
  dropConstants(): void {
    this.#isBorrowing = false;
    this.vertexStage.dropConstants();
    this.fragmentStage.dropConstants();
  }

  /** `VirglContext.releaseMemory`. */
  releaseMemory(host: GlesHost): void {
    this.vertexStage.releaseMemory(host);
    this.fragmentStage.releaseMemory(host);
  }

  /** Drops every binding and object. The sub-context must not be current. */
  destroy(host: GlesHost): void {
    host.queries.destroySub(this);
    host.streamout.destroySub(this);
    this.bindVertexShader(host, null);
    this.bindFragmentShader(host, null);
    for (let i = 0; i < this.colorSurfaces.length; i++) this.bindColorSurface(host, i, null);
    this.bindDepthSurface(host, null);
    for (let i = 0; i < this.vertexBuffers.length; i++) this.bindVertexBuffer(i, null);
    this.bindIndexBuffer(null);
    this.vertexStage.destroy(host);
    this.fragmentStage.destroy(host);
    this.pendingShader?.release(host);
    this.pendingShader = null;
    this.context.objectCount -= this.objects.size;
    this.objects.drain((object) => object.release(host));
  }

  bindVertexShader(host: GlesHost, shader: ShaderObject | null): void {
    if (this.vertexShader === shader) return;
    shader?.retain();
    this.vertexShader?.release(host);
    this.vertexShader = shader;
    this.program = null;
    this.dirty |= Dirty.PROGRAM;
  }

  bindFragmentShader(host: GlesHost, shader: ShaderObject | null): void {
    if (this.fragmentShader === shader) return;
    shader?.retain();
    this.fragmentShader?.release(host);
    this.fragmentShader = shader;
    this.program = null;
    this.dirty |= Dirty.PROGRAM;
  }

  bindColorSurface(host: GlesHost, slot: number, surface: Surface | null): void {
    const old = this.colorSurfaces[slot]!;
    if (old === surface) return;
    surface?.retain();
    old?.release(host);
    this.colorSurfaces[slot] = surface;
    this.framebuffer = null;
    this.dirty |= Dirty.FRAMEBUFFER | Dirty.BLEND | Dirty.PROGRAM;
  }

  bindDepthSurface(host: GlesHost, surface: Surface | null): void {
    if (this.depthSurface === surface) return;
    surface?.retain();
    this.depthSurface?.release(host);
    this.depthSurface = surface;
    this.framebuffer = null;
    this.dirty |= Dirty.FRAMEBUFFER;
  }

  bindVertexBuffer(slot: number, resource: GlResource | null): void {
    const old = this.vertexBuffers[slot]!;
    if (old === resource) return;
    resource?.retain();
    old?.release();
    this.vertexBuffers[slot] = resource;
  }

  bindIndexBuffer(resource: GlResource | null): void {
    if (this.indexBuffer === resource) return;
    resource?.retain();
    this.indexBuffer?.release();
    this.indexBuffer = resource;
  }
}
