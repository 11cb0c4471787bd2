import type { ImportSettings } from "../import/index.js";
import type { LogLevel } from "./log.js";

/** What a client process needs to know at start; handed over as one JSON argument. */
export interface ChildSettings {
  /** `auto`, or one kind of EGL platform. */
  readonly eglPlatform: string;
  readonly api: "gles" | "gl";
  readonly renderNode?: string;
  readonly imports?: ImportSettings;
  readonly logLevel: LogLevel;
}
