import { GuestError, type GuestErrorCode } from "../../../base/index.js";
import type { GlesHost } from "../gles-host.js";
import type { VirglContext } from "../virgl-context.js";
import { InternalDraw } from "./internal-draw.js";

/** The commands that move contents between resources without guest memory. */
export class Blits {
  /** GL objects for passes of our own, shared with read-backs. */
  readonly internal: InternalDraw;

  constructor(host: GlesHost) {
    this.internal = new InternalDraw(host);
  }

  blit(_ctx: VirglContext, _dw: Uint32Array, _at: number, _len: number): GuestErrorCode {
    return GuestError.NONE;
  }

  copyRegion(_ctx: VirglContext, _dw: Uint32Array, _at: number, _len: number): GuestErrorCode {
    return GuestError.NONE;
  }

  clearSurface(_ctx: VirglContext, _dw: Uint32Array, _at: number, _len: number): GuestErrorCode {
    return GuestError.NONE;
  }
}
