/**
 * The back-end's side of a vhost-user connection: one message in, at most one reply out. No sockets: the caller reads whole
 * messages with their descriptors. Source: QEMU `docs/interop/vhost-user.rst`.
 *
 * The front-end is trusted with the guest's memory but not with ours: every length, index and address is checked, and a message
 * that breaks the protocol ends the session.
 */
import type { Logger } from "../base/index.js";
import { GuestMemory, type MemoryRegion, readAddress } from "../memory/index.js";
import { MessageWriter } from "./message-writer.js";
import type { Fd, MappedRegion, VhostUserDevice, VhostUserPort, VringState } from "./port.js";
import * as p from "./protocol.js";

const R = p.VhostUserRequest;
const F = p.VhostUserProtocolFeature;

/** What a message did: go on, or end the session for the reason given. */
export type SessionOutcome = { readonly ok: true } | { readonly ok: false; readonly reason: string };

const OK: SessionOutcome = { ok: true };

function broken(reason: string): SessionOutcome {
  return { ok: false, reason };
}

/** Payload sizes of requests whose size is fixed; the others are checked where they are read. */
const fixedSizes: ReadonlyMap<number, number> = new Map<number, number>([
  ...[R.GET_FEATURES, R.SET_OWNER, R.RESET_OWNER, R.GET_PROTOCOL_FEATURES, R.GET_QUEUE_NUM].map(
    (id) => [id, 0] as const,
  ),
  ...[R.GPU_SET_SOCKET, R.RESET_DEVICE, R.GET_MAX_MEM_SLOTS, R.GET_STATUS, R.SET_BACKEND_REQ_FD].map(
    (id) => [id, 0] as const,
  ),
  ...[R.SET_FEATURES, R.SET_PROTOCOL_FEATURES, R.SET_STATUS].map((id) => [id, 8] as const),
  ...[R.SET_VRING_NUM, R.SET_VRING_BASE, R.GET_VRING_BASE, R.SET_VRING_ENABLE].map((id) => [id, 8] as const),
  ...[R.SET_VRING_KICK, R.SET_VRING_CALL, R.SET_VRING_ERR].map((id) => [id, 8] as const),
  [R.GET_SHARED_OBJECT, p.VHOST_USER_UUID_BYTES],
  [R.GET_SHMEM_CONFIG, 0],
  [R.SET_VRING_ADDR, 40],
  [R.ADD_MEM_REG, 40],
  [R.REM_MEM_REG, 40],
]);

interface Region {
  readonly region: MemoryRegion;
  readonly mapped: MappedRegion;
}

/** One connection: takes whole messages (`handle`), drives a `VhostUserDevice`, sends replies through the function that it was given. */
export class VhostUserSession {
  readonly memory: GuestMemory;
  readonly #device: VhostUserDevice;
  readonly #port: VhostUserPort;
  readonly #logger: Logger;
  readonly #writer: MessageWriter;
  readonly #vrings: VringState[];
  #regions: Region[] = [];
  #features = 0n;
  #protocolFeatures = 0n;
  #status = 0;

  constructor(
    memory: GuestMemory,
    device: VhostUserDevice,
    port: VhostUserPort,
    logger: Logger,
    send: (message: Uint8Array, fds: readonly number[]) => void,
  ) {
    this.memory = memory;
    this.#device = device;
    this.#port = port;
    this.#logger = logger;
    this.#writer = new MessageWriter(send);
    this.#vrings = Array.from({ length: device.queueCount }, newVring);
  }

