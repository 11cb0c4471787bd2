// Extensions that add texture formats and uses, where they are offered: S3TC, RGTC, BPTC and ASTC blocks, sRGB R8 and RG8,
// undecoded sRGB, BGRA (upload, drawing, read-back, blits), copyImage, EGL images shared between textures and contexts,
// the external sampler, 16-bit floats of ES 2, 2_10_10_10.
#include "common.h"

#define SIZE 32
#define LOAD(type, name) type name = (type)eglGetProcAddress(#name)

static GLuint sampling;
static uint8_t data[65536];

static int offered(const char *feature, const char *extension) {
  char name[64];
  const int has = has_extension(extension);
  snprintf(name, sizeof name, "%s.offered", feature);
  text(name, "%d", has);
  return has;
}

static void draw_texture(int x, int y) {
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  glUseProgram(sampling);
  glViewport(x * SIZE, y * SIZE, SIZE, SIZE);
  draw_full();
}

static void compressed(const char *feature, const char *extension, const GLenum *formats, int count, int block, double tolerance) {
  char name[64];
  if (!offered(feature, extension)) return;
  for (int f = 0; f < count; f++) {
    clear_colour(0, 0, 0, 1);
    GLuint texture = texture_2d(formats[f], 32, 32, 4);
    for (int level = 0; level < 4; level++) {
      const int blocks = (32 >> level) / 4;
      glCompressedTexSubImage2D(GL_TEXTURE_2D, level, 0, 0, 32 >> level, 32 >> level, formats[f], blocks * blocks * block, data + f * 64 + level * 16);
    }
    glCompressedTexSubImage2D(GL_TEXTURE_2D, 0, 8, 12, 12, 8, formats[f], 3 * 2 * block, data + 3000);
    draw_texture(0, 0);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_BASE_LEVEL, 1);
    draw_texture(1, 0);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_BASE_LEVEL, 3);
    draw_texture(2, 0);
    snprintf(name, sizeof name, "%s.%d", feature, f);
    pixels_near(name, 0, 0, WINDOW_SIZE, SIZE, tolerance, 0);
    glDeleteTextures(1, &texture);
  }
}

static void bgra(void) {
  if (!offered("bgra", "GL_EXT_texture_format_BGRA8888")) return;
  GLuint texture, framebuffer;
  glGenTextures(1, &texture);
  glBindTexture(GL_TEXTURE_2D, texture);
  texture_filter(GL_TEXTURE_2D, GL_NEAREST, GL_NEAREST);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_BGRA_EXT, SIZE, SIZE, 0, GL_BGRA_EXT, GL_UNSIGNED_BYTE, data);
  draw_texture(0, 0);
  glGenFramebuffers(1, &framebuffer);
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
  glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture, 0);
  target_check("BGRA");
  pixels("bgra.uploaded", SIZE, SIZE);
  glViewport(0, 0, SIZE, SIZE);
  glEnable(GL_SCISSOR_TEST);
  glScissor(0, 0, 12, 20);
  clear_colour(1, 0.5f, 0.25f, 0.125f);
  glDisable(GL_SCISSOR_TEST);
  GLuint colour = program_uniform_colour();
  set_colour(colour, 0.75f, 0.5f, 0, 0.5f);
  glEnable(GL_BLEND);
  glBlendColor(0.2f, 0.4f, 0.6f, 0.8f);
  glBlendFunc(GL_SRC_ALPHA, GL_CONSTANT_COLOR);
  draw_rectangle(-0.2f, -0.5f, 0.9f, 0.6f, 0);
  glDisable(GL_BLEND);
  glColorMask(GL_TRUE, GL_FALSE, GL_FALSE, GL_TRUE);
  set_colour(colour, 1, 1, 1, 1);
  draw_rectangle(-1, 0.7f, 1, 1, 0);
  glColorMask(GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
  pixels_near("bgra.drawn", 0, 0, SIZE, SIZE, 1, 0);
  if (has_extension("GL_EXT_read_format_bgra")) {
    uint8_t back[SIZE * SIZE * 4];
    glReadPixels(0, 0, SIZE, SIZE, GL_BGRA_EXT, GL_UNSIGNED_BYTE, back);
    record("bgra.read", "rgba8", SIZE, SIZE, 1, 0, back, sizeof back);
  }
  struct target target = target_create(GL_RGBA8, 0, SIZE, SIZE, 0);
  glBindFramebuffer(GL_READ_FRAMEBUFFER, framebuffer);
  glBlitFramebuffer(0, 0, SIZE, SIZE, 0, 0, SIZE, SIZE, GL_COLOR_BUFFER_BIT, GL_NEAREST);
  glBindFramebuffer(GL_READ_FRAMEBUFFER, target.framebuffer);
  pixels_near("bgra.blitted", 0, 0, SIZE, SIZE, 1, 0);
  // And back, mirrored, into a part of it; then a copy of a part by copyTexSubImage.
  glBindFramebuffer(GL_DRAW_FRAMEBUFFER, framebuffer);
  glBlitFramebuffer(0, 0, SIZE, SIZE, SIZE, 4, 0, 20, GL_COLOR_BUFFER_BIT, GL_LINEAR);
  glBindTexture(GL_TEXTURE_2D, texture);
  glCopyTexSubImage2D(GL_TEXTURE_2D, 0, 5, 22, 3, 1, 20, 8);
  glBindFramebuffer(GL_READ_FRAMEBUFFER, framebuffer);
  pixels_near("bgra.back", 0, 0, SIZE, SIZE, 2, 0);
  glTexSubImage2D(GL_TEXTURE_2D, 0, 3, 4, 10, 9, GL_BGRA_EXT, GL_UNSIGNED_BYTE, data + 5000);
  glGenerateMipmap(GL_TEXTURE_2D);
  texture_filter(GL_TEXTURE_2D, GL_NEAREST_MIPMAP_NEAREST, GL_NEAREST);
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  draw_texture(0, 0);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_BASE_LEVEL, 2);
  draw_texture(1, 0);
  pixels_near("bgra.sampled", 0, 0, SIZE * 2, SIZE, 2, 0);
  target_delete(target);
  glDeleteTextures(1, &texture);
}

