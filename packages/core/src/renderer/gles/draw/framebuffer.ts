import type { GlesHost } from "../gles-host.js";
import { beforeRenderingTo, ResourceKind } from "../resource/index.js";
import type { Surface } from "../objects/surface.js";
import * as gl from "../state/gl-enum.js";

const SLOTS = 9;
const DEPTH_SLOT = 8;

/** A GL framebuffer object for one combination of surfaces. */
export class FramebufferEntry {
  readonly name: number;
  /** Surface serials: 8 colour buffers, then depth-stencil; 0: none. */
  readonly serials: Int32Array;
  readonly hash: number;
  next: FramebufferEntry | null = null;
  /** In pixels, the smallest of the attachments. */
  readonly width: number;
  readonly height: number;
  /** False: GLES would find it incomplete (sample counts that differ, formats that are not rendered to); nothing may be drawn with it. */
  readonly isComplete: boolean;

  constructor(name: number, serials: Int32Array, hash: number, width: number, height: number, isComplete: boolean) {
    this.name = name;
    this.serials = serials;
    this.hash = hash;
    this.width = width;
    this.height = height;
    this.isComplete = isComplete;
  }
}

/** Framebuffer objects by the surfaces attached. A hit allocates nothing. */
export class FramebufferCache {
  readonly #host: GlesHost;
  readonly #buckets = new Map<number, FramebufferEntry>();
  readonly #probe = new Int32Array(SLOTS);

  constructor(host: GlesHost) {
    this.#host = host;
  }

  /** The framebuffer with these attachments, or null when nothing is attached. Creating one binds it for drawing. */
  get(colors: readonly (Surface | null)[], colorCount: number, depth: Surface | null): FramebufferEntry | null {
    const probe = this.#probe;
    let hash = 0;
    let any = depth !== null;
    for (let i = 0; i < DEPTH_SLOT; i++) {
      const surface = i < colorCount ? colors[i]! : null;
      if (surface !== null) any = true;
      probe[i] = surface === null ? 0 : surface.serial;
      hash = Math.imul(hash ^ probe[i]!, 0x01000193) + i;
    }
    if (!any) return null;
    probe[DEPTH_SLOT] = depth === null ? 0 : depth.serial;
    hash = Math.imul(hash ^ probe[DEPTH_SLOT]!, 0x01000193);
    let entry = this.#buckets.get(hash) ?? null;
    while (entry !== null) {
      if (sameSerials(entry.serials, probe)) return entry;
      entry = entry.next;
    }
    return this.#create(colors, colorCount, depth, hash);
  }

