/**
 * Facts of the vhost-user-gpu socket. Source: QEMU `docs/interop/vhost-user-gpu.rst`. Messages: request u32, flags u32, payload size
 * u32, payload; native byte order, and every host of ours is little-endian. The back-end asks, the front-end answers.
 */
import type { DisplayMode } from "@virtgpu/core/virtio-gpu";
import { VIRTIO_GPU_CTRL_HDR_BYTES, VIRTIO_GPU_EDID_BYTES, VIRTIO_GPU_MAX_SCANOUTS } from "@virtgpu/core/virtio-gpu";

export const GpuRequest = {
  GET_PROTOCOL_FEATURES: 1,
  SET_PROTOCOL_FEATURES: 2,
  GET_DISPLAY_INFO: 3,
  CURSOR_POS: 4,
  CURSOR_POS_HIDE: 5,
  CURSOR_UPDATE: 6,
  SCANOUT: 7,
  UPDATE: 8,
  DMABUF_SCANOUT: 9,
  DMABUF_UPDATE: 10,
  GET_EDID: 11,
  DMABUF_SCANOUT2: 12,
} as const;

/** Bit masks of the u64 of GET_PROTOCOL_FEATURES; only the low word is used. */
export const GPU_PROTOCOL_F_EDID = 1 << 0;
export const GPU_PROTOCOL_F_DMABUF2 = 1 << 1;

export const GPU_HEADER_BYTES = 12;
export const GPU_FLAG_REPLY = 1 << 2;
/** Scanout, x, y, width, height: the words of UPDATE before its pixels, and of CURSOR_UPDATE. */
export const GPU_UPDATE_WORDS = 5;

const DISPLAY_ENTRY_BYTES = 24;
export const DISPLAY_INFO_BYTES = VIRTIO_GPU_CTRL_HDR_BYTES + VIRTIO_GPU_MAX_SCANOUTS * DISPLAY_ENTRY_BYTES;
/** `struct virtio_gpu_resp_edid`: header, size u32, padding, block. */
export const EDID_REPLY_BYTES = VIRTIO_GPU_CTRL_HDR_BYTES + 8 + VIRTIO_GPU_EDID_BYTES;
/** The longest reply that is taken. */
export const GPU_REPLY_MAX_BYTES = EDID_REPLY_BYTES;
const EDID_BLOCK_BYTES = 128;

/** Refresh rate of a window; the protocol does not tell one. */
export const WINDOW_REFRESH = 60;

/** `struct virtio_gpu_resp_display_info`: what is not enabled, or has no size, is off. */
export function readDisplayInfo(reply: Uint8Array): (DisplayMode | null)[] {
  const view = new DataView(reply.buffer, reply.byteOffset, reply.byteLength);
  return Array.from({ length: VIRTIO_GPU_MAX_SCANOUTS }, (_, i) => {
    const at = VIRTIO_GPU_CTRL_HDR_BYTES + i * DISPLAY_ENTRY_BYTES;
    const width = view.getUint32(at + 8, true);
    const height = view.getUint32(at + 12, true);
    const isEnabled = view.getUint32(at + 16, true) !== 0 && width > 0 && height > 0;
    return isEnabled ? { width, height, refresh: WINDOW_REFRESH } : null;
  });
}

/** The blocks of a `struct virtio_gpu_resp_edid`, copied; null when its size is none of an EDID. */
export function readEdidReply(reply: Uint8Array): Uint8Array | null {
  const view = new DataView(reply.buffer, reply.byteOffset, reply.byteLength);
  const sizeBytes = view.getUint32(VIRTIO_GPU_CTRL_HDR_BYTES, true);
  if (sizeBytes === 0 || sizeBytes > VIRTIO_GPU_EDID_BYTES || sizeBytes % EDID_BLOCK_BYTES !== 0) return null;
  const at = VIRTIO_GPU_CTRL_HDR_BYTES + 8;
  return reply.slice(at, at + sizeBytes);
}
