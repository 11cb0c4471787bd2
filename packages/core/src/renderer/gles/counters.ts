import { GUEST_ERROR_COUNT, guestErrorName } from "../../base/index.js";

/** What one renderer did and what went wrong, for reports and tests. Plain numbers that only rise while guests are served. */
export class RendererCounters {
  /** By `GuestError` code. */
  readonly guestErrors = new Float64Array(GUEST_ERROR_COUNT);
  /** GL errors that the host driver reported: a bug of ours, or a guest that we should have refused. */
  glErrors = 0;
  /** Shaders that parsed but could not be compiled or linked on the host, or joined with their partner. */
  shaderErrors = 0;
  /** Commands of contexts already in their error state. */
  droppedCommands = 0;
  /** Draws left out because something they need is missing (no shader, no framebuffer, failed program). */
  skippedDraws = 0;
  /** Commands left out because this host cannot do what they rightly ask for. */
  hostFailures = 0;
  submissions = 0;
  draws = 0;
  clears = 0;
  programsLinked = 0;
  /** How often the GPU lost everything. */
  gpuResets = 0;

  /** Back to zero: what came before was no guest's. */
  reset(): void {
    this.guestErrors.fill(0);
    this.glErrors = 0;
    this.shaderErrors = 0;
    this.droppedCommands = 0;
    this.skippedDraws = 0;
    this.hostFailures = 0;
    this.submissions = 0;
    this.draws = 0;
    this.clears = 0;
    this.programsLinked = 0;
    this.gpuResets = 0;
  }

  /** All counters by name, guest errors by theirs. For people and JSON. */
  snapshot(): Record<string, number> {
    const out: Record<string, number> = {
      submissions: this.submissions,
      draws: this.draws,
      clears: this.clears,
      programsLinked: this.programsLinked,
      guestErrors: this.guestErrors.reduce((sum, count) => sum + count, 0),
      glErrors: this.glErrors,
      shaderErrors: this.shaderErrors,
      droppedCommands: this.droppedCommands,
      skippedDraws: this.skippedDraws,
      hostFailures: this.hostFailures,
      gpuResets: this.gpuResets,
    };
    this.guestErrors.forEach((count, code) => {
      if (count > 0) out[guestErrorName(code)] = count;
    });
    return out;
  }
}