  /** What we offer of the transport and the device. */
  get offeredFeatures(): bigint {
    const bits = [
      p.VIRTIO_F_INDIRECT_DESC,
      p.VIRTIO_F_EVENT_IDX,
      p.VHOST_USER_F_PROTOCOL_FEATURES,
      p.VIRTIO_F_VERSION_1,
      p.VIRTIO_F_RING_RESET,
    ];
    return bits.reduce((features, bit) => features | (1n << bit), this.#device.deviceFeatures);
  }

  get features(): bigint {
    return this.#features;
  }

  get offeredProtocolFeatures(): bigint {
    let features = Object.values(F).reduce<bigint>((all, bit) => all | (1n << bit), 0n);
    if (this.#device.sharedMemory.length === 0) features &= ~(1n << F.SHMEM);
    if (!this.#device.sharesObjects) features &= ~(1n << F.SHARED_OBJECT);
    return features;
  }

  hasProtocolFeature(bit: bigint): boolean {
    return (this.#protocolFeatures & (1n << bit)) !== 0n;
  }

  /**
   * Handles one message. `payload` is borrowed; `fds` belong to the session from here on, whatever happens.
   * @param flags the header's flags
   */
  handle(request: number, flags: number, payload: Uint8Array, fds: Fd[]): SessionOutcome {
    const name = p.vhostUserRequestName(request);
    const size = fixedSizes.get(request);
    let outcome: SessionOutcome;
    try {
      if ((flags & p.VHOST_USER_VERSION_MASK) !== p.VHOST_USER_VERSION)
        outcome = broken(`${name}: protocol version ${flags & p.VHOST_USER_VERSION_MASK}`);
      else if (size !== undefined && size !== payload.length)
        outcome = broken(`${name}: ${payload.length} bytes of payload instead of ${size}`);
      else {
        const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
        outcome = this.#dispatch(request, view, payload, fds);
      }
    } finally {
      // Also when the reply could not be sent: the front-end is gone, its descriptors are not.
      for (const fd of fds) this.#port.closeFd(fd);
      fds.length = 0;
    }
    if (!outcome.ok)
      this.#logger.error(`The vhost-user front-end broke the protocol: ${outcome.reason}. The session ends.`);
    const wantsAck = (flags & p.VHOST_USER_NEED_REPLY) !== 0 && this.hasProtocolFeature(F.REPLY_ACK);
    if (wantsAck && !this.#writer.takeReplied()) this.#writer.replyU64(request, outcome.ok ? 0n : 1n);
    this.#writer.takeReplied();
    return outcome;
  }

  /** Stops every ring, forgets memory and descriptors: the front-end is gone. */
  close(): void {
    this.#vrings.forEach((vring, index) => this.#stop(index, vring));
    this.#device.reset();
    for (const vring of this.#vrings) this.#closeVring(vring);
    this.#setRegions([]);
  }

  // oxlint-disable-next-line max-lines-per-function -- opcode switch
  #dispatch(request: number, view: DataView, payload: Uint8Array, fds: Fd[]): SessionOutcome {
    switch (request) {
      case R.GET_FEATURES:
        return this.#reply(request, this.offeredFeatures);
      case R.SET_FEATURES:
        return this.#setFeatures(view.getBigUint64(0, true));
      case R.GET_PROTOCOL_FEATURES:
        return this.#reply(request, this.offeredProtocolFeatures);
      case R.SET_PROTOCOL_FEATURES:
        this.#protocolFeatures = view.getBigUint64(0, true) & this.offeredProtocolFeatures;
        return OK;
      case R.GET_QUEUE_NUM:
        return this.#reply(request, BigInt(this.#vrings.length));
      case R.GET_MAX_MEM_SLOTS:
        return this.#reply(request, BigInt(p.VHOST_USER_MAX_REGIONS));
      case R.SET_OWNER:
      case R.RESET_OWNER:
        return OK;
      case R.SET_MEM_TABLE:
        return this.#setMemTable(view, fds);
      case R.ADD_MEM_REG:
        return this.#addMemory(view, fds);
      case R.REM_MEM_REG:
        return this.#removeMemory(view);
      case R.SET_VRING_NUM:
      case R.SET_VRING_BASE:
      case R.SET_VRING_ENABLE:
        return this.#setVringNumber(request, view);
      case R.SET_VRING_ADDR:
        return this.#setVringAddress(view);
      case R.GET_VRING_BASE:
        return this.#getVringBase(view);
      case R.SET_VRING_KICK:
      case R.SET_VRING_CALL:
      case R.SET_VRING_ERR:
        return this.#setVringFd(request, view, fds);
      case R.GET_CONFIG:
        return this.#getConfig(view, payload);
      case R.SET_CONFIG:
        return this.#setConfig(view, payload);
      case R.GPU_SET_SOCKET:
      case R.SET_BACKEND_REQ_FD:
        return this.#setChannel(request, fds);
      case R.GET_SHARED_OBJECT:
        return this.#getSharedObject(payload);
      case R.GET_SHMEM_CONFIG:
        return this.#getSharedMemory();
      case R.SET_STATUS:
        this.#status = Number(view.getBigUint64(0, true) & 0xffn);
        if (this.#status === 0) this.#resetDevice();
        return OK;
      case R.GET_STATUS:
        return this.#reply(request, BigInt(this.#status));
      case R.RESET_DEVICE:
        this.#resetDevice();
        return OK;
      default:
        return broken(`${p.vhostUserRequestName(request)} is not offered`);
    }
  }

  #reply(request: number, value: bigint): SessionOutcome {
    this.#writer.replyU64(request, value);
    return OK;
  }

  /** QEMU acknowledges ring features that were not offered: what we cannot do is masked out. */
  #setFeatures(features: bigint): SessionOutcome {
    this.#features = features & this.offeredFeatures;
    this.#device.setFeatures(this.#features & this.#device.deviceFeatures);
    // Source: Ring states: without protocol features every ring is enabled from the start.
    if ((this.#features & (1n << p.VHOST_USER_F_PROTOCOL_FEATURES)) === 0n) {
      for (const vring of this.#vrings) vring.isEnabled = true;
    }
    return OK;
  }

  #setMemTable(view: DataView, fds: Fd[]): SessionOutcome {
    if (view.byteLength < 8) return broken("SET_MEM_TABLE: no header");
    const count = view.getUint32(0, true);
    if (count > p.VHOST_USER_MAX_REGIONS || count !== fds.length)
      return broken(`SET_MEM_TABLE: ${count} regions with ${fds.length} descriptors`);
    if (view.byteLength !== 8 + count * p.VHOST_USER_REGION_BYTES)
      return broken(`SET_MEM_TABLE: ${view.byteLength} bytes for ${count} regions`);
    const regions: Region[] = [];
    for (let i = 0; i < count; i++) {
      const region = this.#map(view, 8 + i * p.VHOST_USER_REGION_BYTES, fds.shift()!);
      if (region === null) {
        for (const done of regions) done.mapped.release();
        return broken(`SET_MEM_TABLE: region ${i} cannot be mapped`);
      }
      regions.push(region);
    }
    if (this.#setRegions(regions)) return OK;
    for (const region of regions) region.mapped.release();
    return broken("SET_MEM_TABLE: regions overlap");
  }

  #addMemory(view: DataView, fds: Fd[]): SessionOutcome {
    const fd = fds.shift();
    if (fd === undefined) return broken("ADD_MEM_REG: no descriptor");
    if (this.#regions.length >= p.VHOST_USER_MAX_REGIONS) {
      this.#port.closeFd(fd);
      return broken("ADD_MEM_REG: no free slot");
    }
    const region = this.#map(view, 8, fd);
    if (region === null) return broken("ADD_MEM_REG: the region cannot be mapped");
    if (this.#setRegions([...this.#regions, region])) return OK;
    region.mapped.release();
    return broken("ADD_MEM_REG: the region overlaps another");
  }

  #removeMemory(view: DataView): SessionOutcome {
    const guestAddress = readAddress(view, 8);
    const sizeBytes = readAddress(view, 16);
    const left = this.#regions.filter(
      ({ region }) => region.guestAddress !== guestAddress || region.sizeBytes !== sizeBytes,
    );
    if (left.length === this.#regions.length) return broken("REM_MEM_REG: no such region");
    this.#setRegions(left);
    return OK;
  }

  /** Maps the region described at `at`; takes the descriptor over. */
  #map(view: DataView, at: number, fd: Fd): Region | null {
    const guestAddress = readAddress(view, at);
    const sizeBytes = readAddress(view, at + 8);
    const userAddress = readAddress(view, at + 16);
    const fileOffset = readAddress(view, at + 24);
    if (guestAddress < 0 || sizeBytes <= 0 || userAddress < 0 || fileOffset < 0) {
      this.#port.closeFd(fd);
      return null;
    }
    const mapped = this.#port.mapRegion(fd, fileOffset, sizeBytes);
    if (mapped === null) return null;
    const { segment, offsetBytes } = mapped;
    return { region: { guestAddress, sizeBytes, userAddress, segment, segmentOffsetBytes: offsetBytes }, mapped };
  }

  /** Puts the regions in force; those that are no longer among them are unmapped. @returns false, with nothing changed, if they overlap. */
  #setRegions(regions: Region[]): boolean {
    const described = regions.map(({ region }) => region);
    const next = new GuestMemory();
    if (!next.replace(described)) return false;
    this.#device.memoryChanges(next);
    this.memory.replace(described);
    for (const old of this.#regions) if (!regions.includes(old)) old.mapped.release();
    this.#regions = regions;
    this.#vrings.forEach((vring, index) => this.#update(index, vring));
    return true;
  }

  #setVringNumber(request: number, view: DataView): SessionOutcome {
    const vring = this.#vrings[view.getUint32(0, true)];
    const value = view.getUint32(4, true);
    if (vring === undefined) return broken(`ring ${view.getUint32(0, true)} does not exist`);
    if (request === R.SET_VRING_NUM) vring.size = value;
    else if (request === R.SET_VRING_BASE) vring.base = value & 0xffff;
    else vring.isEnabled = value !== 0;
    if (request === R.SET_VRING_ENABLE) this.#update(view.getUint32(0, true), vring);
    return OK;
  }

  #setVringAddress(view: DataView): SessionOutcome {
    const index = view.getUint32(0, true);
    const vring = this.#vrings[index];
    if (vring === undefined) return broken(`ring ${index} does not exist`);
    vring.descriptorAddress = readAddress(view, 8);
    vring.usedAddress = readAddress(view, 16);
    vring.availableAddress = readAddress(view, 24);
    this.#update(index, vring);
    return OK;
  }

  #getVringBase(view: DataView): SessionOutcome {
    const index = view.getUint32(0, true);
    const vring = this.#vrings[index];
    if (vring === undefined) return broken(`ring ${index} does not exist`);
    this.#stop(index, vring);
    if (vring.kick !== null) this.#port.closeFd(vring.kick);
    vring.kick = null;
    this.#writer.replyVringState(R.GET_VRING_BASE, index, vring.base);
    return OK;
  }

  #setVringFd(request: number, view: DataView, fds: Fd[]): SessionOutcome {
    const value = view.getUint32(0, true);
    const index = value & p.VHOST_USER_VRING_INDEX_MASK;
    const vring = this.#vrings[index];
    if (vring === undefined) return broken(`ring ${index} does not exist`);
    const hasFd = (value & p.VHOST_USER_VRING_NOFD) === 0;
    const fd = hasFd ? fds.shift() : null;
    if (fd === undefined) return broken(`${p.vhostUserRequestName(request)}: no descriptor`);
    const slot = request === R.SET_VRING_KICK ? "kick" : request === R.SET_VRING_CALL ? "call" : "error";
    const old = vring[slot];
    vring[slot] = fd;
    if (slot === "kick") vring.isStarted = true;
    this.#update(index, vring);
    if (old !== null) this.#port.closeFd(old);
    return OK;
  }

