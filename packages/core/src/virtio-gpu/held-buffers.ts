/** Which requests must wait for a compositor or VMM that reads a resource's own memory. */
import type { DeviceState } from "./device-state.js";
import {
  VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING,
  VIRTIO_GPU_CMD_RESOURCE_UNREF,
  VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D,
  VIRTIO_GPU_CMD_TRANSFER_TO_HOST_3D,
  VIRTIO_GPU_CTRL_HDR_BYTES as HEADER,
} from "./protocol.js";
import type { Request } from "./request.js";

/**
 * Whether the request must wait: it would write what is being read, or take the memory away. In the second case the display is told
 * to let go. Fields are read again when the request runs; a resource that does not exist is held by nobody.
 */
export function mustWait(state: DeviceState, request: Request): boolean {
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
    default:
      return false;
  }
}
