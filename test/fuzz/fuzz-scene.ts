/** What the fuzzed contexts find: resources of every kind, shaders, and a stream that puts valid objects behind the generator's handles. */
import type { Resource3d } from "@virtgpu/core/renderer";
import { generatedHandle, type GeneratorPools, type StreamBuilder, type StreamOutputs } from "@virtgpu/core/testing";
import * as p from "@virtgpu/core/virgl";

export interface SceneResource extends Resource3d {
  readonly id: number;
  /** Bytes of guest memory behind it; 0: none. */
  readonly backingBytes: number;
}

const RGBA = p.VirglFormat.R8G8B8A8_UNORM;
const BGRA = p.VirglFormat.B8G8R8A8_UNORM;
const ALL_BUFFERS =
  p.VIRGL_BIND_VERTEX_BUFFER | p.VIRGL_BIND_INDEX_BUFFER | p.VIRGL_BIND_CONSTANT_BUFFER | p.VIRGL_BIND_STREAM_OUTPUT;
const COLOR = p.VIRGL_BIND_RENDER_TARGET | p.VIRGL_BIND_SAMPLER_VIEW;
const DEPTH = p.VIRGL_BIND_DEPTH_STENCIL | p.VIRGL_BIND_SAMPLER_VIEW;
const FLOATS = p.VirglFormat.R32G32B32A32_FLOAT;

function resource(
  id: number,
  target: number,
  format: number,
  bind: number,
  shape: Partial<SceneResource> = {},
): SceneResource {
  const size = {
    width: 16,
    height: 16,
    depth: 1,
    arraySize: 1,
    lastLevel: 0,
    samples: 0,
    flags: 0,
    backingBytes: 16_384,
  };
  return { id, target, format, bind, ...size, ...shape };
}

/** Small, so that a stream costs little; one of each kind that the renderer treats in its own way. */
export const SCENE_RESOURCES: readonly SceneResource[] = [
  resource(1, p.PIPE_TEXTURE_2D, RGBA, COLOR),
  resource(2, p.PIPE_TEXTURE_2D, BGRA, COLOR | p.VIRGL_BIND_DISPLAY_TARGET),
  resource(3, p.PIPE_TEXTURE_2D, p.VirglFormat.Z24_UNORM_S8_UINT, DEPTH),
  resource(4, p.PIPE_TEXTURE_2D, RGBA, COLOR, { lastLevel: 4 }),
  resource(5, p.PIPE_TEXTURE_3D, RGBA, COLOR, { depth: 4, height: 8 }),
  resource(6, p.PIPE_TEXTURE_CUBE, RGBA, COLOR, { arraySize: 6 }),
  resource(7, p.PIPE_TEXTURE_2D_ARRAY, p.VirglFormat.R16G16B16A16_FLOAT, COLOR, { arraySize: 3 }),
  resource(8, p.PIPE_TEXTURE_2D, RGBA, COLOR, { samples: 4, backingBytes: 0 }),
  resource(9, p.PIPE_TEXTURE_2D, p.VirglFormat.R32G32B32A32_UINT, COLOR),
  resource(10, p.PIPE_TEXTURE_2D, p.VirglFormat.ETC2_RGB8, p.VIRGL_BIND_SAMPLER_VIEW),
  resource(11, p.PIPE_BUFFER, p.VirglFormat.R8_UNORM, ALL_BUFFERS, { width: 4096, height: 1, backingBytes: 4096 }),
  resource(12, p.PIPE_BUFFER, p.VirglFormat.R8_UNORM, ALL_BUFFERS, { width: 4096, height: 1, backingBytes: 4096 }),
  resource(13, p.PIPE_BUFFER, p.VirglFormat.R8_UNORM, p.VIRGL_BIND_STAGING, {
    width: 8192,
    height: 1,
    backingBytes: 8192,
  }),
  resource(14, p.PIPE_BUFFER, p.VirglFormat.R8_UNORM, p.VIRGL_BIND_CUSTOM, { width: 64, height: 1, backingBytes: 64 }),
  resource(15, p.PIPE_TEXTURE_2D, FLOATS, COLOR),
  resource(16, p.PIPE_TEXTURE_2D, p.VirglFormat.B8G8R8A8_SRGB, COLOR),
  resource(17, p.PIPE_TEXTURE_2D, p.VirglFormat.Z32_FLOAT_S8X24_UINT, DEPTH),
  resource(18, p.PIPE_TEXTURE_2D, p.VirglFormat.Z24_UNORM_S8_UINT, DEPTH, { samples: 4, backingBytes: 0 }),
  resource(19, p.PIPE_TEXTURE_CUBE_ARRAY, RGBA, COLOR, { arraySize: 6 }),
  resource(20, p.PIPE_TEXTURE_2D, p.VirglFormat.B5G6R5_UNORM, COLOR),
  resource(21, p.PIPE_TEXTURE_2D, p.VirglFormat.B8G8R8X8_UNORM, COLOR, { lastLevel: 2 }),
  resource(22, p.PIPE_TEXTURE_2D_ARRAY, p.VirglFormat.Z16_UNORM, DEPTH, { arraySize: 2 }),
  resource(23, p.PIPE_TEXTURE_1D, RGBA, COLOR, { height: 1 }),
  resource(24, p.PIPE_TEXTURE_2D, p.VirglFormat.R10G10B10A2_UNORM, COLOR),
  resource(25, p.PIPE_TEXTURE_2D, p.VirglFormat.A8_UNORM, COLOR),
  resource(26, p.PIPE_TEXTURE_2D, p.VirglFormat.R8G8B8A8_SNORM, COLOR),
  resource(27, p.PIPE_TEXTURE_2D, p.VirglFormat.R9G9B9E5_FLOAT, p.VIRGL_BIND_SAMPLER_VIEW),
  resource(28, p.PIPE_TEXTURE_2D, p.VirglFormat.R32_SINT, COLOR, { samples: 4, backingBytes: 0 }),
];

