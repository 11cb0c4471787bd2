/** The display of our own that a command line asks for. */
import type { DisplayParts, HostDisplay } from "./display.js";
import { NoneDisplay } from "./none-display.js";
import type { OwnModes } from "./own-modes.js";
import { PngDisplay, type PngSettings } from "./png-display.js";
import { WaylandDisplay, type WaylandSettings } from "./wayland/index.js";

/** Plain data: it is sent to the device thread. */
export type DisplaySettings =
  | ({ readonly kind: "none" } & OwnModes)
  | ({ readonly kind: "png" } & PngSettings)
  | ({ readonly kind: "wayland" } & WaylandSettings);

/** @throws {HostError} when the display cannot be opened */
export function createDisplay(settings: DisplaySettings, parts: DisplayParts): HostDisplay {
  switch (settings.kind) {
    case "none":
      return new NoneDisplay(settings);
    case "png":
      return new PngDisplay(parts, settings);
    case "wayland":
      return WaylandDisplay.open(parts, settings);
  }
}
