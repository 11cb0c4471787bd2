/** A display on a compositor, with the device's parts that it needs and what it told. */
import { CopyLedger, type Segment } from "@virtgpu/core/memory";
import { Software2dRenderer, type ScanoutBuffer, type ScanoutExporter } from "@virtgpu/core/renderer";
import { Backing } from "@virtgpu/core/memory";
import { WaylandDisplay, type WaylandSettings } from "#virtgpu/display/wayland/index.js";
import { NativeSessionMemory } from "#virtgpu/transport/session-memory.js";
import { pump, pumpFor } from "./pump.js";
import { type Picture, takeScreenshot } from "./screenshot.js";

const TEXTURE_2D = 2;
/** `VIRTIO_GPU_FORMAT_*_UNORM`. */
const FORMATS = { B8G8R8A8: 1, B8G8R8X8: 2 } as const;

export class DisplayFixture {
  readonly ledger = new CopyLedger();
  readonly memory = new NativeSessionMemory({ registerSegment: () => 1, unregisterSegment() {} });
  readonly renderer = new Software2dRenderer(this.ledger);
  readonly log: string[] = [];
  /** Scanouts whose last flush was shown. */
  readonly presented: number[] = [];
  readonly released: number[] = [];
  modeChanges = 0;
  readonly buffers = new Map<number, ScanoutBuffer>();
  readonly display: WaylandDisplay;
  readonly socket: string;

  constructor(settings: Partial<WaylandSettings> & { socket: string }) {
    this.socket = settings.socket;
    const tell =
      (level: string) =>
      (message: string, fields: object = {}): void =>
        void this.log.push(`${level}: ${message} ${JSON.stringify(fields)}`);
    const exporter: ScanoutExporter = {
      scanoutBuffer: (id) => this.buffers.get(id) ?? null,
      whenRendered: (done) => done(),
    };
    const logger = { debug: tell("debug"), info: tell("info"), warn: tell("warn"), error: tell("error") };
    this.display = WaylandDisplay.open(
      { reader: this.renderer, exporter, memory: this.memory, ledger: this.ledger, logger },
      { heads: 1, mode: { width: 320, height: 240, refresh: 60 }, ...settings },
    );
    this.display.listen({
      modesChanged: () => void this.modeChanges++,
      presented: (scanout) => void this.presented.push(scanout),
      released: (id) => void this.released.push(id),
    });
  }

  /** A 2D resource whose backing is the segment. */
  createResource(
    id: number,
    width: number,
    height: number,
    segment: Segment,
    format: keyof typeof FORMATS = "B8G8R8X8",
  ): void {
    this.renderer.createResource3d(id, {
      target: TEXTURE_2D,
      format: FORMATS[format],
      bind: 0,
      width,
      height,
      depth: 1,
      arraySize: 1,
      lastLevel: 0,
      samples: 0,
      flags: 0,
    });
    this.renderer.attachBacking(id, new Backing([{ segment, offsetBytes: 0, lengthBytes: segment.bytes.length }]));
  }

  /** TRANSFER_TO_HOST_2D of everything. */
  transfer(id: number, width: number, height: number): void {
    const box = { level: 0, x: 0, y: 0, z: 0, width, height, depth: 1 };
    this.renderer.transferToHost3d(0, id, { ...box, offsetBytes: 0, strideBytes: width * 4, layerStrideBytes: 0 });
  }

  /** Serves the display until what was flushed is on the screen. */
  untilPresented(): void {
    const before = this.presented.length;
    pump([this.display], () => this.presented.length > before);
  }

  /** Serves the display until the screen is as `check` wants it. @throws {Error} what it threw last, after some seconds */
  untilScreen(check: (picture: Picture) => void): void {
    const until = performance.now() + 10_000;
    for (;;) {
      try {
        check(this.screenshot());
        return;
      } catch (error) {
        if (performance.now() > until) throw error;
        pumpFor([this.display], 30);
      }
    }
  }

  screenshot(): Picture {
    return takeScreenshot(this.socket, [this.display]);
  }
}
