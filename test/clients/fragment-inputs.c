// What a fragment shader is told and may decide: gl_FragCoord (both ways up), gl_FragDepth, gl_PointCoord and gl_PointSize,
// gl_FrontFacing, discard, derivatives, flat and smooth and centroid inputs, many varyings, integer varyings.
#include "common.h"

static void frag_coord(const char *name) {
  GLuint program = program_create(VERTEX_PLAIN, ES3 "out vec4 result; void main() { result = vec4(gl_FragCoord.xy / 128.0, gl_FragCoord.z, gl_FragCoord.w * 0.5); }");
  clear_colour(0, 0, 0, 1);
  glUseProgram(program);
  const float triangle[] = {-0.9f, -0.8f, -0.5f, 1, 1.6f, -1.0f, 0.4f, 2, 0.1f, 0.9f, 0.9f, 1.25f};
  draw_vertices(GL_TRIANGLES, triangle, 4, 3);
  pixels_near(name, 0, 0, 64, 64, 1, 0);
}

static void frag_depth(void) {
  GLuint program = program_create(VERTEX_PLAIN, ES3 "uniform vec4 colour; out vec4 result; void main() { float d = fract(gl_FragCoord.x / 16.0 + colour.a); gl_FragDepth = d; result = vec4(colour.rgb, 1.0); }");
  glEnable(GL_DEPTH_TEST);
  glClear(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT);
  set_colour(program, 1, 0, 0, 0);
  draw_full();
  set_colour(program, 0, 1, 0, 0.3f);
  draw_full();
  GLuint plain = program_uniform_colour();
  set_colour(plain, 0, 0, 1, 1);
  draw_rectangle(-1, -0.5f, 1, 0.25f, -0.5f);
  glDisable(GL_DEPTH_TEST);
  pixels("frag-depth", WINDOW_SIZE, WINDOW_SIZE);
}

static void points(const char *name, int height) {
  GLuint program = program_create(ES3 "in vec4 position; flat out vec3 tint; void main() { gl_PointSize = position.z; tint = vec3(position.w); gl_Position = vec4(position.xy, 0.0, 1.0); }",
                                  ES3 "flat in vec3 tint; out vec4 result; void main() { result = vec4(gl_PointCoord, tint.x, 1.0); }");
  float data[12][4];
  const float sizes[] = {1, 2, 3, 4, 5, 7, 8, 12, 16, 20, 24, 30};
  for (int i = 0; i < 12; i++) {
    data[i][0] = (float)(i % 4) * 0.5f - 0.7487f;  // off the pixel grid
    data[i][1] = (float)(i / 4) * 0.6f - 0.6141f;
    data[i][2] = sizes[i];
    data[i][3] = (float)i / 12;
  }
  clear_colour(0, 0, 0.5f, 1);
  glUseProgram(program);
  draw_vertices(GL_POINTS, data[0], 4, 12);
  pixels_near(name, 0, 0, WINDOW_SIZE, height, 1, 0);
}

static void facing(const char *name, int height) {
  GLuint program = program_create(VERTEX_PLAIN, ES3 "out vec4 result; void main() { result = gl_FrontFacing ? vec4(0.0, 1.0, gl_FragCoord.y / 128.0, 1.0) : vec4(1.0, 0.0, gl_FragCoord.x / 128.0, 1.0); }");
  clear_colour(0, 0, 0, 1);
  glUseProgram(program);
  for (int i = 0; i < 8; i++) {
    const GLenum culls[] = {GL_NONE, GL_BACK, GL_FRONT, GL_FRONT_AND_BACK};
    if (i % 4) {
      glEnable(GL_CULL_FACE);
      glCullFace(culls[i % 4]);
    }
    glFrontFace(i / 4 ? GL_CW : GL_CCW);
    const float x = (float)(i % 4) * 0.5f - 1, y = (float)(i / 4) - 1;
    const float both[] = {x + 0.05f, y + 0.1f, x + 0.4f, y + 0.1f, x + 0.05f, y + 0.4f, x + 0.05f, y + 0.6f, x + 0.05f, y + 0.9f, x + 0.4f, y + 0.6f};
    draw_vertices(GL_TRIANGLES, both, 2, 6);
    const float strip[] = {x + 0.3f, y + 0.4f, x + 0.45f, y + 0.4f, x + 0.3f, y + 0.55f, x + 0.45f, y + 0.55f, x + 0.4f, y + 0.7f};
    draw_vertices(GL_TRIANGLE_STRIP, strip, 2, 5);
    glDisable(GL_CULL_FACE);
  }
  glCullFace(GL_BACK);
  glFrontFace(GL_CCW);
  pixels_near(name, 0, 0, WINDOW_SIZE, height, 1, 0);
}

