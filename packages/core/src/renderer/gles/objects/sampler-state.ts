import * as v from "../../../virgl/index.js";
import { ColorType, type FormatRow } from "../format/index.js";
import type { GlesHost } from "../gles-host.js";
import * as gl from "../state/gl-enum.js";
import { COMPARE_FUNC, WRAP_MODE } from "../state/pipe-to-gl.js";
import { VirglObject } from "./virgl-object.js";

/** A GL sampler for one kind of storage. */
interface Variant {
  /** What the border colour is meant for; null: no border can be sampled. */
  readonly format: FormatRow | null;
  readonly skipDecode: number;
  readonly name: number;
}

/**
 * Sampler state as a GL sampler object (virgl_protocol.h: VIRGL_OBJ_SAMPLER_STATE_…). A border colour is written in the
 * guest's component order and type; GL takes it in that of the texture's storage, so such states get a sampler per format.
 * Reading sRGB texels undecoded is a view's matter for guests, but the sampler's in GL (EXT_texture_sRGB_decode).
 */
export class SamplerState extends VirglObject {
  readonly #name: number;
  /** The payload, from its header on. */
  readonly #words: Uint32Array;
  readonly #hasBorder: boolean;
  readonly #variants: Variant[] = [];

  constructor(name: number, words: Uint32Array, hasBorder: boolean) {
    super(v.VIRGL_OBJECT_SAMPLER_STATE);
    this.#name = name;
    this.#words = words;
    this.#hasBorder = hasBorder;
  }

