import * as v from "../../../virgl/index.js";
import type { FormatRow } from "../format/index.js";
import type { GlesHost } from "../gles-host.js";
import { viewAgain, type GlResource, type StorageDependent } from "../resource/index.js";
import { VirglObject } from "./virgl-object.js";

/** What a shader samples: a texture with the format, levels, layers and swizzle of the view. Holds a reference on the resource. */
export class SamplerView extends VirglObject implements StorageDependent {
  readonly resource: GlResource;
  readonly format: FormatRow;
  /** GL texture target to bind to. */
  readonly glTarget: number;
  /** The resource's texture, or one of the view's own (glTextureView, or a buffer texture). */
  readonly name: number;
  readonly ownsTexture: boolean;
  readonly firstLevel: number;
  readonly lastLevel: number;
  /** GL_TEXTURE_SWIZZLE_R… values, guest's and format's combined, as four bytes of an index 0..5 (R, G, B, A, ZERO, ONE). */
  readonly swizzle: number;
  /** DEPTH_STENCIL_TEXTURE_MODE: 1 for stencil. */
  readonly stencilMode: number;
  /** 1: an sRGB resource read without decoding, by texture parameter, because the host has no texture views. */
  readonly skipDecode: number;
  /** Shadow of the view's own texture's parameters; the resource's own texture keeps its shadow in the resource. */
  ownParametersSet = false;

  constructor(
    resource: GlResource,
    format: FormatRow,
    glTarget: number,
    ownName: number,
    firstLevel: number,
    lastLevel: number,
    swizzle: number,
  ) {
    super(v.VIRGL_OBJECT_SAMPLER_VIEW);
    this.resource = resource;
    this.format = format;
    this.glTarget = glTarget;
    this.ownsTexture = ownName !== 0;
    this.name = ownName !== 0 ? ownName : resource.name;
    this.firstLevel = firstLevel;
    this.lastLevel = lastLevel;
    this.swizzle = swizzle;
    this.stencilMode = format.isStencilView || (format.isStencil && !format.isDepth) ? 1 : 0;
    this.skipDecode = ownName === 0 && resource.format.isSrgb && !format.isSrgb ? 1 : 0;
    resource.retain();
    resource.dependents?.add(this);
  }

  storageReplaced(host: GlesHost): void {
    if (!this.ownsTexture) return;
    viewAgain(host, this.name, this.glTarget, this.resource, this.format);
    this.ownParametersSet = false;
  }

  protected override dispose(host: GlesHost): void {
    this.resource.dependents?.delete(this);
    if (this.ownsTexture) {
      host.bindings.forgetTexture(this.name);
      host.encoder.deleteTexture(this.name);
      host.names.texture.free(this.name);
    }
    this.resource.release();
  }
}
