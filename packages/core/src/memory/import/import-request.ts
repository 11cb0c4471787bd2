/** What the imported memory will be. */
export const ImportUse = {
  /** Sampled only. */
  TEXTURE: 0,
  /** Rendered to (and sampled, perhaps shown). */
  RENDER_TARGET: 1,
  /** Shown, and drawn by the guest's processor. */
  SCANOUT: 2,
  /** Vertex, index, uniform, storage, pixel or texel data. */
  BUFFER: 3,
} as const;
export type ImportUseCode = (typeof ImportUse)[keyof typeof ImportUse];

export const IMPORT_USE_NAMES = ["texture", "render target", "scanout", "buffer"] as const;

/** What a resource needs of imported memory. All numbers may come from a guest: `checkRequest` and `checkBounds` bound them. */
export interface ImportRequest {
  readonly use: ImportUseCode;
  /** DRM fourcc (drm_fourcc.h) of the bytes as our storage format sees them; 0: there is none. Buffers: 0. */
  readonly fourcc: number;
  /** For people: the guest's name of the format. */
  readonly formatName: string;
  /** Texels; buffers: bytes and 1. */
  readonly width: number;
  readonly height: number;
  /** Slices, layers or faces; 1: plain 2D. */
  readonly layers: number;
  /** Mipmap levels, at least 1. */
  readonly levels: number;
  /** 0 or 1: single-sampled. */
  readonly samples: number;
  /** A plain 2D texture or a buffer. */
  readonly isFlat: boolean;
  readonly bytesPerPixel: number;
  /** From row to row, in the backing. */
  readonly strideBytes: number;
  /** Of the first texel, in the backing. */
  readonly offsetBytes: number;
  /** The host's storage was written to before the memory came. */
  readonly hasContents: boolean;
  /** Nobody transfers it: without an import it is copied at every use, so that how fast it samples does not matter. Absent: false. */
  readonly isBlob?: boolean;
}

/** From the first byte to behind the last that the request touches. Exact below 2^53. */
export function spanBytesOf(request: ImportRequest): number {
  if (request.use === ImportUse.BUFFER) return request.width;
  return (request.height - 1) * request.strideBytes + request.width * request.bytesPerPixel;
}

/** `fourcc_code` of drm_fourcc.h: four characters, the first lowest. */
export function fourccCode(text: string): number {
  let code = 0;
  for (let i = 3; i >= 0; i--) code = code * 256 + (text.charCodeAt(i) & 0xff);
  return code;
}

/** The four characters of a DRM fourcc. */
export function fourccName(code: number): string {
  let name = "";
  for (let i = 0; i < 4; i++) name += String.fromCharCode((code >>> (8 * i)) & 0xff);
  return name;
}
