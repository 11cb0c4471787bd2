// 3D, 2D-array and cube textures with all their mip levels, uploaded in pieces, sampled at every level and face; base and
// maximum level; generated mipmaps (odd sizes too); mutable textures grown level by level; sub-images of each kind.
#include "common.h"

static uint8_t texels[64 * 64 * 8 * 4];

static const void *noise_texels(uint32_t seed, int count) {
  for (int i = 0; i < count * 4; i++) texels[i] = noise(seed * 7919u + (uint32_t)i);
  return texels;
}

static void cell(int x, int y, int size) { glViewport(x * size, y * size, size, size); }

static void volume(void) {
  GLuint program = program_create(VERTEX_QUAD, ES3 "precision highp sampler3D; in vec2 at; uniform sampler3D image; uniform float slice; uniform float level; out vec4 result;\n"
                                  "void main() { result = textureLod(image, vec3(at, slice), level); }");
  GLuint texture;
  glGenTextures(1, &texture);
  glBindTexture(GL_TEXTURE_3D, texture);
  glTexStorage3D(GL_TEXTURE_3D, 4, GL_RGBA8, 16, 8, 8);
  for (int level = 0; level < 4; level++) {
    int w = 16 >> level, h = 8 >> level > 0 ? 8 >> level : 1, d = h;
    glTexSubImage3D(GL_TEXTURE_3D, level, 0, 0, 0, w, h, d, GL_RGBA, GL_UNSIGNED_BYTE, noise_texels((uint32_t)level, w * h * d));
  }
  glTexSubImage3D(GL_TEXTURE_3D, 0, 3, 2, 1, 5, 4, 3, GL_RGBA, GL_UNSIGNED_BYTE, noise_texels(99, 5 * 4 * 3));
  texture_filter(GL_TEXTURE_3D, GL_NEAREST_MIPMAP_NEAREST, GL_NEAREST);
  glClear(GL_COLOR_BUFFER_BIT);
  glUseProgram(program);
  for (int level = 0; level < 4; level++)
    for (int slice = 0; slice < 8; slice++) {
      set_float(program, "slice", ((float)slice + 0.5f) / 8);
      set_float(program, "level", (float)level);
      cell(slice, level, 16);
      draw_full();
    }
  texture_filter(GL_TEXTURE_3D, GL_LINEAR_MIPMAP_LINEAR, GL_LINEAR);
  for (int i = 0; i < 8; i++) {
    set_float(program, "slice", (float)i * 0.13f);
    set_float(program, "level", (float)i * 0.4f);
    cell(i, 5, 16);
    draw_full();
  }
  pixels_near("volume", 0, 0, WINDOW_SIZE, WINDOW_SIZE, 1, 0);
  // A generated chain averages between slices too.
  glGenerateMipmap(GL_TEXTURE_3D);
  texture_filter(GL_TEXTURE_3D, GL_NEAREST_MIPMAP_NEAREST, GL_NEAREST);
  glClear(GL_COLOR_BUFFER_BIT);
  for (int level = 0; level < 4; level++)
    for (int slice = 0; slice < 8; slice++) {
      set_float(program, "slice", ((float)slice + 0.5f) / 8);
      set_float(program, "level", (float)level);
      cell(slice, level, 16);
      draw_full();
    }
  pixels_near("volume.generated", 0, 0, WINDOW_SIZE, WINDOW_SIZE, 2, 0);
}

static void array(void) {
  GLuint program = program_create(VERTEX_QUAD, ES3 "precision highp sampler2DArray; in vec2 at; uniform sampler2DArray image; uniform float layer; uniform float level; out vec4 result;\n"
                                  "void main() { result = textureLod(image, vec3(at, layer), level); }");
  GLuint texture;
  glGenTextures(1, &texture);
  glBindTexture(GL_TEXTURE_2D_ARRAY, texture);
  glTexStorage3D(GL_TEXTURE_2D_ARRAY, 4, GL_RGBA8, 13, 16, 6);
  const int widths[] = {13, 6, 3, 1}, heights[] = {16, 8, 4, 2};
  for (int level = 0; level < 4; level++)
    for (int layer = 0; layer < 6; layer += 2)
      glTexSubImage3D(GL_TEXTURE_2D_ARRAY, level, 0, 0, layer, widths[level], heights[level], 2, GL_RGBA, GL_UNSIGNED_BYTE,
                      noise_texels((uint32_t)(200 + level * 10 + layer), widths[level] * heights[level] * 2));
  glTexSubImage3D(GL_TEXTURE_2D_ARRAY, 1, 1, 2, 3, 4, 5, 2, GL_RGBA, GL_UNSIGNED_BYTE, noise_texels(77, 40));
  texture_filter(GL_TEXTURE_2D_ARRAY, GL_NEAREST_MIPMAP_NEAREST, GL_NEAREST);
  glClear(GL_COLOR_BUFFER_BIT);
  for (int level = 0; level < 4; level++)
    for (int layer = 0; layer < 7; layer++) {  // layer 6 is clamped to 5
      set_float(program, "layer", (float)layer);
      set_float(program, "level", (float)level);
      cell(layer, level, 16);
      draw_full();
    }
  // A generated chain.
  glGenerateMipmap(GL_TEXTURE_2D_ARRAY);
  for (int level = 0; level < 4; level++)
    for (int layer = 0; layer < 6; layer++) {
      set_float(program, "layer", (float)layer);
      set_float(program, "level", (float)level);
      cell(layer, 4 + level, 16);
      draw_full();
    }
  pixels_near("array", 0, 0, WINDOW_SIZE, WINDOW_SIZE, 1, 0);
}

