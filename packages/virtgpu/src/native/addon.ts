/** The C addon as it exports itself, and the one place that loads it. Everything else in this folder wraps it for use. */
import { createRequire } from "node:module";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { getSystemErrorName } from "node:util";
import { HostError } from "@virtgpu/core/base";

/** Numbers below 0 are negated errno values wherever a function can fail in the system. */
export interface Addon {
  createMemfd(name: string, sizeBytes: number, seals: number): number;
  /** Size of the file behind a descriptor. */
  fdSize(fd: number): number;
  closeFd(fd: number): number;
  duplicateFd(fd: number): number;
  /** @returns the mapping, with its handle in `handle[0]`, or a negated errno. */
  mapFd(
    fd: number,
    offsetBytes: number,
    lengthBytes: number,
    isWritable: boolean,
    handle: Int32Array,
  ): ArrayBuffer | number;
  /** Zeroed memory of this process alone, as `mapFd` gives it. */
  mapPrivate(lengthBytes: number, handle: Int32Array): ArrayBuffer | number;
  unmap(mapping: ArrayBuffer, handle: number): number;
  /** Whether the peer took pages away: zero pages are mapped there now. */
  isDamaged(handle: number): boolean;
  protect(handle: number, isWritable: boolean): number;
  mappingCount(): number;
  /** mallopt(3), M_MMAP_THRESHOLD. */
  setMapThreshold(sizeBytes: number): void;
  /** malloc_trim(3). */
  trimHeap(): void;
  /** Scattered pages as one mapping: `pieces` holds fd, offset and length of each. */
  mapWindow(pieces: Float64Array, count: number, handle: Int32Array): ArrayBuffer | number;
  /** mprotect(2) of whole pages; bits as PROT_READ (1), PROT_WRITE (2). For tests. */
  protectPages(bytes: Uint8Array, protection: number): number;

  /** A udmabuf of pieces (fd, offset, size each; whole pages). */
  createDmaBuf(pieces: Float64Array, count: number): number;
  /** A dma-buf from an open dma-heap (DMA_HEAP_IOCTL_ALLOC). @returns a descriptor or a negated errno */
  allocateHeap(heapFd: number, sizeBytes: number): number;
  /** DMA_BUF_IOCTL_SYNC, start and end: 1 read, 2 write. */
  syncDmaBuf(fd: number, flags: number): number;
  fileSeals(fd: number): number;
  addSeals(fd: number, seals: number): number;
  filePageBytes(fd: number): number;
  punchHole(fd: number, offsetBytes: number, lengthBytes: number): number;

  listenUnix(path: string, backlog: number): number;
  connectUnix(path: string): number;
  acceptUnix(listenFd: number): number;
  socketPair(): [number, number] | number;
  /** Fills [pid, uid, gid]. */
  peerCredentials(fd: number, out: Int32Array): number;
  setSendBuffer(fd: number, sizeBytes: number): number;
  readInto(fd: number, bytes: Uint8Array, offset: number, length: number): number;
  readExact(fd: number, bytes: Uint8Array, offset: number, length: number): number;
  writeFrom(fd: number, bytes: Uint8Array, offset: number, length: number): number;
  sendFds(fd: number, bytes: Uint8Array, offset: number, length: number, fds: Int32Array): number;
  /** As `sendFds`, but only what goes without waiting; -EAGAIN: nothing. */
  sendNow(fd: number, bytes: Uint8Array, offset: number, length: number, fds: Int32Array): number;
  /** Fills `fds`; `counts[0]` becomes how many came. */
  recvFds(fd: number, bytes: Uint8Array, offset: number, length: number, fds: Int32Array, counts: Int32Array): number;
  sendDatagram(path: string, bytes: Uint8Array): number;

  createEventFd(isNonBlocking: boolean): number;
  signalEventFd(fd: number): number;
  drainEventFd(fd: number): number;
  pollFds(fds: Int32Array, events: Int16Array, revents: Int16Array, count: number, timeoutUs: number): number;
  /** Starts the watcher thread; `callback(ticket)` runs on the event loop once per watch that fired. */
  watchStart(callback: (ticket: number) => void): number;
  watchAdd(fd: number, ticket: number): number;
  watchRemove(fd: number): number;
  watchKeepAlive(isAlive: boolean): void;
  threadCpuMicroseconds(): number;
  installSigbusGuard(): number;

  eglOpen(options: AddonEglOptions): AddonEglInfo;
  eglDevices(): AddonEglDevice[];
  eglClose(): void;

  glAttach(words: Uint32Array, pieces: Uint32Array, ring: Uint8Array): void;
  glRegisterSegment(id: number, bytes: Uint8Array): void;
  glUnregisterSegment(id: number): void;
  glReplay(wordCount: number, pieceCount: number, ringBytes: number): number;
  glPoll(out: Int32Array): number;
  glTakeProgramLog(program: number): string;
  glFinish(): void;
  /** `words`: fd, width, height, fourcc, offset, stride, has modifier, modifier low, high, must render, row bytes. */
  glImportTexture(texture: number, words: Int32Array): number;
  glOwnTexture(texture: number, internalFormat: number, width: number, height: number): number;
  /** `reference`: segment, offset low, offset high, length. */
  glPinBuffer(buffer: number, reference: Uint32Array): number;
  glImportBuffer(buffer: number, fd: number, dmaBufBytes: number, sizeBytes: number): number;
  glOwnBuffer(buffer: number, sizeBytes: number, isReplaced: boolean): number;
  /** Readable when a fence has signalled since the last `glPoll`. */
  glFenceEventFd(): number;
  /** NaN when the host does not know the name. Never leaves a GL error. */
  glInteger(pname: number, index: number): number;
  glFloat(pname: number, index: number): number;
  glText(pname: number): string;
  glExtensions(): string[];
  /** Fills [texture, renderable, readFormat, readType, sampleCounts, counts...]. `kind`: 0 colour, 1 depth, 2 stencil, 3 both. */
  glProbeFormat(internalFormat: number, kind: number, out: Int32Array): void;
  /** GL calls that executing these words would make, as text, one a line. Only while no GL is open. */
  glTrace(words: Uint32Array, count: number): string;