static void copy_image(void) {
  if (!offered("copy-image", "GL_EXT_copy_image")) return;
  LOAD(PFNGLCOPYIMAGESUBDATAEXTPROC, glCopyImageSubDataEXT);
  static const GLenum pairs[][2] = {{GL_RGBA8, GL_RGBA8}, {GL_RGBA8, GL_R32UI}, {GL_RGBA8UI, GL_RG16I}, {GL_RGBA16F, GL_RGBA16F}, {GL_RGB10_A2, GL_RGBA8}, {GL_R32F, GL_RGBA8UI}};
  for (int i = 0; i < COUNT(pairs); i++) {
    GLuint textures[2] = {texture_2d(pairs[i][0], SIZE, SIZE, 2), texture_2d(pairs[i][1], SIZE, SIZE, 2)}, framebuffer;
    glBindTexture(GL_TEXTURE_2D, textures[0]);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    float values[SIZE * SIZE * 4];
    for (int n = 0; n < COUNT(values); n++) values[n] = (float)data[n] / 8;
    if (pairs[i][0] == GL_RGBA16F) glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, SIZE, SIZE, GL_RGBA, GL_FLOAT, values);
    else if (pairs[i][0] == GL_RGBA8UI) glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, SIZE, SIZE, GL_RGBA_INTEGER, GL_UNSIGNED_BYTE, data);
    else if (pairs[i][0] == GL_RGB10_A2) glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, SIZE, SIZE, GL_RGBA, GL_UNSIGNED_INT_2_10_10_10_REV, data);
    else if (pairs[i][0] == GL_R32F) glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, SIZE, SIZE, GL_RED, GL_FLOAT, values);
    else glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, SIZE, SIZE, GL_RGBA, GL_UNSIGNED_BYTE, data);
    glGenFramebuffers(1, &framebuffer);
    glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, textures[1], 0);
    target_check("copy image");
    const GLuint zero[4] = {0};
    const int is_unsigned = pairs[i][1] == GL_R32UI || pairs[i][1] == GL_RGBA8UI, is_signed = pairs[i][1] == GL_RG16I;
    if (is_unsigned) glClearBufferuiv(GL_COLOR, 0, zero);
    else if (is_signed) glClearBufferiv(GL_COLOR, 0, (const GLint *)zero);
    else clear_colour(0, 0, 0, 0);
    glCopyImageSubDataEXT(textures[0], GL_TEXTURE_2D, 0, 2, 3, 0, textures[1], GL_TEXTURE_2D, 0, 5, 1, 0, 20, 25, 1);
    char name[32];
    snprintf(name, sizeof name, "copy-image.%d", i);
    if (is_unsigned || is_signed) pixels_integer(name, SIZE, SIZE, is_signed);
    else if (pairs[i][1] == GL_RGBA16F) pixels_float(name, SIZE, SIZE, 0);
    else pixels(name, SIZE, SIZE);
    glBindFramebuffer(GL_FRAMEBUFFER, 0);
    glDeleteTextures(2, textures);
    glDeleteFramebuffers(1, &framebuffer);
  }
}

