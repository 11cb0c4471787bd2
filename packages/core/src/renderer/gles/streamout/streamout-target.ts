import * as v from "../../../virgl/index.js";
import type { GlesHost } from "../gles-host.js";
import { VirglObject } from "../objects/virgl-object.js";
import type { GlResource } from "../resource/index.js";
import type { StreamoutSession } from "./streamout.js";

/** A buffer range that transform feedback writes to (CREATE_OBJECT(STREAMOUT_TARGET)). */
export class StreamoutTarget extends VirglObject {
  readonly resource: GlResource;
  readonly offsetBytes: number;
  /** A multiple of 4. */
  readonly sizeBytes: number;
  /** The capture that last wrote here, which appending continues. */
  session: StreamoutSession | null = null;

  constructor(resource: GlResource, offsetBytes: number, sizeBytes: number) {
    super(v.VIRGL_OBJECT_STREAMOUT_TARGET);
    this.resource = resource;
    this.offsetBytes = offsetBytes;
    this.sizeBytes = sizeBytes;
    resource.retain();
  }

  protected override dispose(host: GlesHost): void {
    if (this.session !== null) host.streamout.endSession(this.session);
    this.resource.release();
  }
}
