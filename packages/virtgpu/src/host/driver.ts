/** Opening the host's GL driver. */
import { HostError } from "@virtgpu/core/base";
import type { ImportSettings } from "../import/index.js";
import { EGL_PLATFORMS, type EglPlatform, type GlApi } from "../native/egl.js";
import { NativeGl } from "../native/native-gl.js";

/** How to open the driver. Plain data: it is sent to threads and processes. */
export interface DriverSettings {
  /** `auto`, or one kind of EGL platform. */
  readonly eglPlatform: string;
  readonly api: GlApi;
  readonly renderNode?: string;
  readonly imports?: ImportSettings;
}

/** What `auto` tries, in this order. Surfaceless is the quickest to open and takes a GPU where there is one. */
const AUTO_ORDER: readonly EglPlatform[] = ["surfaceless", "device", "gbm", "wayland"];

/**
 * Makes the driver's context current on this thread.
 * @throws {HostError} EGL_…: the reason of the first platform tried, with its cure.
 */
export function openDriver(settings: DriverSettings): NativeGl {
  const named = EGL_PLATFORMS.find((platform) => platform === settings.eglPlatform);
  const node = settings.renderNode === undefined ? {} : { renderNode: settings.renderNode };
  let first: unknown = null;
  for (const way of waysToOpen(named, settings)) {
    try {
      return NativeGl.open({ ...way, api: settings.api, ...node });
    } catch (error) {
      first ??= error;
    }
  }
  throw first;
}

interface Way {
  readonly platform: EglPlatform;
  readonly software?: boolean;
}

/** On hosts where surfaceless takes a device that imports nothing, `virtgpu probe` found another way. */
function waysToOpen(named: EglPlatform | undefined, { renderNode, imports }: DriverSettings): readonly Way[] {
  if (named !== undefined) return [{ platform: named }];
  if (renderNode !== undefined) return [{ platform: "gbm" }, { platform: "device" }];
  const ways: readonly Way[] = AUTO_ORDER.map((platform) => ({ platform }));
  const probed = imports?.profile?.probed;
  const platform = EGL_PLATFORMS.find((name) => name === probed?.platform);
  return probed === undefined || platform === undefined ? ways : [{ platform, software: probed.software }, ...ways];
}

/** `renderer, version` of the driver that `serve` would take, or why there is none. Opens and closes it. */
export function describeDriver(): string {
  try {
    const gl = openDriver({ eglPlatform: "auto", api: "gles" });
    const text = `${gl.caps.versionText}, ${gl.caps.renderer}`;
    gl.destroy();
    return text;
  } catch (error) {
    return `none: ${error instanceof HostError ? error.message : String(error)}`;
  }
}
