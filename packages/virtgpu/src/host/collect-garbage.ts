/** A full garbage collection on demand, without a flag on the command line. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

let collect: (() => void) | null = null;

/**
 * Collects now; some milliseconds with the server's heap of about 5 MB. V8 by itself lets the few KB that each client
 * leaves in the server grow to tens of MB before it collects, which on a small device are better used elsewhere.
 */
export function collectGarbage(): void {
  if (collect === null) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc") as () => void;
  }
  collect();
}
