/**
 * Facts of the vhost-user protocol. Source: QEMU `docs/interop/vhost-user.rst`. Messages are in native byte order; both sides run
 * on one host and every host of ours is little-endian.
 */

/** `struct`: request u32, flags u32, payload size u32. */
export const VHOST_USER_HEADER_BYTES = 12;
export const VHOST_USER_VERSION = 1;
export const VHOST_USER_VERSION_MASK = 3;
export const VHOST_USER_REPLY = 1 << 2;
export const VHOST_USER_NEED_REPLY = 1 << 3;

/** Most file descriptors in one message (SET_MEM_TABLE). */
export const VHOST_USER_MAX_FDS = 8;

/** Requests of the front-end. Those of features that we do not offer are absent. */
export const VhostUserRequest = {
  GET_FEATURES: 1,
  SET_FEATURES: 2,
  SET_OWNER: 3,
  RESET_OWNER: 4,
  SET_MEM_TABLE: 5,
  SET_VRING_NUM: 8,
  SET_VRING_ADDR: 9,
  SET_VRING_BASE: 10,
  GET_VRING_BASE: 11,
  SET_VRING_KICK: 12,
  SET_VRING_CALL: 13,
  SET_VRING_ERR: 14,
  GET_PROTOCOL_FEATURES: 15,
  SET_PROTOCOL_FEATURES: 16,
  GET_QUEUE_NUM: 17,
  SET_VRING_ENABLE: 18,
  SET_BACKEND_REQ_FD: 21,
  GET_CONFIG: 24,
  SET_CONFIG: 25,
  GPU_SET_SOCKET: 33,
  RESET_DEVICE: 34,
  GET_MAX_MEM_SLOTS: 36,
  ADD_MEM_REG: 37,
  REM_MEM_REG: 38,
  SET_STATUS: 39,
  GET_STATUS: 40,
  GET_SHARED_OBJECT: 41,
  GET_SHMEM_CONFIG: 44,
} as const;

/** Requests of the back-end, on its own socket. */
export const VhostUserBackEndRequest = {
  CONFIG_CHANGE_MSG: 2,
  SHARED_OBJECT_ADD: 6,
  SHARED_OBJECT_REMOVE: 7,
  SHARED_OBJECT_LOOKUP: 8,
  SHMEM_MAP: 9,
  SHMEM_UNMAP: 10,
} as const;

const names = new Map<number, string>(Object.entries(VhostUserRequest).map(([name, id]) => [id, name]));

/** The request's name in the specification, without its prefix. */
export function vhostUserRequestName(request: number): string {
  return names.get(request) ?? `request ${request}`;
}

const backEndNames = new Map<number, string>(Object.entries(VhostUserBackEndRequest).map(([name, id]) => [id, name]));

/** As `vhostUserRequestName`, for requests of the back-end. */
export function vhostUserBackEndRequestName(request: number): string {
  return backEndNames.get(request) ?? `back-end request ${request}`;
}

/** Virtio feature bits that belong to the transport. */
export const VHOST_USER_F_PROTOCOL_FEATURES = 30n;
export const VIRTIO_F_INDIRECT_DESC = 28n;
export const VIRTIO_F_EVENT_IDX = 29n;
export const VIRTIO_F_VERSION_1 = 32n;
export const VIRTIO_F_RING_RESET = 40n;

/** Protocol feature bits that we implement. */
export const VhostUserProtocolFeature = {
  MQ: 0n,
  REPLY_ACK: 3n,
  BACKEND_REQ: 5n,
  CONFIG: 9n,
  BACKEND_SEND_FD: 10n,
  RESET_DEVICE: 13n,
  CONFIGURE_MEM_SLOTS: 15n,
  STATUS: 16n,
  SHARED_OBJECT: 18n,
  SHMEM: 22n,
} as const;

/** In the u64 of SET_VRING_KICK, CALL and ERR: no descriptor comes with the message. */
export const VHOST_USER_VRING_NOFD = 1 << 8;
export const VHOST_USER_VRING_INDEX_MASK = 0xff;

/** `struct` memory region: guest address, size, user address, mmap offset, all u64. */
export const VHOST_USER_REGION_BYTES = 32;
/** Regions in one SET_MEM_TABLE. */
export const VHOST_USER_MAX_REGIONS = 8;
/** Bytes of device configuration in one message. */
export const VHOST_USER_MAX_CONFIG_BYTES = 256;
export const VHOST_USER_UUID_BYTES = 16;
/** `struct VhostUserMMap`: region id u8, 7 bytes of padding, file offset, region offset, length and flags u64. */
export const VHOST_USER_MMAP_BYTES = 40;
/** In `VhostUserMMap.flags`: the guest may write. */
export const VHOST_USER_MMAP_RW = 1n;
/** Shared memory ids that a device can have; GET_SHMEM_CONFIG tells a size for each. */
export const VHOST_USER_SHMEM_IDS = 256;
/** The longest payload that a request may have; longer ones end the session. */
export const VHOST_USER_MAX_PAYLOAD_BYTES =
  8 + VHOST_USER_MAX_REGIONS * VHOST_USER_REGION_BYTES + VHOST_USER_MAX_CONFIG_BYTES;