  /**
   * Imports [width, height, fourcc, fd, offset, stride, has modifier, modifier low, modifier high].
   * @returns 0; the image's EGL error; 65536 + the texture's GL error; -1: no such function here; -2: refused without an error.
   */
  trialImport(picture: Int32Array): number;
  /** What a draw sees of the imported picture, as RGBA bytes. At most 64 by 64. @returns 0, the GL error, or -1 */
  trialSample(x: number, y: number, width: number, height: number, out: Uint8Array): number;
  /** Fills the imported picture by the GPU and waits. @returns 0, the framebuffer's status, the GL error, or -1 */
  trialClear(red: number, green: number, blue: number, alpha: number): number;
  trialRelease(): void;
  /** Fills [ms, ms] for drawing the imported picture and a copy of the driver's own. @returns 0, the GL error, or -1 */
  trialMeasure(width: number, height: number, rounds: number, out: Float64Array): number;
  /** Makes memory a buffer object and writes it. @returns 0: GL saw the write; 1: it did not; the GL error; -1: no GL */
  trialPin(bytes: Uint8Array, offsetBytes: number, lengthBytes: number): number;
  /** Makes a dma-buf of the bytes a buffer object. @returns 0: shared; 1 or 2: a copy; the GL error; as `glImportProblem` has it */
  trialMemoryObject(bytes: Uint8Array, lengthBytes: number, fd: number, isSynced: boolean): number;
  /** A crash of this process leaves no core file. */
  trialNoCoreFiles(): void;
  /** The driver's own list; `!` behind a modifier: external textures only. Undefined when it has none. */
  trialFormats(): { readonly fourcc: number; readonly modifiers: string[] }[] | undefined;
  /** The EGL device behind the open display; undefined when EGL cannot tell. */
  trialDevice(): AddonDisplayDevice | undefined;
  /** Fills [pages, pages whose frame is not known, highest physical address]. @returns 0 or a negated errno */
  pageFrames(fd: number, offsetBytes: number, lengthBytes: number, out: Float64Array): number;

  /** Does what the word says, wrongly, to the memory of a segment. Only the sanitized build has it. */
  plantFault?(kind: string, segment: number, lengthBytes: number): void;
}

export interface AddonDisplayDevice {
  readonly extensions: string;
  /** Empty: it has none. */
  readonly renderNode: string;
  readonly deviceFile: string;
}

export interface AddonEglOptions {
  readonly platform: string;
  readonly api: string;
  readonly renderNode: string;
  /** Index into `eglDevices`, or -1: the first that works, software last unless `software`. */
  readonly device: number;
  readonly software: boolean;
  readonly debug: boolean;
}

export interface AddonEglInfo {
  readonly vendor: string;
  readonly version: string;
  readonly clientApis: string;
  readonly extensions: string;
  readonly isRobust: boolean;
  readonly hasFenceSync: boolean;
  readonly hasNativeFenceFd: boolean;
  readonly major: number;
  readonly minor: number;
}

/** One device of EGL_EXT_device_enumeration; the node is empty where it has none. */
export interface AddonEglDevice {
  readonly extensions: string;
  readonly renderNode: string;
}

/** The builds of the addon, by the word that asks for one: files of one folder, and no way to name another. */
const BUILDS: Readonly<Record<string, { readonly file: string; readonly cure: string }>> = {
  "": { file: "virtgpu.node", cure: "run npm run setup" },
  sanitized: { file: "virtgpu.sanitized.node", cure: "run node scripts/build-addon.mjs --sanitize" },
};

function loadAddon(): Addon {
  const word = process.env["VIRTGPU_ADDON"] ?? "";
  const build = Object.hasOwn(BUILDS, word) ? BUILDS[word] : undefined;
  // Who asks for the sanitized build and misspells it must not run the other one and believe.
  if (build === undefined) {
    throw new HostError("ADDON_UNKNOWN", `there is no build of the addon named ${JSON.stringify(word)}`, {
      cure: "VIRTGPU_ADDON is sanitized, or not set",
    });
  }
  const path = fileURLToPath(new URL(`../../build/${build.file}`, import.meta.url));
  if (!existsSync(path)) {
    throw new HostError("ADDON_MISSING", `the native addon is not built (${path})`, { cure: build.cure });
  }
  try {
    return createRequire(import.meta.url)(path) as Addon;
  } catch (cause) {
    throw new HostError("ADDON_UNUSABLE", `the native addon does not load: ${String(cause)}`, {
      cause,
      cure: "run npm run setup again on this machine",
    });
  }
}

let loaded: Addon | null = null;

/** The addon, loaded at first use. @throws {HostError} ADDON_UNKNOWN, ADDON_MISSING, ADDON_UNUSABLE */
export function addon(): Addon {
  loaded ??= loadAddon();
  return loaded;
}

/** @returns `result`. @throws {HostError} with the errno's name as its code when `result` is a negated errno. */
export function checked(result: number, action: string): number {
  if (result < 0) throw systemError(-result, action);
  return result;
}

/** A failed system call as a HostError: code `ENOENT`, message `cannot ACTION: ENOENT`. */
export function systemError(errno: number, action: string): HostError {
  const name = getSystemErrorName(-errno);
  return new HostError(name, `cannot ${action}: ${name}`);
}
