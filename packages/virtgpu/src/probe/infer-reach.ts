import type { ReachSample } from "./trial-messages.js";

/** What pieces of memory at known places tell about the addresses that the GPU reaches. */
export interface ReachFindings {
  /** Addresses below 2 ^ bits work and those above do not; null: no such limit was seen. */
  readonly addressBits: number | null;
  /** The highest address at which the GPU worked in place; null: nowhere, or the addresses are not known. */
  readonly highestWorking: number | null;
  /** The lowest piece that did not work ends here; null: all work, or the addresses are not known. */
  readonly lowestFailing: number | null;
  /** False: the kernel does not tell where memory lies (that takes CAP_SYS_ADMIN). */
  readonly isKnown: boolean;
}

/** Pieces are compared by their last byte. A limit is a power of two between the highest that works and the lowest that does not. */
export function inferReach(samples: readonly ReachSample[]): ReachFindings {
  const known = samples.filter(({ highestAddress }) => highestAddress !== null);
  const isKnown = samples.length > 0 && known.length === samples.length;
  const addresses = (works: boolean): number[] =>
    known.filter((sample) => sample.works === works).map(({ highestAddress }) => highestAddress!);
  const working = addresses(true);
  const failing = addresses(false);
  const highestWorking = working.length === 0 ? null : Math.max(...working);
  const lowestFailing = failing.length === 0 ? null : Math.min(...failing);
  const bits = highestWorking === null || lowestFailing === null ? null : limitBetween(highestWorking, lowestFailing);
  return { addressBits: bits, highestWorking, lowestFailing, isKnown };
}

function limitBetween(highestWorking: number, lowestFailing: number): number | null {
  const bits = Math.floor(Math.log2(lowestFailing));
  return highestWorking < 2 ** bits ? bits : null;
}
