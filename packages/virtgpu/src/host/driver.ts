/** Opening the host's GL driver. */
import { HostError } from "@virtgpu/core/base";
import type { ImportSettings } from "../import/index.js";
import { EGL_PLATFORMS, type EglPlatform, type GlApi } from "../native/egl.js";
import { NativeGl } from "../native/native-gl.js";

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
  const order: readonly EglPlatform[] =
    named === undefined ? (settings.renderNode === undefined ? AUTO_ORDER : ["gbm", "device"]) : [named];
  let first: unknown = null;
  for (const platform of order) {
    try {
      return NativeGl.open({ platform, api: settings.api, ...node });
    } catch (error) {
      first ??= error;
    }
  }
  throw first;
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