  /** The GL sampler for textures of this format, undecoded if `skipDecode` is 1. Allocates only at the first use of a variant. */
  nameFor(host: GlesHost, format: FormatRow, skipDecode: number): number {
    if (!this.#hasBorder && skipDecode === 0) return this.#name;
    const bordered = this.#hasBorder ? format : null;
    const variants = this.#variants;
    for (let i = 0; i < variants.length; i++) {
      const variant = variants[i]!;
      if (variant.format === bordered && variant.skipDecode === skipDecode) return variant.name;
    }
    const name = createGlSampler(host, this.#words);
    if (name === 0) return this.#name;
    if (bordered !== null) setBorderColor(host, name, this.#words, bordered);
    if (skipDecode === 1) host.encoder.samplerParameteri(name, gl.TEXTURE_SRGB_DECODE, gl.SKIP_DECODE);
    variants.push({ format: bordered, skipDecode, name });
    return name;
  }

  protected override dispose(host: GlesHost): void {
    deleteGlSampler(host, this.#name);
    for (const variant of this.#variants) deleteGlSampler(host, variant.name);
  }
}

function deleteGlSampler(host: GlesHost, name: number): void {
  host.bindings.forgetSampler(name);
  host.encoder.deleteSampler(name);
  host.names.sampler.free(name);
}

function minFilter(image: number, mip: number): number {
  if (mip === v.PIPE_TEX_MIPFILTER_NONE) return image === 0 ? gl.NEAREST : gl.LINEAR;
  if (mip === v.PIPE_TEX_MIPFILTER_NEAREST) return image === 0 ? gl.NEAREST_MIPMAP_NEAREST : gl.LINEAR_MIPMAP_NEAREST;
  return image === 0 ? gl.NEAREST_MIPMAP_LINEAR : gl.LINEAR_MIPMAP_LINEAR;
}

const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

function asFloat(word: number): number {
  bits[0] = word;
  return float[0]!;
}

function wrapMode(host: GlesHost, mode: number): number {
  const { features } = host.caps;
  if (mode === v.PIPE_TEX_WRAP_MIRROR_CLAMP_TO_EDGE && features.textureMirrorClampToEdge)
    return gl.MIRROR_CLAMP_TO_EDGE;
  const mapped = WRAP_MODE[mode]!;
  return mapped === gl.CLAMP_TO_BORDER && !features.textureBorderClamp ? gl.CLAMP_TO_EDGE : mapped;
}

/** A GL sampler with everything but a border colour; 0 when names ran out. */
function createGlSampler(host: GlesHost, words: Uint32Array): number {
  const { encoder } = host;
  const name = host.names.sampler.allocate();
  if (name === 0) return 0;
  const s0 = words[v.VIRGL_OBJ_SAMPLER_STATE_S0]!;
  const mip = v.VIRGL_OBJ_SAMPLE_STATE_S0_MIN_MIP_FILTER(s0);
  const min = minFilter(v.VIRGL_OBJ_SAMPLE_STATE_S0_MIN_IMG_FILTER(s0), mip);
  const mag = v.VIRGL_OBJ_SAMPLE_STATE_S0_MAG_IMG_FILTER(s0) === 0 ? gl.NEAREST : gl.LINEAR;
  const compare = v.VIRGL_OBJ_SAMPLE_STATE_S0_COMPARE_MODE(s0) !== 0;
  const func = COMPARE_FUNC[v.VIRGL_OBJ_SAMPLE_STATE_S0_COMPARE_FUNC(s0)]!;
  const anisotropy = v.VIRGL_OBJ_SAMPLE_STATE_S0_MAX_ANISOTROPY(s0);
  encoder.createSampler(name);
  encoder.samplerParameteri(name, gl.TEXTURE_WRAP_S, wrapMode(host, v.VIRGL_OBJ_SAMPLE_STATE_S0_WRAP_S(s0)));
  encoder.samplerParameteri(name, gl.TEXTURE_WRAP_T, wrapMode(host, v.VIRGL_OBJ_SAMPLE_STATE_S0_WRAP_T(s0)));
  encoder.samplerParameteri(name, gl.TEXTURE_WRAP_R, wrapMode(host, v.VIRGL_OBJ_SAMPLE_STATE_S0_WRAP_R(s0)));
  encoder.samplerParameteri(name, gl.TEXTURE_MIN_FILTER, min);
  encoder.samplerParameteri(name, gl.TEXTURE_MAG_FILTER, mag);
  encoder.samplerParameterf(name, gl.TEXTURE_MIN_LOD, asFloat(words[v.VIRGL_OBJ_SAMPLER_STATE_MIN_LOD]!));
  encoder.samplerParameterf(name, gl.TEXTURE_MAX_LOD, asFloat(words[v.VIRGL_OBJ_SAMPLER_STATE_MAX_LOD]!));
  encoder.samplerParameteri(name, gl.TEXTURE_COMPARE_MODE, compare ? gl.COMPARE_REF_TO_TEXTURE : gl.NONE);
  encoder.samplerParameteri(name, gl.TEXTURE_COMPARE_FUNC, func);
  if (anisotropy > 1 && host.caps.maxAnisotropy > 1) {
    encoder.samplerParameterf(name, gl.TEXTURE_MAX_ANISOTROPY, Math.min(anisotropy, host.caps.maxAnisotropy));
  }
  return name;
}

/** Border components go where the format stores them; integer formats take the words as they are. */
function setBorderColor(host: GlesHost, name: number, words: Uint32Array, format: FormatRow): void {
  const stored = [0, 0, 0, 0];
  for (let i = 3; i >= 0; i--) {
    const component = format.viewSwizzle[i]! - gl.RED;
    if (component >= 0 && component < 4) stored[component] = words[v.VIRGL_OBJ_SAMPLER_STATE_BORDER_COLOR(i)]!;
  }
  const [r, g, b, a] = stored as [number, number, number, number];
  const { encoder } = host;
  if (format.colorType === ColorType.INT) encoder.samplerParameterIiv(name, gl.TEXTURE_BORDER_COLOR, r, g, b, a);
  else if (format.colorType === ColorType.UINT) encoder.samplerParameterIuiv(name, gl.TEXTURE_BORDER_COLOR, r, g, b, a);
  else encoder.samplerParameterfv(name, gl.TEXTURE_BORDER_COLOR, asFloat(r), asFloat(g), asFloat(b), asFloat(a));
}

function samplesBorder(host: GlesHost, words: Uint32Array): boolean {
  const s0 = words[v.VIRGL_OBJ_SAMPLER_STATE_S0]!;
  return (
    wrapMode(host, v.VIRGL_OBJ_SAMPLE_STATE_S0_WRAP_S(s0)) === gl.CLAMP_TO_BORDER ||
    wrapMode(host, v.VIRGL_OBJ_SAMPLE_STATE_S0_WRAP_T(s0)) === gl.CLAMP_TO_BORDER ||
    wrapMode(host, v.VIRGL_OBJ_SAMPLE_STATE_S0_WRAP_R(s0)) === gl.CLAMP_TO_BORDER
  );
}

/** Reads the payload of CREATE_OBJECT(SAMPLER_STATE) and creates the GL sampler; null when a value is out of range or names ran out. */
export function createSamplerState(host: GlesHost, dw: Uint32Array, at: number): SamplerState | null {
  const words = dw.slice(at, at + v.VIRGL_OBJ_SAMPLER_STATE_SIZE + 1);
  const s0 = words[v.VIRGL_OBJ_SAMPLER_STATE_S0]!;
  if (v.VIRGL_OBJ_SAMPLE_STATE_S0_MIN_MIP_FILTER(s0) > v.PIPE_TEX_MIPFILTER_NONE) return null;
  const name = createGlSampler(host, words);
  return name === 0 ? null : new SamplerState(name, words, samplesBorder(host, words));
}
