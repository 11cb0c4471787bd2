// Depth textures: drawn into, sampled as numbers and compared (every function, nearest and linear), as array and cube
// shadow samplers, through sampler objects; a shadow map made and used in one frame.
#include "common.h"

#define SIZE 32

static GLuint plain_program;

// A framebuffer with a depth texture only, with four steps of depth in it.
static GLuint depth_draw(GLenum format, GLuint *framebuffer) {
  GLuint texture = texture_2d(format, SIZE, SIZE, 1);
  glGenFramebuffers(1, framebuffer);
  glBindFramebuffer(GL_FRAMEBUFFER, *framebuffer);
  const int stencil = format == GL_DEPTH24_STENCIL8 || format == GL_DEPTH32F_STENCIL8;
  glFramebufferTexture2D(GL_FRAMEBUFFER, stencil ? GL_DEPTH_STENCIL_ATTACHMENT : GL_DEPTH_ATTACHMENT, GL_TEXTURE_2D, texture, 0);
  const GLenum none = GL_NONE;
  glDrawBuffers(1, &none);
  glReadBuffer(GL_NONE);
  target_check("depth only");
  glViewport(0, 0, SIZE, SIZE);
  glEnable(GL_DEPTH_TEST);
  glClearDepthf(0.9f);
  glClear(GL_DEPTH_BUFFER_BIT);
  glUseProgram(plain_program);
  for (int i = 0; i < 4; i++) draw_rectangle(-1 + (float)i * 0.5f, -0.75f + (float)i * 0.2f, -0.4f + (float)i * 0.5f, 0.9f, (float)i * 0.4f - 0.7f);
  const float slope[] = {-1, -1, -0.9f, 1, -1, 0.9f, 0, -0.5f, 0.1f};
  draw_vertices(GL_TRIANGLES, slope, 3, 3);
  glDisable(GL_DEPTH_TEST);
  glClearDepthf(1);
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  return texture;
}

static void compared(GLenum format, const char *format_name) {
  const GLenum functions[] = {GL_LEQUAL, GL_GEQUAL, GL_LESS, GL_GREATER, GL_EQUAL, GL_NOTEQUAL, GL_ALWAYS, GL_NEVER};
  GLuint shadow = program_create(VERTEX_QUAD, ES3 "precision highp sampler2DShadow; in vec2 at; uniform sampler2DShadow image; uniform float reference; out vec4 result;\n"
                                 "void main() { result = vec4(texture(image, vec3(at, reference)), textureProj(image, vec4(at * 2.0, reference * 2.0, 2.0)), textureLod(image, vec3(at.yx, reference), 0.0), 1.0); }");
  GLuint number = program_create(VERTEX_QUAD, ES3 "precision highp sampler2D; in vec2 at; uniform sampler2D image; out vec4 result; void main() { result = texture(image, at); }");
  GLuint framebuffer, sampler;
  GLuint texture = depth_draw(format, &framebuffer);
  char name[64];
  clear_colour(0, 0, 1, 1);
  glUseProgram(number);
  glViewport(96, 96, SIZE, SIZE);
  draw_full();
  glGenSamplers(1, &sampler);
  glSamplerParameteri(sampler, GL_TEXTURE_COMPARE_MODE, GL_COMPARE_REF_TO_TEXTURE);
  for (int filter = 0; filter < 2; filter++)
    for (int f = 0; f < 8; f++) {
      glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_COMPARE_MODE, GL_COMPARE_REF_TO_TEXTURE);
      glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_COMPARE_FUNC, (GLint)functions[f]);
      texture_filter(GL_TEXTURE_2D, filter ? GL_LINEAR : GL_NEAREST, filter ? GL_LINEAR : GL_NEAREST);
      if (f % 2) {  // by sampler object instead
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_COMPARE_MODE, GL_NONE);
        glSamplerParameteri(sampler, GL_TEXTURE_COMPARE_FUNC, (GLint)functions[f]);
        glSamplerParameteri(sampler, GL_TEXTURE_MIN_FILTER, filter ? GL_LINEAR : GL_NEAREST);
        glSamplerParameteri(sampler, GL_TEXTURE_MAG_FILTER, filter ? GL_LINEAR : GL_NEAREST);
        glBindSampler(0, sampler);
      }
      set_float(shadow, "reference", 0.35f + (float)f * 0.03f);
      glViewport(f % 4 * SIZE, (f / 4 + filter * 2) * SIZE % 96, SIZE, SIZE);
      draw_full();
      glBindSampler(0, 0);
    }
  snprintf(name, sizeof name, "%s.compared", format_name);
  pixels_near(name, 0, 0, WINDOW_SIZE, WINDOW_SIZE, 2, 0.001);  // comparisons at the slope's edge may fall either way
  glDeleteTextures(1, &texture);
  glDeleteFramebuffers(1, &framebuffer);
}

