import type { ImportPathCode, ImportRequest, ImportVerdict, MemoryWindow } from "../../../memory/index.js";
import type { FormatRow } from "../format/index.js";
import type { GlesHost } from "../gles-host.js";
import type { TransferBox } from "../transfer/transfer-box.js";
import type { GlResource } from "./gl-resource.js";

/** Something that was made of a resource's GL object and must be made anew when the object is replaced. */
export interface StorageDependent {
  storageReplaced(host: GlesHost): void;
}

/** The guest's own pages as the storage of a resource's GL object. */
export class ImportedStorage {
  readonly path: ImportPathCode;
  /** In the backing. */
  readonly offsetBytes: number;
  readonly strideBytes: number;
  /** A descriptor of ours for the dma-buf, or for the memory's file if it is a scanout; -1: nobody needs one. */
  readonly fd: number;
  readonly isDmaBuf: boolean;
  /** Of the first byte, in what `fd` names. */
  readonly fdOffsetBytes: number;
  /** Never 0; another for every import. */
  readonly serial: number;
  /** False: the driver would write beside the picture; see `ImageRules.renderBlock`. */
  readonly canRender: boolean;
  /** The guest maps it, too: it must stay where it is. */
  isMapped = false;
  /** Pages that were made contiguous for it. */
  window: MemoryWindow | null = null;

  constructor(
    path: ImportPathCode,
    request: ImportRequest,
    fd: number,
    isDmaBuf: boolean,
    fdOffsetBytes: number,
    serial: number,
    canRender: boolean,
  ) {
    this.path = path;
    this.offsetBytes = request.offsetBytes;
    this.strideBytes = request.strideBytes;
    this.fd = fd;
    this.isDmaBuf = isDmaBuf;
    this.fdOffsetBytes = fdOffsetBytes;
    this.serial = serial;
    this.canRender = canRender;
  }

  /** Whether a checked transfer between the resource and its own backing would move the bytes to where they are. */
  isInPlace(resource: GlResource, box: TransferBox): boolean {
    if (this.strideBytes === 0) return box.offsetBytes === this.offsetBytes + box.x;
    const { blockBytes } = resource.format;
    const at = this.offsetBytes + box.y * this.strideBytes + box.x * blockBytes;
    return box.offsetBytes === at && (box.rows === 1 || box.strideBytes === this.strideBytes);
  }
}

/** What is remembered of a resource whose memory went because guest memory changed. */
export interface SuspendedImport {
  /** It was imported, or read in another shape. */
  readonly wasImported: boolean;
  readonly verdict: ImportVerdict | undefined;
  /** The host may have written to it since: the copy is what counts. */
  isWritten: boolean;
}

/** Makes a view again that had been made of an imported texture: one level, one layer. */
export function viewAgain(
  host: GlesHost,
  name: number,
  target: number,
  resource: GlResource,
  { internalFormat }: FormatRow,
): void {
  const { bindings, encoder } = host;
  bindings.forgetTexture(name);
  encoder.deleteTexture(name);
  encoder.createTexture(name);
  encoder.textureView(name, target, resource.name, internalFormat, 0, 1, 0, 1);
}
