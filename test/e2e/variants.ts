/** The host configurations under which the same set of programs must work. */
import type { ServerSpec } from "./servers.js";

export interface Variant {
  readonly name: string;
  /** For file names. */
  readonly slug: string;
  readonly server: ServerSpec;
}

export const VARIANTS: readonly Variant[] = [
  { name: "GLES host", slug: "gles", server: { kind: "ours" } },
  { name: "desktop GL host", slug: "host-gl", server: { kind: "ours", hostGl: true } },
  {
    name: "host limited to 12 uniform blocks of 16 KiB",
    slug: "limited",
    server: { kind: "ours", env: { VIRTGPU_FORCE_LIMITS: "uniformBlocks=12,uniformBlockBytes=16384" } },
  },
];
