// Every sized internal format of OpenGL ES 3.0 (tables 3.13 and 3.14 of the specification) with one upload format and type.
#ifndef VIRTGPU_CLIENTS_FORMATS_H
#define VIRTGPU_CLIENTS_FORMATS_H
#include "common.h"

// How a shader and a read-back see the format.
enum reading { READ_NORMALISED, READ_SIGNED_NORMALISED, READ_FLOAT, READ_INTEGER, READ_UNSIGNED, READ_DEPTH };

struct format {
  const char *name;
  GLenum internal, format, type;
  int texel_bytes;
  enum reading reading;
  int renderable;  // colour-renderable in ES 3.0; 2: with EXT_color_buffer_float
};

static const struct format formats[] = {
    {"r8", GL_R8, GL_RED, GL_UNSIGNED_BYTE, 1, READ_NORMALISED, 1},
    {"r8-snorm", GL_R8_SNORM, GL_RED, GL_BYTE, 1, READ_SIGNED_NORMALISED, 0},
    {"r16f", GL_R16F, GL_RED, GL_HALF_FLOAT, 2, READ_FLOAT, 2},
    {"r32f", GL_R32F, GL_RED, GL_FLOAT, 4, READ_FLOAT, 2},
    {"r8ui", GL_R8UI, GL_RED_INTEGER, GL_UNSIGNED_BYTE, 1, READ_UNSIGNED, 1},
    {"r8i", GL_R8I, GL_RED_INTEGER, GL_BYTE, 1, READ_INTEGER, 1},
    {"r16ui", GL_R16UI, GL_RED_INTEGER, GL_UNSIGNED_SHORT, 2, READ_UNSIGNED, 1},
    {"r16i", GL_R16I, GL_RED_INTEGER, GL_SHORT, 2, READ_INTEGER, 1},
    {"r32ui", GL_R32UI, GL_RED_INTEGER, GL_UNSIGNED_INT, 4, READ_UNSIGNED, 1},
    {"r32i", GL_R32I, GL_RED_INTEGER, GL_INT, 4, READ_INTEGER, 1},
    {"rg8", GL_RG8, GL_RG, GL_UNSIGNED_BYTE, 2, READ_NORMALISED, 1},
    {"rg8-snorm", GL_RG8_SNORM, GL_RG, GL_BYTE, 2, READ_SIGNED_NORMALISED, 0},
    {"rg16f", GL_RG16F, GL_RG, GL_HALF_FLOAT, 4, READ_FLOAT, 2},
    {"rg32f", GL_RG32F, GL_RG, GL_FLOAT, 8, READ_FLOAT, 2},
    {"rg8ui", GL_RG8UI, GL_RG_INTEGER, GL_UNSIGNED_BYTE, 2, READ_UNSIGNED, 1},
    {"rg8i", GL_RG8I, GL_RG_INTEGER, GL_BYTE, 2, READ_INTEGER, 1},
    {"rg16ui", GL_RG16UI, GL_RG_INTEGER, GL_UNSIGNED_SHORT, 4, READ_UNSIGNED, 1},
    {"rg16i", GL_RG16I, GL_RG_INTEGER, GL_SHORT, 4, READ_INTEGER, 1},
    {"rg32ui", GL_RG32UI, GL_RG_INTEGER, GL_UNSIGNED_INT, 8, READ_UNSIGNED, 1},
    {"rg32i", GL_RG32I, GL_RG_INTEGER, GL_INT, 8, READ_INTEGER, 1},
    {"rgb8", GL_RGB8, GL_RGB, GL_UNSIGNED_BYTE, 3, READ_NORMALISED, 1},
    {"srgb8", GL_SRGB8, GL_RGB, GL_UNSIGNED_BYTE, 3, READ_NORMALISED, 0},
    {"rgb565", GL_RGB565, GL_RGB, GL_UNSIGNED_SHORT_5_6_5, 2, READ_NORMALISED, 1},
    {"rgb8-snorm", GL_RGB8_SNORM, GL_RGB, GL_BYTE, 3, READ_SIGNED_NORMALISED, 0},
    {"r11g11b10f", GL_R11F_G11F_B10F, GL_RGB, GL_UNSIGNED_INT_10F_11F_11F_REV, 4, READ_FLOAT, 2},
    {"rgb9e5", GL_RGB9_E5, GL_RGB, GL_UNSIGNED_INT_5_9_9_9_REV, 4, READ_FLOAT, 0},
    {"rgb16f", GL_RGB16F, GL_RGB, GL_HALF_FLOAT, 6, READ_FLOAT, 0},
    {"rgb32f", GL_RGB32F, GL_RGB, GL_FLOAT, 12, READ_FLOAT, 0},
    {"rgb8ui", GL_RGB8UI, GL_RGB_INTEGER, GL_UNSIGNED_BYTE, 3, READ_UNSIGNED, 0},
    {"rgb8i", GL_RGB8I, GL_RGB_INTEGER, GL_BYTE, 3, READ_INTEGER, 0},
    {"rgb16ui", GL_RGB16UI, GL_RGB_INTEGER, GL_UNSIGNED_SHORT, 6, READ_UNSIGNED, 0},
    {"rgb16i", GL_RGB16I, GL_RGB_INTEGER, GL_SHORT, 6, READ_INTEGER, 0},
    {"rgb32ui", GL_RGB32UI, GL_RGB_INTEGER, GL_UNSIGNED_INT, 12, READ_UNSIGNED, 0},
    {"rgb32i", GL_RGB32I, GL_RGB_INTEGER, GL_INT, 12, READ_INTEGER, 0},
    {"rgba8", GL_RGBA8, GL_RGBA, GL_UNSIGNED_BYTE, 4, READ_NORMALISED, 1},
    {"srgb8a8", GL_SRGB8_ALPHA8, GL_RGBA, GL_UNSIGNED_BYTE, 4, READ_NORMALISED, 1},
    {"rgba8-snorm", GL_RGBA8_SNORM, GL_RGBA, GL_BYTE, 4, READ_SIGNED_NORMALISED, 0},
    {"rgb5a1", GL_RGB5_A1, GL_RGBA, GL_UNSIGNED_SHORT_5_5_5_1, 2, READ_NORMALISED, 1},
    {"rgba4", GL_RGBA4, GL_RGBA, GL_UNSIGNED_SHORT_4_4_4_4, 2, READ_NORMALISED, 1},
    {"rgb10a2", GL_RGB10_A2, GL_RGBA, GL_UNSIGNED_INT_2_10_10_10_REV, 4, READ_NORMALISED, 1},
    {"rgba16f", GL_RGBA16F, GL_RGBA, GL_HALF_FLOAT, 8, READ_FLOAT, 2},
    {"rgba32f", GL_RGBA32F, GL_RGBA, GL_FLOAT, 16, READ_FLOAT, 2},
    {"rgba8ui", GL_RGBA8UI, GL_RGBA_INTEGER, GL_UNSIGNED_BYTE, 4, READ_UNSIGNED, 1},
    {"rgba8i", GL_RGBA8I, GL_RGBA_INTEGER, GL_BYTE, 4, READ_INTEGER, 1},
    {"rgb10a2ui", GL_RGB10_A2UI, GL_RGBA_INTEGER, GL_UNSIGNED_INT_2_10_10_10_REV, 4, READ_UNSIGNED, 1},
    {"rgba16ui", GL_RGBA16UI, GL_RGBA_INTEGER, GL_UNSIGNED_SHORT, 8, READ_UNSIGNED, 1},
    {"rgba16i", GL_RGBA16I, GL_RGBA_INTEGER, GL_SHORT, 8, READ_INTEGER, 1},
    {"rgba32ui", GL_RGBA32UI, GL_RGBA_INTEGER, GL_UNSIGNED_INT, 16, READ_UNSIGNED, 1},
    {"rgba32i", GL_RGBA32I, GL_RGBA_INTEGER, GL_INT, 16, READ_INTEGER, 1},
    {"depth16", GL_DEPTH_COMPONENT16, GL_DEPTH_COMPONENT, GL_UNSIGNED_SHORT, 2, READ_DEPTH, 0},
    {"depth24", GL_DEPTH_COMPONENT24, GL_DEPTH_COMPONENT, GL_UNSIGNED_INT, 4, READ_DEPTH, 0},
    {"depth32f", GL_DEPTH_COMPONENT32F, GL_DEPTH_COMPONENT, GL_FLOAT, 4, READ_DEPTH, 0},
    {"depth24s8", GL_DEPTH24_STENCIL8, GL_DEPTH_STENCIL, GL_UNSIGNED_INT_24_8, 4, READ_DEPTH, 0},
    {"depth32fs8", GL_DEPTH32F_STENCIL8, GL_DEPTH_STENCIL, GL_FLOAT_32_UNSIGNED_INT_24_8_REV, 8, READ_DEPTH, 0},
};

