export type ServerKind = "ours" | "c";
/** `llvmpipe` draws; `noop` is GALLIUM_NOOP=1, which leaves the server's own work. */
export type HostMode = "llvmpipe" | "noop";

/** One play of a stream, or one live run, on one server, after warm-up. */
export interface Sample {
  readonly frames: number;
  readonly seconds: number;
  /** utime + stime of the server's processes over those frames. */
  readonly cpuMs: number;
  /** VmHWM of the largest of them at the end. */
  readonly peakRssBytes: number;
}

/** One workload in one mode, medians over the rounds. */
export interface Row {
  readonly workload: string;
  readonly mode: HostMode;
  readonly frames: number;
  readonly fps: Readonly<Record<ServerKind, number>>;
  readonly cpuMsPerFrame: Readonly<Record<ServerKind, number>>;
  readonly peakRssMb: Readonly<Record<ServerKind, number>>;
}

export interface Report {
  readonly date: string;
  readonly node: string;
  readonly cpu: string;
  readonly rounds: number;
  readonly streams: readonly Row[];
  readonly live: readonly Row[];
}
