/** SIGTERM or SIGINT drains a server; a second SIGINT (or SIGTERM) ends its clients at once. */
import type { ScopedLogger } from "./log.js";
import { notifySystemd } from "./sd-notify.js";

/** What can be stopped in two strengths. */
export interface Stoppable {
  /** Accepts no more, resolves when the last client has finished. */
  drain(): Promise<void>;
  kill(): Promise<void>;
}

/** Waits for a stop signal and for the server to be gone. */
export async function waitForStop(server: Stoppable, log: ScopedLogger): Promise<void> {
  let signals = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    signals += 1;
    if (signals === 1) {
      log.info("stopping: no new clients", { signal });
      notifySystemd("STOPPING=1");
      first();
    } else {
      log.warn("ending all clients", { signal });
      void server.kill();
    }
  };
  let first = (): void => {};
  const asked = new Promise<void>((resolve) => (first = resolve));
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  await asked;
  await server.drain();
  process.off("SIGTERM", onSignal);
  process.off("SIGINT", onSignal);
}
