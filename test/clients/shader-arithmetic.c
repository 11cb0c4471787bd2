// Shader arithmetic, recorded exactly by transform feedback: integer division, remainder, shifts and bits, packing and
// unpacking, float built-ins, conversions, comparisons, matrices; then control flow and dynamic indexing in both stages.
#include "common.h"

#define VALUES 32

// Runs `body` (which sets `uvec4 r` from float `x`, `y`, ints `a`, `b`, uints `u`, `v`) for VALUES inputs.
static void run(const char *name, const char *body, double float_tolerance) {
  char vertex[4096];
  snprintf(vertex, sizeof vertex,
           ES3 "layout(location = 0) in vec2 position; layout(location = 1) in ivec2 whole; flat out uvec4 captured;\n"
               "void main() { float x = position.x, y = position.y; int a = whole.x, b = whole.y; uint u = uint(whole.x), v = uint(whole.y); uvec4 r = uvec4(0);\n%s\n captured = r; gl_Position = vec4(0); }",
           body);
  GLuint program = program_unlinked(vertex, ES3 "void main() { }");
  const char *names[] = {"captured"};
  glTransformFeedbackVaryings(program, 1, names, GL_INTERLEAVED_ATTRIBS);
  glUseProgram(program_link(program));
  GLuint captured = buffer_create(GL_TRANSFORM_FEEDBACK_BUFFER, 16 * VALUES, NULL, GL_STREAM_READ);
  glBindBufferBase(GL_TRANSFORM_FEEDBACK_BUFFER, 0, captured);
  glEnable(GL_RASTERIZER_DISCARD);
  glBeginTransformFeedback(GL_POINTS);
  glDrawArrays(GL_POINTS, 0, VALUES);
  glEndTransformFeedback();
  glDisable(GL_RASTERIZER_DISCARD);
  const void *mapped = glMapBufferRange(GL_TRANSFORM_FEEDBACK_BUFFER, 0, 16 * VALUES, GL_MAP_READ_BIT);
  if (float_tolerance >= 0) floats(name, mapped, 4 * VALUES, float_tolerance);
  else unsigneds(name, mapped, 4 * VALUES);
  glUnmapBuffer(GL_TRANSFORM_FEEDBACK_BUFFER);
  glDeleteBuffers(1, &captured);
  glDeleteProgram(program);
  check_gl(name);
}

static void inputs(void) {
  float reals[VALUES][2];
  int32_t wholes[VALUES][2];
  const int32_t special[] = {0, 1, -1, 2, 7, -7, 255, 65536, 0x7fffffff, (int32_t)0x80000000, 0x12345678, -1000, 31, 33, 100, 3};
  for (int i = 0; i < VALUES; i++) {
    reals[i][0] = ((float)i - 15.5f) * 0.37f;
    reals[i][1] = (float)noise((uint32_t)i) / 64 + 0.01f;
    wholes[i][0] = special[i % 16];
    wholes[i][1] = i < 16 ? special[(i * 5 + 2) % 16] : i - 20;
    if (wholes[i][1] == 0) wholes[i][1] = 5;  // division by zero is undefined
  }
  wholes[9][1] = 3;  // and so is the most negative number divided by -1
  wholes[25][1] = 6;
  buffer_create(GL_ARRAY_BUFFER, sizeof reals, reals, GL_STATIC_DRAW);
  glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, 0, NULL);
  buffer_create(GL_ARRAY_BUFFER, sizeof wholes, wholes, GL_STATIC_DRAW);
  glVertexAttribIPointer(1, 2, GL_INT, 0, NULL);
  glEnableVertexAttribArray(0);
  glEnableVertexAttribArray(1);
}

