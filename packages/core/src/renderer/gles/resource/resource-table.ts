import { GuestError, type GuestErrorCode } from "../../../base/index.js";
import { GL } from "../../../gl/index.js";
import type { Backing } from "../../../memory/index.js";
import type { Resource3d } from "../../renderer.js";
import type { GlesHost } from "../gles-host.js";
import { GlResource, ResourceKind, type ResourceOwner, type ResourceShape } from "./gl-resource.js";
import { checkShape } from "./resource-shape.js";
import { ZeroFill } from "./zero-fill.js";

/** Ids below this are found in an array. */
const DENSE_IDS = 1 << 16;

export interface ResourceLimits {
  /** Contents of all resources together, as computed from their shapes. */
  readonly maxTotalBytes: number;
  readonly maxResources: number;
}

const DEFAULT_LIMITS: ResourceLimits = { maxTotalBytes: 4 * 2 ** 30, maxResources: 1 << 18 };

/** Every resource of the device, by resource id. Which context may use which is the contexts' business. */
export class ResourceTable implements ResourceOwner {
  readonly #host: GlesHost;
  readonly #limits: ResourceLimits;
  readonly #dense: (GlResource | undefined)[] = [];
  readonly #sparse = new Map<number, GlResource>();
  readonly #zeroFill: ZeroFill;
  #count = 0;
  #totalBytes = 0;

  constructor(host: GlesHost, limits: ResourceLimits = DEFAULT_LIMITS) {
    this.#host = host;
    this.#limits = limits;
    this.#zeroFill = new ZeroFill(host);
  }

  /** Resources that have not been unreferenced. */
  get count(): number {
    return this.#count;
  }

  /** Bytes of everything alive, including resources that only guest objects still hold. */
  get totalBytes(): number {
    return this.#totalBytes;
  }

  has(id: number): boolean {
    return this.peek(id) !== undefined;
  }

  /** For whoever may use its GL object: it has storage from now on. */
  lookup(id: number): GlResource | undefined {
    const resource = this.peek(id);
    if (resource !== undefined && resource.lacksStorage) this.giveStorage(resource);
    return resource;
  }

  /** For whoever does not touch its GL object, which may have no storage yet. */
  peek(id: number): GlResource | undefined {
    return id < DENSE_IDS ? this.#dense[id] : this.#sparse.get(id);
  }

  /**
   * Makes the storage of a texture that waited for its guest memory. Until then there is nothing but a name, so that a texture whose
   * storage becomes guest memory never had any other: drivers write into new storage, and their allocators keep what was freed.
   */
  giveStorage(resource: GlResource): void {
    if (!resource.lacksStorage) return;
    resource.lacksStorage = false;
    this.#createTexture(resource.name, resource);
  }

