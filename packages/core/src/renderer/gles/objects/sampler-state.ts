import * as v from "../../../virgl/index.js";
import type { GlesHost } from "../gles-host.js";
import * as gl from "../state/gl-enum.js";
import { COMPARE_FUNC, WRAP_MODE } from "../state/pipe-to-gl.js";
import { VirglObject } from "./virgl-object.js";

/** Sampler state as one GL sampler object (virgl_protocol.h: VIRGL_OBJ_SAMPLER_STATE_…). */
export class SamplerState extends VirglObject {
  readonly name: number;

  constructor(name: number) {
    super(v.VIRGL_OBJECT_SAMPLER_STATE);
    this.name = name;
  }

  protected override dispose(host: GlesHost): void {
    host.bindings.forgetSampler(this.name);
    host.encoder.deleteSampler(this.name);
    host.names.sampler.free(this.name);
  }
}

function minFilter(image: number, mip: number): number {
  if (mip === v.PIPE_TEX_MIPFILTER_NONE) return image === 0 ? gl.NEAREST : gl.LINEAR;
  if (mip === v.PIPE_TEX_MIPFILTER_NEAREST) return image === 0 ? gl.NEAREST_MIPMAP_NEAREST : gl.LINEAR_MIPMAP_NEAREST;
  return image === 0 ? gl.NEAREST_MIPMAP_LINEAR : gl.LINEAR_MIPMAP_LINEAR;
}

const words = new Uint32Array(v.VIRGL_OBJ_SAMPLER_STATE_SIZE + 1);
const floats = new Float32Array(words.buffer);

/** Reads the payload of CREATE_OBJECT(SAMPLER_STATE) and creates the GL sampler; null when a value is out of range or names ran out. */
export function createSamplerState(host: GlesHost, dw: Uint32Array, at: number): SamplerState | null {
  for (let i = 0; i <= v.VIRGL_OBJ_SAMPLER_STATE_SIZE; i++) words[i] = dw[at + i]!;
  const s0 = words[v.VIRGL_OBJ_SAMPLER_STATE_S0]!;
  const mip = v.VIRGL_OBJ_SAMPLE_STATE_S0_MIN_MIP_FILTER(s0);
  if (mip > v.PIPE_TEX_MIPFILTER_NONE) return null;
  const { encoder } = host;
  const name = host.names.sampler.allocate();
  if (name === 0) return null;
  const border = host.caps.features.textureBorderClamp;
  const wrap = (mode: number): number => {
    const mapped = WRAP_MODE[mode]!;
    return mapped === gl.CLAMP_TO_BORDER && !border ? gl.CLAMP_TO_EDGE : mapped;
  };
  encoder.createSampler(name);
  encoder.samplerParameteri(name, gl.TEXTURE_WRAP_S, wrap(v.VIRGL_OBJ_SAMPLE_STATE_S0_WRAP_S(s0)));
  encoder.samplerParameteri(name, gl.TEXTURE_WRAP_T, wrap(v.VIRGL_OBJ_SAMPLE_STATE_S0_WRAP_T(s0)));
  encoder.samplerParameteri(name, gl.TEXTURE_WRAP_R, wrap(v.VIRGL_OBJ_SAMPLE_STATE_S0_WRAP_R(s0)));
  encoder.samplerParameteri(
    name,
    gl.TEXTURE_MIN_FILTER,
    minFilter(v.VIRGL_OBJ_SAMPLE_STATE_S0_MIN_IMG_FILTER(s0), mip),
  );
  const mag = v.VIRGL_OBJ_SAMPLE_STATE_S0_MAG_IMG_FILTER(s0) === 0 ? gl.NEAREST : gl.LINEAR;
  encoder.samplerParameteri(name, gl.TEXTURE_MAG_FILTER, mag);
  encoder.samplerParameterf(name, gl.TEXTURE_MIN_LOD, floats[v.VIRGL_OBJ_SAMPLER_STATE_MIN_LOD]!);
  encoder.samplerParameterf(name, gl.TEXTURE_MAX_LOD, floats[v.VIRGL_OBJ_SAMPLER_STATE_MAX_LOD]!);
  const compare = v.VIRGL_OBJ_SAMPLE_STATE_S0_COMPARE_MODE(s0) !== 0;
  encoder.samplerParameteri(name, gl.TEXTURE_COMPARE_MODE, compare ? gl.COMPARE_REF_TO_TEXTURE : gl.NONE);
  encoder.samplerParameteri(name, gl.TEXTURE_COMPARE_FUNC, COMPARE_FUNC[v.VIRGL_OBJ_SAMPLE_STATE_S0_COMPARE_FUNC(s0)]!);
  const anisotropy = v.VIRGL_OBJ_SAMPLE_STATE_S0_MAX_ANISOTROPY(s0);
  if (anisotropy > 1 && host.caps.maxAnisotropy > 1) {
    encoder.samplerParameterf(name, gl.TEXTURE_MAX_ANISOTROPY, Math.min(anisotropy, host.caps.maxAnisotropy));
  }
  if (border) setBorderColor(host, name);
  return new SamplerState(name);
}

/** The border words are floats or integers as the texture's format says; bits are kept, floats being the common case. */
function setBorderColor(host: GlesHost, name: number): void {
  const at = v.VIRGL_OBJ_SAMPLER_STATE_BORDER_COLOR(0);
  if ((words[at]! | words[at + 1]! | words[at + 2]! | words[at + 3]!) === 0) return;
  host.encoder.samplerParameterfv(
    name,
    gl.TEXTURE_BORDER_COLOR,
    floats[at]!,
    floats[at + 1]!,
    floats[at + 2]!,
    floats[at + 3]!,
  );
}