static void fragments(void) {
  glDisableVertexAttribArray(1);
  const char *bodies[] = {
      // nested loops, break, continue
      "float s = 0.0; for (int i = 0; i < 20; i++) { if (i == int(p.x) / 8) continue; if (i * 3 > int(p.y) / 2) break; for (int j = i; j < limit; j++) s += float(i ^ j) * 0.003; } result = vec4(s, fract(s * 7.0), 0.0, 1.0);",
      // arrays with dynamic indices, read and written
      "float t[8]; for (int i = 0; i < 8; i++) t[i] = float(i) / 8.0; int k = int(p.x) & 7; t[k] = 1.0 - t[k]; t[(k + int(p.y)) & 7] += 0.25; result = vec4(t[0], t[(k + 1) & 7], t[int(p.y) & 7], 1.0);",
      "const vec3 table[5] = vec3[](vec3(1, 0, 0), vec3(0, 1, 0), vec3(0, 0, 1), vec3(1, 1, 0), vec3(0, 1, 1)); result = vec4(table[int(p.x / 8.0 + p.y / 16.0) % 5] * 0.75, 1.0);",
      "vec4 v = vec4(0.1, 0.4, 0.6, 0.9); v[int(p.x) & 3] = 0.0; mat3 m = mat3(1.0); m[int(p.y) % 3][int(p.x) % 3] += 0.5; result = vec4((m * vec3(v[int(p.y) & 3], 0.25, 0.5)).xyz, 1.0);",
      "result = palette[(int(p.x) / 4 + int(p.y) / 4 * 3) % 12];",
      // switch, while, do, early return from a function
      "int n = int(p.x) / 4; vec3 c = vec3(0); switch (n % 6) { case 0: c.r = 1.0; break; case 1: c.g = 0.5; case 2: c.b += 0.5; break; case 5: c = vec3(0.3); default: c.g += 0.2; } int w = n; while (w > 5) { w -= 5; c.r += 0.05; } do { c.b += 0.03; w++; } while (w < 4); result = vec4(c, 1.0);",
      "result = vec4(early(p.x / 64.0), early(p.y / 64.0), early((p.x + p.y) / 128.0), 1.0);",
      "bvec3 q = greaterThan(vec3(p, 32.0), vec3(p.y, 20.0, p.x)); result = vec4(mix(vec3(0.2), vec3(0.9), q), all(q) ? 1.0 : any(q) ? 0.5 : 0.25);",
      "struct S { vec2 a; float b[3]; } s[2]; s[0] = S(p, float[3](0.1, 0.2, 0.3)); s[1] = s[0]; s[1].b[int(p.x) % 3] = 0.9; S t = s[int(p.y) & 1]; result = vec4(t.b[0], t.b[1], t.b[2], s[0] == s[1] ? 1.0 : 0.5);",
  };
  for (int i = 0; i < COUNT(bodies); i++) {
    char fragment[4096], name[32];
    snprintf(fragment, sizeof fragment, ES3 "out vec4 result; uniform int limit; uniform vec4 palette[12];\n"
             "float early(float x) { if (x < 0.25) return x * 2.0; for (int i = 0; i < 5; i++) { x -= 0.15; if (x < 0.25) return float(i) * 0.2; } return 0.95; }\n"
             "void main() { vec2 p = floor(gl_FragCoord.xy); %s }", bodies[i]);
    GLuint program = program_create(VERTEX_PLAIN, fragment);
    set_int(program, "limit", 12);
    float palette[12][4];
    for (int j = 0; j < 48; j++) palette[j / 4][j % 4] = (float)noise((uint32_t)j) / 255;
    glUniform4fv(glGetUniformLocation(program, "palette"), 12, palette[0]);
    glViewport(0, 0, 64, 64);
    draw_full();
    snprintf(name, sizeof name, "control.%d", i);
    pixels_near(name, 0, 0, 64, 64, 1, 0);
  }
}

