// Rendering into layers of 3D and array textures, faces of cubes, and mip levels of each, with clears, draws, blits and
// read-back of every attached image; a texture whose one level is rendered while another is sampled.
#include "common.h"

static GLuint program;

static void attached_draw(int index, int width, int height) {
  target_check("layer");
  glViewport(0, 0, width, height);
  clear_colour((float)(index % 5) / 4, (float)(index % 3) / 2, (float)(index % 7) / 6, 1);
  set_colour(program, (float)(index % 2), (float)(index % 4) / 3, 1, 0.5f);
  draw_rectangle(-0.6f, -1, 0.3f, 0.55f, 0);
}

static void layers(GLenum target, const char *name) {
  GLuint texture;
  glGenTextures(1, &texture);
  glBindTexture(target, texture);
  if (target == GL_TEXTURE_CUBE_MAP) glTexStorage2D(target, 3, GL_RGBA8, 16, 16);
  else glTexStorage3D(target, 3, GL_RGBA8, 16, 16, 6);
  texture_filter(target, GL_NEAREST_MIPMAP_NEAREST, GL_NEAREST);
  int index = 0;
  for (int pass = 0; pass < 2; pass++)
    for (int level = 0; level < 3; level++) {
      int count = target == GL_TEXTURE_3D ? 6 >> level : 6;
      for (int layer = 0; layer < count; layer++, index++) {
        if (target == GL_TEXTURE_CUBE_MAP)
          glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, (GLenum)(GL_TEXTURE_CUBE_MAP_POSITIVE_X + layer), texture, level);
        else
          glFramebufferTextureLayer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, texture, level, layer);
        if (pass == 0) attached_draw(index, 16 >> level, 16 >> level);
        else {
          char label[64];
          snprintf(label, sizeof label, "%s.%d.%d", name, level, layer);
          pixels(label, 16 >> level, 16 >> level);
        }
      }
    }
  glDeleteTextures(1, &texture);
}

// Each level is drawn by sampling the one above it: a mip chain made by hand.
static void chain(void) {
  GLuint halve = program_create(VERTEX_QUAD, ES3 "in vec2 at; uniform sampler2D image; uniform float level; out vec4 result;\n"
                                "void main() { result = textureLod(image, at, level).brga; }");
  GLuint texture = texture_2d(GL_RGBA8, 32, 32, 6);
  uint8_t texels[32 * 32 * 4];
  for (int i = 0; i < (int)sizeof texels; i++) texels[i] = noise((uint32_t)i);
  glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, 32, 32, GL_RGBA, GL_UNSIGNED_BYTE, texels);
  for (int level = 1; level < 6; level++) {
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_BASE_LEVEL, level - 1);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAX_LEVEL, level - 1);
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture, level);
    target_check("chain");
    glViewport(0, 0, 32 >> level, 32 >> level);
    set_float(halve, "level", 0);
    draw_full();
    char label[32];
    snprintf(label, sizeof label, "chain.%d", level);
    pixels(label, 32 >> level, 32 >> level);
  }
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_BASE_LEVEL, 0);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAX_LEVEL, 5);
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  clear_colour(0, 0, 0, 1);
  for (int level = 0; level < 6; level++) {
    glViewport(level * 20, 0, 20, 20);
    set_float(halve, "level", (float)level);
    draw_full();
  }
  pixels("chain.sampled", WINDOW_SIZE, WINDOW_SIZE);
}

// Depth layers: each layer of a depth array is cleared and tested on its own.
static void depth_layers(void) {
  GLuint depth, colour = texture_2d(GL_RGBA8, 16, 16, 1), framebuffer;
  glGenFramebuffers(1, &framebuffer);
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
  glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, colour, 0);
  glGenTextures(1, &depth);
  glBindTexture(GL_TEXTURE_2D_ARRAY, depth);
  glTexStorage3D(GL_TEXTURE_2D_ARRAY, 2, GL_DEPTH_COMPONENT24, 32, 32, 4);
  glEnable(GL_DEPTH_TEST);
  glViewport(0, 0, 16, 16);
  for (int pass = 0; pass < 2; pass++)
    for (int layer = 0; layer < 4; layer++) {
      glFramebufferTextureLayer(GL_FRAMEBUFFER, GL_DEPTH_ATTACHMENT, depth, 1, layer);
      target_check("depth layer");
      if (pass == 0) {
        glClearDepthf((float)(layer + 1) / 5);
        glClear(GL_DEPTH_BUFFER_BIT);
        continue;
      }
      clear_colour(0, 0, 0, 1);
      for (int i = 0; i < 5; i++) {
        set_colour(program, 1, (float)i / 4, 0, 1);
        draw_rectangle(-1 + (float)i * 0.4f, -1, -0.6f + (float)i * 0.4f, 1, (float)i * 0.4f - 0.9f);
      }
      char label[32];
      snprintf(label, sizeof label, "depth.%d", layer);
      pixels(label, 16, 16);
    }
  glDisable(GL_DEPTH_TEST);
  glClearDepthf(1);
}

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  program = program_uniform_colour();
  GLuint framebuffer;
  glGenFramebuffers(1, &framebuffer);
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
  layers(GL_TEXTURE_3D, "volume");
  layers(GL_TEXTURE_2D_ARRAY, "array");
  layers(GL_TEXTURE_CUBE_MAP, "cube");
  chain();
  depth_layers();
  return client_close();
}
