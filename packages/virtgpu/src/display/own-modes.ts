import type { DisplayMode } from "@virtgpu/core/virtio-gpu";

/** The monitors of a display that is our own. */
export interface OwnModes {
  /** 1 to 16. */
  readonly heads: number;
  /** Of every head. */
  readonly mode: DisplayMode;
}

export function ownModes(settings: OwnModes): readonly DisplayMode[] {
  return new Array<DisplayMode>(settings.heads).fill(settings.mode);
}
