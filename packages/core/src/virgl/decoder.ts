import { GuestError, type GuestErrorCode } from "../base/index.js";
import { defaultCommandSet, StatusCode, type CommandSet } from "./command-set.js";
import { MAX_STREAMOUT_OUTPUTS } from "./command-table.js";
import type { VirglHandler } from "./handler.js";
import { isNullUse } from "./null-state.js";
import * as p from "./protocol/index.js";

/**
 * Where decoding ended, and how much was seen. One object is reused for every stream of a context: decoding allocates nothing.
 */
export class DecodeOutcome {
  /** Number of the last command looked at; `commandName` names it. */
  command = 0;
  /** Object type of its header. */
  objectType = 0;
  /** Index of its header, in dwords from the start of the stream. */
  offsetDwords = 0;
  /** Commands accepted since construction, by command number. */
  readonly counts = new Float64Array(p.VIRGL_MAX_COMMANDS);
  /** Commands at which a stream ended with an error, by command number; one more slot for unknown numbers. */
  readonly failures = new Float64Array(p.VIRGL_MAX_COMMANDS + 1);

  /** Commands of this number that the decoder looked at. */
  seen(command: number): number {
    return this.counts[command]! + this.failures[command]!;
  }
}

/**
 * Decodes `dw[start, end)` and executes it in the same pass. Each header's length is checked against the command set and
 * the end of the stream before the handler sees it. Stops at the first error; `outcome` then names command and offset.
 *
 * `dw` must be private memory: a guest that could still change it could change a length after its check.
 */
export function decodeStream(
  dw: Uint32Array,
  start: number,
  end: number,
  handler: VirglHandler,
  outcome: DecodeOutcome,
  set: CommandSet = defaultCommandSet,
): GuestErrorCode {
  const code = decodeCommands(dw, start, end, handler, outcome, set);
  if (code !== GuestError.NONE) outcome.failures[Math.min(outcome.command, p.VIRGL_MAX_COMMANDS)]! += 1;
  return code;
}

function decodeCommands(
  dw: Uint32Array,
  start: number,
  end: number,
  handler: VirglHandler,
  outcome: DecodeOutcome,
  set: CommandSet,
): GuestErrorCode {
  const rows = set.commandRows;
  let at = start;
  while (at < end) {
    const header = dw[at]!;
    const command = header & 0xff;
    const len = header >>> 16;
    outcome.command = command;
    outcome.objectType = (header >>> 8) & 0xff;
    outcome.offsetDwords = at - start;
    if (command >= rows.count) return GuestError.UNKNOWN_COMMAND;
    if (len >= end - at || !rows.acceptsLength(command, len)) return GuestError.BAD_LENGTH;
    const status = rows.status[command]!;
    let code: GuestErrorCode;
    if (status === StatusCode.OFFERED) code = dispatch(dw, at, len, handler, set);
    else if (status === StatusCode.IGNORED) code = GuestError.NONE;
    else if (status === StatusCode.NULL_ONLY && isNullUse(dw, at, len)) code = GuestError.NONE;
    else code = GuestError.NOT_OFFERED;
    if (code !== GuestError.NONE) return code;
    outcome.counts[command]! += 1;
    at += len + 1;
  }
  return GuestError.NONE;
}