  /** Ids of all living resources, ascending where they are small. For reports: takes time with their number. */
  ids(): number[] {
    const ids: number[] = [];
    for (let id = 0; id < this.#dense.length; id++) if (this.#dense[id] !== undefined) ids.push(id);
    ids.push(...this.#sparse.keys());
    return ids;
  }

  create(id: number, args: Resource3d): GuestErrorCode {
    if (id === 0) return GuestError.BAD_VALUE;
    if (this.has(id)) return GuestError.ALREADY_EXISTS;
    if (this.#count >= this.#limits.maxResources) return GuestError.LIMIT;
    const shape = checkShape(args, this.#host.formats);
    if (typeof shape === "number") return shape;
    if (this.#totalBytes + shape.sizeBytes > this.#limits.maxTotalBytes) return GuestError.OUT_OF_MEMORY;
    const name = this.#createStorage(shape);
    if (name === 0 && shape.kind !== ResourceKind.BACKING_ONLY) return GuestError.LIMIT;
    const resource = new GlResource(id, shape, name, this);
    if (shape.kind === ResourceKind.TEXTURE || shape.kind === ResourceKind.RENDERBUFFER) {
      resource.undefinedLevels = 2 ** (shape.lastLevel + 1) - 1;
    }
    resource.lacksStorage = shape.kind === ResourceKind.TEXTURE;
    resource.bornAt = this.#host.counters.submissions;
    this.#totalBytes += shape.sizeBytes;
    this.#count++;
    if (id < DENSE_IDS) this.#dense[id] = resource;
    else this.#sparse.set(id, resource);
    return GuestError.NONE;
  }

  /** Forgets the id and its guest memory. The contents live on while guest objects hold the resource. */
  unref(id: number): GuestErrorCode {
    const resource = this.peek(id);
    if (resource === undefined) return GuestError.UNKNOWN_RESOURCE;
    if (id < DENSE_IDS) this.#dense[id] = undefined;
    else this.#sparse.delete(id);
    this.#count--;
    this.#host.imports.unreferenced(resource, resource.isUnshared);
    this.#host.ledger.forget(id);
    resource.id = 0;
    resource.backing = null;
    resource.release();
    return GuestError.NONE;
  }

  attachBacking(id: number, backing: Backing): GuestErrorCode {
    const resource = this.peek(id);
    if (resource === undefined) return GuestError.UNKNOWN_RESOURCE;
    if (resource.backing !== null) return GuestError.ALREADY_EXISTS;
    resource.backing = backing;
    this.#host.imports.attached(resource, backing);
    if (resource.imported !== null) resource.lacksStorage = false;
    return GuestError.NONE;
  }

  detachBacking(id: number): GuestErrorCode {
    const resource = this.peek(id);
    if (resource === undefined) return GuestError.UNKNOWN_RESOURCE;
    this.#host.imports.detached(resource);
    resource.backing = null;
    return GuestError.NONE;
  }

  /** `Renderer.suspendBacking`. */
  suspendBacking(id: number): GuestErrorCode {
    const resource = this.peek(id);
    if (resource === undefined) return GuestError.UNKNOWN_RESOURCE;
    if (resource.backing === null) return GuestError.NONE;
    this.#host.imports.suspending(resource);
    resource.backing = null;
    return GuestError.NONE;
  }

  /** `Renderer.resumeBacking`. */
  resumeBacking(id: number, backing: Backing): GuestErrorCode {
    const resource = this.peek(id);
    if (resource === undefined) return GuestError.UNKNOWN_RESOURCE;
    const isAway = resource.backing === null;
    resource.backing = backing;
    if (isAway) this.#host.imports.resumed(resource, backing);
    else this.#host.imports.moved(resource, backing);
    if (resource.imported !== null) resource.lacksStorage = false;
    return GuestError.NONE;
  }

  /**
   * Makes contents defined (zero) that nothing was written to, so that no guest reads what another left in the host's memory
   * (CVE-2022-0175). Call before anything but a whole-level upload uses a texture.
   */
  define(resource: GlResource): void {
    if (resource.undefinedLevels !== 0) this.#zeroFill.texture(resource);
  }

  /**
   * The bytes that stand for a `BACKING_ONLY` resource: guest memory, or private zeros where there is none. Null: others took all the
   * segments that such bytes need.
   */
  backingOf(resource: GlResource): Backing | null {
    return resource.backing ?? (resource.privateBacking ??= this.#zeroFill.privateBacking(resource.sizeBytes));
  }

  resourceFreed(resource: GlResource): void {
    const { bindings, encoder, names } = this.#host;
    this.#totalBytes -= resource.sizeBytes;
    resource.backing = null;
    switch (resource.kind) {
      case ResourceKind.BUFFER:
        bindings.forgetBuffer(resource.name);
        encoder.deleteBuffer(resource.name);
        this.#host.imports.freed(resource);
        names.buffer.free(resource.name);
        break;
      case ResourceKind.TEXTURE:
        if (resource.lacksStorage) {
          names.texture.free(resource.name);
          break;
        }
        this.#host.transfers.forget(resource);
        bindings.forgetTexture(resource.name);
        encoder.deleteTexture(resource.name);
        this.#host.imports.freed(resource);
        names.texture.free(resource.name);
        break;
      case ResourceKind.RENDERBUFFER:
        encoder.deleteRenderbuffer(resource.name);
        names.renderbuffer.free(resource.name);
        break;
      case ResourceKind.BACKING_ONLY:
        this.releasePrivate(resource);
    }
  }

  /** Gives back what `backingOf` made. */
  releasePrivate(resource: GlResource): void {
    if (resource.privateBacking !== null) this.#zeroFill.releasePrivateBacking(resource.privateBacking);
    resource.privateBacking = null;
  }

  /** @returns the new name's index, or 0 when there is none to be had. */
  #createStorage(shape: ResourceShape): number {
    const { encoder, names } = this.#host;
    switch (shape.kind) {
      case ResourceKind.BUFFER: {
        const name = names.buffer.allocate();
        if (name === 0) return 0;
        encoder.createBuffer(name);
        encoder.bindBuffer(GL.COPY_WRITE_BUFFER, name);
        encoder.bufferZeros(GL.COPY_WRITE_BUFFER, shape.sizeBytes, GL.DYNAMIC_DRAW);
        return name;
      }
      case ResourceKind.TEXTURE:
        return names.texture.allocate();
      case ResourceKind.RENDERBUFFER: {
        const name = names.renderbuffer.allocate();
        if (name === 0) return 0;
        encoder.createRenderbuffer(name);
        encoder.bindRenderbuffer(GL.RENDERBUFFER, name);
        encoder.renderbufferStorageMultisample(
          GL.RENDERBUFFER,
          shape.samples,
          shape.format.internalFormat,
          shape.width,
          shape.height,
        );
        return name;
      }
      case ResourceKind.BACKING_ONLY:
        return 0;
    }
  }

  #createTexture(name: number, shape: ResourceShape): void {
    const { encoder, bindings } = this.#host;
    const { glTarget, width, height, samples } = shape;
    const { internalFormat } = shape.format;
    const levels = shape.lastLevel + 1;
    encoder.createTexture(name);
    bindings.textureForEdit(glTarget, name);
    switch (glTarget) {
      case GL.TEXTURE_2D:
      case GL.TEXTURE_CUBE_MAP:
        encoder.texStorage2D(glTarget, levels, internalFormat, width, height);
        break;
      case GL.TEXTURE_3D:
        encoder.texStorage3D(glTarget, levels, internalFormat, width, height, shape.depth);
        break;
      case GL.TEXTURE_2D_MULTISAMPLE:
        encoder.texStorage2DMultisample(glTarget, samples, internalFormat, width, height, true);
        break;
      case GL.TEXTURE_2D_MULTISAMPLE_ARRAY:
        encoder.texStorage3DMultisample(glTarget, samples, internalFormat, width, height, shape.arraySize, true);
        break;
      default:
        encoder.texStorage3D(glTarget, levels, internalFormat, width, height, shape.arraySize);
    }
  }
}
