/** A renderer on the real driver whose guest memory is one memfd, as a VMM gives it. Runs in a process with Mesa 25. */
import type { Logger } from "@virtgpu/core/base";
import { GlEncoder } from "@virtgpu/core/gl";
import {
  Backing,
  CopyLedger,
  CopyReason,
  COPY_REASON_NAMES,
  VerdictBook,
  type ImportServices,
  type MemorySpan,
  type Segment,
  type SegmentId,
} from "@virtgpu/core/memory";
import type { Transfer3d } from "@virtgpu/core/renderer";
import { GlesRenderer } from "@virtgpu/core/renderer/gles";
import type { StreamBuilder } from "@virtgpu/core/testing";
import * as v from "@virtgpu/core/virgl";
import { type NativeImporter, openImports, sharedFile, type ImportSettings } from "virtgpu/import";
import { createMemfd, drainEventFd, Mapping, NativeGl, Poll, pollFds, type GlApi } from "virtgpu/native";

const STREAM_BYTES = 1 << 20;
const PATIENCE_MS = 300_000;
const POLL_US = 1_000_000;
export const PAGE = 4096;
export const CONTEXT = 1;

export interface FixtureOptions extends ImportSettings {
  readonly api?: GlApi;
  readonly ramBytes?: number;
  readonly seals?: number;
  /** Changes the services before the renderer gets them. */
  readonly adjust?: (services: ImportServices) => ImportServices;
}

export interface TextureArgs {
  readonly format?: number;
  readonly bind?: number;
  readonly width: number;
  readonly height: number;
  readonly flags?: number;
  readonly lastLevel?: number;
  readonly arraySize?: number;
  readonly target?: number;
  readonly samples?: number;
}

export class ImportFixture {
  readonly gl: NativeGl;
  readonly encoder: GlEncoder;
  readonly renderer: GlesRenderer;
  readonly ledger = new CopyLedger();
  readonly imports: ImportServices;
  readonly ramFd: number;
  readonly ram: Mapping;
  /** Guest memory as it is mapped now. */
  ramSegment: Segment;
  readonly log: string[] = [];
  readonly #stream: Segment;

  constructor(options: FixtureOptions = {}) {
    this.gl = NativeGl.open({ api: options.api ?? "gles" });
    this.encoder = new GlEncoder(this.gl);
    const services = openImports(this.gl, this.encoder, options);
    this.imports = options.adjust?.(services) ?? services;
    const keep = (message: string, fields?: object): void => {
      this.log.push(`${message} ${JSON.stringify(fields ?? {})}`);
    };
    const logger: Logger = { debug: keep, info: keep, warn: keep, error: keep };
    const { gl, encoder, ledger, imports } = this;
    this.renderer = new GlesRenderer({ gl, encoder, ledger, logger, imports });
    const ramBytes = options.ramBytes ?? 32 << 20;
    this.ramFd = createMemfd("guest-ram", ramBytes, options.seals);
    this.ram = Mapping.map(this.ramFd, 0, ramBytes);
    this.ramSegment = this.mapped(this.ramFd, this.ram);
    this.#stream = this.segment(STREAM_BYTES);
    this.renderer.createContext(CONTEXT, v.VIRGL_CAPSET_VIRGL2, "test");
  }

  /** A mapping of a memory file as guest memory. */
  mapped(fd: number, { bytes }: Mapping): Segment {
    return { id: this.encoder.registerSegment(bytes) as SegmentId, bytes, file: sharedFile(fd, 0)! };
  }

  /**
   * Guest memory is mapped anew, as at SET_MEM_TABLE: `change` tells the renderer of it, then the old mapping is gone. The test keeps its
   * own view of the bytes (`ram`).
   */
  remap(change: (old: Segment) => void): void {
    const old = this.ramSegment;
    this.settle();
    this.ramSegment = this.mapped(this.ramFd, Mapping.map(this.ramFd, 0, this.ram.bytes.length));
    change(old);
    this.settle();
    this.encoder.unregisterSegment(old.id);
  }

  segment(sizeBytes: number): Segment {
    const bytes = new Uint8Array(sizeBytes);
    return { id: this.encoder.registerSegment(bytes) as SegmentId, bytes };
  }

  /** Guest memory at these offsets, one span each. */
  backing(...spans: readonly (readonly [offsetBytes: number, lengthBytes: number])[]): Backing {
    const all: MemorySpan[] = spans.map(([offsetBytes, lengthBytes]) => ({
      segment: this.ramSegment,
      offsetBytes,
      lengthBytes,
    }));
    return new Backing(all);
  }

  /** RESOURCE_CREATE_3D of a 2D texture, known to the context. @returns the guest error code */
  create(id: number, args: TextureArgs): number {
    const code = this.renderer.createResource3d(id, {
      target: args.target ?? v.PIPE_TEXTURE_2D,
      format: args.format ?? v.VirglFormat.B8G8R8A8_UNORM,
      bind: args.bind ?? v.VIRGL_BIND_RENDER_TARGET | v.VIRGL_BIND_SAMPLER_VIEW,
      width: args.width,
      height: args.height,
      depth: 1,
      arraySize: args.arraySize ?? 1,
      lastLevel: args.lastLevel ?? 0,
      samples: args.samples ?? 0,
      flags: args.flags ?? 0,
    });
    this.renderer.attachResource(CONTEXT, id);
    return code;
  }

