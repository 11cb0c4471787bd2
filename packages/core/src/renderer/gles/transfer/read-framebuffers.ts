import { GL } from "../../../gl/index.js";
import type { GlesHost } from "../gles-host.js";
import { attachLayer, attachmentPoint, detach, type GlResource } from "../resource/index.js";

/** Framebuffers kept. Windows have two or three buffers that take turns. */
const SLOTS = 4;

class Slot {
  framebuffer = 0;
  resource: GlResource | null = null;
  level = 0;
  layer = 0;
}

/**
 * Framebuffers for reading textures that stay attached, as drivers check a framebuffer anew whenever an attachment changes and the same
 * few textures are read frame after frame.
 */
export class ReadFramebuffers {
  readonly #host: GlesHost;
  readonly #slots = Array.from({ length: SLOTS }, () => new Slot());
  #next = 0;

  constructor(host: GlesHost) {
    this.#host = host;
  }

  /** Binds a framebuffer to GL_READ_FRAMEBUFFER that has this layer attached. */
  bind(resource: GlResource, level: number, layer: number): void {
    const { state } = this.#host;
    for (let i = 0; i < SLOTS; i++) {
      const slot = this.#slots[i]!;
      if (slot.resource !== resource || slot.level !== level || slot.layer !== layer) continue;
      state.bindReadFramebuffer(slot.framebuffer);
      return;
    }
    const slot = this.#slots[this.#next]!;
    this.#next = (this.#next + 1) % SLOTS;
    this.#clear(slot);
    slot.resource = resource;
    slot.level = level;
    slot.layer = layer;
    attachLayer(this.#host, GL.READ_FRAMEBUFFER, attachmentPoint(resource), resource, level, layer);
  }

  /** Before the resource's GL object is deleted. */
  forget(resource: GlResource): void {
    for (let i = 0; i < SLOTS; i++) if (this.#slots[i]!.resource === resource) this.#clear(this.#slots[i]!);
  }

  /** Binds the slot's framebuffer and takes off what it has. */
  #clear(slot: Slot): void {
    const { encoder, names, state } = this.#host;
    if (slot.framebuffer === 0) {
      slot.framebuffer = names.framebuffer.allocateOwn();
      encoder.createFramebuffer(slot.framebuffer);
    }
    state.bindReadFramebuffer(slot.framebuffer);
    if (slot.resource !== null) detach(this.#host, GL.READ_FRAMEBUFFER, attachmentPoint(slot.resource));
    slot.resource = null;
  }
}
