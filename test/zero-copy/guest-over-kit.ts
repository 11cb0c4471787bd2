/** A guest with a 3D context and a window for host memory, on the kit's front-end: drives a back-end process as a guest would. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BackEndListener, readMemoryMap, StreamBuilder } from "@virtgpu/core/testing";
import * as v from "@virtgpu/core/virgl";
import * as g from "@virtgpu/core/virtio-gpu";
import { closeFd, Mapping, pageFrames } from "virtgpu/native";
import { FREE, GpuFrontEnd } from "virtgpu/testing";
import type { TextureArgs } from "./import-fixture.js";

interface Explained {
  readonly processes: {
    readonly report: { readonly resources: { readonly listed: ExplainedResource[] } } | null;
    /** The device was busy. */
    readonly isOld: boolean;
  }[];
}

const CONTROL = "control.sock";
/** Machines may be slow; the device answers an explanation within a second or says that it is busy. */
const PATIENCE_MS = 300_000;
const CONTEXT = 1;
const HOST3D = 2;
const MAPPABLE = g.VIRTIO_GPU_BLOB_FLAG_USE_MAPPABLE;
const PAGE = 4096;
/** Guest memory that results are read back to. */
const RESULT_BYTES = 1 << 20;
/** Where tests put memory of their own. */
export const SPARE = FREE + RESULT_BYTES;

export const BINDS = v.VIRGL_BIND_RENDER_TARGET | v.VIRGL_BIND_SAMPLER_VIEW;

/** PIPE_RESOURCE_SET_TYPE: the blob's bytes are an R8G8B8A8 picture of `side` × `side`. */
export function setType(id: number, side: number, strideBytes: number, offsetBytes: number): StreamBuilder {
  const words = [id, v.VirglFormat.R8G8B8A8_UNORM, BINDS, side, side, 0, 0, 0, strideBytes, offsetBytes];
  return new StreamBuilder().command(v.VIRGL_CCMD_PIPE_RESOURCE_SET_TYPE, words);
}

/** What `explain` tells of a resource, as far as tests look at it. */
export interface ExplainedResource {
  readonly id: number;
  readonly hostBytes: number;
  readonly path: { path: string; zeroCopy: boolean; refused: { path: string; reason: string; cure: string }[] };
  readonly movedBytes: Readonly<Record<string, number>>;
}

/** A host blob that the guest has mapped. */
export interface MappedBlob {
  readonly bytes: Uint8Array;
  /** The highest physical address of its pages now, or null where the kernel does not tell all of them. */
  readonly highestAddress: () => number | null;
}

export class GuestOverKit {
  readonly frontEnd: GpuFrontEnd;
  readonly #listener: BackEndListener;
  readonly #mappings: Mapping[] = [];
  /** What the back-end gave to be mapped. */
  readonly #fds: number[] = [];
  /** Resources that have the result's memory. */
  readonly #backed = new Set<number>();
  #windowOffset = 0;
  #fence = 0n;

  /** Holds the back-end's control socket. */
  readonly #folder: string;

  private constructor(frontEnd: GpuFrontEnd, folder: string) {
    this.frontEnd = frontEnd;
    this.#folder = folder;
    this.#listener = frontEnd.openBackEndChannel();
    const name = new Array<number>(16).fill(0x41414141);
    this.ok(g.VIRTIO_GPU_CMD_CTX_CREATE, [4, 0, ...name]);
  }

  /** @param backEnd the compiled program `vhost-user` */
  static start(backEnd: string, flags: readonly string[]): GuestOverKit {
    const folder = mkdtempSync(join(tmpdir(), "virtgpu-guest-"));
    const own = ["--virgl", "--profile=none", `--control=${join(folder, CONTROL)}`];
    const args = (fd: number): string[] => [backEnd, `--fd=${fd}`, ...own, ...flags];
    const env = { LIBGL_ALWAYS_SOFTWARE: "1" };
    return new GuestOverKit(GpuFrontEnd.start({ command: process.execPath, args, env }), folder);
  }

