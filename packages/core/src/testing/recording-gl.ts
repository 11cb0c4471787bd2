import {
  GL_BAD_PIECE,
  GL_COMPLETION_WORDS,
  GL_OP_LAYOUTS,
  GL_ZERO_SEGMENT,
  GlCompletion,
  glOpText,
  type GlBackend,
  type GlBatchMemory,
  type GlCaps,
  type GlFeatures,
  type GlFormatCaps,
  type GlLimits,
} from "../gl/index.js";

/** What `RecordingGl` claims unless told otherwise: a GLES 3.2 host with every feature and roomy limits. */
export const RECORDING_LIMITS: GlLimits = {
  textureSize: 16384,
  texture3dSize: 2048,
  cubeMapSize: 16384,
  arrayTextureLayers: 2048,
  renderbufferSize: 16384,
  samples: 4,
  colorSamples: 4,
  depthSamples: 4,
  integerSamples: 4,
  sampleMaskWords: 1,
  drawBuffers: 8,
  colorAttachments: 8,
  dualSourceDrawBuffers: 1,
  viewportWidth: 16384,
  viewportHeight: 16384,
  viewports: 16,
  vertexAttribs: 16,
  vertexAttribStride: 2048,
  vertexUniformVectors: 4096,
  fragmentUniformVectors: 4096,
  vertexUniformBlocks: 15,
  fragmentUniformBlocks: 15,
  combinedUniformBlocks: 90,
  uniformBufferBindings: 90,
  uniformBlockBytes: 65536,
  uniformBufferOffsetAlignment: 16,
  vertexTextureUnits: 32,
  fragmentTextureUnits: 32,
  combinedTextureUnits: 192,
  varyingVectors: 32,
  vertexOutputComponents: 128,
  fragmentInputComponents: 128,
  transformFeedbackBuffers: 4,
  transformFeedbackInterleavedComponents: 128,
  transformFeedbackSeparateComponents: 4,
  clipDistances: 8,
  elementIndex: 0xffffffff,
  textureBufferTexels: 1 << 27,
  textureBufferOffsetAlignment: 16,
  shaderStorageBlocks: 16,
  shaderStorageOffsetAlignment: 16,
  imageUnits: 16,
  patchVertices: 32,
  geometryOutputVertices: 256,
  computeWorkGroupInvocations: 1024,
  textureGatherMinOffset: -32,
  textureGatherMaxOffset: 31,
  texelMinOffset: -32,
  texelMaxOffset: 31,
};

const ALL_FEATURES: GlFeatures = new Proxy({} as GlFeatures, { get: () => true });
const ALL_FORMATS: ReadonlyMap<number, GlFormatCaps> = new (class extends Map<number, GlFormatCaps> {
  override get(): GlFormatCaps {
    return { texture: true, renderable: true, samples: [4], readFormat: 0x1908, readType: 0x1401 };
  }
  override has(): boolean {
    return true;
  }
})();

export const RECORDING_CAPS: GlCaps = {
  isGles: true,
  version: 32,
  glslEs: 320,
  vendor: "virtgpu",
  renderer: "recording",
  versionText: "OpenGL ES 3.2 recording",
  glslVersionText: "OpenGL ES GLSL ES 3.20",
  extensions: new Set(),
  limits: RECORDING_LIMITS,
  features: ALL_FEATURES,
  maxAnisotropy: 16,
  pointSizeRange: [1, 255],
  lineWidthRange: [1, 255],
  maxLodBias: 16,
  formats: ALL_FORMATS,
};

/** Offset of an op's words and the ring contents at its batch, for tests that look closer than text. */
export interface RecordedBatch {
  readonly words: Uint32Array;
  /** The ring after the gather pieces were applied. */
  readonly ring: Uint8Array;
}

/**
 * A `GlBackend` without GL: keeps every op as text (`bindBuffer(target=0x8892, buffer=3)`) and every batch. Fences signal and
 * queries answer (0 unless `queryResults` says otherwise) at the next poll; every program links.
 */
export class RecordingGl implements GlBackend {
  readonly caps: GlCaps;
  /** Every op since the start, or since `clear`. */
  readonly ops: string[] = [];
  readonly batches: RecordedBatch[] = [];
  /** Registered segments by id. */
  readonly segments = new Map<number, Uint8Array>();
  /** Results by query index. */
  readonly queryResults = new Map<number, number>();
  readonly #completions: number[] = [];
  #memory: GlBatchMemory | null = null;

  constructor(caps: Partial<GlCaps> = {}) {
    this.caps = { ...RECORDING_CAPS, ...caps };
  }

  /** Forgets recorded ops and batches. */
  clear(): void {
    this.ops.length = 0;
    this.batches.length = 0;
  }

  attach(memory: GlBatchMemory): void {
    this.#memory = memory;
  }

  registerSegment(id: number, bytes: Uint8Array): void {
    this.segments.set(id, bytes);
  }

  unregisterSegment(id: number): void {
    this.segments.delete(id);
  }

  replay(wordCount: number, pieceCount: number, ringBytes: number): number {
    const memory = this.#memory!;
    if (!this.#applyPieces(memory, pieceCount)) return GL_BAD_PIECE;
    const words = memory.words.slice(0, wordCount);
    this.batches.push({ words, ring: memory.ring.slice(0, ringBytes) });
    let at = 0;
    while (at < wordCount) {
      const layout = GL_OP_LAYOUTS[words[at]! - 1];
      if (layout === undefined || at + layout.lengthWords > wordCount) return at;
      for (const arg of layout.args) {
        if (arg.kind === "data" && !this.#inSegment(words, at + arg.at)) return at;
      }
      this.ops.push(glOpText(words, at));
      this.#complete(layout.row.name, words[at + 1]!, words[at + 2]!);
      at += layout.lengthWords;
    }
    return -1;
  }

  poll(out: Int32Array): number {
    const records = Math.min(
      this.#completions.length,
      Math.floor(out.length / GL_COMPLETION_WORDS) * GL_COMPLETION_WORDS,
    );
    out.set(this.#completions.splice(0, records));
    return records / GL_COMPLETION_WORDS;
  }

  takeProgramLog(): string {
    return "";
  }

  finish(): void {}

  destroy(): void {}

  #applyPieces(memory: GlBatchMemory, pieceCount: number): boolean {
    const { pieces, ring } = memory;
    for (let at = 0; at < pieceCount * 4; at += 4) {
      const source = pieces[at + 1]!;
      const length = pieces[at + 2]!;
      const target = pieces[at + 3]!;
      if (target + length > ring.length) return false;
      if (pieces[at] === GL_ZERO_SEGMENT) {
        ring.fill(0, target, target + length);
        continue;
      }
      const bytes = this.segments.get(pieces[at]!);
      if (bytes === undefined || source + length > bytes.length) return false;
      ring.set(bytes.subarray(source, source + length), target);
    }
    return true;
  }

  #inSegment(words: Uint32Array, at: number): boolean {
    const bytes = this.segments.get(words[at]!);
    const offset = words[at + 1]! + words[at + 2]! * 2 ** 32;
    return bytes !== undefined && offset + words[at + 3]! <= bytes.length;
  }

  #complete(name: string, first: number, second: number): void {
    if (name === "fence") this.#completions.push(GlCompletion.FENCE, first, 0, 0);
    if (name === "queryResult")
      this.#completions.push(GlCompletion.QUERY, second, this.queryResults.get(first) ?? 0, 0);
    if (name === "linkProgramData") this.#completions.push(GlCompletion.PROGRAM, first, 1, 0);
  }
}