function dispatch(dw: Uint32Array, at: number, len: number, handler: VirglHandler, set: CommandSet): GuestErrorCode {
  switch (dw[at]! & 0xff) {
    case p.VIRGL_CCMD_DRAW_VBO:
      // The table's range has gaps: 16 and 18 are no layout.
      if (
        len !== p.VIRGL_DRAW_VBO_SIZE &&
        len !== p.VIRGL_DRAW_VBO_SIZE_TESS &&
        len !== p.VIRGL_DRAW_VBO_SIZE_INDIRECT
      ) {
        return GuestError.BAD_LENGTH;
      }
      return handler.drawVbo(dw, at, len);
    case p.VIRGL_CCMD_SET_CONSTANT_BUFFER:
      return handler.setConstantBuffer(dw, at, len);
    case p.VIRGL_CCMD_SET_VERTEX_BUFFERS:
      return handler.setVertexBuffers(dw, at, len);
    case p.VIRGL_CCMD_SET_INDEX_BUFFER:
      return handler.setIndexBuffer(dw, at, len);
    case p.VIRGL_CCMD_SET_UNIFORM_BUFFER:
      return handler.setUniformBuffer(dw, at, len);
    case p.VIRGL_CCMD_SET_SAMPLER_VIEWS:
      return handler.setSamplerViews(dw, at, len);
    case p.VIRGL_CCMD_BIND_SAMPLER_STATES:
      return handler.bindSamplerStates(dw, at, len);
    case p.VIRGL_CCMD_BIND_OBJECT:
      return handler.bindObject(dw, at, len);
    case p.VIRGL_CCMD_BIND_SHADER:
      return handler.bindShader(dw, at, len);
    case p.VIRGL_CCMD_CREATE_OBJECT:
      return createObject(dw, at, len, handler, set);
    case p.VIRGL_CCMD_DESTROY_OBJECT:
      return handler.destroyObject(dw, at, len);
    case p.VIRGL_CCMD_SET_VIEWPORT_STATE:
      return handler.setViewportState(dw, at, len);
    case p.VIRGL_CCMD_SET_FRAMEBUFFER_STATE:
      if (dw[at + p.VIRGL_SET_FRAMEBUFFER_STATE_NR_CBUFS] !== len - 2) return GuestError.BAD_LENGTH;
      return handler.setFramebufferState(dw, at, len);
    case p.VIRGL_CCMD_CLEAR:
      return handler.clear(dw, at, len);
    case p.VIRGL_CCMD_RESOURCE_INLINE_WRITE:
      return handler.resourceInlineWrite(dw, at, len);
    case p.VIRGL_CCMD_SET_STENCIL_REF:
      return handler.setStencilRef(dw, at, len);
    case p.VIRGL_CCMD_SET_BLEND_COLOR:
      return handler.setBlendColor(dw, at, len);
    case p.VIRGL_CCMD_SET_SCISSOR_STATE:
      return handler.setScissorState(dw, at, len);
    case p.VIRGL_CCMD_BLIT:
      return handler.blit(dw, at, len);
    case p.VIRGL_CCMD_RESOURCE_COPY_REGION:
      return handler.resourceCopyRegion(dw, at, len);
    case p.VIRGL_CCMD_BEGIN_QUERY:
      return handler.beginQuery(dw, at, len);
    case p.VIRGL_CCMD_END_QUERY:
      return handler.endQuery(dw, at, len);
    case p.VIRGL_CCMD_GET_QUERY_RESULT:
      return handler.getQueryResult(dw, at, len);
    case p.VIRGL_CCMD_SET_CLIP_STATE:
      return handler.setClipState(dw, at, len);
    case p.VIRGL_CCMD_SET_SAMPLE_MASK:
      return handler.setSampleMask(dw, at, len);
    case p.VIRGL_CCMD_SET_STREAMOUT_TARGETS:
      return handler.setStreamoutTargets(dw, at, len);
    case p.VIRGL_CCMD_SET_SUB_CTX:
      return handler.setSubCtx(dw, at, len);
    case p.VIRGL_CCMD_CREATE_SUB_CTX:
      return handler.createSubCtx(dw, at, len);
    case p.VIRGL_CCMD_DESTROY_SUB_CTX:
      return handler.destroySubCtx(dw, at, len);
    case p.VIRGL_CCMD_TRANSFER3D:
      return handler.transfer3d(dw, at, len);
    case p.VIRGL_CCMD_COPY_TRANSFER3D:
      return handler.copyTransfer3d(dw, at, len);
    case p.VIRGL_CCMD_LINK_SHADER:
      return handler.linkShader(dw, at, len);
    case p.VIRGL_CCMD_CLEAR_TEXTURE:
      return handler.clearTexture(dw, at, len);
    case p.VIRGL_CCMD_PIPE_RESOURCE_CREATE:
      return handler.pipeResourceCreate(dw, at, len);
    case p.VIRGL_CCMD_PIPE_RESOURCE_SET_TYPE:
      return handler.pipeResourceSetType(dw, at, len);
    case p.VIRGL_CCMD_CLEAR_SURFACE:
      return handler.clearSurface(dw, at, len);
    case p.VIRGL_CCMD_GET_PIPE_RESOURCE_LAYOUT:
      return handler.getPipeResourceLayout(dw, at, len);
    default:
      // A row said "offered" but nothing executes it. The unit test of this file proves that there is none.
      return GuestError.NOT_OFFERED;
  }
}

function createObject(
  dw: Uint32Array,
  at: number,
  len: number,
  handler: VirglHandler,
  set: CommandSet,
): GuestErrorCode {
  const type = p.headerObjectType(dw[at]!);
  const rows = set.objectRows;
  if (type >= rows.count) return GuestError.BAD_VALUE;
  if (rows.status[type] !== StatusCode.OFFERED) return GuestError.NOT_OFFERED;
  if (!rows.acceptsLength(type, len)) return GuestError.BAD_LENGTH;
  switch (type) {
    case p.VIRGL_OBJECT_BLEND:
      return handler.createBlend(dw, at, len);
    case p.VIRGL_OBJECT_RASTERIZER:
      return handler.createRasterizer(dw, at, len);
    case p.VIRGL_OBJECT_DSA:
      return handler.createDsa(dw, at, len);
    case p.VIRGL_OBJECT_SHADER:
      if (!shaderHeaderFits(dw, at, len)) return GuestError.BAD_LENGTH;
      return handler.createShader(dw, at, len);
    case p.VIRGL_OBJECT_VERTEX_ELEMENTS:
      return handler.createVertexElements(dw, at, len);
    case p.VIRGL_OBJECT_SAMPLER_VIEW:
      return handler.createSamplerView(dw, at, len);
    case p.VIRGL_OBJECT_SAMPLER_STATE:
      return handler.createSamplerState(dw, at, len);
    case p.VIRGL_OBJECT_SURFACE:
      return handler.createSurface(dw, at, len);
    case p.VIRGL_OBJECT_QUERY:
      return handler.createQuery(dw, at, len);
    case p.VIRGL_OBJECT_STREAMOUT_TARGET:
      return handler.createStreamoutTarget(dw, at, len);
    default:
      return GuestError.NOT_OFFERED;
  }
}

/** For compute shaders the count field holds local memory bytes instead. */
function shaderHeaderFits(dw: Uint32Array, at: number, len: number): boolean {
  if (dw[at + p.VIRGL_OBJ_SHADER_TYPE] === p.PIPE_SHADER_COMPUTE) return true;
  const outputs = dw[at + p.VIRGL_OBJ_SHADER_SO_NUM_OUTPUTS]!;
  return outputs <= MAX_STREAMOUT_OUTPUTS && len >= p.VIRGL_OBJ_SHADER_HDR_SIZE(outputs);
}
