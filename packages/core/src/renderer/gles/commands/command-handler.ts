import { GuestError, type GuestErrorCode } from "../../../base/index.js";
import * as v from "../../../virgl/index.js";
import { clear } from "../draw/clear.js";
import { DrawEngine } from "../draw/draw.js";
import type { GlesHost } from "../gles-host.js";
import { createSamplerView, createSurface } from "../objects/create-views.js";
import { createShader } from "../objects/shader-object.js";
import * as bind from "./bind-commands.js";
import { getResourceLayout } from "./resource-layout.js";
import * as set from "./set-commands.js";

/**
 * Every offered virgl command, dispatched to the part that implements it. `host.current` is the sub-context that commands
 * mean. One line a command: what a command does is in `commands/`, `objects/`, `draw/`, `transfer/`, `blit/`, `query/`
 * and `streamout/`.
 */
export class CommandHandler implements v.VirglHandler {
  readonly #host: GlesHost;
  readonly #draw: DrawEngine;

  constructor(host: GlesHost) {
    this.#host = host;
    this.#draw = new DrawEngine(host);
  }

  createBlend(dw: Uint32Array, at: number, len: number): GuestErrorCode {
    return bind.createStateObject(this.#host, v.VIRGL_OBJECT_BLEND, dw, at, len);
  }

  createRasterizer(dw: Uint32Array, at: number, len: number): GuestErrorCode {
    return bind.createStateObject(this.#host, v.VIRGL_OBJECT_RASTERIZER, dw, at, len);
  }

  createDsa(dw: Uint32Array, at: number, len: number): GuestErrorCode {
    return bind.createStateObject(this.#host, v.VIRGL_OBJECT_DSA, dw, at, len);
  }

  createVertexElements(dw: Uint32Array, at: number, len: number): GuestErrorCode {
    return bind.createStateObject(this.#host, v.VIRGL_OBJECT_VERTEX_ELEMENTS, dw, at, len);
  }

  createSamplerState(dw: Uint32Array, at: number, len: number): GuestErrorCode {
    return bind.createStateObject(this.#host, v.VIRGL_OBJECT_SAMPLER_STATE, dw, at, len);
  }

  createShader(dw: Uint32Array, at: number, len: number): GuestErrorCode {
    if (!this.#host.current!.context.hasRoom()) return GuestError.LIMIT;
    return createShader(this.#host, dw, at, len);
  }

  createSamplerView(dw: Uint32Array, at: number, _len: number): GuestErrorCode {
    const sub = this.#host.current!;
    const code = sub.checkNewHandle(dw[at + v.VIRGL_OBJ_CREATE_HANDLE]!);
    return code === GuestError.NONE ? createSamplerView(this.#host, sub, dw, at) : code;
  }

  createSurface(dw: Uint32Array, at: number, _len: number): GuestErrorCode {
    const sub = this.#host.current!;
    const code = sub.checkNewHandle(dw[at + v.VIRGL_OBJ_CREATE_HANDLE]!);
    return code === GuestError.NONE ? createSurface(this.#host, sub, dw, at) : code;
  }

  createQuery(dw: Uint32Array, at: number, len: number): GuestErrorCode {
    const { context } = this.#host.current!;
    const code = context.sub.checkNewHandle(dw[at + v.VIRGL_OBJ_CREATE_HANDLE]!);
    return code === GuestError.NONE ? this.#host.queries.createQuery(context, dw, at, len) : code;
  }

  createStreamoutTarget(dw: Uint32Array, at: number, len: number): GuestErrorCode {
    const { context } = this.#host.current!;
    const code = context.sub.checkNewHandle(dw[at + v.VIRGL_OBJ_CREATE_HANDLE]!);
    return code === GuestError.NONE ? this.#host.streamout.createTarget(context, dw, at, len) : code;
  }

  bindObject(dw: Uint32Array, at: number, _len: number): GuestErrorCode {
    return bind.bindObject(this.#host, dw, at);
  }

  destroyObject(dw: Uint32Array, at: number, _len: number): GuestErrorCode {
    return bind.destroyObject(this.#host, dw, at);
  }

  setViewportState(dw: Uint32Array, at: number, len: number): GuestErrorCode {
    return set.setViewportState(this.#host, dw, at, len);
  }

  setFramebufferState(dw: Uint32Array, at: number, len: number): GuestErrorCode {
    return bind.setFramebufferState(this.#host, dw, at, len);
  }

  setVertexBuffers(dw: Uint32Array, at: number, len: number): GuestErrorCode {
    return bind.setVertexBuffers(this.#host, dw, at, len);
  }

  clear(dw: Uint32Array, at: number, _len: number): GuestErrorCode {
    return clear(this.#host, dw, at);
  }

  drawVbo(dw: Uint32Array, at: number, len: number): GuestErrorCode {
    return this.#draw.drawVbo(dw, at, len);
  }

  resourceInlineWrite(dw: Uint32Array, at: number, len: number): GuestErrorCode {
    return this.#host.transfers.inlineWrite(this.#host.current!.context, dw, at, len);
  }

  setSamplerViews(dw: Uint32Array, at: number, len: number): GuestErrorCode {
    return bind.setSamplerViews(this.#host, dw, at, len);
  }

  setIndexBuffer(dw: Uint32Array, at: number, len: number): GuestErrorCode {
    return bind.setIndexBuffer(this.#host, dw, at, len);
  }

  setConstantBuffer(dw: Uint32Array, at: number, len: number): GuestErrorCode {
    return bind.setConstantBuffer(this.#host, dw, at, len);
  }

  setStencilRef(dw: Uint32Array, at: number, _len: number): GuestErrorCode {
    return set.setStencilRef(this.#host, dw, at);
  }

  setBlendColor(dw: Uint32Array, at: number, _len: number): GuestErrorCode {
    return set.setBlendColor(this.#host, dw, at);
  }

  setScissorState(dw: Uint32Array, at: number, len: number): GuestErrorCode {
    return set.setScissorState(this.#host, dw, at, len);
  }

  blit(dw: Uint32Array, at: number, len: number): GuestErrorCode {
    return this.#host.blits.blit(this.#host.current!.context, dw, at, len);
  }

  resourceCopyRegion(dw: Uint32Array, at: number, len: number): GuestErrorCode {
    return this.#host.blits.copyRegion(this.#host.current!.context, dw, at, len);
  }

  bindSamplerStates(dw: Uint32Array, at: number, len: number): GuestErrorCode {
    return bind.bindSamplerStates(this.#host, dw, at, len);
  }

  beginQuery(dw: Uint32Array, at: number, len: number): GuestErrorCode {
    return this.#host.queries.beginQuery(this.#host.current!.context, dw, at, len);
  }

  endQuery(dw: Uint32Array, at: number, len: number): GuestErrorCode {
    return this.#host.queries.endQuery(this.#host.current!.context, dw, at, len);
  }

  getQueryResult(dw: Uint32Array, at: number, len: number): GuestErrorCode {
    return this.#host.queries.getQueryResult(this.#host.current!.context, dw, at, len);
  }

  setClipState(dw: Uint32Array, at: number, _len: number): GuestErrorCode {
    return set.setClipState(this.#host, dw, at);
  }

  setSampleMask(dw: Uint32Array, at: number, _len: number): GuestErrorCode {
    return set.setSampleMask(this.#host, dw, at);
  }

  setStreamoutTargets(dw: Uint32Array, at: number, len: number): GuestErrorCode {
    return this.#host.streamout.setTargets(this.#host.current!.context, dw, at, len);
  }

  setUniformBuffer(dw: Uint32Array, at: number, _len: number): GuestErrorCode {
    return bind.setUniformBuffer(this.#host, dw, at);
  }

  setSubCtx(dw: Uint32Array, at: number, _len: number): GuestErrorCode {
    const { context } = this.#host.current!;
    const code = context.selectSub(dw[at + 1]!);
    this.#host.makeCurrent(context.sub);
    return code;
  }

  createSubCtx(dw: Uint32Array, at: number, _len: number): GuestErrorCode {
    return this.#host.current!.context.createSub(dw[at + 1]!);
  }

  destroySubCtx(dw: Uint32Array, at: number, _len: number): GuestErrorCode {
    return this.#host.current!.context.destroySub(dw[at + 1]!);
  }

  bindShader(dw: Uint32Array, at: number, _len: number): GuestErrorCode {
    return bind.bindShader(this.#host, dw, at);
  }

  transfer3d(dw: Uint32Array, at: number, len: number): GuestErrorCode {
    return this.#host.transfers.transfer3d(this.#host.current!.context, dw, at, len);
  }

  copyTransfer3d(dw: Uint32Array, at: number, len: number): GuestErrorCode {
    return this.#host.transfers.copyTransfer3d(this.#host.current!.context, dw, at, len);
  }

  /** A hint; programs are linked at their first draw, when the rest of their key is known. */
  linkShader(_dw: Uint32Array, _at: number, _len: number): GuestErrorCode {
    return GuestError.NONE;
  }

  clearTexture(dw: Uint32Array, at: number, len: number): GuestErrorCode {
    return this.#host.transfers.clearTexture(this.#host.current!.context, dw, at, len);
  }

  getPipeResourceLayout(dw: Uint32Array, at: number, _len: number): GuestErrorCode {
    return getResourceLayout(this.#host, this.#host.current!.context, dw, at);
  }

  pipeResourceCreate(dw: Uint32Array, at: number, _len: number): GuestErrorCode {
    return this.#host.current!.context.describeBlob(dw, at);
  }

  pipeResourceSetType(dw: Uint32Array, at: number, len: number): GuestErrorCode {
    return this.#host.typedBlobs.setType(this.#host.current!.context, dw, at, len);
  }

  clearSurface(dw: Uint32Array, at: number, len: number): GuestErrorCode {
    return this.#host.blits.clearSurface(this.#host.current!.context, dw, at, len);
  }
}
