import type { GuestErrorCode } from "../base/index.js";

/**
 * One command. `at` is the index of the header in `dw`, so that payload fields are `dw[at + VIRGL_…]`; `len` is the payload
 * length in dwords, already checked against the command table and the end of the stream. `dw` is borrowed until return.
 */
export type CommandMethod = (dw: Uint32Array, at: number, len: number) => GuestErrorCode;

/**
 * What executes the commands that are offered. Names follow virgl_protocol.h (VIRGL_CCMD_…). A code other than NONE ends
 * the stream. Values inside the payload are unchecked guest numbers; only counts that the length implies can be trusted
 * (`len`, and for shaders that the stream-output header fits).
 */
export interface VirglHandler {
  createBlend: CommandMethod;
  createRasterizer: CommandMethod;
  createDsa: CommandMethod;
  /** Also continuations: VIRGL_OBJ_SHADER_OFFSET with VIRGL_OBJ_SHADER_OFFSET_CONT. */
  createShader: CommandMethod;
  /** `(len - 1) / 4` elements. */
  createVertexElements: CommandMethod;
  createSamplerView: CommandMethod;
  createSamplerState: CommandMethod;
  createSurface: CommandMethod;
  createQuery: CommandMethod;
  createStreamoutTarget: CommandMethod;
  /** The object type is in the header: `headerObjectType(dw[at])`. Handle 0 unbinds. */
  bindObject: CommandMethod;
  /** The object type is in the header. */
  destroyObject: CommandMethod;
  setViewportState: CommandMethod;
  /** `len - 2` colour buffer handles; VIRGL_SET_FRAMEBUFFER_STATE_NR_CBUFS equals that (checked). */
  setFramebufferState: CommandMethod;
  setVertexBuffers: CommandMethod;
  clear: CommandMethod;
  /** `len` is 12, 14 or 20. */
  drawVbo: CommandMethod;
  resourceInlineWrite: CommandMethod;
  setSamplerViews: CommandMethod;
  /** `len` 1: unbind. */
  setIndexBuffer: CommandMethod;
  setConstantBuffer: CommandMethod;
  setStencilRef: CommandMethod;
  setBlendColor: CommandMethod;
  setScissorState: CommandMethod;
  blit: CommandMethod;
  resourceCopyRegion: CommandMethod;
  bindSamplerStates: CommandMethod;
  beginQuery: CommandMethod;
  endQuery: CommandMethod;
  getQueryResult: CommandMethod;
  setClipState: CommandMethod;
  setSampleMask: CommandMethod;
  setStreamoutTargets: CommandMethod;
  setUniformBuffer: CommandMethod;
  setSubCtx: CommandMethod;
  createSubCtx: CommandMethod;
  destroySubCtx: CommandMethod;
  bindShader: CommandMethod;
  transfer3d: CommandMethod;
  /** Describes the contents of a blob that RESOURCE_CREATE_BLOB makes a resource of. */
  pipeResourceCreate: CommandMethod;
  /** Gives an untyped blob a type. `(len - 8) / 2` planes. */
  pipeResourceSetType: CommandMethod;
  copyTransfer3d: CommandMethod;
  /** A hint that these shaders will be drawn with together; handles may be 0. */
  linkShader: CommandMethod;
  clearTexture: CommandMethod;
  clearSurface: CommandMethod;
  getPipeResourceLayout: CommandMethod;
}
