/**
 * The words of the virtio-gpu protocol. Spec: virtio 1.3, GPU Device; numbers from Linux `virtio_gpu.h`.
 * Every field is little-endian. Structure offsets count from the start of the request, header included.
 */

export const VIRTIO_GPU_F_VIRGL = 0;
export const VIRTIO_GPU_F_EDID = 1;
export const VIRTIO_GPU_F_RESOURCE_UUID = 2;
export const VIRTIO_GPU_F_RESOURCE_BLOB = 3;
export const VIRTIO_GPU_F_CONTEXT_INIT = 4;

export const VIRTIO_GPU_CMD_GET_DISPLAY_INFO = 0x100;
export const VIRTIO_GPU_CMD_RESOURCE_CREATE_2D = 0x101;
export const VIRTIO_GPU_CMD_RESOURCE_UNREF = 0x102;
export const VIRTIO_GPU_CMD_SET_SCANOUT = 0x103;
export const VIRTIO_GPU_CMD_RESOURCE_FLUSH = 0x104;
export const VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D = 0x105;
export const VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING = 0x106;
export const VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING = 0x107;
export const VIRTIO_GPU_CMD_GET_CAPSET_INFO = 0x108;
export const VIRTIO_GPU_CMD_GET_CAPSET = 0x109;
export const VIRTIO_GPU_CMD_GET_EDID = 0x10a;
export const VIRTIO_GPU_CMD_RESOURCE_ASSIGN_UUID = 0x10b;
export const VIRTIO_GPU_CMD_RESOURCE_CREATE_BLOB = 0x10c;
export const VIRTIO_GPU_CMD_SET_SCANOUT_BLOB = 0x10d;
export const VIRTIO_GPU_CMD_CTX_CREATE = 0x200;
export const VIRTIO_GPU_CMD_CTX_DESTROY = 0x201;
export const VIRTIO_GPU_CMD_CTX_ATTACH_RESOURCE = 0x202;
export const VIRTIO_GPU_CMD_CTX_DETACH_RESOURCE = 0x203;
export const VIRTIO_GPU_CMD_RESOURCE_CREATE_3D = 0x204;
export const VIRTIO_GPU_CMD_TRANSFER_TO_HOST_3D = 0x205;
export const VIRTIO_GPU_CMD_TRANSFER_FROM_HOST_3D = 0x206;
export const VIRTIO_GPU_CMD_SUBMIT_3D = 0x207;
export const VIRTIO_GPU_CMD_RESOURCE_MAP_BLOB = 0x208;
export const VIRTIO_GPU_CMD_RESOURCE_UNMAP_BLOB = 0x209;
export const VIRTIO_GPU_CMD_UPDATE_CURSOR = 0x300;
export const VIRTIO_GPU_CMD_MOVE_CURSOR = 0x301;

export const VIRTIO_GPU_RESP_OK_NODATA = 0x1100;
export const VIRTIO_GPU_RESP_OK_DISPLAY_INFO = 0x1101;
export const VIRTIO_GPU_RESP_OK_CAPSET_INFO = 0x1102;
export const VIRTIO_GPU_RESP_OK_CAPSET = 0x1103;
export const VIRTIO_GPU_RESP_OK_EDID = 0x1104;
export const VIRTIO_GPU_RESP_OK_RESOURCE_UUID = 0x1105;
export const VIRTIO_GPU_RESP_OK_MAP_INFO = 0x1106;
export const VIRTIO_GPU_RESP_ERR_UNSPEC = 0x1200;
export const VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY = 0x1201;
export const VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID = 0x1202;
export const VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID = 0x1203;
export const VIRTIO_GPU_RESP_ERR_INVALID_CONTEXT_ID = 0x1204;
export const VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER = 0x1205;

export const VIRTIO_GPU_FLAG_FENCE = 1;
export const VIRTIO_GPU_FLAG_INFO_RING_IDX = 2;

export const VIRTIO_GPU_MAX_SCANOUTS = 16;
export const VIRTIO_GPU_CONTEXT_INIT_CAPSET_ID_MASK = 0xff;
/** Rings of a context are 0 to 63. Spec: virtio 1.3, GPU Device / Device Operation: Request header. */
export const VIRTIO_GPU_RINGS = 64;
/** `blob_flags` of RESOURCE_CREATE_BLOB. */
export const VIRTIO_GPU_BLOB_FLAG_USE_MAPPABLE = 1;
export const VIRTIO_GPU_BLOB_FLAG_USE_SHAREABLE = 2;
export const VIRTIO_GPU_BLOB_FLAG_USE_CROSS_DEVICE = 4;
/** `map_info` of RESP_OK_MAP_INFO: how the guest may cache what it maps. */
export const VIRTIO_GPU_MAP_CACHE_CACHED = 1;
/** Id of the shared memory region that host blobs are mapped into. */
export const VIRTIO_GPU_SHM_ID_HOST_VISIBLE = 1;
export const VIRTIO_GPU_EVENT_DISPLAY = 1;
export const VIRTIO_GPU_RESOURCE_FLAG_Y_0_TOP = 1;

/** `struct virtio_gpu_ctrl_hdr`: type u32 @0, flags u32 @4, fence_id u64 @8, ctx_id u32 @16, ring_idx u8 @20. */
export const VIRTIO_GPU_CTRL_HDR_BYTES = 24;

/** `struct virtio_gpu_mem_entry`: addr u64, length u32, padding u32. */
export const VIRTIO_GPU_MEM_ENTRY_BYTES = 16;

/** `edid` of `struct virtio_gpu_resp_edid`. */
export const VIRTIO_GPU_EDID_BYTES = 1024;
/** `struct virtio_gpu_resp_edid`: the longest answer but a capset's. */
export const VIRTIO_GPU_RESP_EDID_BYTES = VIRTIO_GPU_CTRL_HDR_BYTES + 8 + VIRTIO_GPU_EDID_BYTES;

/** The eight formats of RESOURCE_CREATE_2D (`enum virtio_gpu_formats`); the same numbers as in `enum virgl_formats`. */
export const VirtioGpuFormat = {
  B8G8R8A8_UNORM: 1,
  B8G8R8X8_UNORM: 2,
  A8R8G8B8_UNORM: 3,
  X8R8G8B8_UNORM: 4,
  R8G8B8A8_UNORM: 67,
  X8B8G8R8_UNORM: 68,
  A8B8G8R8_UNORM: 121,
  R8G8B8X8_UNORM: 134,
} as const;

const formats2d: ReadonlySet<number> = new Set(Object.values(VirtioGpuFormat));

/** Whether RESOURCE_CREATE_2D may use the format. All of them have 4 bytes a pixel. */
export function isVirtioGpuFormat(format: number): boolean {
  return formats2d.has(format);
}
