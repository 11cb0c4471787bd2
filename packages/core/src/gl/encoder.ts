import { GlOpEncoder } from "./generated/encoder.js";
import { encodeProgramLink, type GlProgramLink } from "./program-link.js";

/**
 * Writes GL ops for a `GlBackend`: one method per row of ops.ts, plus `linkProgram`. Nothing happens before `flush`, which comes by
 * itself when the batch is full. One encoder per back end.
 */
export class GlEncoder extends GlOpEncoder {
  /**
   * Compiles and links into a fresh program index (no `createProgram`). A PROGRAM completion tells the outcome; a program that did not
   * link acts as program 0.
   */
  linkProgram(program: number, link: GlProgramLink): void {
    const bytes = encodeProgramLink(link);
    const at = this.stage(bytes.length);
    this.staging.set(bytes, at);
    this.linkProgramData(program, this.stagingSegment, at, bytes.length);
  }
}
