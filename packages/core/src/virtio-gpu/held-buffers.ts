/** Which requests must wait for a compositor or VMM that reads a resource's own memory. */
import type { DescriptorChain } from "../virtqueue/index.js";
import type { DeviceState } from "./device-state.js";
import {
  VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING,
  VIRTIO_GPU_CMD_RESOURCE_UNREF,
  VIRTIO_GPU_CMD_SUBMIT_3D,
  VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D,
  VIRTIO_GPU_CMD_TRANSFER_TO_HOST_3D,
  VIRTIO_GPU_CTRL_HDR_BYTES as HEADER,
} from "./protocol.js";
import type { Request } from "./request.js";

/**
 * Whether the request must wait: it would write what is being read, or take the memory away. In the second case the display is told
 * to let go. Fields are read again when the request runs; a resource that does not exist is held by nobody.
 */
export function mustWait(state: DeviceState, request: Request, chain: DescriptorChain): boolean {
  const { display } = state.parts;
  switch (request.type) {
    case VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D:
      return display.holds(request.u32(HEADER + 24));
    case VIRTIO_GPU_CMD_TRANSFER_TO_HOST_3D:
      return display.holds(request.u32(HEADER + 32));
    case VIRTIO_GPU_CMD_RESOURCE_UNREF:
    case VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING: {
      const resourceId = request.u32(HEADER);
      if (!state.resources.has(resourceId)) return false;
      display.forgetBuffer(resourceId);
      return display.holds(resourceId);
    }
    case VIRTIO_GPU_CMD_SUBMIT_3D:
      return display.holdsAny && drawsHeld(state, request, chain);
    default:
      return false;
  }
}

/** Whether the stream writes what is being read. It is copied and looked at once more when it runs: only while something is held. */
function drawsHeld(state: DeviceState, request: Request, chain: DescriptorChain): boolean {
  const { renderer, display, streamMemory } = state.parts;
  const sizeBytes = request.u32(HEADER);
  const at = HEADER + 8;
  const isSane = sizeBytes % 4 === 0 && sizeBytes <= state.limits.submitBytes && at + sizeBytes <= chain.readableBytes;
  if (renderer.writesHeld === undefined || !isSane || sizeBytes === 0) return false;
  const stream = streamMemory(sizeBytes);
  chain.read(at, stream.bytes.subarray(0, sizeBytes));
  return renderer.writesHeld(request.contextId, stream, 0, sizeBytes / 4, (id) => display.holds(id));
}
