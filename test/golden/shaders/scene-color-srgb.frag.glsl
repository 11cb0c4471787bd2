#version 300 es
precision highp float;
precision highp int;
layout(location = 0) out vec4 frag0;
float vg_srgb(float a) { a = clamp(a, 0.0, 1.0); return a <= 0.0031308 ? a * 12.92 : 1.055 * pow(a, 1.0 / 2.4) - 0.055; }
vec3 vg_srgb(vec3 a) { return vec3(vg_srgb(a.x), vg_srgb(a.y), vg_srgb(a.z)); }
void main() {
  vec4 out0;
  out0 = vec4(1.0, 0.5, 0.25, 0.125);
  frag0 = vec4(vg_srgb(out0.xyz), out0.w);
}