const VERTEX = `VERT
DCL IN[0]
DCL IN[1]
DCL OUT[0], POSITION
DCL OUT[1], GENERIC[0]
DCL CONST[0..3]
DCL TEMP[0]
  0: MUL TEMP[0], IN[0], CONST[0]
  1: ADD OUT[0], TEMP[0], CONST[1]
  2: MOV OUT[1], IN[1]
  3: END
`;
const FRAGMENT = `FRAG
PROPERTY FS_COLOR0_WRITES_ALL_CBUFS 1
DCL IN[0], GENERIC[0], PERSPECTIVE
DCL OUT[0], COLOR
  0: MOV OUT[0], IN[0]
  1: END
`;
const TEXTURED = `FRAG
DCL IN[0], GENERIC[0], LINEAR
DCL OUT[0], COLOR
DCL SAMP[0]
DCL SVIEW[0], 2D, FLOAT
DCL CONST[1][0..3]
DCL TEMP[0]
  0: TEX TEMP[0], IN[0], SAMP[0], 2D
  1: MUL OUT[0], TEMP[0], CONST[1][2]
  2: END
`;

export const SCENE_POOLS: GeneratorPools = {
  textures: SCENE_RESOURCES.filter(({ target }) => target !== p.PIPE_BUFFER).map(({ id }) => id),
  buffers: SCENE_RESOURCES.filter(({ target }) => target === p.PIPE_BUFFER).map(({ id }) => id),
  formatOf: new Map(SCENE_RESOURCES.map(({ id, format }) => [id, format])),
  formats: [
    RGBA,
    BGRA,
    p.VirglFormat.Z24_UNORM_S8_UINT,
    p.VirglFormat.R16G16B16A16_FLOAT,
    p.VirglFormat.R32G32B32A32_UINT,
    p.VirglFormat.R32G32B32_FLOAT,
    p.VirglFormat.R32G32B32A32_FLOAT,
    p.VirglFormat.R8G8B8A8_SRGB,
    p.VirglFormat.R8G8B8A8_UINT,
    p.VirglFormat.R32_FLOAT,
    p.VirglFormat.Z32_FLOAT_S8X24_UINT,
    p.VirglFormat.X24S8_UINT,
  ],
  shaders: [
    { stage: p.PIPE_SHADER_VERTEX, text: VERTEX },
    { stage: p.PIPE_SHADER_FRAGMENT, text: FRAGMENT },
    { stage: p.PIPE_SHADER_FRAGMENT, text: TEXTURED },
  ],
};

/** What differs between the scenes that contexts start from. */
interface SceneVariant {
  /** Colour buffers: resource and format of the surface. */
  readonly color: readonly [resource: number, format: number];
  readonly depth: readonly [resource: number, format: number];
  /** The vertex shader's outputs are captured, and there is a buffer for them. */
  readonly captures: boolean;
}

const DEPTH24 = p.VirglFormat.Z24_UNORM_S8_UINT;
export const SCENE_VARIANTS: readonly SceneVariant[] = [
  { color: [1, RGBA], depth: [3, DEPTH24], captures: false },
  { color: [1, RGBA], depth: [3, DEPTH24], captures: true },
  { color: [15, FLOATS], depth: [17, p.VirglFormat.Z32_FLOAT_S8X24_UINT], captures: false },
  { color: [8, RGBA], depth: [18, DEPTH24], captures: false },
];

/** GENERIC[0] as 4 floats to buffer 0. */
const CAPTURES: StreamOutputs = { strides: [4, 0, 0, 0], outputs: [1 | (4 << 10)] };

