/** The host configurations under which the same set of programs must work. */
import type { ServerSpec } from "./servers.js";

export interface Variant {
  readonly name: string;
  /** For file names. */
  readonly slug: string;
  readonly server: ServerSpec;
}

export const GLES_HOST: Variant = { name: "GLES host", slug: "gles", server: { kind: "ours" } };

export const DESKTOP_GL_HOST: Variant = {
  name: "desktop GL host",
  slug: "host-gl",
  server: { kind: "ours", hostGl: true },
};

export const LIMITED_HOST: Variant = {
  name: "host limited to 12 uniform blocks of 16 KiB",
  slug: "limited",
  server: { kind: "ours", env: { VIRTGPU_FORCE_LIMITS: "uniformBlocks=12,uniformBlockBytes=16384" } },
};

export const VARIANTS: readonly Variant[] = [GLES_HOST, DESKTOP_GL_HOST, LIMITED_HOST];
