/** Upper bounds in milliseconds of the buckets, 1 µs to 10 s; one more bucket takes what is slower. */
export const LATENCY_BOUNDS_MS = [
  ...[0.001, 0.002, 0.003, 0.005, 0.007, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.085],
  ...[0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.7, 1, 1.5, 2, 3, 5, 7, 10, 15, 20, 33, 50, 70],
  ...[100, 150, 200, 300, 500, 1000, 2000, 5000, 10_000],
] as const;

/** How long things took, counted in fixed buckets. Observing never allocates. */
export class LatencyHistogram {
  /** Observations per bucket, not cumulative; the last has those above every bound. */
  readonly counts = new Float64Array(LATENCY_BOUNDS_MS.length + 1);
  sumMs = 0;
  count = 0;

  observe(durationMs: number): void {
    let bucket = 0;
    while (bucket < LATENCY_BOUNDS_MS.length && durationMs > LATENCY_BOUNDS_MS[bucket]!) bucket++;
    this.counts[bucket]! += 1;
    this.sumMs += durationMs;
    this.count += 1;
  }

  /**
   * The duration below which `share` (0 to 1) of the observations lie, interpolated within its bucket; NaN without observations,
   * Infinity above every bound.
   */
  quantileMs(share: number): number {
    if (this.count === 0) return Number.NaN;
    const rank = share * this.count;
    let below = 0;
    for (let bucket = 0; bucket < LATENCY_BOUNDS_MS.length; bucket++) {
      const count = this.counts[bucket]!;
      if (below + count >= rank && count > 0) {
        const from = bucket === 0 ? 0 : LATENCY_BOUNDS_MS[bucket - 1]!;
        return from + (LATENCY_BOUNDS_MS[bucket]! - from) * ((rank - below) / count);
      }
      below += count;
    }
    return Infinity;
  }

  /** Back to nothing: what came before was nobody's. */
  reset(): void {
    this.counts.fill(0);
    this.sumMs = 0;
    this.count = 0;
  }
}