  type(request: number, words: readonly number[], fenced = false): number {
    const fence = fenced ? { flags: g.VIRTIO_GPU_FLAG_FENCE, fenceId: ++this.#fence } : {};
    return this.frontEnd.request(request, words, { contextId: CONTEXT, ...fence }).getUint32(0, true);
  }

  ok(request: number, words: readonly number[], fenced = false): void {
    assert.equal(this.type(request, words, fenced), g.VIRTIO_GPU_RESP_OK_NODATA, this.frontEnd.log);
  }

  must(code: number): void {
    assert.equal(code, 0);
  }

  /** RESOURCE_CREATE_3D of a 2D resource, known to the context. */
  create(id: number, args: TextureArgs): number {
    const { target = v.PIPE_TEXTURE_2D, format = v.VirglFormat.R8G8B8A8_UNORM, width, height } = args;
    const { bind = BINDS } = args;
    this.ok(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_3D, [id, target, format, bind, width, height, 1, 1, 0, 0, 0, 0]);
    this.attach(id);
    return 0;
  }

  attach(id: number): void {
    this.ok(g.VIRTIO_GPU_CMD_CTX_ATTACH_RESOURCE, [id, 0]);
  }

  /** Runs a stream to its end. */
  submit(builder: StreamBuilder): void {
    this.ok(g.VIRTIO_GPU_CMD_SUBMIT_3D, streamWords(builder), true);
  }

  /** The same, when it is refused. @returns the response type */
  submitted(builder: StreamBuilder): number {
    return this.type(g.VIRTIO_GPU_CMD_SUBMIT_3D, streamWords(builder), true);
  }

  /** TRANSFER_FROM_HOST_3D of all of a resource that has no memory of its own. */
  glContents(id: number, width: number, height: number): Uint8Array {
    if (!this.#backed.has(id)) {
      this.ok(g.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [id, 1, FREE, 0, RESULT_BYTES, 0]);
      this.#backed.add(id);
    }
    this.ok(g.VIRTIO_GPU_CMD_TRANSFER_FROM_HOST_3D, [0, 0, 0, width, height, 1, 0, 0, id, 0, 0, 0], true);
    const size = width * height * 4;
    return new Uint8Array(
      this.frontEnd.view(FREE, size).buffer,
      this.frontEnd.view(FREE, size).byteOffset,
      size,
    ).slice();
  }

  /** RESOURCE_CREATE_BLOB on the host, to be mapped; `blobId` as PIPE_RESOURCE_CREATE named it, or 0. @returns the response type */
  createBlob(id: number, sizeBytes: number, blobId = 0): number {
    const size = [sizeBytes % 2 ** 32, Math.floor(sizeBytes / 2 ** 32)];
    return this.type(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_BLOB, [id, HOST3D, MAPPABLE, 0, blobId, 0, ...size]);
  }

  /** RESOURCE_MAP_BLOB at the next free place of the window, which the front-end maps as asked. */
  map(id: number): MappedBlob {
    this.frontEnd.submit(g.VIRTIO_GPU_CMD_RESOURCE_MAP_BLOB, [id, 0, this.#windowOffset, 0]);
    const asked = this.#listener.next();
    const fd = asked.fds[0]!;
    const { fdOffset, lengthBytes } = readMemoryMap(asked.payload);
    const mapping = Mapping.map(fd, fdOffset, lengthBytes);
    this.#mappings.push(mapping);
    this.#fds.push(fd);
    this.#windowOffset += Math.ceil(lengthBytes / PAGE) * PAGE;
    this.#listener.acknowledge(asked);
    assert.equal(this.frontEnd.waitAnswer().getUint32(0, true), g.VIRTIO_GPU_RESP_OK_MAP_INFO, this.frontEnd.log);
    const highestAddress = (): number | null => {
      const frames = pageFrames(fd, fdOffset, lengthBytes);
      return frames !== null && frames.unknownPages === 0 ? frames.highestAddress : null;
    };
    return { bytes: mapping.bytes, highestAddress };
  }

  /** The resources that `virtgpu explain` would list now. */
  async explain(): Promise<readonly ExplainedResource[]> {
    for (const endMs = performance.now() + PATIENCE_MS; performance.now() < endMs;) {
      const { report, isOld } = (await this.#ask()).processes[0]!;
      if (report !== null && !isOld) return report.resources.listed;
    }
    throw new Error("the device is busy for ever");
  }

  async #ask(): Promise<Explained> {
    const text = await new Promise<string>((resolve, reject) => {
      let all = "";
      const socket = connect(join(this.#folder, CONTROL), () => socket.write('{"command":"explain"}\n'));
      socket.on("data", (chunk) => {
        all += chunk.toString();
        if (all.includes("\n")) socket.destroy();
      });
      socket.on("error", reject);
      socket.on("close", () => resolve(all));
    });
    return JSON.parse(text) as Explained;
  }

  async close(): Promise<string> {
    const how = await this.frontEnd.close();
    rmSync(this.#folder, { recursive: true, force: true });
    for (const mapping of this.#mappings) mapping.release();
    for (const fd of this.#fds) closeFd(fd);
    return how;
  }
}

function streamWords(builder: StreamBuilder): number[] {
  const words = builder.build();
  return [words.byteLength, 0, ...words];
}
