/** Upper bounds in milliseconds of the buckets; one more bucket takes what is slower. */
export const LATENCY_BOUNDS_MS = [
  0.001, 0.004, 0.016, 0.064, 0.25, 0.5, 1, 2, 4, 8, 16, 33, 66, 130, 260, 500, 1000, 5000, 10_000,
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

  /** Back to nothing: what came before was nobody's. */
  reset(): void {
    this.counts.fill(0);
    this.sumMs = 0;
    this.count = 0;
  }
}
