import { importPathByName, type ImportPathCode } from "./import-path.js";

export const ZERO_COPY_MODES = ["auto", "always", "never"] as const;
export type ZeroCopyMode = (typeof ZERO_COPY_MODES)[number];
export const PRESENT_MODES = ["direct", "snapshot"] as const;
export type PresentMode = (typeof PRESENT_MODES)[number];

/** What the one who runs the device wants. */
export interface ImportPolicy {
  /**
   * `never`: everything is copied. `always`: everything that can be imported is. `auto`: as `always`, but textures that are sampled only
   * are left alone unless they were measured to sample as fast imported.
   */
  readonly zeroCopy: ZeroCopyMode;
  /** `snapshot`: scanouts that the guest's processor draws are copied at TRANSFER, so that a frame cannot tear. */
  readonly present: PresentMode;
  /** `--dma-bits`: pages must lie below this many bits; null: as probed. */
  readonly dmaBits: number | null;
  /** Rungs that are refused for tests. */
  readonly refused: ReadonlySet<ImportPathCode>;
}

export const DEFAULT_POLICY: ImportPolicy = {
  zeroCopy: "auto",
  present: "direct",
  dmaBits: null,
  refused: new Set(),
};

export const NEVER_POLICY: ImportPolicy = { ...DEFAULT_POLICY, zeroCopy: "never" };

/** `memfd,udmabuf` as rungs; names that are none are ignored. */
export function parseRefusedPaths(text: string): ReadonlySet<ImportPathCode> {
  const paths = text.split(",").map((name) => importPathByName(name.trim()));
  return new Set(paths.filter((path) => path !== undefined));
}