// Deterministic texels of a format: random bits, except that floats are kept finite and of moderate size.
static void texels_make(const struct format *format, void *to, int count) {
  uint8_t *out = to;
  const int length = count * format->texel_bytes;
  for (int i = 0; i < length; i++) out[i] = noise((uint32_t)i * 31u + format->internal);
  if (format->type == GL_FLOAT || format->type == GL_FLOAT_32_UNSIGNED_INT_24_8_REV) {
    const int step = format->type == GL_FLOAT ? 4 : 8;
    for (int i = 0; i < length / step; i++) {
      float value = (float)((int)noise((uint32_t)i + format->internal) - (format->reading == READ_DEPTH ? 0 : 64)) / 255;
      memcpy(out + i * step, &value, 4);
    }
  }
  if (format->type == GL_HALF_FLOAT)  // exponents 8 to 15: finite, between 2^-7 and 2, either sign
    for (int i = 0; i < length / 2; i++) out[i * 2 + 1] = (uint8_t)((out[i * 2 + 1] & 0x9f) | 0x20);
  if (format->type == GL_UNSIGNED_INT_10F_11F_11F_REV)  // 5-bit exponents 8 to 15
    for (int i = 0; i < count; i++) {
      uint32_t value;
      memcpy(&value, out + i * 4, 4);
      value = (value & ~((16u << 6) | (16u << 17) | (16u << 27))) | (8u << 6) | (8u << 17) | (8u << 27);
      memcpy(out + i * 4, &value, 4);
    }
  if (format->type == GL_BYTE)  // −128 and −127 are both −1 when normalised: drivers may store either
    for (int i = 0; i < length; i++)
      if (out[i] == 0x80) out[i] = 0x81;
}

static const char *sampler_prefix(const struct format *format) {
  return format->reading == READ_INTEGER ? "i" : format->reading == READ_UNSIGNED ? "u" : "";
}

#endif