static void srgb_more(void) {
  static const struct {
    const char *feature, *extension;
    GLenum internal, format;
  } formats[] = {{"sr8", "GL_EXT_texture_sRGB_R8", 0x8FBD, GL_RED}, {"srg8", "GL_EXT_texture_sRGB_RG8", 0x8FBE, GL_RG}};
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  for (int i = 0; i < COUNT(formats); i++) {
    char name[64];
    if (!offered(formats[i].feature, formats[i].extension)) continue;
    texture_2d(formats[i].internal, SIZE, SIZE, 1);
    glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, SIZE, SIZE, formats[i].format, GL_UNSIGNED_BYTE, data);
    draw_texture(0, 0);
    snprintf(name, sizeof name, "%s.drawn", formats[i].feature);
    pixels_near(name, 0, 0, SIZE, SIZE, 1, 0);
  }
  if (!offered("srgb-decode", "GL_EXT_texture_sRGB_decode")) return;
  texture_2d(GL_SRGB8_ALPHA8, SIZE, SIZE, 1);
  glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, SIZE, SIZE, GL_RGBA, GL_UNSIGNED_BYTE, data);
  GLuint sampler;
  glGenSamplers(1, &sampler);
  glSamplerParameteri(sampler, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
  glSamplerParameteri(sampler, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
  for (int i = 0; i < 4; i++) {
    const GLenum modes[] = {GL_DECODE_EXT, GL_SKIP_DECODE_EXT};
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_SRGB_DECODE_EXT, (GLint)modes[i % 2]);
    glSamplerParameteri(sampler, GL_TEXTURE_SRGB_DECODE_EXT, (GLint)modes[1 - i % 2]);
    glBindSampler(0, i / 2 ? sampler : 0);
    draw_texture(i, 0);
  }
  glBindSampler(0, 0);
  pixels_near("srgb-decode.drawn", 0, 0, WINDOW_SIZE, SIZE, 1, 0);
  if (!offered("srgb-decode-blocks", "GL_EXT_texture_compression_s3tc_srgb")) return;
  texture_2d(0x8C4F, SIZE, SIZE, 1);
  glCompressedTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, SIZE, SIZE, 0x8C4F, SIZE * SIZE, data);
  for (int i = 0; i < 2; i++) {
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_SRGB_DECODE_EXT, i ? GL_SKIP_DECODE_EXT : GL_DECODE_EXT);
    draw_texture(i, 0);
  }
  pixels_near("srgb-decode-blocks.drawn", 0, 0, SIZE * 2, SIZE, 1, 0);
}