int main(int argc, char **argv) {
  client_open(argc, argv, 3);
  inputs();
  run("integer.divide", "r = uvec4(a / b, a % (b < 0 ? -b : b) * (a < 0 ? 0 : 1), u / v, u % v);", -1);
  run("integer.multiply", "r = uvec4(a * b, a + b, a - b, u * v);", -1);
  run("integer.shift", "r = uvec4(a << (b & 31), a >> (b & 31), u >> (v & 31u), u << (v & 31u));", -1);
  run("integer.bits", "r = uvec4(a & b, a | b, a ^ b, ~u);", -1);
  run("integer.compare", "r = uvec4(a < b, a >= b, u < v, u > v) + uvec4(a == b, a != b, min(a, b) == a, max(u, v) == u) * 2u;", -1);
  run("integer.functions", "r = uvec4(abs(a), sign(a), clamp(a, -100, 100), min(u, v));", -1);
  run("pack.half", "r = uvec4(packHalf2x16(vec2(x, y)), packHalf2x16(vec2(y * 100.0, -x)), floatBitsToUint(unpackHalf2x16(u & 0x7bff7bffu)));", -1);
  run("pack.snorm", "r = uvec4(packSnorm2x16(vec2(x, y) * 0.2), floatBitsToUint(unpackSnorm2x16(u)), 0);", -1);
  run("pack.unorm", "r = uvec4(packUnorm2x16(vec2(x, y) * 0.2), floatBitsToUint(unpackUnorm2x16(u)), 0);", -1);
  run("convert", "r = uvec4(int(x * 10.0), uint(y * 1000.0), floatBitsToUint(float(a)), floatBitsToUint(float(u)));", -1);
  run("bits", "r = uvec4(floatBitsToInt(x), floatBitsToUint(y), floatBitsToUint(uintBitsToFloat(u & 0x7f7fffffu)), uint(isnan(x)) + uint(isinf(y / 0.0)) * 2u);", -1);
  run("float.rounding", "r = floatBitsToUint(vec4(floor(x), ceil(x), trunc(x), roundEven(x)));", 0);
  run("float.parts", "r = floatBitsToUint(vec4(fract(x), mod(x, y), modf(x, y), sign(x)));", 1e-5);
  run("float.select", "r = floatBitsToUint(vec4(min(x, y), max(x, y), clamp(x, -1.0, y), mix(x, y, 0.3)));", 1e-6);
  run("float.step", "r = floatBitsToUint(vec4(step(y, x), smoothstep(-2.0, 3.0, x), abs(x), x < y ? 1.0 : 0.0));", 1e-6);
  run("float.power", "r = floatBitsToUint(vec4(pow(y, 1.3), exp(x), log(y), exp2(x)));", 0.003);
  run("float.roots", "r = floatBitsToUint(vec4(sqrt(y), inversesqrt(y), log2(y), 1.0 / y));", 0.001);
  run("float.angles", "r = floatBitsToUint(vec4(sin(x), cos(x), tan(x * 0.2), radians(x)));", 0.002);
  run("float.arcs", "r = floatBitsToUint(vec4(asin(x * 0.15), acos(x * 0.15), atan(x), atan(x, y)));", 0.002);
  run("float.hyperbolic", "r = floatBitsToUint(vec4(sinh(x * 0.5), cosh(x * 0.5), tanh(x), asinh(x)));", 0.005);
  run("float.geometry", "vec3 p = vec3(x, y, 0.5), q = vec3(y, 1.0, x); r = floatBitsToUint(vec4(dot(p, q), length(p), distance(p, q), cross(p, q).z));", 1e-4);
  run("float.vectors", "vec3 p = vec3(x, y, 0.5), q = normalize(vec3(y, 1.0, x)); r = floatBitsToUint(vec4(reflect(p, q).x, refract(normalize(p), q, 0.7).y, faceforward(p, q, p).z, normalize(p).x));", 1e-3);
  run("matrix", "mat3 m = mat3(x, y, 0.5, 1.0, -x, 2.0, y, 0.25, 3.0); mat3 n = inverse(m + mat3(9.0)); r = floatBitsToUint(vec4(determinant(m), n[1][2], (transpose(m) * m)[0][1], (m * vec3(1, x, y)).z));", 0.02);
  run("matrix.more", "mat2x3 m = mat2x3(x, y, 1.0, 2.0, x, y); mat3x2 n = outerProduct(vec2(x, 1.0), vec3(y, 2.0, x)); mat3 k = m * n; r = floatBitsToUint(vec4(k[0][1], k[2][2], matrixCompMult(m, m)[1][1], (n * vec3(1.0, 2.0, 3.0)).y));", 1e-3);
  run("flow", "int s = 0; for (int i = 0; i < 40; i++) { if ((i & 3) == (a & 3)) continue; s += i * b; if (s > 1000) break; } int t[6]; for (int i = 0; i < 6; i++) t[i] = i * i; t[(a & 0x7fffffff) % 6] = b; r = uvec4(s, t[0] + t[5], t[(b & 0x7fffffff) % 6], t[3]);", -1);
  fragments();
  return client_close();
}
