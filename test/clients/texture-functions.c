// The texture functions of GLSL ES 3.00: texture with bias, Lod, Grad, Proj, Offset and their combinations, texelFetch
// (with offsets), textureSize, in the vertex stage too, for 2D, 3D, array, cube, integer samplers; sixteen units at once.
#include "common.h"

static uint8_t texels[32 * 32 * 8 * 4];

static void run(int index, const char *declarations, const char *expression) {
  char fragment[2048];
  snprintf(fragment, sizeof fragment, ES3 "precision highp sampler2D; precision highp sampler3D; precision highp sampler2DArray; precision highp samplerCube; precision highp isampler2D; precision highp usampler2DArray;\n"
           "in vec2 at; out vec4 result; uniform float zero; %s\nvoid main() { result = %s; }", declarations, expression);
  GLuint program = program_create(VERTEX_QUAD, fragment);
  glUseProgram(program);
  GLint location = glGetUniformLocation(program, "volume");
  if (location >= 0) glUniform1i(location, 1);
  if ((location = glGetUniformLocation(program, "array")) >= 0) glUniform1i(location, 2);
  if ((location = glGetUniformLocation(program, "cube")) >= 0) glUniform1i(location, 3);
  if ((location = glGetUniformLocation(program, "whole")) >= 0) glUniform1i(location, 4);
  if ((location = glGetUniformLocation(program, "natural")) >= 0) glUniform1i(location, 5);
  glViewport(index % 8 * 16, index / 8 * 16, 16, 16);
  draw_full();
  check_gl(expression);
  glDeleteProgram(program);
}

