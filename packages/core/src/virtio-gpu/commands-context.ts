/** Capability sets, contexts and command streams. Spec: virtio 1.3, GPU Device / Device Operation: 3D commands. */
import { GuestError, type GuestErrorCode } from "../base/index.js";
import type { DescriptorChain } from "../virtqueue/index.js";
import { type Answer, dataAnswer, plainAnswer, responseType } from "./answer.js";
import type { DeviceState } from "./device-state.js";
import {
  VIRTIO_GPU_CONTEXT_INIT_CAPSET_ID_MASK,
  VIRTIO_GPU_CTRL_HDR_BYTES as HEADER,
  VIRTIO_GPU_F_CONTEXT_INIT,
  VIRTIO_GPU_RESP_ERR_INVALID_CONTEXT_ID,
  VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER,
  VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID,
  VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY,
  VIRTIO_GPU_RESP_OK_CAPSET,
  VIRTIO_GPU_RESP_OK_CAPSET_INFO,
  VIRTIO_GPU_RESP_OK_NODATA,
} from "./protocol.js";
import type { Request } from "./request.js";

const DEBUG_NAME_BYTES = 64;

/** GET_CAPSET_INFO. An index past the end is an error, not a read past a table (CVE-2021-3545). */
export function getCapsetInfo(state: DeviceState, request: Request): Answer {
  const capset = state.parts.renderer.capsets[request.u32(HEADER)];
  if (capset === undefined) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER);
  const { bytes, view } = dataAnswer(VIRTIO_GPU_RESP_OK_CAPSET_INFO, 16);
  view.setUint32(HEADER, capset.id, true);
  view.setUint32(HEADER + 4, capset.version, true);
  view.setUint32(HEADER + 8, capset.bytes.length, true);
  return bytes;
}

export function getCapset(state: DeviceState, request: Request): Answer {
  const id = request.u32(HEADER);
  const version = request.u32(HEADER + 4);
  const capset = state.parts.renderer.capsets.find((candidate) => candidate.id === id);
  if (capset === undefined || version > capset.version) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER);
  const { bytes } = dataAnswer(VIRTIO_GPU_RESP_OK_CAPSET, capset.bytes.length);
  bytes.set(capset.bytes, HEADER);
  return bytes;
}

export function contextCreate(state: DeviceState, request: Request): Answer {
  const id = request.contextId;
  const nameBytes = request.u32(HEADER);
  // Without the feature the field is padding.
  const contextInit = state.hasFeature(VIRTIO_GPU_F_CONTEXT_INIT) ? request.u32(HEADER + 4) : 0;
  if (id === 0 || state.contexts.has(id)) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_CONTEXT_ID);
  if (state.contexts.size >= state.limits.contexts) return plainAnswer(VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY);
  // 0: as before the feature, the device chooses. Bits above the mask are not defined.
  const isKnown = contextInit === 0 || state.parts.renderer.capsets.some((capset) => capset.id === contextInit);
  if (contextInit > VIRTIO_GPU_CONTEXT_INIT_CAPSET_ID_MASK || !isKnown)
    return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER);
  const name = request.text(HEADER + 8, Math.min(nameBytes, DEBUG_NAME_BYTES));
  const code = state.parts.renderer.createContext(id, contextInit, name);
  if (code === GuestError.NONE) state.contexts.add(id);
  return plainAnswer(responseType(code));
}

export function contextDestroy(state: DeviceState, request: Request): Answer {
  if (!state.contexts.delete(request.contextId)) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_CONTEXT_ID);
  return plainAnswer(responseType(state.parts.renderer.destroyContext(request.contextId)));
}

export function contextAttachResource(state: DeviceState, request: Request): Answer {
  return withResource(state, request, (contextId, id) => state.parts.renderer.attachResource(contextId, id));
}

export function contextDetachResource(state: DeviceState, request: Request): Answer {
  return withResource(state, request, (contextId, id) => state.parts.renderer.detachResource(contextId, id));
}

function withResource(
  state: DeviceState,
  request: Request,
  verb: (contextId: number, id: number) => GuestErrorCode,
): Answer {
  const resourceId = request.u32(HEADER);
  if (!state.contexts.has(request.contextId)) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_CONTEXT_ID);
  if (!state.resources.has(resourceId)) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID);
  return plainAnswer(responseType(verb(request.contextId, resourceId)));
}

/** SUBMIT_3D: the stream is copied once into private memory, then decoded there. */
export function submit3d(state: DeviceState, request: Request, chain: DescriptorChain): Answer {
  if (!state.contexts.has(request.contextId)) return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_CONTEXT_ID);
  const sizeBytes = request.u32(HEADER);
  const at = HEADER + 8;
  if (sizeBytes % 4 !== 0 || sizeBytes > state.limits.submitBytes || at + sizeBytes > chain.readableBytes) {
    return plainAnswer(VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER);
  }
  if (sizeBytes === 0) return plainAnswer(VIRTIO_GPU_RESP_OK_NODATA);
  const stream = state.parts.streamMemory(sizeBytes);
  chain.read(at, stream.bytes.subarray(0, sizeBytes));
  return plainAnswer(responseType(state.parts.renderer.submit3d(request.contextId, stream, 0, sizeBytes / 4)));
}
