import { GuestError, type GuestErrorCode } from "../base/index.js";
import type { CommandMethod, VirglHandler } from "../virgl/index.js";

const METHODS = [
  "createBlend",
  "createRasterizer",
  "createDsa",
  "createShader",
  "createVertexElements",
  "createSamplerView",
  "createSamplerState",
  "createSurface",
  "createQuery",
  "createStreamoutTarget",
  "bindObject",
  "destroyObject",
  "setViewportState",
  "setFramebufferState",
  "setVertexBuffers",
  "clear",
  "drawVbo",
  "resourceInlineWrite",
  "setSamplerViews",
  "setIndexBuffer",
  "setConstantBuffer",
  "setStencilRef",
  "setBlendColor",
  "setScissorState",
  "blit",
  "resourceCopyRegion",
  "bindSamplerStates",
  "beginQuery",
  "endQuery",
  "getQueryResult",
  "setClipState",
  "setSampleMask",
  "setStreamoutTargets",
  "setUniformBuffer",
  "setSubCtx",
  "createSubCtx",
  "destroySubCtx",
  "bindShader",
  "transfer3d",
  "copyTransfer3d",
  "linkShader",
  "clearTexture",
  "clearSurface",
  "getPipeResourceLayout",
  "pipeResourceCreate",
  "pipeResourceSetType",
] as const satisfies readonly (keyof VirglHandler)[];

/** A handler that executes nothing: it notes which methods were called, with the payload length. */
export interface RecordingHandler extends VirglHandler {
  readonly calls: { readonly method: keyof VirglHandler; readonly at: number; readonly len: number }[];
  /** Answered from the next call on. */
  code: GuestErrorCode;
}

/** Makes a handler whose every method answers `code` (NONE at first). */
export function createRecordingHandler(): RecordingHandler {
  const handler: Partial<Record<keyof VirglHandler, CommandMethod>> & Pick<RecordingHandler, "calls" | "code"> = {
    calls: [],
    code: GuestError.NONE,
  };
  for (const method of METHODS) {
    handler[method] = (_dw, at, len) => {
      handler.calls.push({ method, at, len });
      return handler.code;
    };
  }
  return handler as RecordingHandler;
}