  /** Creates a texture and attaches contiguous memory. @returns the bytes of guest memory that are its contents */
  createBacked(id: number, args: TextureArgs, offsetBytes: number, bytesPerPixel = 4): Uint8Array {
    const sizeBytes = args.width * args.height * bytesPerPixel;
    this.must(this.create(id, args));
    this.must(this.renderer.attachBacking(id, this.backing([offsetBytes, sizeBytes])));
    return this.ram.bytes.subarray(offsetBytes, offsetBytes + sizeBytes);
  }

  must(code: number): void {
    if (code !== 0) throw new Error(`guest error ${code}: ${this.log.join("\n")}`);
  }

  /** TRANSFER_TO_HOST_3D of a whole level in the layout of the backing. */
  upload(id: number, width: number, height: number, change: Partial<Transfer3d> = {}): void {
    this.must(this.renderer.transferToHost3d(CONTEXT, id, { ...wholeBox(width, height), ...change }));
  }

  /** TRANSFER_FROM_HOST_3D of a whole level; the bytes are in guest memory on return. */
  download(id: number, width: number, height: number, change: Partial<Transfer3d> = {}): void {
    this.must(this.renderer.transferFromHost3d(CONTEXT, id, { ...wholeBox(width, height), ...change }, true));
  }

  submit(builder: StreamBuilder): void {
    const words = builder.build();
    new Uint32Array(this.#stream.bytes.buffer).set(words);
    this.must(this.renderer.submit3d(CONTEXT, this.#stream, 0, words.length));
  }

  /** What GL has in a texture, through memory that is not the resource's. */
  glContents(id: number, width: number, height: number, bytesPerPixel = 4): Uint8Array {
    const size = width * height * bytesPerPixel;
    const segment = this.segment(size);
    const backing = new Backing([{ segment, offsetBytes: 0, lengthBytes: size }]);
    this.must(this.renderer.transferThrough(CONTEXT, id, wholeBox(width, height), backing, "from-host"));
    const bytes = segment.bytes.slice();
    this.encoder.unregisterSegment(segment.id);
    return bytes;
  }

  /** What the screen shows: rows of B8G8R8X8. */
  screen(id: number, width: number, height: number): Uint8Array {
    const segment = this.segment(width * height * 4);
    this.must(this.renderer.readScanout(id, 0, 0, width, height, segment, 0, width * 4));
    const bytes = segment.bytes.slice();
    this.encoder.unregisterSegment(segment.id);
    return bytes;
  }

  /** Payload that was moved since `before` (an earlier `counted`), by reason; without what the test itself reads. */
  counted(): Float64Array {
    return this.ledger.totalBytes.slice();
  }

  payloadSince(before: Float64Array): Record<string, number> {
    const moved: Record<string, number> = {};
    this.ledger.totalBytes.forEach((bytes, reason) => {
      if (reason === CopyReason.COMMAND_STREAM || reason === CopyReason.CONSTANTS) return;
      if (bytes !== before[reason]!) moved[COPY_REASON_NAMES[reason]!] = bytes - before[reason]!;
    });
    return moved;
  }

  /** Waits for the GPU and takes completions, so that counters are up to date. */
  settle(): void {
    this.renderer.finish();
    this.renderer.poll({ fenceSignalled() {} });
  }

  /** UNREF or DETACH, and their answer: guest memory that was given back is the test's again. */
  giveBack(code: number): void {
    this.must(code);
    let isReleased = false;
    this.renderer.whenReleased(() => (isReleased = true));
    this.untilPolled(() => isReleased);
  }

  /** Takes completions as they come, without waiting for anything else of the GPU. */
  untilPolled(isDone: () => boolean): void {
    const deadlineMs = performance.now() + PATIENCE_MS;
    this.renderer.flush();
    for (;;) {
      this.renderer.poll({ fenceSignalled() {} });
      if (isDone()) return;
      if (performance.now() > deadlineMs) throw new Error("the GPU never finished");
      pollFds(Int32Array.of(this.gl.fenceEventFd), Int16Array.of(Poll.IN), new Int16Array(1), POLL_US);
      drainEventFd(this.gl.fenceEventFd);
    }
  }

  close(): void {
    this.renderer.destroy();
    this.encoder.flush();
    this.gl.destroy();
  }
}

export function wholeBox(width: number, height: number): Transfer3d {
  return { level: 0, x: 0, y: 0, z: 0, width, height, depth: 1, offsetBytes: 0, strideBytes: 0, layerStrideBytes: 0 };
}

/** Services that claim another profile. */
export function withProfile(change: object): (services: ImportServices) => ImportServices {
  return ({ policy, importer }) => {
    const { profile } = importer;
    const images = profile.images === null ? null : { ...profile.images, ...change };
    const changed = Object.create(importer, { profile: { value: { ...profile, images } } }) as NativeImporter;
    return { policy, importer: changed, verdicts: new VerdictBook() };
  };
}