static void discarding(void) {
  GLuint program = program_create(VERTEX_PLAIN, ES3 "uniform vec4 colour; out vec4 result; void main() { ivec2 p = ivec2(gl_FragCoord.xy); if (((p.x ^ p.y) & 4) == 0) discard; result = colour; if (p.x > 100) discard; }");
  glEnable(GL_DEPTH_TEST);
  glClear(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT);
  set_colour(program, 1, 1, 0, 1);
  draw_rectangle(-1, -1, 1, 1, -0.5f);  // discarded fragments leave the depth alone
  GLuint plain = program_uniform_colour();
  set_colour(plain, 0, 0.5f, 1, 1);
  draw_rectangle(-1, -0.75f, 0.9f, 1, 0);
  glDisable(GL_DEPTH_TEST);
  pixels("discard", WINDOW_SIZE, WINDOW_SIZE);
}

static void derivatives(const char *name, int height) {
  char label[64];
  GLuint program = program_create(VERTEX_QUAD, ES3 "in vec2 at; out vec4 result; void main() { vec2 p = at * at * 40.0; result = vec4(dFdx(p.x), abs(dFdy(p.y)), fwidth(p.x * p.y) * 0.05, 1.0); }");
  glUseProgram(program);
  draw_full();
  pixels_near(name, 0, 0, WINDOW_SIZE, height, 2, 0);
  // The sign of dFdy tells which way up the shader believes the window to be.
  GLuint sign_program = program_create(VERTEX_QUAD, ES3 "in vec2 at; out vec4 result; void main() { result = vec4(dFdx(at.x) > 0.0, dFdy(at.y) > 0.0, dFdy(gl_FragCoord.y) > 0.0, 1.0); }");
  glUseProgram(sign_program);
  draw_full();
  snprintf(label, sizeof label, "%s.sign", name);
  pixels(label, 8, 8);
}

static void interpolation(void) {
  GLuint program = program_create(
      ES3 "layout(location = 0) in vec4 position; layout(location = 1) in vec4 value;\n"
          "out vec4 smoothed; flat out vec4 flattened; centroid out vec2 centred; flat out ivec3 whole; flat out uvec2 natural; out vec3 list[3]; out mat2 square;\n"
          "void main() { smoothed = value; flattened = value; centred = value.xy; whole = ivec3(value * 100.0) - 50; natural = uvec2(value.zw * 200.0);\n"
          "  for (int i = 0; i < 3; i++) list[i] = value.xyz * float(i); square = mat2(value.xy, value.zw); gl_Position = position; }",
      ES3 "in vec4 smoothed; flat in vec4 flattened; centroid in vec2 centred; flat in ivec3 whole; flat in uvec2 natural; in vec3 list[3]; in mat2 square; uniform int pick; out vec4 result;\n"
          "void main() { if (pick == 0) result = smoothed; else if (pick == 1) result = flattened; else if (pick == 2) result = vec4(centred, 0.0, 1.0);\n"
          "  else if (pick == 3) result = vec4(abs(whole), 50) / 50.0; else if (pick == 4) result = vec4(natural, 0, 200) / 200.0; else if (pick == 5) result = vec4(list[1] * 0.5 + list[2] * 0.25, 1.0);\n"
          "  else result = vec4(square[0] + square[1], square[0].x * square[1].y, 1.0); }");
  const float positions[] = {-0.9f, -0.9f, 0, 1, 0.9f * 3, -0.7f * 3, 0, 3, -0.3f, 0.8f, 0, 1, 0.8f * 2, 0.9f * 2, 0, 2};
  const float values[] = {0, 0.25f, 0.5f, 1, 1, 0, 0.25f, 0.75f, 0.5f, 1, 0, 0.5f, 0.125f, 0.75f, 1, 0.25f};
  GLuint buffer = buffer_create(GL_ARRAY_BUFFER, sizeof values, values, GL_STATIC_DRAW);
  glVertexAttribPointer(1, 4, GL_FLOAT, GL_FALSE, 0, NULL);
  glEnableVertexAttribArray(1);
  glUseProgram(program);
  for (int pick = 0; pick < 7; pick++) {
    char name[32];
    glViewport(0, 0, 64, 64);
    clear_colour(0, 0, 0, 1);
    set_int(program, "pick", pick);
    draw_vertices(pick % 2 ? GL_TRIANGLE_STRIP : GL_TRIANGLE_FAN, positions, 4, 4);
    snprintf(name, sizeof name, "interpolation.%d", pick);
    pixels_near(name, 0, 0, 64, 64, 1, 0);
  }
  glDisableVertexAttribArray(1);
  glDeleteBuffers(1, &buffer);
  glViewport(0, 0, WINDOW_SIZE, WINDOW_SIZE);
}

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  frag_coord("window.frag-coord");
  points("window.points", WINDOW_SIZE);
  facing("window.facing", WINDOW_SIZE);
  frag_depth();
  discarding();
  derivatives("window.derivative", WINDOW_SIZE);
  interpolation();
  target_create(GL_RGBA8, GL_DEPTH_COMPONENT16, WINDOW_SIZE, 96, 0);
  frag_coord("texture.frag-coord");
  points("texture.points", 96);
  facing("texture.facing", 96);
  derivatives("texture.derivative", 96);
  return client_close();
}
