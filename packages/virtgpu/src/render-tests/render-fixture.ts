/** A renderer on the real driver, driven without a protocol around it. For tests. */
import { InternalError, type Logger } from "@virtgpu/core/base";
import { GlEncoder } from "@virtgpu/core/gl";
import { Backing, CopyLedger, type Segment, type SegmentId } from "@virtgpu/core/memory";
import { GlesRenderer } from "@virtgpu/core/renderer/gles";
import type { StreamBuilder } from "@virtgpu/core/testing";
import { PIPE_BUFFER, PIPE_TEXTURE_2D, VIRGL_CAPSET_VIRGL2 } from "@virtgpu/core/virgl";
import { NativeGl, type NativeGlOptions } from "../native/index.js";

const STREAM_BYTES = 1 << 20;

export interface TextureShape {
  readonly target?: number;
  readonly format: number;
  readonly bind: number;
  readonly width: number;
  readonly height: number;
  readonly depth?: number;
  readonly arraySize?: number;
  readonly lastLevel?: number;
  readonly samples?: number;
}

/** One GL context with one virgl context (id 1) on it. */
export class RenderFixture {
  readonly gl: NativeGl;
  readonly encoder: GlEncoder;
  readonly ledger = new CopyLedger();
  readonly renderer: GlesRenderer;
  /** Messages that the renderer logged, for assertions. */
  readonly log: string[] = [];
  readonly #stream: Segment;

  /** @param goesOnAfterBugs as a device does: what the back end refuses is logged, and the next poll begins anew */
  constructor(options: NativeGlOptions = {}, goesOnAfterBugs = false) {
    this.gl = NativeGl.open(options);
    this.encoder = new GlEncoder(this.gl, { isChecked: true });
    const keep = (message: string, fields?: object): void => {
      this.log.push(`${message} ${JSON.stringify(fields ?? {})}`);
    };
    const logger: Logger = { debug: keep, info: keep, warn: keep, error: keep };
    this.renderer = new GlesRenderer({ gl: this.gl, encoder: this.encoder, ledger: this.ledger, logger });
    // Tests fail where a device would begin anew.
    if (!goesOnAfterBugs)
      this.encoder.onRefusal = (message) => {
        throw new InternalError(message);
      };
    this.#stream = this.segment(STREAM_BYTES);
    this.context(1);
  }

  /** Another virgl context. */
  context(id: number): void {
    this.renderer.createContext(id, VIRGL_CAPSET_VIRGL2, `test ${id}`);
  }

  segment(sizeBytes: number): Segment {
    const bytes = new Uint8Array(sizeBytes);
    return { id: this.encoder.registerSegment(bytes) as SegmentId, bytes };
  }

  /** Creates a texture and attaches it to contexts. @returns the guest error code */
  texture(id: number, shape: TextureShape, contexts: readonly number[] = [1]): number {
    const code = this.renderer.createResource3d(id, {
      target: shape.target ?? PIPE_TEXTURE_2D,
      format: shape.format,
      bind: shape.bind,
      width: shape.width,
      height: shape.height,
      depth: shape.depth ?? 1,
      arraySize: shape.arraySize ?? 1,
      lastLevel: shape.lastLevel ?? 0,
      samples: shape.samples ?? 0,
      flags: 0,
    });
    for (const context of contexts) this.renderer.attachResource(context, id);
    return code;
  }

  /** Creates a buffer with contents. */
  buffer(id: number, bind: number, contents: ArrayBufferView): void {
    const bytes = new Uint8Array(contents.buffer, contents.byteOffset, contents.byteLength);
    this.texture(id, { target: PIPE_BUFFER, format: 64, bind, width: bytes.length, height: 1 });
    const segment = this.segment(bytes.length);
    segment.bytes.set(bytes);
    const backing = new Backing([{ segment, offsetBytes: 0, lengthBytes: bytes.length }]);
    const code = this.renderer.transferThrough(1, id, box(bytes.length, 1), backing, "to-host");
    if (code !== 0) throw new Error(`buffer upload failed with ${code}`);
  }

  /** Executes a stream. @returns the guest error code */
  submit(builder: StreamBuilder, contextId = 1): number {
    const words = builder.build();
    new Uint32Array(this.#stream.bytes.buffer).set(words);
    return this.renderer.submit3d(contextId, this.#stream, 0, words.length);
  }

  /** Reads a 2D level of a 4-byte format back. Row 0 first. */
  read(id: number, width: number, height: number, bytesPerTexel = 4, level = 0, layer = 0): Uint8Array {
    const size = width * height * bytesPerTexel;
    const segment = this.segment(size);
    const backing = new Backing([{ segment, offsetBytes: 0, lengthBytes: size }]);
    const transfer = { ...box(width, height), level, z: layer };
    const code = this.renderer.transferThrough(1, id, transfer, backing, "from-host");
    if (code !== 0) throw new Error(`read-back failed with ${code}: ${this.log.join("\n")}`);
    const bytes = segment.bytes.slice();
    this.encoder.unregisterSegment(segment.id);
    return bytes;
  }

  /** Handles completions, so that counters are up to date. */
  settle(): void {
    this.renderer.finish();
    this.renderer.poll({ fenceSignalled() {} });
  }

  [Symbol.dispose](): void {
    this.renderer.destroy();
    this.gl.destroy();
  }
}

function box(width: number, height: number) {
  return { level: 0, x: 0, y: 0, z: 0, width, height, depth: 1, offsetBytes: 0, strideBytes: 0, layerStrideBytes: 0 };
}

/** The texel at (x, y) of tight 4-byte rows. */
export function texel(pixels: Uint8Array, width: number, x: number, y: number): number[] {
  const at = (y * width + x) * 4;
  return [...pixels.subarray(at, at + 4)];
}