  #create(
    colors: readonly (Surface | null)[],
    colorCount: number,
    depth: Surface | null,
    hash: number,
  ): FramebufferEntry | null {
    const { encoder, names, state } = this.#host;
    const name = names.framebuffer.allocate();
    if (name === 0) return null;
    encoder.createFramebuffer(name);
    state.bindDrawFramebuffer(name);
    const bound = colors.slice(0, colorCount);
    const attached = [...bound, depth].filter((surface) => surface !== null);
    for (const surface of attached) beforeRenderingTo(this.#host, surface.resource);
    const layered = this.#isLayered(attached);
    bound.forEach((surface, i) => {
      if (surface?.canRender) this.#attach(gl.COLOR_ATTACHMENT0 + i, surface, layered);
    });
    if (depth?.canRender) this.#attach(depthAttachment(depth), depth, layered);
    const buffers = bound.map((surface, i) => (surface === null ? gl.NONE : gl.COLOR_ATTACHMENT0 + i));
    const [b0 = 0, b1 = 0, b2 = 0, b3 = 0, b4 = 0, b5 = 0, b6 = 0, b7 = 0] = buffers;
    encoder.drawBuffers(Math.max(1, colorCount), b0, b1, b2, b3, b4, b5, b6, b7);
    const width = Math.min(...attached.map((surface) => surface.width));
    const height = Math.min(...attached.map((surface) => surface.height));
    const isComplete = haveOneSampleCount(attached) && attached.every((surface) => surface.canRender);
    const entry = new FramebufferEntry(name, this.#probe.slice(), hash, width, height, isComplete);
    entry.next = this.#buckets.get(hash) ?? null;
    this.#buckets.set(hash, entry);
    for (const surface of attached) surface.framebuffers.push(entry);
    return entry;
  }

  /** Whether all attachments are attached with all their layers: GL wants all or none. */
  #isLayered(surfaces: readonly Surface[]): boolean {
    if (!this.#host.caps.features.geometryShader) return false;
    const target = surfaces[0]!.resource.glTarget;
    return (
      isLayered(target) &&
      surfaces.every(
        ({ resource, firstLayer, lastLayer }) =>
          resource.kind === ResourceKind.TEXTURE && resource.glTarget === target && lastLayer > firstLayer,
      )
    );
  }

  /** Attaches to the framebuffer that is bound for drawing. */
  #attach(attachment: number, surface: Surface, layered: boolean): void {
    const { encoder } = this.#host;
    const { resource, level, firstLayer, textureName } = surface;
    const target = gl.DRAW_FRAMEBUFFER;
    if (resource.kind === ResourceKind.RENDERBUFFER) {
      encoder.framebufferRenderbuffer(target, attachment, gl.RENDERBUFFER, resource.name);
      return;
    }
    const { glTarget } = resource;
    if (layered) {
      encoder.framebufferTexture(target, attachment, textureName, level);
    } else if (glTarget === gl.TEXTURE_CUBE_MAP) {
      const face = gl.TEXTURE_CUBE_MAP_POSITIVE_X + Math.min(firstLayer, 5);
      encoder.framebufferTexture2D(target, attachment, face, textureName, level);
    } else if (isLayered(glTarget)) {
      encoder.framebufferTextureLayer(target, attachment, textureName, level, firstLayer);
    } else {
      encoder.framebufferTexture2D(target, attachment, glTarget, textureName, level);
    }
  }

  /** Deletes every framebuffer that the surface is attached to. */
  forget(surface: Surface): void {
    const { encoder, names, state } = this.#host;
    for (const entry of surface.framebuffers) {
      if (!this.#unlink(entry)) continue;
      state.forgetFramebuffer(entry.name);
      encoder.deleteFramebuffer(entry.name);
      names.framebuffer.free(entry.name);
    }
    surface.framebuffers.length = 0;
  }

  /** Takes the entry out of its bucket; false when another of its surfaces already did. */
  #unlink(entry: FramebufferEntry): boolean {
    const first = this.#buckets.get(entry.hash) ?? null;
    if (first === entry) {
      if (entry.next === null) this.#buckets.delete(entry.hash);
      else this.#buckets.set(entry.hash, entry.next);
      return true;
    }
    let previous = first;
    while (previous !== null && previous.next !== entry) previous = previous.next;
    if (previous === null) return false;
    previous.next = entry.next;
    return true;
  }
}

function isLayered(glTarget: number): boolean {
  return (
    glTarget === gl.TEXTURE_3D ||
    glTarget === gl.TEXTURE_2D_ARRAY ||
    glTarget === gl.TEXTURE_CUBE_MAP_ARRAY ||
    glTarget === gl.TEXTURE_2D_MULTISAMPLE_ARRAY ||
    glTarget === gl.TEXTURE_CUBE_MAP
  );
}

function haveOneSampleCount(surfaces: readonly Surface[]): boolean {
  const samples = Math.max(1, surfaces[0]!.resource.samples);
  return surfaces.every(({ resource }) => Math.max(1, resource.samples) === samples);
}

function depthAttachment(surface: Surface): number {
  const { isDepth, isStencil } = surface.resource.format;
  if (isDepth && isStencil) return gl.DEPTH_STENCIL_ATTACHMENT;
  return isStencil ? gl.STENCIL_ATTACHMENT : gl.DEPTH_ATTACHMENT;
}

function sameSerials(a: Int32Array, b: Int32Array): boolean {
  for (let i = 0; i < SLOTS; i++) if (a[i] !== b[i]) return false;
  return true;
}
