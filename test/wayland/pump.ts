import { Poll, pollFds } from "#virtgpu/native/events.js";

/** What a device's loop serves. */
export interface Served {
  readonly fd: number;
  readonly wantedEvents?: number;
  readonly deadlineMs?: number;
  serve(revents: number): void;
}

/** Serves them all, as the device's loop does, until `isDone`. @throws {Error} after `patienceMs` */
export function pump(served: readonly Served[], isDone: () => boolean, patienceMs = 10_000): void {
  const until = performance.now() + patienceMs;
  const revents = new Int16Array(served.length);
  while (!isDone()) {
    if (performance.now() > until) throw new Error(`nothing came of it in ${patienceMs} ms`);
    const fds = Int32Array.from(served, (one) => one.fd);
    const events = Int16Array.from(served, (one) => one.wantedEvents ?? Poll.IN);
    pollFds(fds, events, revents, 10_000);
    served.forEach((one, i) => one.serve(revents[i]!));
  }
}

/** Serves them all for a while. */
export function pumpFor(served: readonly Served[], durationMs: number): void {
  const end = performance.now() + durationMs;
  pump(served, () => performance.now() >= end, durationMs + 10_000);
}