static void textures(void) {
  const GLenum targets[] = {GL_TEXTURE_2D, GL_TEXTURE_3D, GL_TEXTURE_2D_ARRAY, GL_TEXTURE_CUBE_MAP, GL_TEXTURE_2D, GL_TEXTURE_2D_ARRAY};
  GLuint names[6];
  glGenTextures(6, names);
  for (int i = 0; i < (int)sizeof texels; i++) texels[i] = noise((uint32_t)i);
  for (int i = 0; i < 6; i++) {
    glActiveTexture((GLenum)(GL_TEXTURE0 + i));
    glBindTexture(targets[i], names[i]);
    const GLenum format = i == 4 ? GL_RGBA8I : i == 5 ? GL_RGBA8UI : GL_RGBA8;
    const GLenum upload = i >= 4 ? GL_RGBA_INTEGER : GL_RGBA, type = i == 4 ? GL_BYTE : GL_UNSIGNED_BYTE;
    if (targets[i] == GL_TEXTURE_2D || targets[i] == GL_TEXTURE_CUBE_MAP) glTexStorage2D(targets[i], 4, format, 32, 32);
    else glTexStorage3D(targets[i], 4, format, 32, 32, 8);
    for (int level = 0; level < 4; level++) {
      const int size = 32 >> level;
      const uint8_t *data = texels + level * 64;
      if (targets[i] == GL_TEXTURE_2D) glTexSubImage2D(targets[i], level, 0, 0, size, size, upload, type, data);
      else if (targets[i] == GL_TEXTURE_CUBE_MAP)
        for (int face = 0; face < 6; face++) glTexSubImage2D((GLenum)(GL_TEXTURE_CUBE_MAP_POSITIVE_X + face), level, 0, 0, size, size, upload, type, data + face * 128);
      else for (int layer = 0; layer < (targets[i] == GL_TEXTURE_3D ? 8 >> level : 8); layer++)
          glTexSubImage3D(targets[i], level, 0, 0, layer, size, size, 1, upload, type, data + layer * 128);
    }
    texture_filter(targets[i], i >= 4 ? GL_NEAREST_MIPMAP_NEAREST : GL_LINEAR_MIPMAP_NEAREST, i >= 4 ? GL_NEAREST : GL_LINEAR);
    glTexParameteri(targets[i], GL_TEXTURE_MAX_LEVEL, 3);
  }
  glActiveTexture(GL_TEXTURE0);
}

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  textures();
  clear_colour(0, 0, 0, 1);
  int i = 0;
  const char *flat = "uniform sampler2D image;";
  run(i++, flat, "texture(image, at)");
  run(i++, flat, "texture(image, at * 3.3, 1.0)");
  run(i++, flat, "textureLod(image, at, 2.0)");
  run(i++, flat, "textureGrad(image, at * 2.0, vec2(0.3, 0.0), vec2(0.0, 0.25))");
  run(i++, flat, "textureProj(image, vec3(at * 1.5, 1.5))");
  run(i++, flat, "textureProj(image, vec4(at * 1.5, 0.3, 1.5 + at.x), 0.5)");
  run(i++, flat, "textureProjLod(image, vec3(at * 2.0, 2.0 + at.y), 1.0)");
  run(i++, flat, "textureProjGrad(image, vec4(at, 9.0, 1.0 + at.y), vec2(0.1, 0.0), vec2(0.0, 0.1))");
  run(i++, flat, "textureOffset(image, at, ivec2(3, -5))");
  run(i++, flat, "textureLodOffset(image, at, 1.0, ivec2(-8, 7))");
  run(i++, flat, "textureGradOffset(image, at, vec2(0.1, 0.0), vec2(0.0, 0.1), ivec2(1, 2))");
  run(i++, flat, "textureProjOffset(image, vec3(at, 1.25), ivec2(-1, 4))");
  run(i++, flat, "texelFetch(image, ivec2(at * 32.0), 0)");
  run(i++, flat, "texelFetch(image, ivec2(at * 8.0), 2)");
  run(i++, flat, "texelFetchOffset(image, ivec2(at * 16.0) + 8, 0, ivec2(-3, 2))");
  run(i++, flat, "vec4(vec2(textureSize(image, 0)), vec2(textureSize(image, int(at.x * 4.0)))) / 64.0");
  const char *volume = "uniform sampler3D volume;";
  run(i++, volume, "texture(volume, vec3(at, 0.37))");
  run(i++, volume, "textureLod(volume, vec3(at, at.x), 1.0)");
  run(i++, volume, "texelFetch(volume, ivec3(at * 32.0, int(at.x * 8.0)), 0)");
  run(i++, volume, "textureOffset(volume, vec3(at, 0.6), ivec3(2, -3, 1))");
  run(i++, volume, "textureGrad(volume, vec3(at, 0.2), vec3(0.1, 0.0, 0.0), vec3(0.0, 0.1, 0.0))");
  run(i++, volume, "textureProj(volume, vec4(at, 0.5, 1.4))");
  run(i++, volume, "vec4(vec3(textureSize(volume, 1)), 16.0) / 16.0");
  run(i++, "uniform sampler2DArray array;", "texture(array, vec3(at, at.y * 9.0 - 0.6))");
  run(i++, "uniform sampler2DArray array;", "textureLod(array, vec3(at, 3.0), 1.0)");
  run(i++, "uniform sampler2DArray array;", "texelFetch(array, ivec3(at * 16.0, 5), 1)");
  run(i++, "uniform sampler2DArray array;", "textureOffset(array, vec3(at, 2.0), ivec2(5, 1))");
  run(i++, "uniform sampler2DArray array;", "vec4(vec3(textureSize(array, 0)), 32.0) / 32.0");
  run(i++, "uniform samplerCube cube;", "texture(cube, vec3(at * 2.0 - 1.0, 0.7))");
  run(i++, "uniform samplerCube cube;", "textureLod(cube, vec3(0.4, at.yx * 2.0 - 1.0), 2.0)");
  run(i++, "uniform samplerCube cube;", "textureGrad(cube, vec3(at.x - 0.5, 0.6, at.y - 0.5), vec3(0.05, 0.0, 0.0), vec3(0.0, 0.0, 0.05))");
  run(i++, "uniform isampler2D whole;", "vec4(texture(whole, at)) / 256.0 + 0.5");
  run(i++, "uniform isampler2D whole;", "vec4(texelFetch(whole, ivec2(at * 32.0), 0) & 255) / 255.0");
  run(i++, "uniform usampler2DArray natural;", "vec4(texture(natural, vec3(at, 3.0))) / 255.0");
  run(i++, "uniform usampler2DArray natural;", "vec4(texelFetch(natural, ivec3(at * 16.0, int(at.x * 8.0)), 1)) / 255.0");
  // Linear filtering in both stages of arithmetic: rounding differs by a unit or two.
  pixels_near("fragment", 0, 0, WINDOW_SIZE, WINDOW_SIZE, 2, 0);

  clear_colour(0, 0, 0, 1);
  GLuint vertex = program_create(ES3 "precision highp sampler2D; in vec2 position; uniform sampler2D image; flat out vec4 a; out vec4 b; void main() { ivec2 size = textureSize(image, 1);\n"
                                 "a = texelFetch(image, ivec2(gl_VertexID * 3, gl_VertexID) % size, 1); b = textureLod(image, position * 0.4 + 0.5, 0.0); gl_Position = vec4(position, 0.0, 1.0); }",
                                 ES3 "flat in vec4 a; in vec4 b; out vec4 result; void main() { result = gl_FragCoord.x < 64.0 ? a : b; }");
  glUseProgram(vertex);
  glViewport(0, 0, WINDOW_SIZE, WINDOW_SIZE);
  const float fan[] = {-1, -1, 1, -1, 0.7f, 0.4f, 1, 1, -1, 1};
  draw_vertices(GL_TRIANGLE_FAN, fan, 2, 5);
  pixels_near("vertex", 0, 0, WINDOW_SIZE, WINDOW_SIZE, 1, 0);

  // Sixteen units, each with a texture of its own colour, indexed by a constant in a loop.
  GLuint sixteen = program_create(VERTEX_QUAD, ES3 "in vec2 at; uniform sampler2D images[16]; out vec4 result; void main() { vec4 sum = vec4(0);\n"
                                  "sum += texture(images[0], at) + texture(images[1], at) + texture(images[2], at) + texture(images[3], at) + texture(images[4], at) + texture(images[5], at) + texture(images[6], at) + texture(images[7], at);\n"
                                  "sum += texture(images[8], at) + texture(images[9], at) + texture(images[10], at) + texture(images[11], at) + texture(images[12], at) + texture(images[13], at) + texture(images[14], at) + texture(images[15], at);\n"
                                  "result = sum / 2.0; }");
  glUseProgram(sixteen);
  for (int unit = 0; unit < 16; unit++) {
    char name[32];
    glActiveTexture((GLenum)(GL_TEXTURE0 + unit));
    texture_2d(GL_RGBA8, 16, 1, 1);
    uint8_t row[16][4] = {{0}};
    for (int c = 0; c < 4; c++) row[unit][c] = (uint8_t)(255 - unit * 10 - c);
    for (int c = 0; c < 4; c++) row[15 - unit][c] = (uint8_t)(row[15 - unit][c] / 2 + 60);
    glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, 16, 1, GL_RGBA, GL_UNSIGNED_BYTE, row);
    snprintf(name, sizeof name, "images[%d]", unit);
    glUniform1i(glGetUniformLocation(sixteen, name), unit);
  }
  draw_full();
  pixels_near("sixteen", 0, 0, WINDOW_SIZE, WINDOW_SIZE, 1, 0);
  return client_close();
}
