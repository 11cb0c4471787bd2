/** What a client process does while it waits for its client: runs the code that the client will need, until V8 has compiled it. */
import { RendererWarmUp } from "@virtgpu/core/renderer/gles";
import type { GlesDevice } from "./gles-device.js";
import { SessionWarmUp } from "./session-warm-up.js";

/** Stops early when `isWanted` (asked about every millisecond). Leaves the device as it was, its counters at 0. */
export function warmUp(device: GlesDevice, isWanted: () => boolean): void {
  if (isWanted()) return;
  const session = new SessionWarmUp(device);
  const renderer = new RendererWarmUp(device.gles, device.encoder, device.ledger);
  while (!isWanted() && renderer.step());
  while (!isWanted() && session.step());
  session.end();
  // Last: it resets the counters, also of what the session did.
  renderer.end();
}
