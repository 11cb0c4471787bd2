/** Whether devices that address few bits reach guest memory: read from the kernel, before a driver can bounce it. */
import type { DmaReach } from "@virtgpu/core/memory";
import { pageFrames } from "../native/trial.js";

/**
 * Where [offset, offset + length) of a file of shared memory lies now. `unknown` unless the kernel tells every page's frame, which takes
 * CAP_SYS_ADMIN: never taken for reachable. Pages that nothing pins may move afterwards; a udmabuf pins them.
 */
export function checkDmaReach(fd: number, offsetBytes: number, lengthBytes: number, addressBits: number): DmaReach {
  if (addressBits >= 64) return "below";
  const frames = pageFrames(fd, offsetBytes, lengthBytes);
  if (frames === null) return "unknown";
  // One page that is known to lie above is enough.
  if (frames.highestAddress >= 2 ** addressBits) return "above";
  return frames.unknownPages === 0 ? "below" : "unknown";
}
