// The compressed formats that every ES 3.0 has (ETC2 and EAC): whole images, sub-images of blocks, mip levels down to 1x1,
// array layers, linear filtering.
#include "common.h"

static const struct {
  const char *name;
  GLenum format;
  int block_bytes;
} formats[] = {
    {"rgb8-etc2", GL_COMPRESSED_RGB8_ETC2, 8},
    {"srgb8-etc2", GL_COMPRESSED_SRGB8_ETC2, 8},
    {"rgb8a1-etc2", GL_COMPRESSED_RGB8_PUNCHTHROUGH_ALPHA1_ETC2, 8},
    {"srgb8a1-etc2", GL_COMPRESSED_SRGB8_PUNCHTHROUGH_ALPHA1_ETC2, 8},
    {"rgba8-eac", GL_COMPRESSED_RGBA8_ETC2_EAC, 16},
    {"srgb8a8-eac", GL_COMPRESSED_SRGB8_ALPHA8_ETC2_EAC, 16},
    {"r11-eac", GL_COMPRESSED_R11_EAC, 8},
    {"r11-snorm-eac", GL_COMPRESSED_SIGNED_R11_EAC, 8},
    {"rg11-eac", GL_COMPRESSED_RG11_EAC, 16},
    {"rg11-snorm-eac", GL_COMPRESSED_SIGNED_RG11_EAC, 16},
};

static int blocks_bytes(int width, int height, int block_bytes) { return (width + 3) / 4 * ((height + 3) / 4) * block_bytes; }

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  GLuint flat = program_create(VERTEX_QUAD, ES3 "in vec2 at; uniform sampler2D image; uniform float level; out vec4 result; void main() { result = abs(textureLod(image, at, level)); }");
  GLuint layered = program_create(VERTEX_QUAD, ES3 "precision highp sampler2DArray; in vec2 at; uniform sampler2DArray image; uniform float layer; out vec4 result; void main() { result = abs(texture(image, vec3(at, layer))); }");
  uint8_t data[16384];
  for (int i = 0; i < (int)sizeof data; i++) data[i] = noise((uint32_t)i);
  for (int f = 0; f < COUNT(formats); f++) {
    GLuint texture = texture_2d(formats[f].format, 32, 20, 6);
    for (int level = 0; level < 6; level++) {
      const int width = 32 >> level, height = 20 >> level ? 20 >> level : 1;
      glCompressedTexSubImage2D(GL_TEXTURE_2D, level, 0, 0, width, height, formats[f].format, blocks_bytes(width, height, formats[f].block_bytes), data + level * 200);
    }
    glCompressedTexSubImage2D(GL_TEXTURE_2D, 0, 8, 4, 12, 8, formats[f].format, blocks_bytes(12, 8, formats[f].block_bytes), data + 5000);
    clear_colour(0, 0, 0, 1);
    for (int level = 0; level < 6; level++) {
      set_float(flat, "level", (float)level);
      glViewport(level % 3 * 32, level / 3 * 20, 32, 20);
      draw_full();
    }
    texture_filter(GL_TEXTURE_2D, GL_LINEAR, GL_LINEAR);
    set_float(flat, "level", 0);
    glViewport(0, 40, 96, 50);
    draw_full();
    glDeleteTextures(1, &texture);

    glGenTextures(1, &texture);
    glBindTexture(GL_TEXTURE_2D_ARRAY, texture);
    glTexStorage3D(GL_TEXTURE_2D_ARRAY, 1, formats[f].format, 16, 16, 4);
    texture_filter(GL_TEXTURE_2D_ARRAY, GL_NEAREST, GL_NEAREST);
    for (int layer = 0; layer < 4; layer += 2)
      glCompressedTexSubImage3D(GL_TEXTURE_2D_ARRAY, 0, 0, 0, layer, 16, 16, 2, formats[f].format, blocks_bytes(16, 16, formats[f].block_bytes) * 2, data + 7000 + layer * 100);
    for (int layer = 0; layer < 4; layer++) {
      set_float(layered, "layer", (float)layer);
      glViewport(layer * 32, 96, 32, 32);
      draw_full();
    }
    glDeleteTextures(1, &texture);
    // Decoded by the driver or by the guest: one unit of rounding (signed 11 bits and sRGB).
    pixels_near(formats[f].name, 0, 0, WINDOW_SIZE, WINDOW_SIZE, 1, 0);
  }
  return client_close();
}