static void images(void) {
  const char *extensions = eglQueryString(client_display, EGL_EXTENSIONS);
  const int has = strstr(extensions, "EGL_KHR_gl_texture_2D_image") != NULL && has_extension("GL_OES_EGL_image");
  text("image.offered", "%d", has);
  if (!has) return;
  LOAD(PFNEGLCREATEIMAGEKHRPROC, eglCreateImageKHR);
  LOAD(PFNEGLDESTROYIMAGEKHRPROC, eglDestroyImageKHR);
  LOAD(PFNGLEGLIMAGETARGETTEXTURE2DOESPROC, glEGLImageTargetTexture2DOES);
  GLuint origin = texture_2d(GL_RGBA8, SIZE, SIZE, 1);
  glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, SIZE, SIZE, GL_RGBA, GL_UNSIGNED_BYTE, data);
  EGLImageKHR image = eglCreateImageKHR(client_display, client_context, EGL_GL_TEXTURE_2D_KHR, (EGLClientBuffer)(uintptr_t)origin, NULL);
  if (image == EGL_NO_IMAGE_KHR) fail("eglCreateImageKHR");
  // In another context, without a share list: sampled, then rendered into.
  EGLContext other = context_create(3, EGL_NO_CONTEXT);
  EGLSurface surface = surface_create(64, 64);
  make_current(surface, other);
  GLuint copy = program_create(VERTEX_QUAD, ES3 "in vec2 at; uniform sampler2D image; out vec4 result; void main() { result = texture(image, at).brga; }");
  GLuint alias, framebuffer;
  glGenTextures(1, &alias);
  glBindTexture(GL_TEXTURE_2D, alias);
  texture_filter(GL_TEXTURE_2D, GL_NEAREST, GL_NEAREST);
  glEGLImageTargetTexture2DOES(GL_TEXTURE_2D, image);
  glUseProgram(copy);
  glViewport(0, 0, 64, 64);
  draw_full();
  pixels("image.sampled", 64, 64);
  glGenFramebuffers(1, &framebuffer);
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
  glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, alias, 0);
  target_check("image");
  glEnable(GL_SCISSOR_TEST);
  glScissor(4, 6, 20, 11);
  clear_colour(1, 0, 0.5f, 1);
  glDisable(GL_SCISSOR_TEST);
  if (has_extension("GL_OES_EGL_image_external_essl3")) {
    GLuint external, target = texture_2d(GL_RGBA8, SIZE, SIZE, 1);
    glGenTextures(1, &external);
    glBindTexture(GL_TEXTURE_EXTERNAL_OES, external);
    texture_filter(GL_TEXTURE_EXTERNAL_OES, GL_NEAREST, GL_NEAREST);
    glEGLImageTargetTexture2DOES(GL_TEXTURE_EXTERNAL_OES, image);
    GLuint outside = program_create(VERTEX_QUAD, "#version 300 es\n#extension GL_OES_EGL_image_external_essl3 : require\nprecision highp float; in vec2 at; uniform samplerExternalOES image; out vec4 result; void main() { result = texture(image, at) * 0.5; }");
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, target, 0);
    glUseProgram(outside);
    glViewport(0, 0, SIZE, SIZE);
    draw_full();
    pixels_near("image.external", 0, 0, SIZE, SIZE, 1, 0);
  }
  glFinish();
  make_current(client_surface, client_context);
  eglDestroyContext(client_display, other);
  eglDestroySurface(client_display, surface);
  glBindTexture(GL_TEXTURE_2D, origin);
  draw_texture(0, 0);
  pixels("image.back", SIZE, SIZE);
  eglDestroyImageKHR(client_display, image);
}

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  for (int i = 0; i < (int)sizeof data; i++) data[i] = noise((uint32_t)i * 3);
  sampling = program_create(VERTEX_QUAD, ES3 "in vec2 at; uniform sampler2D image; out vec4 result; void main() { result = abs(texture(image, at)); }");
  const GLenum dxt1[] = {GL_COMPRESSED_RGB_S3TC_DXT1_EXT, GL_COMPRESSED_RGBA_S3TC_DXT1_EXT}, dxt[] = {0x83F2, 0x83F3}, srgb1[] = {0x8C4C, 0x8C4D}, srgb[] = {0x8C4E, 0x8C4F};
  const GLenum rgtc1[] = {0x8DBB, 0x8DBC}, rgtc2[] = {0x8DBD, 0x8DBE}, bptc[] = {0x8E8C, 0x8E8D}, astc[] = {0x93B0, 0x93D0};
  compressed("dxt1", "GL_EXT_texture_compression_s3tc", dxt1, 2, 8, 1);
  compressed("dxt", "GL_EXT_texture_compression_s3tc", dxt, 2, 16, 1);
  compressed("dxt1-srgb", "GL_EXT_texture_compression_s3tc_srgb", srgb1, 2, 8, 1);
  compressed("dxt-srgb", "GL_EXT_texture_compression_s3tc_srgb", srgb, 2, 16, 1);
  compressed("rgtc1", "GL_EXT_texture_compression_rgtc", rgtc1, 2, 8, 1);
  compressed("rgtc2", "GL_EXT_texture_compression_rgtc", rgtc2, 2, 16, 1);
  compressed("bptc", "GL_EXT_texture_compression_bptc", bptc, 2, 16, 1);
  compressed("astc", "GL_KHR_texture_compression_astc_ldr", astc, 2, 16, 1);
  bgra();
  copy_image();
  srgb_more();
  images();
  return client_close();
}
