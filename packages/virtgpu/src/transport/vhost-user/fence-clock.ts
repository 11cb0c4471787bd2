import type { LatencyHistogram } from "@virtgpu/core/base";

/** Who knows when the fence that is being reported signalled, in microseconds of CLOCK_MONOTONIC; 0: nobody does. */
export interface SignalTime {
  readonly signalledAtUs: number;
}

const CALIBRATIONS = 16;

/**
 * Measures from the signal of a fence to its answer in the used ring. Two reads of one clock, without allocation: `performance.now`
 * counts CLOCK_MONOTONIC from a start of its own, which is found once.
 */
export class FenceClock {
  readonly #source: SignalTime;
  readonly #histogram: LatencyHistogram;
  readonly #originMs: number;

  constructor(source: SignalTime, histogram: LatencyHistogram) {
    this.#source = source;
    this.#histogram = histogram;
    this.#originMs = findOriginMs();
  }

  /** The answer is in the ring. */
  answered(): void {
    const signalledUs = this.#source.signalledAtUs;
    if (signalledUs === 0) return;
    this.#histogram.observe(Math.max(0, this.#originMs + performance.now() - signalledUs / 1000));
  }
}

/** CLOCK_MONOTONIC at `performance.now() === 0`: from the quickest of some readings. */
function findOriginMs(): number {
  let best = Infinity;
  let originMs = 0;
  for (let i = 0; i < CALIBRATIONS; i++) {
    const before = performance.now();
    const monotonicMs = Number(process.hrtime.bigint()) / 1e6;
    const after = performance.now();
    if (after - before >= best) continue;
    best = after - before;
    originMs = monotonicMs - (before + after) / 2;
  }
  return originMs;
}
