import { buildGlCaps, type GlBackend, type GlBatchMemory, type GlCaps, type GlImports } from "@virtgpu/core/gl";
import { addon, type Addon } from "./addon.js";
import { closeEgl, openEgl, type EglInfo, type EglOptions } from "./egl.js";

/** Host limits lowered for tests, by the names of `GlLimits`. */
export type ForcedLimits = Readonly<Record<string, number>>;

/** As for `openEgl`. */
export interface NativeGlOptions extends EglOptions {
  /** Default: from VIRTGPU_FORCE_LIMITS, `uniformBlockBytes=16384,vertexUniformBlocks=12`. */
  readonly forceLimits?: ForcedLimits;
}

/** After a reset a driver may need a moment. */
const REOPEN_PAUSES_MS = [0, 50, 200, 1000] as const;

/** The `GlBackend` on the host's EGL and GLES or GL driver. One per process, used on the thread that opened it. */
export class NativeGl implements GlBackend {
  readonly caps: GlCaps;
  readonly egl: EglInfo;
  readonly imports: GlImports;
  /** Readable when fences have signalled since the last `poll`: for an event loop. */
  readonly fenceEventFd: number;
  readonly #addon: Addon;
  /** What C holds pointers into. */
  readonly #held = new Map<number, Uint8Array>();

  readonly #options: NativeGlOptions;

  private constructor(options: NativeGlOptions, limits: ForcedLimits) {
    this.#addon = addon();
    this.#options = options;
    const egl = openEgl(options);
    this.egl = egl;
    this.imports = nativeImports(this.#addon);
    this.caps = buildGlCaps(
      {
        integer: (pname, index) => this.#addon.glInteger(pname, index),
        float: (pname, index) => this.#addon.glFloat(pname, index),
        text: (pname) => this.#addon.glText(pname),
        extensions: () => this.#addon.glExtensions(),
        probeFormat: (internalFormat, kind, out) => this.#addon.glProbeFormat(internalFormat, kind, out),
      },
      egl.api === "gles",
      limits,
    );
    this.fenceEventFd = this.#addon.glFenceEventFd();
  }

  /** Opens a GL context and asks what it can do. @throws {HostError} as `openEgl` */
  static open(options: NativeGlOptions = {}): NativeGl {
    const limits = options.forceLimits ?? parseForcedLimits(process.env["VIRTGPU_FORCE_LIMITS"] ?? "");
    return new NativeGl(options, limits);
  }

  attach(memory: GlBatchMemory): void {
    this.#addon.glAttach(memory.words, memory.pieces, memory.ring);
  }

  registerSegment(id: number, bytes: Uint8Array): void {
    this.#held.set(id, bytes);
    this.#addon.glRegisterSegment(id, bytes);
  }

  unregisterSegment(id: number): void {
    this.#addon.glUnregisterSegment(id);
    this.#held.delete(id);
  }

  replay(wordCount: number, pieceCount: number, ringBytes: number): number {
    return this.#addon.glReplay(wordCount, pieceCount, ringBytes);
  }

  poll(out: Int32Array): number {
    return this.#addon.glPoll(out);
  }

  takeProgramLog(program: number): string {
    return this.#addon.glTakeProgramLog(program);
  }

  finish(): void {
    this.#addon.glFinish();
  }

  reopen(): void {
    closeEgl();
    for (const pauseMs of REOPEN_PAUSES_MS) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
      try {
        openEgl(this.#options);
        return;
      } catch (error) {
        if (pauseMs === REOPEN_PAUSES_MS.at(-1)) throw error;
      }
    }
  }

  destroy(): void {
    closeEgl();
    this.#held.clear();
  }
}

function nativeImports(native: Addon): GlImports {
  const words = new Int32Array(11);
  const reference = new Uint32Array(4);
  return {
    importTexture(texture, image): number {
      const modifier = image.modifier ?? 0n;
      words[0] = image.fd;
      words[1] = image.width;
      words[2] = image.height;
      words[3] = image.fourcc;
      words[4] = image.offsetBytes;
      words[5] = image.strideBytes;
      words[6] = image.modifier === null ? 0 : 1;
      words[7] = Number(BigInt.asIntN(32, modifier));
      words[8] = Number(BigInt.asIntN(32, modifier >> 32n));
      words[9] = image.mustRender ? 1 : 0;
      words[10] = image.rowBytes;
      return native.glImportTexture(texture, words);
    },
    ownTexture: (texture, format, width, height) => native.glOwnTexture(texture, format, width, height),
    pinBuffer(buffer, segment, offsetBytes, lengthBytes): number {
      reference[0] = segment;
      reference[1] = offsetBytes % 2 ** 32;
      reference[2] = Math.floor(offsetBytes / 2 ** 32);
      reference[3] = lengthBytes;
      return native.glPinBuffer(buffer, reference);
    },
    importBuffer: (buffer, fd, dmaBufBytes, sizeBytes) => native.glImportBuffer(buffer, fd, dmaBufBytes, sizeBytes),
    ownBuffer: (buffer, sizeBytes, isReplaced) => native.glOwnBuffer(buffer, sizeBytes, isReplaced),
  };
}

/** `a=1,b=2` as an object; what does not parse is ignored. */
export function parseForcedLimits(text: string): ForcedLimits {
  const limits: Record<string, number> = {};
  for (const part of text.split(",")) {
    const match = /^\s*(\w+)\s*=\s*(\d+)\s*$/.exec(part);
    if (match !== null) limits[match[1]!] = Number(match[2]);
  }
  return limits;
}
