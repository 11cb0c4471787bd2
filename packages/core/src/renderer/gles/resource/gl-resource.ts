import type { Backing } from "../../../memory/index.js";
import type { FormatRow } from "../format/index.js";
import type { ImportedStorage, StorageDependent, SuspendedImport } from "./imported-storage.js";
import type { ReadableMemory } from "./readable-memory.js";

/** What GL object, if any, holds the resource's contents. */
export const ResourceKind = {
  BUFFER: 0,
  TEXTURE: 1,
  RENDERBUFFER: 2,
  /** No GL object: guest memory only. */ BACKING_ONLY: 3,
} as const;
export type ResourceKindCode = (typeof ResourceKind)[keyof typeof ResourceKind];

/** Frees the GL object and the accounted memory of a resource that nobody refers to any more. */
export interface ResourceOwner {
  resourceFreed(resource: GlResource): void;
}

/** Everything that is fixed at creation. */
export interface ResourceShape {
  readonly kind: ResourceKindCode;
  readonly format: FormatRow;
  /** PIPE_BUFFER, PIPE_TEXTURE_… */
  readonly target: number;
  /** GL texture target, GL_RENDERBUFFER, or 0. */
  readonly glTarget: number;
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  /** Layers; cube maps count faces, as the protocol does. */
  readonly arraySize: number;
  readonly lastLevel: number;
  /** 0 or 1: single-sampled. */
  readonly samples: number;
  readonly bind: number;
  readonly flags: number;
  /** Buffers: size; textures: what the host needs for all levels, roughly. */
  readonly sizeBytes: number;
}

/** A resource of RESOURCE_CREATE_3D with its GL object. Alive while its table or any guest object retains it. */
export class GlResource implements ResourceShape {
  /** 0 once the guest has unreferenced it: another resource may have the number while objects still hold this one. */
  id: number;
  readonly kind: ResourceKindCode;
  readonly format: FormatRow;
  readonly target: number;
  readonly glTarget: number;
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly arraySize: number;
  readonly lastLevel: number;
  readonly samples: number;
  readonly bind: number;
  readonly flags: number;
  readonly sizeBytes: number;
  /** Dense index of the GL name; its kind follows from `kind`. 0: none. */
  readonly name: number;
  /** Guest memory, or null. Replaced by the table only. */
  backing: Backing | null = null;

  /** How many submissions there had been when it was created. */
  bornAt = -1;
  /** Its scattered backing in one piece, once somebody wants it so. Written by `ResourceImports` only. */
  readable: ReadableMemory | null = null;
  /** Not null: the backing's bytes are the storage of the GL object. Written by `ResourceImports` only. */
  imported: ImportedStorage | null = null;
  /** Not null: guest memory changed and took the backing away, which may come back. Written by `ResourceImports` only. */
  suspended: SuspendedImport | null = null;
  /** Framebuffers and views of a GL object that may be replaced: while it is imported or suspended. Written by `ResourceImports` only. */
  dependents: Set<StorageDependent> | null = null;

  /** For `BACKING_ONLY` without backing (vtest 0 and 1 have no shared memory): private bytes that stand in for it. */
  privateBacking: Backing | null = null;
  /** Bit per level whose contents were never written; see `ResourceTable.define`. */
  undefinedLevels = 0;
  /** A texture that is a name only, until somebody wants to use it; see `ResourceTable.lookup`. */
  lacksStorage = false;
  /** How often it was attached for rendering, as far as `beforeRenderingTo` counts. */
  renderings = 0;

  /** Texture parameters as last emitted; -1: unknown. Written by whoever emits them. */
  texBase = -1;
  texMax = -1;
  texSwizzle = -1;
  texDsMode = -1;
  texSrgbDecode = -1;

  readonly #owner: ResourceOwner;
  #references = 1;

  constructor(id: number, shape: ResourceShape, name: number, owner: ResourceOwner) {
    this.id = id;
    this.kind = shape.kind;
    this.format = shape.format;
    this.target = shape.target;
    this.glTarget = shape.glTarget;
    this.width = shape.width;
    this.height = shape.height;
    this.depth = shape.depth;
    this.arraySize = shape.arraySize;
    this.lastLevel = shape.lastLevel;
    this.samples = shape.samples;
    this.bind = shape.bind;
    this.flags = shape.flags;
    this.sizeBytes = shape.sizeBytes;
    this.name = name;
    this.#owner = owner;
  }

  retain(): void {
    this.#references++;
  }

  /** Nothing was written to it or made of it yet. */
  get isFresh(): boolean {
    return this.#references === 1 && this.undefinedLevels !== 0;
  }

  /** Nobody but the resource table refers to it. */
  get isUnshared(): boolean {
    return this.#references === 1;
  }

  /** Each `retain` needs one; the last deletes the GL object. */
  release(): void {
    if (--this.#references === 0) this.#owner.resourceFreed(this);
  }

  levelWidth(level: number): number {
    return Math.max(1, this.width >>> level);
  }

  levelHeight(level: number): number {
    return Math.max(1, this.height >>> level);
  }

  /** Slices of a 3D texture's level, or layers (cube maps: faces). */
  levelLayers(level: number): number {
    return this.depth > 1 ? Math.max(1, this.depth >>> level) : this.arraySize;
  }

  /** Forgets the emitted texture parameters: somebody else changed them. */
  invalidateParameters(): void {
    this.texBase = -1;
    this.texMax = -1;
    this.texSwizzle = -1;
    this.texDsMode = -1;
    this.texSrgbDecode = -1;
  }
}