/** Appends what a well-behaved guest sends first: one valid object behind most handles, bound and ready to draw. */
export function appendScene(b: StreamBuilder, variant: SceneVariant): void {
  const handle = generatedHandle;
  const surface = p.VIRGL_OBJECT_SURFACE;
  b.createSubContext(1).setSubContext(1);
  b.createSurface(handle(surface, 0), ...variant.color).createSurface(handle(surface, 1), ...variant.depth);
  b.createSurface(handle(surface, 2), 2, BGRA);
  b.createBlend(handle(p.VIRGL_OBJECT_BLEND, 0)).createBlend(handle(p.VIRGL_OBJECT_BLEND, 1), 7, 0x2_1101 | 1);
  b.createRasterizer(handle(p.VIRGL_OBJECT_RASTERIZER, 0)).createRasterizer(
    handle(p.VIRGL_OBJECT_RASTERIZER, 1),
    0x4301,
  );
  b.createDepthStencilAlpha(handle(p.VIRGL_OBJECT_DSA, 0)).createDepthStencilAlpha(
    handle(p.VIRGL_OBJECT_DSA, 1),
    0x307,
    0x3fe00f,
    0,
    0.5,
  );
  const vertex = handle(p.VIRGL_OBJECT_SHADER, 0);
  b.createShader(vertex, p.PIPE_SHADER_VERTEX, VERTEX, undefined, variant.captures ? CAPTURES : undefined);
  b.createShader(handle(p.VIRGL_OBJECT_SHADER, 1), p.PIPE_SHADER_FRAGMENT, FRAGMENT);
  b.createShader(handle(p.VIRGL_OBJECT_SHADER, 2), p.PIPE_SHADER_FRAGMENT, TEXTURED);
  const float4 = p.VirglFormat.R32G32B32A32_FLOAT;
  b.createVertexElements(handle(p.VIRGL_OBJECT_VERTEX_ELEMENTS, 0), [
    { offsetBytes: 0, buffer: 0, format: float4 },
    { offsetBytes: 16, buffer: 0, format: float4 },
  ]);
  b.createSamplerView(handle(p.VIRGL_OBJECT_SAMPLER_VIEW, 0), 1, RGBA).createSamplerView(
    handle(p.VIRGL_OBJECT_SAMPLER_VIEW, 1),
    4,
    RGBA,
    4,
  );
  b.createSamplerState(handle(p.VIRGL_OBJECT_SAMPLER_STATE, 0));
  b.createQuery(handle(p.VIRGL_OBJECT_QUERY, 0), p.PIPE_QUERY_OCCLUSION_PREDICATE, 14);
  b.createQuery(handle(p.VIRGL_OBJECT_QUERY, 1), p.PIPE_QUERY_PRIMITIVES_EMITTED, 14, 32);
  b.createStreamoutTarget(handle(p.VIRGL_OBJECT_STREAMOUT_TARGET, 0), 12, 0, 4096);
  b.bindObject(p.VIRGL_OBJECT_BLEND, handle(p.VIRGL_OBJECT_BLEND, 0));
  b.bindObject(p.VIRGL_OBJECT_RASTERIZER, handle(p.VIRGL_OBJECT_RASTERIZER, 0));
  b.bindObject(p.VIRGL_OBJECT_DSA, handle(p.VIRGL_OBJECT_DSA, 0));
  b.bindObject(p.VIRGL_OBJECT_VERTEX_ELEMENTS, handle(p.VIRGL_OBJECT_VERTEX_ELEMENTS, 0));
  b.bindShader(handle(p.VIRGL_OBJECT_SHADER, 0), p.PIPE_SHADER_VERTEX).bindShader(
    handle(p.VIRGL_OBJECT_SHADER, 1),
    p.PIPE_SHADER_FRAGMENT,
  );
  b.setFramebuffer([handle(surface, 0)], handle(surface, 1)).setViewport(16, 16);
  b.setVertexBuffers([{ stride: 32, offset: 0, resource: 11 }]);
  b.setConstants(p.PIPE_SHADER_VERTEX, [1, 1, 1, 1, 0, 0, 0, 0]).setUniformBuffer(
    p.PIPE_SHADER_FRAGMENT,
    1,
    12,
    0,
    256,
  );
  b.setSamplerViews(p.PIPE_SHADER_FRAGMENT, 0, [handle(p.VIRGL_OBJECT_SAMPLER_VIEW, 0)]);
  b.bindSamplerStates(p.PIPE_SHADER_FRAGMENT, 0, [handle(p.VIRGL_OBJECT_SAMPLER_STATE, 0)]);
  if (variant.captures) {
    b.command(p.VIRGL_CCMD_SET_STREAMOUT_TARGETS, [0, handle(p.VIRGL_OBJECT_STREAMOUT_TARGET, 0)]);
  }
}
