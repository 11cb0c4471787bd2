/** A back-end for tests: the device on the null renderer, with a display of our own whose monitor grows when it is drawn to. */
import { NullRenderer } from "@virtgpu/core/renderer";
import type { DisplayListener, DisplayMode } from "@virtgpu/core/virtio-gpu";
import { NoneDisplay } from "../display/none-display.js";
import { serveFrontEnd } from "../transport/vhost-user/serve-front-end.js";

const SMALL: DisplayMode = { width: 640, height: 480, refresh: 60 };
const LARGE: DisplayMode = { width: 1024, height: 768, refresh: 60 };

class ResizingDisplay extends NoneDisplay {
  override deadlineMs = Infinity;
  #isLarge = false;
  #listener: DisplayListener | null = null;

  override modes(): readonly DisplayMode[] {
    return [this.#isLarge ? LARGE : SMALL];
  }

  override flush(): void {
    this.deadlineMs = 0;
  }

  /** As a compositor would: in the display's own turn. */
  override serve(): void {
    this.deadlineMs = Infinity;
    this.#isLarge = true;
    this.#listener?.modesChanged();
  }

  override listen(listener?: DisplayListener | null): void {
    this.#listener = listener ?? null;
  }
}

const display = new ResizingDisplay({ heads: 1, mode: SMALL });
const end = serveFrontEnd(Number(process.argv[2]), new NullRenderer(), { display });
process.exitCode = end === "front-end closed" ? 0 : 1;
