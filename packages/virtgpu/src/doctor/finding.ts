/**
 * `needed`: without it nothing works. `one-of`: at least one of these. `zero-copy`: without it everything is copied. `wanted`: something
 * works less well. `info`: told only.
 */
export type Weight = "needed" | "one-of" | "zero-copy" | "wanted" | "info";

/** One thing that was looked at, for people and programs. */
export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly weight: Weight;
  /** What is the case, or the cause of what is not. */
  readonly detail: string;
  /** Present on everything that is not ok. */
  readonly cure?: string;
}

/** What `virtgpu doctor` tells; `--json` prints it as it is. */
export interface DoctorReport {
  /** True when the device can run: everything needed, and at least one EGL platform. */
  readonly ok: boolean;
  /** True when guest memory can be used in place. */
  readonly zeroCopy: boolean;
  readonly findings: readonly Finding[];
}

export function good(name: string, weight: Weight, detail: string): Finding {
  return { name, ok: true, weight, detail };
}

export function bad(name: string, weight: Weight, detail: string, cure: string): Finding {
  return { name, ok: false, weight, detail, cure };
}