  /** GET_CONFIG: offset u32, size u32, flags u32, then `size` bytes, which the reply fills. Size 0 in a reply means: refused. */
  #getConfig(view: DataView, payload: Uint8Array): SessionOutcome {
    const range = configRange(view);
    if (range === null) return broken(`GET_CONFIG: ${view.byteLength} bytes of payload`);
    const reply = payload.slice();
    const config = this.#device.readConfig();
    // QEMU asks for more than the device has (28 bytes); what is past the end reads as zero.
    reply.fill(0, 12);
    reply.set(
      config.subarray(Math.min(range.offset, config.length), Math.min(range.offset + range.size, config.length)),
      12,
    );
    this.#writer.reply(R.GET_CONFIG, reply);
    return OK;
  }

  #setConfig(view: DataView, payload: Uint8Array): SessionOutcome {
    const range = configRange(view);
    if (range === null) return broken(`SET_CONFIG: ${view.byteLength} bytes of payload`);
    this.#device.writeConfig(range.offset, payload.slice(12));
    return OK;
  }

  /** The reply repeats the UUID; the object's descriptor goes along if there is one. */
  #getSharedObject(uuid: Uint8Array): SessionOutcome {
    if (!this.hasProtocolFeature(F.SHARED_OBJECT)) return broken("GET_SHARED_OBJECT: SHARED_OBJECT is not negotiated");
    const fd = this.#device.sharedObject(uuid);
    this.#writer.reply(R.GET_SHARED_OBJECT, uuid.slice(), fd === null ? [] : [fd]);
    return OK;
  }

  /** GET_SHMEM_CONFIG: number of regions u32, padding, 256 sizes u64 by shared memory id. */
  #getSharedMemory(): SessionOutcome {
    if (!this.hasProtocolFeature(F.SHMEM)) return broken("GET_SHMEM_CONFIG: SHMEM is not negotiated");
    const reply = new Uint8Array(8 + 8 * p.VHOST_USER_SHMEM_IDS);
    const view = new DataView(reply.buffer);
    const regions = this.#device.sharedMemory;
    view.setUint32(0, regions.length, true);
    for (const { shmId, sizeBytes } of regions) view.setBigUint64(8 + 8 * shmId, BigInt(sizeBytes), true);
    this.#writer.reply(R.GET_SHMEM_CONFIG, reply);
    return OK;
  }

  #setChannel(request: number, fds: Fd[]): SessionOutcome {
    const fd = fds.shift();
    if (fd === undefined) return broken(`${p.vhostUserRequestName(request)}: no descriptor`);
    if (request === R.GPU_SET_SOCKET) this.#device.setGpuSocket(fd);
    else this.#device.setBackendChannel(fd);
    return OK;
  }

  #resetDevice(): void {
    this.#vrings.forEach((vring, index) => this.#stop(index, vring));
    this.#device.reset();
  }

  #update(index: number, vring: VringState): void {
    if (vring.isStarted) this.#device.updateVring(index, vring);
  }

  #stop(index: number, vring: VringState): void {
    if (!vring.isStarted) return;
    vring.base = this.#device.stopVring(index);
    vring.isStarted = false;
  }

  #closeVring(vring: VringState): void {
    for (const fd of [vring.kick, vring.call, vring.error]) if (fd !== null) this.#port.closeFd(fd);
    Object.assign(vring, newVring());
  }
}

/** The header of GET_CONFIG and SET_CONFIG, or null when it contradicts the payload's length. */
function configRange(view: DataView): { offset: number; size: number } | null {
  if (view.byteLength < 12) return null;
  const offset = view.getUint32(0, true);
  const size = view.getUint32(4, true);
  if (size !== view.byteLength - 12 || offset + size > p.VHOST_USER_MAX_CONFIG_BYTES) return null;
  return { offset, size };
}

function newVring(): VringState {
  return {
    size: 0,
    descriptorAddress: -1,
    availableAddress: -1,
    usedAddress: -1,
    base: 0,
    kick: null,
    call: null,
    error: null,
    isStarted: false,
    isEnabled: false,
  };
}
