/** What a GL host can do, in terms that the renderer and the capability sets are computed from. */

/** Integer limits, named after their GL constants (GL_MAX_...), units as there. */
export interface GlLimits {
  readonly textureSize: number;
  readonly texture3dSize: number;
  readonly cubeMapSize: number;
  readonly arrayTextureLayers: number;
  readonly renderbufferSize: number;
  readonly samples: number;
  readonly colorSamples: number;
  readonly depthSamples: number;
  readonly integerSamples: number;
  readonly sampleMaskWords: number;
  readonly drawBuffers: number;
  readonly colorAttachments: number;
  readonly dualSourceDrawBuffers: number;
  readonly viewportWidth: number;
  readonly viewportHeight: number;
  readonly viewports: number;
  readonly vertexAttribs: number;
  readonly vertexAttribStride: number;
  readonly vertexUniformVectors: number;
  readonly fragmentUniformVectors: number;
  readonly vertexUniformBlocks: number;
  readonly fragmentUniformBlocks: number;
  readonly combinedUniformBlocks: number;
  readonly uniformBufferBindings: number;
  readonly uniformBlockBytes: number;
  readonly uniformBufferOffsetAlignment: number;
  readonly vertexTextureUnits: number;
  readonly fragmentTextureUnits: number;
  readonly combinedTextureUnits: number;
  readonly varyingVectors: number;
  readonly vertexOutputComponents: number;
  readonly fragmentInputComponents: number;
  readonly transformFeedbackBuffers: number;
  readonly transformFeedbackInterleavedComponents: number;
  readonly transformFeedbackSeparateComponents: number;
  readonly clipDistances: number;
  readonly elementIndex: number;
  readonly textureBufferTexels: number;
  readonly textureBufferOffsetAlignment: number;
  readonly shaderStorageBlocks: number;
  readonly shaderStorageOffsetAlignment: number;
  readonly imageUnits: number;
  readonly patchVertices: number;
  readonly geometryOutputVertices: number;
  readonly computeWorkGroupInvocations: number;
  readonly textureGatherMinOffset: number;
  readonly textureGatherMaxOffset: number;
  readonly texelMinOffset: number;
  readonly texelMaxOffset: number;
}

/** One boolean per optional ability, true when core or an extension brings it. */
export interface GlFeatures {
  readonly geometryShader: boolean;
  readonly tessellationShader: boolean;
  readonly computeShader: boolean;
  readonly drawBuffersIndexed: boolean;
  readonly copyImage: boolean;
  readonly textureView: boolean;
  readonly textureBuffer: boolean;
  readonly textureCubeMapArray: boolean;
  readonly textureMultisample: boolean;
  readonly textureMultisampleArray: boolean;
  readonly multisampledRenderToTexture: boolean;
  readonly textureBorderClamp: boolean;
  readonly textureMirrorClampToEdge: boolean;
  readonly textureAnisotropic: boolean;
  readonly textureSrgbDecode: boolean;
  readonly textureNorm16: boolean;
  readonly textureFormatBgra8888: boolean;
  readonly textureCompressionS3tc: boolean;
  readonly textureCompressionS3tcSrgb: boolean;
  readonly textureCompressionRgtc: boolean;
  readonly textureCompressionBptc: boolean;
  readonly textureCompressionAstc: boolean;
  readonly textureLodBias: boolean;
  readonly stencilTexturing: boolean;
  readonly stencil8Texture: boolean;
  readonly srgbWriteControl: boolean;
  readonly colorBufferFloat: boolean;
  readonly colorBufferHalfFloat: boolean;
  readonly floatBlend: boolean;
  readonly textureFloatLinear: boolean;
  readonly dualSourceBlend: boolean;
  readonly clipCullDistance: boolean;
  readonly clipControl: boolean;
  readonly depthClamp: boolean;
  readonly polygonOffsetClamp: boolean;
  readonly sampleShading: boolean;
  readonly sampleVariables: boolean;
  readonly shaderMultisampleInterpolation: boolean;
  readonly gpuShader5: boolean;
  readonly shaderIoBlocks: boolean;
  readonly shaderFramebufferFetch: boolean;
  readonly baseVertex: boolean;
  readonly baseInstance: boolean;
  readonly drawIndirect: boolean;
  readonly conditionalRender: boolean;
  readonly timerQuery: boolean;
  readonly viewportArray: boolean;
  readonly bufferStorage: boolean;
  readonly blendEquationAdvanced: boolean;
  readonly textureBarrier: boolean;
  readonly robustness: boolean;
  /** Desktop GL only: exact GL_SAMPLES_PASSED counts. */
  readonly exactOcclusionQuery: boolean;
  /** GL_PRIMITIVES_GENERATED. */
  readonly primitivesGeneratedQuery: boolean;
}

/** What the host does with one sized internal format, found by trial. */
export interface GlFormatCaps {
  /** glTexStorage2D takes it. */
  readonly texture: boolean;
  /** A framebuffer with it is complete (as colour, depth or stencil, by its kind). */
  readonly renderable: boolean;
  /** Sample counts of GL_RENDERBUFFER, largest first; empty when none. */
  readonly samples: readonly number[];
  /** The driver's own glReadPixels format and type for it (GL_IMPLEMENTATION_COLOR_READ_*), 0 when unknown. */
  readonly readFormat: number;
  readonly readType: number;
}

/** All that is known of the host's GL context; asked and tried once, when it is opened (`buildGlCaps`). */
export interface GlCaps {
  readonly isGles: boolean;
  /** Context version as 10 * major + minor: 32. On desktop GL, that of GL. */
  readonly version: number;
  /** The newest GLSL ES version that the compiler takes: 300, 310 or 320. */
  readonly glslEs: number;
  readonly vendor: string;
  readonly renderer: string;
  readonly versionText: string;
  readonly glslVersionText: string;
  readonly extensions: ReadonlySet<string>;
  readonly limits: GlLimits;
  readonly features: GlFeatures;
  readonly maxAnisotropy: number;
  readonly pointSizeRange: readonly [number, number];
  readonly lineWidthRange: readonly [number, number];
  readonly maxLodBias: number;
  /** By sized internal format; formats that were not probed are absent. */
  readonly formats: ReadonlyMap<number, GlFormatCaps>;
}
