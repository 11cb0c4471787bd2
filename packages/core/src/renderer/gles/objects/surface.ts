import type { FormatRow } from "../format/index.js";
import { viewAgain, type GlResource, type StorageDependent } from "../resource/index.js";
import type { FramebufferEntry } from "../draw/framebuffer.js";
import type { GlesHost } from "../gles-host.js";
import { VirglObject } from "./virgl-object.js";

/** One level and layer range of a resource, as something to render to. Holds a reference on the resource. */
export class Surface extends VirglObject implements StorageDependent {
  /** Unique over the life of the renderer: identifies the surface in framebuffer keys. */
  readonly serial: number;
  readonly resource: GlResource;
  readonly format: FormatRow;
  readonly level: number;
  readonly firstLayer: number;
  readonly lastLayer: number;
  readonly width: number;
  readonly height: number;
  /** False: the host cannot render to it. Guests make surfaces of every attachment before they ask whether it is complete. */
  readonly canRender: boolean;
  /** Cached framebuffers that this surface is attached to; they go with it. */
  readonly framebuffers: FramebufferEntry[] = [];
  /** The texture to attach: the resource's own or a view of it in `format` (see `create-views.ts`). */
  textureName: number;
  /** The renderer must encode sRGB in the shader (the host could not make the view). */
  encodeSrgb = false;

  constructor(
    type: number,
    serial: number,
    resource: GlResource,
    format: FormatRow,
    level: number,
    firstLayer: number,
    lastLayer: number,
    canRender: boolean,
  ) {
    super(type);
    this.serial = serial;
    this.resource = resource;
    this.format = format;
    this.level = level;
    this.firstLayer = firstLayer;
    this.lastLayer = lastLayer;
    this.width = Math.max(1, resource.width >>> level);
    this.height = Math.max(1, resource.height >>> level);
    this.canRender = canRender;
    this.textureName = resource.name;
    resource.retain();
    resource.dependents?.add(this);
  }

  storageReplaced(host: GlesHost): void {
    host.framebuffers.forget(this);
    if (this.textureName !== this.resource.name)
      viewAgain(host, this.textureName, this.resource.glTarget, this.resource, this.format);
  }

  protected override dispose(host: GlesHost): void {
    host.framebuffers.forget(this);
    this.resource.dependents?.delete(this);
    if (this.textureName !== this.resource.name) {
      host.bindings.forgetTexture(this.textureName);
      host.encoder.deleteTexture(this.textureName);
      host.names.texture.free(this.textureName);
    }
    this.resource.release();
  }
}