static void array_and_cube(void) {
  GLuint framebuffer, array, cube;
  glGenFramebuffers(1, &framebuffer);
  glGenTextures(1, &array);
  glBindTexture(GL_TEXTURE_2D_ARRAY, array);
  glTexStorage3D(GL_TEXTURE_2D_ARRAY, 1, GL_DEPTH_COMPONENT24, SIZE, SIZE, 4);
  texture_filter(GL_TEXTURE_2D_ARRAY, GL_NEAREST, GL_NEAREST);
  glTexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_COMPARE_MODE, GL_COMPARE_REF_TO_TEXTURE);
  glGenTextures(1, &cube);
  glBindTexture(GL_TEXTURE_CUBE_MAP, cube);
  glTexStorage2D(GL_TEXTURE_CUBE_MAP, 1, GL_DEPTH_COMPONENT16, SIZE, SIZE);
  texture_filter(GL_TEXTURE_CUBE_MAP, GL_NEAREST, GL_NEAREST);
  glTexParameteri(GL_TEXTURE_CUBE_MAP, GL_TEXTURE_COMPARE_MODE, GL_COMPARE_REF_TO_TEXTURE);
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
  const GLenum none = GL_NONE;
  glDrawBuffers(1, &none);
  glReadBuffer(GL_NONE);
  glEnable(GL_DEPTH_TEST);
  glDepthFunc(GL_ALWAYS);
  glViewport(0, 0, SIZE, SIZE);
  glUseProgram(plain_program);
  for (int i = 0; i < 10; i++) {
    if (i < 4) glFramebufferTextureLayer(GL_FRAMEBUFFER, GL_DEPTH_ATTACHMENT, array, 0, i);
    else glFramebufferTexture2D(GL_FRAMEBUFFER, GL_DEPTH_ATTACHMENT, (GLenum)(GL_TEXTURE_CUBE_MAP_POSITIVE_X + i - 4), cube, 0);
    glClear(GL_DEPTH_BUFFER_BIT);
    draw_rectangle(-0.8f + (float)i * 0.05f, -0.5f, 0.5f, 0.8f - (float)i * 0.1f, (float)i * 0.15f - 0.8f);
  }
  glDepthFunc(GL_LESS);
  glDisable(GL_DEPTH_TEST);
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  clear_colour(0, 0, 1, 1);
  GLuint layered = program_create(VERTEX_QUAD, ES3 "precision highp sampler2DArrayShadow; in vec2 at; uniform sampler2DArrayShadow image; uniform float layer; out vec4 result;\n"
                                  "void main() { result = vec4(texture(image, vec4(at, layer, 0.1)), texture(image, vec4(at, layer, 0.3)), texture(image, vec4(at, layer, 0.5)), 1.0); }");
  for (int i = 0; i < 4; i++) {
    set_float(layered, "layer", (float)i);
    glViewport(i * SIZE, 0, SIZE, SIZE);
    draw_full();
  }
  GLuint around = program_create(VERTEX_QUAD, ES3 "precision highp samplerCubeShadow; in vec2 at; uniform samplerCubeShadow image; uniform int face; out vec4 result;\n"
                                 "void main() { vec2 p = at * 1.9 - 0.95; vec3 d = face == 0 ? vec3(1, p) : face == 1 ? vec3(-1, p) : face == 2 ? vec3(p.x, 1, p.y) : face == 3 ? vec3(p.x, -1, p.y) : face == 4 ? vec3(p, 1) : vec3(p, -1);\n"
                                 "  result = vec4(texture(image, vec4(d, 0.45)), texture(image, vec4(d, 0.6)), texture(image, vec4(d, 0.75)), 1.0); }");
  for (int i = 0; i < 6; i++) {
    set_int(around, "face", i);
    glViewport(i % 4 * SIZE, (1 + i / 4) * SIZE, SIZE, SIZE);
    draw_full();
  }
  pixels("array-cube", WINDOW_SIZE, WINDOW_SIZE);
}

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  plain_program = program_create(VERTEX_PLAIN, ES3 "void main() { }");
  compared(GL_DEPTH_COMPONENT16, "depth16");
  compared(GL_DEPTH_COMPONENT24, "depth24");
  compared(GL_DEPTH_COMPONENT32F, "depth32f");
  compared(GL_DEPTH24_STENCIL8, "depth24s8");
  compared(GL_DEPTH32F_STENCIL8, "depth32fs8");
  array_and_cube();
  return client_close();
}