static void cube(void) {
  GLuint program = program_create(VERTEX_QUAD, ES3 "in vec2 at; uniform samplerCube image; uniform int face; uniform float level; out vec4 result;\n"
                                  "void main() { vec2 p = (at * 2.0 - 1.0) * 0.96; vec3 d;\n"
                                  "  if (face == 0) d = vec3(1.0, p); else if (face == 1) d = vec3(-1.0, p); else if (face == 2) d = vec3(p.x, 1.0, p.y);\n"
                                  "  else if (face == 3) d = vec3(p.x, -1.0, p.y); else if (face == 4) d = vec3(p, 1.0); else d = vec3(p, -1.0);\n"
                                  "  result = textureLod(image, d, level); }");
  GLuint texture;
  glGenTextures(1, &texture);
  glBindTexture(GL_TEXTURE_CUBE_MAP, texture);
  for (int level = 0; level < 4; level++)
    for (int face = 0; face < 6; face++) {
      int size = 8 >> level;
      glTexImage2D((GLenum)(GL_TEXTURE_CUBE_MAP_POSITIVE_X + face), level, GL_RGBA8, size, size, 0, GL_RGBA, GL_UNSIGNED_BYTE,
                   noise_texels((uint32_t)(300 + level * 6 + face), size * size));
    }
  texture_filter(GL_TEXTURE_CUBE_MAP, GL_NEAREST_MIPMAP_NEAREST, GL_NEAREST);
  glClear(GL_COLOR_BUFFER_BIT);
  for (int pass = 0; pass < 2; pass++) {
    for (int level = 0; level < 4; level++)
      for (int face = 0; face < 6; face++) {
        set_int(program, "face", face);
        set_float(program, "level", (float)level + (pass ? 0.25f : 0));
        cell(face, pass * 4 + level, 16);
        draw_full();
      }
    texture_filter(GL_TEXTURE_CUBE_MAP, GL_LINEAR_MIPMAP_LINEAR, GL_LINEAR);  // seamless across faces
  }
  pixels_near("cube", 0, 0, WINDOW_SIZE, WINDOW_SIZE, 2, 0);
}

static void levels(void) {
  GLuint program = program_create(VERTEX_QUAD, ES3 "in vec2 at; uniform sampler2D image; uniform float level; out vec4 result;\n"
                                  "void main() { result = textureLod(image, at, level) + vec4(vec2(textureSize(image, int(level))) / 255.0, 0.0, 0.0); }");
  GLuint texture;
  glGenTextures(1, &texture);
  glBindTexture(GL_TEXTURE_2D, texture);
  for (int level = 0; level < 6; level++) {
    int w = 32 >> level, h = 20 >> level > 0 ? 20 >> level : 1;
    glTexImage2D(GL_TEXTURE_2D, level, GL_RGBA8, w, h, 0, GL_RGBA, GL_UNSIGNED_BYTE, noise_texels((uint32_t)(400 + level), w * h));
  }
  texture_filter(GL_TEXTURE_2D, GL_NEAREST_MIPMAP_NEAREST, GL_NEAREST);
  glClear(GL_COLOR_BUFFER_BIT);
  for (int base = 0; base < 4; base++) {
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_BASE_LEVEL, base);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAX_LEVEL, base == 3 ? 3 : base + 1);
    for (int level = 0; level < 4; level++) {
      set_float(program, "level", (float)level);
      cell(level, base, 16);
      if (level <= (base == 3 ? 0 : 1)) draw_full();  // textureSize beyond the chain is undefined
    }
  }
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_BASE_LEVEL, 0);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAX_LEVEL, 1000);
  for (int pass = 0; pass < 2; pass++) {
    if (pass == 1) {  // generated from level 1 on
      glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_BASE_LEVEL, 1);
      glGenerateMipmap(GL_TEXTURE_2D);
      glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_BASE_LEVEL, 0);
    }
    for (int level = 0; level < 6; level++) {
      set_float(program, "level", (float)level);
      cell(level, 4 + pass, 16);
      draw_full();
    }
  }
  // The whole chain is defined anew with another size and format.
  for (int level = 0; level < 5; level++) {
    int size = 16 >> level;
    glTexImage2D(GL_TEXTURE_2D, level, GL_RGB8, size, size, 0, GL_RGB, GL_UNSIGNED_BYTE, noise_texels((uint32_t)(500 + level), size * size));
  }
  for (int level = 0; level < 5; level++) {
    set_float(program, "level", (float)level);
    cell(level, 6, 16);
    draw_full();
  }
  pixels_near("levels", 0, 0, WINDOW_SIZE, WINDOW_SIZE, 1, 0);
}

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  glClearColor(0.25f, 0, 0.25f, 1);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  volume();
  array();
  cube();
  levels();
  return client_close();
}
